# Makes tests/references/d_imputations.json and data/*_imp[1-5].csv: Rscript tests/references/scripts/imputations.R
# R 4.2 with Debian's r-cran-mice, r-cran-mitml, r-cran-mitools, r-cran-survey and r-cran-jsonlite: Rubin's rules by
# mice::pool and mitools::MIcombine, joint tests by mice::D1 (which calls mitml), of models on five imputed data sets.
# The imputed data sets are mice's own (nhanes2 of that package; apistrat of survey with every 7th answer taken out).
suppressPackageStartupMessages({library(mice); library(mitools); library(survey); library(jsonlite)})
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
refs <- dirname(here)
save_sets <- function(name, imp) {
  sets <- lapply(1:5, function(i) complete(imp, i))
  for (i in 1:5) write.csv(sets[[i]], file.path(refs, "data", sprintf("%s_imp%d.csv", name, i)), row.names = FALSE, na = "")
  sets
}
nhanes <- mice(nhanes2, m = 5, seed = 123, printFlag = FALSE)
nhanes_sets <- save_sets("nhanes2", nhanes)
data(api)
schools <- apistrat[c("stype", "pw", "fpc", "api00", "api99", "meals", "ell", "awards")]
schools$meals[seq(2, 200, 7)] <- NA; schools$ell[seq(5, 200, 7)] <- NA; schools$awards[seq(3, 200, 7)] <- NA
api <- mice(schools, m = 5, seed = 7, printFlag = FALSE)
api_sets <- save_sets("apistrat", api)
design <- svydesign(~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = imputationList(api_sets))

