# Makes tests/references/splines_values.json: Rscript tests/references/scripts/splines.R
# R 4.2 with its own splines, and Debian's r-cran-survey, r-cran-ordinal and r-cran-jsonlite. Nothing is random. Average
# derivatives are by hand: the basis' first derivative is splineDesign(derivs = 1), turned like the basis itself.
suppressPackageStartupMessages({library(splines); library(survey); library(ordinal); library(jsonlite)})
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
refs <- dirname(here)
areas <- lapply(c("a_descriptives", "b_designreg", "c_classical"), function(a) read_json(file.path(refs, paste0(a, ".json"))))
load <- function(name) {
  d <- read.csv(file.path(refs, "data", paste0(name, ".csv")), na.strings = "", check.names = FALSE)
  for (a in areas) for (f in names(a$datasets[[name]]$factor_levels))
    if (f %in% names(d)) d[[f]] <- factor(as.character(d[[f]]), levels = unlist(a$datasets[[name]]$factor_levels[[f]]))
  setNames(d, gsub(".", "_", names(d), fixed = TRUE))
}
found <- list()
case <- function(id, topic, data, args, values, r_call, rtol)
  found[[length(found) + 1]] <<- list(id = paste0("k.", id), topic = topic, data = list(data), spec = "", args = args,
                                      r_call = r_call, values = values, rtol = rtol, note = "")
plain <- function(m) unname(unclass(as.matrix(m))[, , drop = FALSE])
square <- function(v) unname(as.matrix(v))

# ---- columns ------------------------------------------------------------------------------------------------------------
basis <- function(x, kind, df = NULL, knots = NULL) {
  make <- if (kind == "ns") ns else bs
  if (is.null(knots)) make(x, df = df) else make(x, knots = knots)
}
columns <- function(data, column, kind, df = NULL, knots = NULL) {
  x <- load(data)[[column]]; x <- x[!is.na(x)]
  b <- basis(x, kind, df, knots)
  ends <- range(x); width <- diff(ends)
  at <- c(ends[1] + width * (0:8) / 8, if (kind == "ns") c(ends[1] - width / 3, ends[2] + width / 7))
  shown <- plain(predict(b, at))
  case(paste("basis", data, column, kind, if (is.null(df)) "knots" else df, sep = "."), "basis", data,
       list(column = column, use = kind, df = df, knots = knots),
       list(knots = as.numeric(attr(b, "knots")), at = at, columns = shown, sums = as.numeric(colSums(plain(b))),
            squares = as.numeric(colSums(plain(b)^2))), paste0(kind, "(), predict"), 1e-12)
}
for (df in 1:7) columns("apistrat", "meals", "ns", df)
for (df in 3:7) columns("apistrat", "meals", "bs", df)
for (kind in c("ns", "bs")) {
  columns("birthwt", "age", kind, 3); columns("birthwt", "lwt", kind, 5)
  columns("apistrat", "api99", kind, knots = c(500.5, 640, 700, 701)); columns("WVS", "age", kind, knots = 50)
}

# ---- models: N is the matrix of the spline of the respondents used ----------------------------------------------------------
turned <- function(b, x) {
  ends <- attr(b, "Boundary.knots"); steps <- sort(c(rep(ends, 4), attr(b, "knots")))
  first <- splineDesign(steps, x, 4, derivs = rep(1, length(x)))[, -1, drop = FALSE]
  if (inherits(b, "bs")) return(first)
  bends <- splineDesign(steps, ends, 4, derivs = c(2, 2))[, -1, drop = FALSE]
  t(qr.qty(qr(t(bends)), t(first)))[, -(1:2), drop = FALSE]
}
matrix_at <- function(f, d, N) { d$N <- N; model.matrix(delete.response(terms(f)), d) }
slopes_at <- function(f, d, N) {
  m <- matrix_at(f, d, N); has <- c(FALSE, attr(terms(f), "factors")["N", ] > 0)
  m * rep(has[attr(m, "assign") + 1], each = nrow(m))
}
used_of <- function(a, d) {
  ids <- if (is.null(a$design$clusters)) ~1 else reformulate(a$design$clusters)
  full <- svydesign(ids, strata = if (!is.null(a$design$strata)) reformulate(a$design$strata), data = d, nest = TRUE,
                    weights = reformulate(a$design$weights), fpc = if (!is.null(a$design$population)) reformulate(a$design$population))
  if (!is.null(a$replicates)) full <- as.svrepdesign(full, type = a$replicates)
  if (!is.null(a$where)) full <- full[which(eval(parse(text = a$where), d)), ]
  full[complete.cases(full$variables[unlist(a$columns)]), ]
}
grid_of <- function(a, d) {
  g <- expand.grid(lapply(a$grid, unlist), stringsAsFactors = FALSE)
  for (n in names(g)) if (is.factor(d[[n]])) g[[n]] <- factor(g[[n]], levels = levels(d[[n]]))
  g
}
makers <- list(above = function(d, m) { d[[m$new]] <- as.numeric(d[[m$from]] > m$value); d },
               lose = function(d, m) { d[[m$column]][seq(m$first, nrow(d), m$every)] <- NA; d })
