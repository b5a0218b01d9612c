# Makes the data of the gallery that R packages hold: Rscript data/gallery/export.R (Debian's r-cran-aer, r-cran-sandwich, r-cran-vcd)
folder <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
save_as <- function(frame, name) write.csv(frame, file.path(folder, paste0(name, ".csv")), row.names = FALSE, na = "")
suppressMessages({library(AER); library(sandwich); library(vcd)})
data("BankWages"); save_as(BankWages[, c("job", "education", "gender", "minority")], "bankwages")
data("NMES1988"); save_as(NMES1988[, c("visits", "hospital", "health", "chronic", "gender", "school", "insurance")], "nmes")
data("RecreationDemand"); save_as(RecreationDemand, "recreation")
data("InstInnovation")
save_as(with(InstInnovation, data.frame(company, cites, institutions, intensity = signif(capital / employment, 12), sales)), "innovation")
data("PSID1976")
worked <- PSID1976$participation == "yes"
save_as(with(PSID1976, data.frame(lwage = ifelse(worked, log(wage), NA), educ = education, exper = experience, expersq = experience^2,
                                  nwifeinc = (fincome - hours * wage) / 1000, age = age, kidslt6 = youngkids, kidsge6 = oldkids)), "mroz")
save_as(as.data.frame(UCBAdmissions), "berkeley")
save_as(attitude, "attitude")
data("SexualFun")
fun <- as.data.frame(t(SexualFun))[, c("Husband", "Wife", "Freq")]
levels(fun$Husband) <- levels(fun$Wife) <- c("never fun", "fairly often", "very often", "always fun")
save_as(fun, "sexual_fun")