named <- function(x, names) setNames(as.list(unname(x)), names)
matrix_of <- function(v) list(rows = rownames(v), cols = colnames(v), matrix = lapply(seq_len(nrow(v)), function(i) unname(v[i, ])))
pooled <- function(fits, dfcom) {
  p <- pool(as.mira(fits), dfcom = dfcom)$pooled
  s <- summary(pool(as.mira(fits), dfcom = dfcom), conf.int = TRUE)
  n <- as.character(p$term)
  list(qbar = named(p$estimate, n), ubar = named(p$ubar, n), b = named(p$b, n), t = named(p$t, n), se = named(s$std.error, n),
       df = named(p$df, n), lambda = named(p$lambda, n), riv = named(p$riv, n), fmi = named(p$fmi, n), p = named(s$p.value, n),
       ci95_low = named(s$`2.5 %`, n), ci95_high = named(s$`97.5 %`, n))
}
# for infinite complete-data df only: for finite ones MIcombine leaves 1 + 1/m out of the total variance
combined <- function(fits) {
  m <- MIcombine(fits); n <- names(coef(m))
  v <- vcov(m); dimnames(v) <- list(n, n)
  list(coef = named(coef(m), n), vcov = matrix_of(v), df = named(m$df, n), missinfo = named(m$missinfo, n))
}
tested <- function(full, rest, dfcom) {
  r <- mitml::testModels(full, rest, method = "D1", df.com = dfcom)$test  # what mice::D1 calls
  list(D1 = r[1], df1 = r[2], df2 = r[3], p = r[4], riv = r[5])
}
on <- function(sets, f) lapply(sets, f)
tight <- glm.control(epsilon = 1e-14, maxit = 50)
lm_of <- function(f) on(nhanes_sets, function(d) lm(f, data = d))
glm_of <- function(f) on(nhanes_sets, function(d) glm(f, data = d, family = binomial, control = tight))
api_lm <- function(f) on(api_sets, function(d) lm(f, data = d))
N <- paste0("nhanes2_imp", 1:5); A <- paste0("apistrat_imp", 1:5)
STRAT <- list(strata = "stype", weights = "pw", fpc = "fpc")
cases <- list(
  list(id = "d.mi.lm", data = N, args = list(formula = "chl ~ age + bmi", dfcom = 21), r_call = "pool(with(imp, lm(chl ~ age + bmi)))",
       values = pooled(lm_of(chl ~ age + bmi), 21)),
  list(id = "d.mi.glm", data = N, args = list(formula = "hyp ~ bmi + chl", family = "binomial", dfcom = 22),
       r_call = "pool(with(imp, glm(hyp ~ bmi + chl, binomial)))", values = pooled(glm_of(hyp ~ bmi + chl), 22), rtol = 1e-8),
  list(id = "d.mi.D1.small", data = N, args = list(formula = "chl ~ age + bmi", terms = list("age"), dfcom = 21),
       r_call = "D1(with(imp, lm(chl ~ age + bmi)), with(imp, lm(chl ~ bmi)), dfcom = 21)",
       values = tested(lm_of(chl ~ age + bmi), lm_of(chl ~ bmi), 21)),
  list(id = "d.mi.D1", data = A, args = list(formula = "api00 ~ meals + ell + stype", terms = list("meals", "ell"), dfcom = 195),
       r_call = "D1(with(imp, lm(api00 ~ meals + ell + stype)), with(imp, lm(api00 ~ stype)), dfcom = 195)",
       values = tested(api_lm(api00 ~ meals + ell + stype), api_lm(api00 ~ stype), 195)),
  list(id = "d.mi.D1.large", data = A, args = list(formula = "api00 ~ meals + ell + stype", terms = list("meals", "ell")),
       r_call = "mitml::testModels(with(imp, lm(api00 ~ meals + ell + stype)), with(imp, lm(api00 ~ stype)), method = 'D1')",
       values = tested(api_lm(api00 ~ meals + ell + stype), api_lm(api00 ~ stype), NULL)),
  list(id = "d.mi.svyglm", data = A, args = list(design = STRAT, formula = "api00 ~ meals + ell + stype", family = "gaussian", dfcom = 193),
       r_call = "pool(with(design, svyglm(api00 ~ meals + ell + stype)), dfcom = 193)",
       values = pooled(with(design, svyglm(api00 ~ meals + ell + stype)), 193)),
  list(id = "d.mi.svyglm.logit", data = A, args = list(design = STRAT, formula = "awards ~ meals + ell", family = "binomial"),
       r_call = "MIcombine(with(design, svyglm(awards ~ meals + ell, family = quasibinomial())))", rtol = 1e-8,
       values = combined(with(design, svyglm(awards ~ meals + ell, family = quasibinomial(), control = tight)))),
  list(id = "d.mi.svymean", data = A, args = list(design = STRAT, vars = list("meals", "ell")),
       r_call = "MIcombine(with(design, svymean(~meals + ell)))",
       values = combined(with(design, svymean(~meals + ell)))))
filled <- lapply(cases, function(c) c(list(topic = "mi", spec = "Five imputed data sets, combined by Rubin's rules.",
  rtol = if (is.null(c$rtol)) 1e-9 else c$rtol), c[names(c) != "rtol"]))
described <- function(names, levels, source) setNames(lapply(names, function(n) {
  d <- read.csv(file.path(refs, "data", paste0(n, ".csv")), check.names = FALSE)
  list(file = paste0("data/", n, ".csv"), rows = nrow(d), cols = ncol(d), source = source, factor_levels = levels) }), names)
nh <- list(age = c("20-39", "40-59", "60-99"), hyp = c("no", "yes"))
ap <- list(stype = c("E", "H", "M"), awards = c("No", "Yes"))
write_json(list(schema = "refs/1", area = "d_imputations", title = "Rubin's rules",
  made_with = sprintf("R %s, mice %s, mitml %s, mitools %s, survey %s", getRversion(), packageVersion("mice"),
    packageVersion("mitml"), packageVersion("mitools"), packageVersion("survey")),
  datasets = c(described(N, nh, "R mice, nhanes2 (GPL-2 | GPL-3), imputed"),
               described(A, ap, "R survey, apistrat (GPL-2 | GPL-3), with answers taken out and imputed")),
  cases = filled), file.path(refs, "d_imputations.json"), auto_unbox = TRUE, digits = 15, pretty = 1)