control <- glm.control(epsilon = 1e-300, maxit = 100)
by_design <- function(id, data, ..., rtol = 1e-8) {
  a <- list(...); d <- load(data); for (m in a$make) d <- makers[[m$op]](d, m)
  used <- used_of(a, d); x <- used$variables[[a$question]]
  b <- basis(x, a$use, a$df, unlist(a$knots)); used$variables$N <- b; f <- as.formula(a$r)
  family <- if (is.null(a$family)) quasibinomial() else gaussian()
  fit <- suppressWarnings(svyglm(f, used, family = family, control = control))
  beta <- coef(fit); V <- vcov(fit)
  out <- list(names = names(beta), estimate = as.numeric(beta), vcov = square(V), df = fit$df.residual,
              test = { r <- regTermTest(fit, as.formula(paste("~", a$test)), method = "Wald"); as.numeric(c(r$Ftest, r$df, r$ddf, r$p)) })
  if (!is.null(a$grid)) {
    g <- grid_of(a, d); m <- matrix_at(f, g, predict(b, g[[a$question]])); eta <- as.numeric(m %*% beta)
    out$predicted <- plogis(eta)
    out$predicted_se <- dlogis(eta) * sqrt(rowSums((m %*% V) * m))
  }
  if (isTRUE(a$effect)) {
    w <- if (is.null(a$replicates)) weights(used) else weights(used, "sampling")
    now <- matrix_at(f, used$variables, b); turn <- slopes_at(f, used$variables, turned(b, x))
    eta <- as.numeric(now %*% beta); p <- plogis(eta); q <- p * (1 - p); g <- as.numeric(turn %*% beta); each <- q * g
    A <- sum(w * each) / sum(w); J <- colSums(w * (q * turn + q * (1 - 2 * p) * g * now)) / sum(w)
    out$effect <- A; out$effect_fixed_se <- sqrt(as.numeric(J %*% V %*% J))
    if (is.null(a$replicates)) {
      y <- used$variables[[all.vars(f)[1]]]
      inf <- (each - A) / sum(w) + as.numeric(((y - p) * now) %*% solve(crossprod(now, w * q * now), J))
      out$effect_sampled_se <- as.numeric(SE(svytotal(inf, used)))
    }
  }
  case(id, "by_design", data, c(list(data = data), a), out, "svyglm(epsilon = 0), regTermTest; effects by splineDesign(derivs = 1)", rtol)
}
high <- list(list(op = "above", new = "high", from = "api00", value = 700))
lost <- c(high, list(list(op = "lose", column = "ell", every = 13, first = 3)))
strat <- list(weights = "pw", strata = "stype", population = "fpc")
clus1 <- list(weights = "pw", clusters = "dnum", population = "fpc")
by_design("strat.ns3", "apistrat", make = high, design = strat, question = "meals", use = "ns", df = 3, r = "high ~ N + stype",
          formula = "high ~ ns(meals, 3) + stype", columns = c("high", "meals", "stype"), test = "N", effect = TRUE,
          grid = list(meals = c(-5, 0, 20, 50, 100, 120), stype = c("E", "H")))
by_design("strat.missing", "apistrat", make = lost, design = strat, question = "ell", use = "ns", df = 4,
          r = "high ~ N + mobility", formula = "high ~ ns(ell, 4) + mobility", columns = c("high", "ell", "mobility"), test = "N", effect = TRUE,
          grid = list(ell = c(0, 10, 60), mobility = 15))
