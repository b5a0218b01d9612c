# Makes tests/references/calibration_values.json: Rscript tests/references/scripts/calibration.R
# R 4.2 with Debian's r-cran-survey and r-cran-jsonlite. Every case says in `args` what it rests on: the data set, its
# column of weights, the margins and their totals, and what is done. Nothing is random.
suppressPackageStartupMessages({library(survey); library(jsonlite)})
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
refs <- dirname(here)
areas <- lapply(c("a_descriptives", "b_designreg", "c_classical"), function(a) read_json(file.path(refs, paste0(a, ".json"))))
load <- function(name) {
  d <- read.csv(file.path(refs, "data", paste0(name, ".csv")), na.strings = "", check.names = FALSE)
  for (a in areas) for (f in names(a$datasets[[name]]$factor_levels))
    if (f %in% names(d)) d[[f]] <- factor(as.character(d[[f]]), levels = unlist(a$datasets[[name]]$factor_levels[[f]]))
  d
}
# rows of the data set that are used: those without a missing value in the columns used
used <- function(a, columns) { d <- load(a$data); d[complete.cases(d[columns]), ] }
margin <- function(d, m) if (is.null(m$column)) rep(1, nrow(d)) else
  if (is.null(m$level)) as.numeric(d[[m$column]]) else as.numeric(as.character(d[[m$column]]) == m$level)
columns_of <- function(a) unique(unlist(lapply(a$margins, function(m) m$column)))
# at most 400 of the weights (every `step`-th, from the first), and sums over all of them
weights_of <- function(w) {
  w <- unname(as.matrix(w)); step <- ceiling(nrow(w) * ncol(w) / 400)
  list(step = step, weights = w[seq(1, nrow(w), step), ], sum = colSums(w), squares = colSums(w^2))
}
ends <- function(a) if (is.null(a$bounds)) c(-Inf, Inf) else unlist(a$bounds)

calibrated <- function(a) {
  d <- used(a, columns_of(a)); names <- paste0("x", seq_along(a$margins)); w <- d[[a$weights]]
  for (k in seq_along(names)) d[[names[k]]] <- margin(d, a$margins[[k]])
  design <- svydesign(~1, weights = w, data = d)
  variance <- if (is.null(a$scale)) NULL else d[[a$scale]]
  fit <- calibrate(design, reformulate(names, intercept = FALSE), setNames(unlist(a$totals), names), calfun = a$method,
                   bounds = ends(a), variance = variance, epsilon = 1e-12, maxit = 500)
  weights_of(weights(fit))
}
replicates <- function(a) {
  d <- used(a, columns_of(a)); names <- paste0("x", seq_along(a$margins))
  for (k in seq_along(names)) d[[names[k]]] <- margin(d, a$margins[[k]])
  design <- as.svrepdesign(svydesign(reformulate(a$clusters), weights = reformulate(a$weights), data = d), type = "JK1")
  fit <- calibrate(design, reformulate(names, intercept = FALSE), setNames(unlist(a$totals), names), calfun = a$method,
                   bounds = ends(a), epsilon = 1e-12, maxit = 500, compress = FALSE)
  weights_of(weights(fit, "analysis"))
}
raked <- function(a) {
  names <- unlist(lapply(a$margins, function(m) m$column)); d <- used(a, names)
  for (n in names) d[[n]] <- factor(d[[n]])
  tables <- lapply(a$margins, function(m) setNames(data.frame(unlist(m$levels), unlist(m$totals)), c(m$column, "Freq")))
  design <- svydesign(~1, weights = d[[a$weights]], data = d)
  fit <- if (length(names) == 1) postStratify(design, reformulate(names), tables[[1]]) else
    rake(design, lapply(names, reformulate), tables, control = list(maxit = 2000, epsilon = 1e-15))
  weights_of(weights(fit))
}
trimmed <- function(a) {
  d <- load(a$data)
  design <- svydesign(~1, weights = d[[a$weights]], data = d)
  b <- unlist(lapply(a$bounds, as.numeric))
  weights_of(weights(trimWeights(design, lower = b[1], upper = b[2], strict = a$strict)))
}
verbs <- list(calibrate = calibrated, replicates = replicates, rake = raked, trim = trimmed)

