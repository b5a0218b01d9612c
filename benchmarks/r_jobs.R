# The same jobs by R's survey package: Rscript r_jobs.R JOB DATA NUMBERS. Prints one line of JSON.
suppressMessages({library(survey); library(jsonlite)})
asked <- commandArgs(TRUE)
job <- asked[1]
about <- fromJSON(file.path(asked[2], "about.json"))
most_repeats <- 25
most_seconds <- 2
once_seconds <- 30  # a first call this long is the time: what it loads and caches is no part of it that matters

column <- function(name) {
  whole <- about$types[[name]] == "int32"
  readBin(file.path(asked[2], paste0(name, ".bin")), if (whole) "integer" else "double", about$rows,
          size = if (whole) 4 else 8, endian = "little")
}
frame <- as.data.frame(sapply(names(about$types), column, simplify = FALSE))
for (name in c("dom", "item", "item4", "urban", names(about$totals))) frame[[name]] <- factor(frame[[name]])
frame$ord <- factor(frame$ord, ordered = TRUE)
if (job == "J4") {
  units <- max(frame$psu) + 1
  factors <- readBin(file.path(asked[2], "factors.bin"), "double", units * about$replicates, size = 8, endian = "little")
  factors <- matrix(factors, units, about$replicates, byrow = TRUE)
  design <- svrepdesign(data = frame, weights = ~w, repweights = frame$w * factors[frame$psu + 1, ], type = "other",
                        scale = 4 / about$replicates, rscales = rep(1, about$replicates), combined.weights = TRUE,
                        mse = TRUE)
} else {
  design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = frame)
}

describe <- function() {
  list(svyby(~inc, ~dom, design, svymean), svyby(~item, ~dom, design, svymean))
}
described <- function(found) {
  c(coef(found[[1]]), SE(found[[1]]), t(as.matrix(found[[2]][, 2:6])), t(as.matrix(found[[2]][, 7:11])))
}
crossed <- function() svychisq(~item + item4, design, statistic = "F")
medians <- function() {
  svyby(~inc, ~dom, design, svyquantile, quantiles = 0.5, ci = TRUE, vartype = "ci", interval.type = "mean",
        qrule = "math")
}
margins <- lapply(names(about$totals), function(name) {
  setNames(data.frame(levels(frame[[name]]), about$totals[[name]]), c(name, "Freq"))
})
raked <- function() {
  rake(design, lapply(names(about$totals), function(name) reformulate(name)), margins,
       control = list(maxit = 100, epsilon = 1e-12))
}
yes_no <- function() {
  svyglm(y ~ age + x1 + x2 + x3 + linc + sex + educ + race + urban + region, design, family = quasibinomial(),
         control = glm.control(epsilon = 1e-14))
}
in_order <- function() svyolr(ord ~ age + x1 + x2 + sex + educ + region, design)
performance <- ~ age + x1 + x2 + x3 + sex + educ + region
of <- function(outcome, ...) as.formula(paste(outcome, "~", paste(c(as.character(performance)[2], ...), collapse = " | ")))
counted <- function() MASS::glm.nb(of("made"), frame)
inflated <- function() pscl::zeroinfl(of("made", "x1 + sex"), frame, dist = "negbin")
limited <- function() AER::tobit(of("sold"), data = frame)
coefficients_of <- function(found) c(coef(found), SE(found))
jobs <- list(J1 = list(describe, described),
             J2 = list(crossed, function(found) c(found$statistic, found$parameter, found$p.value)),
             J3 = list(yes_no, coefficients_of),
             J4 = list(yes_no, function(found) c(coefficients_of(found), rep(NA_real_, length(coef(found))))),
             J5 = list(in_order, coefficients_of),
             J6 = list(medians, function(found) as.vector(as.matrix(found[, 2:4]))),
             J7 = list(raked, function(found) weights(found)),
             J10 = list(counted, function(found) c(coef(found), -log(found$theta))),
             J11 = list(inflated, function(found) c(coef(found), -log(found$theta))),
             J12 = list(limited, function(found) c(coef(found), log(found$scale), sqrt(diag(vcov(found))))))

seconds <- function() as.numeric(Sys.time())
processor <- function() sum(proc.time()[1:2])
call <- jobs[[job]][[1]]
worked <- processor()
started <- seconds()
found <- call()
first <- seconds() - started
took <- if (first > once_seconds) first
if (is.null(took)) worked <- processor()
while (length(took) == 0 || (first <= once_seconds && length(took) < most_repeats && sum(took) < most_seconds)) {
  started <- seconds()
  found <- call()
  took <- c(took, seconds() - started)
}
worked <- (processor() - worked) / length(took)
writeBin(as.double(jobs[[job]][[2]](found)), asked[3], size = 8, endian = "little")
version <- sprintf("R %s, survey %s", getRversion(), packageVersion("survey"))
cat(toJSON(list(seconds = median(took), processor = worked, first = first, repeats = length(took), version = version), auto_unbox = TRUE,
           digits = NA), "\n")