by_design("strat.interaction", "apistrat", make = high, design = strat, question = "meals", use = "ns", df = 2, r = "high ~ N * awards",
          formula = "high ~ ns(meals, 2)*awards", columns = c("high", "meals", "awards"), test = "N:awards", effect = TRUE,
          grid = list(meals = c(0, 30, 90), awards = c("No", "Yes")))
by_design("strat.bs", "apistrat", make = high, design = strat, question = "meals", use = "bs", df = 4, r = "high ~ N + ell",
          formula = "high ~ bs(meals, 4) + ell", columns = c("high", "meals", "ell"), test = "N", effect = TRUE,
          grid = list(meals = c(0, 39.5, 60, 100), ell = 20), rtol = 1e-7)
by_design("clus1.knots", "apiclus1", make = high, design = clus1, question = "meals", use = "ns", knots = c(30, 60), r = "high ~ N",
          formula = "high ~ ns(meals, knots = (30, 60))", columns = c("high", "meals"), test = "N", effect = TRUE,
          grid = list(meals = c(5, 31, 99)))
by_design("clus1.JK1", "apiclus1", make = high, design = clus1, replicates = "JK1", question = "meals", use = "ns", df = 2, r = "high ~ N + mobility",
          formula = "high ~ ns(meals, 2) + mobility", columns = c("high", "meals", "mobility"), test = "N", effect = TRUE)
by_design("clus1.domain", "apiclus1", make = high, design = clus1, where = "stype == 'E'", question = "meals", use = "ns", df = 3, r = "high ~ N",
          formula = "high ~ ns(meals, 3)", columns = c("high", "meals"), test = "N", effect = TRUE, grid = list(meals = c(10, 50)))
by_design("strat.linear", "apistrat", design = strat, family = "gaussian", question = "meals", use = "ns", df = 5, r = "api00 ~ N + ell",
          formula = "api00 ~ ns(meals, 5) + ell", columns = c("api00", "meals", "ell"), test = "N")
by_design("strat.linear.bs", "apistrat", design = strat, family = "gaussian", question = "meals", use = "bs", knots = c(25, 50, 75),
          r = "api00 ~ N * stype", formula = "api00 ~ bs(meals, knots = (25, 50, 75))*stype", columns = c("api00", "meals", "stype"), test = "N:stype")

# ---- model-based ------------------------------------------------------------------------------------------------------------
by_model <- function(id, data, fit, formula, verb, rtol)
  case(id, "by_model", data, list(formula = formula, verb = verb), list(estimate = as.numeric(coef(fit)), vcov = square(vcov(fit)),
       loglik = as.numeric(logLik(fit))), class(fit)[1], rtol)
birth <- load("birthwt")
still <- function(f) {  # begun again at its end: the covariance is that of the last but one coefficients
  fit <- suppressWarnings(glm(f, binomial, birth, control = control))
  suppressWarnings(glm(f, binomial, birth, control = control, start = coef(fit)))
}
by_model("birthwt.two", "birthwt", still(low ~ ns(age, 3) + smoke + ns(lwt, knots = c(110, 130))),
         "low ~ ns(age, 3) + smoke + ns(lwt, knots = (110, 130))", "logit", 1e-8)
by_model("birthwt.bs", "birthwt", still(low ~ smoke * bs(age, 3)), "low ~ smoke*bs(age, 3)", "logit", 1e-8)
wvs <- load("WVS"); wvs$poverty <- factor(wvs$poverty, levels = c("Too Little", "About Right", "Too Much"), ordered = TRUE)
by_model("wvs.ordered", "WVS", clm(poverty ~ ns(age, 4) + gender, data = wvs, control = clm.control(gradTol = 1e-12)),
         "poverty ~ ns(age, 4) + gender", "ordered", 1e-7)

write_json(list(schema = 1, area = "k_splines", made_with = paste(R.version.string, "survey", packageVersion("survey")),
                datasets = setNames(list(), character()), cases = found),
           file.path(refs, "splines_values.json"), auto_unbox = TRUE, digits = I(16), null = "null", na = "null")
cat(length(found), "cases\n")