found <- list()
case <- function(id, verb, ..., r_call, rtol = 1e-9) {
  args <- list(...)
  values <- verbs[[verb]](args)
  found[[length(found) + 1]] <<- list(id = paste0("w.", id), topic = verb, data = list(args$data), spec = "", args = args,
                                      r_call = r_call, values = values, rtol = rtol, note = "")
}
one <- list(); col <- function(c) list(column = c); is <- function(c, l) list(column = c, level = l)
school <- list(one, is("stype", "H"), is("stype", "M"), col("api99"))
known <- list(6194, 755, 1018, 3914069)
every <- list(one, is("stype", "E"), is("stype", "H"), is("stype", "M"), is("awards", "Yes"), is("awards", "No"), col("meals"))
every_known <- list(6194, 4421, 755, 1018, 4080, 2114, 297466)
C <- "calibrate(calfun, bounds, epsilon = 1e-12)"
for (method in c("linear", "raking", "logit")) {
  case(paste0(method, ".bounds.clus1"), "calibrate", data = "apiclus1", weights = "pw", margins = school, totals = known,
       method = method, bounds = list(0.75, 1.8), r_call = C)
  case(paste0(method, ".bounds.strat"), "calibrate", data = "apistrat", weights = "pw", margins = c(school, list(col("enroll"))),
       totals = c(known, 3811472), method = method, bounds = list(0.9, 1.2), r_call = C)
  case(paste0(method, ".bounds.srs"), "calibrate", data = "apisrs", weights = "pw", margins = c(school, list(col("ell"))),
       totals = c(known, 150000), method = method, bounds = list(0.85, 1.25), r_call = C)
}
for (method in c("linear", "raking"))
  case(paste0(method, ".scale.clus1"), "calibrate", data = "apiclus1", weights = "pw", margins = school, totals = known,
       method = method, scale = "enroll", r_call = "calibrate(calfun, variance = enroll)")
case("linear.lower.srs", "calibrate", data = "apisrs", weights = "pw", margins = school, totals = list(6194, 1300, 1018, 4200000),
     method = "linear", bounds = list(0.3, 4), r_call = C)
case("raking.repeated.srs", "calibrate", data = "apisrs", weights = "pw", margins = every, totals = every_known,
     method = "raking", r_call = paste(C, "on margins that repeat one another"))
case("logit.repeated.srs", "calibrate", data = "apisrs", weights = "pw", margins = every, totals = every_known,
     method = "logit", bounds = list(0.6, 1.5), r_call = paste(C, "on margins that repeat one another"))
case("linear.no_size.beps", "calibrate", data = "BEPS", weights = "age", margins = list(is("vote", "Labour"), col("Europe")),
     totals = list(36000, 560000), method = "linear", r_call = "calibrate without an intercept")
for (method in c("linear", "raking"))
  case(paste0(method, ".jk1.clus1"), "replicates", data = "apiclus1", weights = "pw", clusters = "dnum", margins = school,
       totals = known, method = method, r_call = "calibrate(as.svrepdesign(type = 'JK1'))", rtol = 1e-8)
R <- "rake(control = list(maxit = 2000, epsilon = 1e-15))"
m <- function(column, levels, totals) list(column = column, levels = levels, totals = totals)
case("rake.nhanes", "rake", data = "nhanes", weights = "WTMEC2YR", r_call = R, margins = list(
     m("race", list("1", "2", "3", "4"), list(45e6, 180e6, 35e6, 20e6)), m("RIAGENDR", list("1", "2"), list(136e6, 144e6)),
     m("agecat", list("(0,19]", "(19,39]", "(39,59]", "(59,Inf]"), list(70e6, 80e6, 78e6, 52e6))))
case("rake.beps", "rake", data = "BEPS", weights = "age", r_call = R, margins = list(
     m("vote", list("Conservative", "Labour", "Liberal Democrat"), list(30000, 40000, 13000)),
     m("gender", list("female", "male"), list(43000, 40000)),
     m("political.knowledge", list("0", "1", "2", "3"), list(20000, 5000, 45000, 13000))))
case("strata.beps", "rake", data = "BEPS", weights = "age", r_call = "postStratify", margins = list(
     m("Blair", list("1", "2", "3", "4", "5"), list(9000, 25000, 100, 40000, 9000))))
for (strict in c(FALSE, TRUE)) for (what in list(
  list("hospital", "weighta", list(5, 30)), list("BEPS", "age", list(25, 70)), list("BEPS", "age", list(45, 90)),
  list("nhanes", "WTMEC2YR", list(8000, 60000)), list("apistrat", "enroll", list("-Inf", 900))))
  case(paste("trim", tolower(what[[1]]), what[[3]][[2]], if (strict) "strict" else "once", sep = "."), "trim",
       data = what[[1]], weights = what[[2]], bounds = what[[3]], strict = strict, r_call = "trimWeights")
write_json(list(schema = 1, area = "w_weights", made_with = paste(R.version.string, "survey", packageVersion("survey")),
                datasets = setNames(list(), character()), cases = found),
           if (length(commandArgs(TRUE))) commandArgs(TRUE)[1] else file.path(refs, "calibration_values.json"),
           auto_unbox = TRUE, digits = NA, na = "null", null = "null")
