# Makes tests/references/limits_values.json: Rscript tests/references/scripts/limits.R
# R 4.2 with Debian's r-cran-survival, r-cran-aer, r-cran-quantreg, r-cran-sandwich, r-cran-survey, r-cran-numderiv, r-cran-mvtnorm
# and r-cran-jsonlite. Nothing is random. What no package has is maximised by optim and polished by Newton with numDeriv.
# Design-based covariances are svyrecvar of contributions w_i g_i H^-1, with the gradient g_i of each row's log-likelihood
# and its Hessian H by Richardson extrapolation.
suppressPackageStartupMessages({library(survey); library(survival); library(AER); library(quantreg); library(sandwich)
  library(jsonlite); library(numDeriv)})
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
refs <- dirname(here)
areas <- lapply(c("a_descriptives", "c_classical"), function(a) read_json(file.path(refs, paste0(a, ".json"))))
load <- function(name) {
  d <- read.csv(file.path(refs, "data", paste0(name, ".csv")), na.strings = "", check.names = FALSE)
  for (a in areas) for (f in names(a$datasets[[name]]$factor_levels))
    if (f %in% names(d)) d[[f]] <- factor(as.character(d[[f]]), levels = unlist(a$datasets[[name]]$factor_levels[[f]]))
  d
}
found <- list()
case <- function(id, topic, data, args, values, r_call, rtol, note = "")
  found[[length(found) + 1]] <<- list(id = paste0("l.", id), topic = topic, data = list(data), spec = "", args = args,
                                      r_call = r_call, values = values, rtol = rtol, note = note)
named <- function(x) as.list(setNames(as.numeric(x), names(x)))
square <- function(v) list(rows = rownames(v), cols = colnames(v), matrix = unname(as.matrix(v)))
maximum <- function(f, start, unit, size) {
  scaled <- function(q) f(q * unit)
  q <- optim(start / unit, scaled, method = "BFGS", control = list(fnscale = -1, reltol = 1e-15, maxit = 1000))$par
  for (i in 1:4) q <- q - solve(hessian(scaled, q), grad(scaled, q))
  stopifnot(max(abs(grad(scaled, q))) / size < 1e-9)
  q * unit
}
# rows(params): log-likelihood of every row; the maximum with both covariances
maximised <- function(rows, start, unit, w, d, strata, labels) {
  best <- maximum(function(p) sum(w * rows(p)), start, unit, sum(w)) / unit
  scaled <- function(q) rows(q * unit)
  h <- solve(-hessian(function(q) sum(w * scaled(q)), best))
  influence <- w * jacobian(scaled, best) %*% h %*% diag(unit)
  design <- svydesign(~1, strata = if (is.null(strata)) NULL else reformulate(strata), weights = w, data = d)
  v <- unit * t(unit * h); vd <- svyrecvar(influence, design$cluster, design$strata, design$fpc)
  dimnames(v) <- dimnames(vd) <- list(labels, labels)
  list(coef = named(setNames(best * unit, labels)), vcov = square(v), vcov_design = square(vd), logLik = sum(w * scaled(best)))
}
api <- load("apistrat"); api$share <- (api$meals + 0.5) / 101; api$fraction <- api$meals / 100
mroz <- load("PSID1976"); mroz$w_ <- 1 + (mroz$age %% 7) / 3
affairs <- load("Affairs"); salaries <- load("Salaries")
close <- survreg.control(rel.tolerance = 1e-14, maxiter = 200)

# ---- survreg: limits and bands ---------------------------------------------------------------------------------------------
regression <- function(id, data, d, formula, low, high, dist = "gaussian", weights = NULL, args = list()) {
  d$low_ <- low; d$high_ <- high; d$w_ <- if (is.null(weights)) rep(1, nrow(d)) else d[[weights]]
  f <- as.formula(paste("Surv(low_, high_, type = 'interval2') ~", as.character(formula)[2]))
  fit <- survreg(f, d, weights = w_, dist = dist, control = close)
  v <- vcov(fit); labels <- c(names(coef(fit)), "log_sigma"); dimnames(v) <- list(labels, labels)
  case(id, "interval", data, c(list(weights = weights, dist = dist), args),
       list(coef = named(setNames(c(coef(fit), log(fit$scale)), labels)), vcov = square(v), logLik = fit$loglik[2]),
       paste("survival::survreg(Surv(low, high, type = 'interval2') ~", as.character(formula)[2], ")"), 1e-6)
}
limited <- function(id, data, d, outcome, formula, left, right, weights = NULL) {
  y <- d[[outcome]]
  regression(paste0("tobit.", id), data, d, formula, ifelse(y <= left, NA, pmin(y, right)), ifelse(y >= right, NA, pmax(y, left)),
             weights = weights, args = list(outcome = outcome, left = if (is.finite(left)) left, right = if (is.finite(right)) right))
}
limited("affairs", "Affairs", affairs, "affairs", ~age + yearsmarried + religiousness + occupation + rating, 0, Inf)
same <- AER::tobit(affairs ~ age + yearsmarried + religiousness + occupation + rating, data = affairs)
stopifnot(max(abs(coef(same) / unlist(found[[1]]$values$coef)[1:6] - 1)) < 1e-5)
limited("hours", "PSID1976", mroz, "hours", ~education + experience + age + youngkids + oldkids, 0, Inf, "w_")
limited("api.both", "apistrat", api, "meals", ~ell + mobility, 10, 80, "pw")
limited("api.upper", "apistrat", api, "meals", ~ell + mobility, -Inf, 60, "pw")
bands <- function(y, cuts) {
  at <- findInterval(y, cuts, left.open = TRUE)
  list(low = c(NA, cuts)[at + 1], high = c(cuts, NA)[at + 1])
}
b <- bands(api$api00, c(500, 600, 700, 800))
regression("interval.api", "apistrat", api, ~ell + mobility, b$low, b$high, weights = "pw", args = list(outcome = "api00",
           cuts = c(500, 600, 700, 800)))
some <- seq_len(nrow(api)) %% 4 == 0
regression("interval.mixed", "apistrat", api, ~ell + mobility, ifelse(some, api$api00, b$low), ifelse(some, api$api00, b$high),
           weights = "pw", args = list(outcome = "api00", cuts = c(500, 600, 700, 800), known = 4))
b <- bands(api$enroll, c(250, 500, 1000))
regression("interval.lognormal", "apistrat", api, ~ell + mobility, ifelse(some, api$enroll, b$low), ifelse(some, api$enroll, b$high),
           dist = "lognormal", args = list(outcome = "enroll", cuts = c(250, 500, 1000), known = 4))

# ---- by hand: truncation, selection, beta --------------------------------------------------------------------------------------
truncated <- function(id, data, d, outcome, formula, left, right, weights = NULL, strata = NULL) {
  d <- d[d[[outcome]] > left & d[[outcome]] < right, ]
  w <- if (is.null(weights)) rep(1, nrow(d)) else d[[weights]]; x <- model.matrix(formula, d); y <- d[[outcome]]; k <- ncol(x)
  rows <- function(p) { m <- c(x %*% p[1:k]); s <- exp(p[k + 1])
    dnorm(y, m, s, log = TRUE) - log(pnorm(right, m, s) - pnorm(left, m, s)) }
  ols <- lm.wfit(x, y, w)
  case(paste0("trunc.", id), "truncated", data, list(outcome = outcome, left = if (is.finite(left)) left,
       right = if (is.finite(right)) right, weights = weights, strata = strata),
       maximised(rows, c(ols$coefficients, log(sqrt(weighted.mean(ols$residuals^2, w)))), c(sd(y) / apply(abs(x), 2, max), 1), w, d,
                 strata, c(colnames(x), "log_sigma")), "optim and Newton with numDeriv", 1e-6)
}
truncated("api", "apistrat", api, "meals", ~ell + mobility, 0, 101, "pw", "stype")
truncated("hours", "PSID1976", mroz, "hours", ~education + experience + age, 0, Inf)
selection <- function(id, d, outcome, f1, f2, weights) {
  w <- d[[weights]]; x <- model.matrix(f1, d); z <- model.matrix(f2, d); s <- d$s == 1; y <- ifelse(s, d[[outcome]], 0)
  k1 <- ncol(x); k2 <- ncol(z)
  rows <- function(p) { g <- c(z %*% p[k1 + 1:k2]); sig <- exp(p[k1 + k2 + 1]); r <- tanh(p[k1 + k2 + 2])
    e <- (y - c(x %*% p[1:k1])) / sig
    ifelse(s, dnorm(e, log = TRUE) - log(sig) + pnorm((g + r * e) / sqrt(1 - r^2), log.p = TRUE), pnorm(-g, log.p = TRUE)) }
  ols <- lm.wfit(x[s, ], y[s], w[s])
  probit <- suppressWarnings(glm.fit(z, s, w, family = binomial("probit"), control = list(epsilon = 1e-14, maxit = 100)))
  labels <- c(paste0("out:", colnames(x)), paste0("sel:", colnames(z)), "log_sigma", "atanh_rho")
  unit <- c(1 / apply(abs(x), 2, max), 1 / apply(abs(z), 2, max), 1, 1)
  start <- c(ols$coefficients, probit$coefficients, log(sqrt(weighted.mean(ols$residuals^2, w[s]))), 0.1)
  mills <- dnorm(probit$linear.predictors) / pnorm(probit$linear.predictors)
  second <- lm.wfit(cbind(x, mills)[s, ], y[s], w[s])
  shrink <- (mills * (mills + probit$linear.predictors))[s]; b <- tail(second$coefficients, 1)
  sigma <- sqrt(weighted.mean(second$residuals^2 + shrink * b^2, w[s]))
  values <- maximised(rows, start, unit, w, d, NULL, labels)
  values$twostep <- list(coef = named(setNames(second$coefficients, c(colnames(x), "lambda"))), sigma = sigma, rho = b / sigma)
  case(paste0("heckman.", id), "selection", "PSID1976", list(outcome = outcome, weights = weights), values,
       "optim and Newton with numDeriv", 1e-6)
}
selection("lwage", mroz, "lwage", ~education + experience, ~nwi + education + experience + age + youngkids, "w_")
beta <- function(id, f1, f2, weights, strata) {
  w <- if (is.null(weights)) rep(1, nrow(api)) else api[[weights]]
  x <- model.matrix(f1, api); z <- model.matrix(f2, api); y <- api$share; k <- ncol(x)
  rows <- function(p) { m <- plogis(c(x %*% p[1:k])); phi <- exp(c(z %*% p[-(1:k)])); dbeta(y, m * phi, (1 - m) * phi, log = TRUE) }
  start <- c(lm.wfit(x, qlogis(y), w)$coefficients, 1, rep(0, ncol(z) - 1))
  case(paste0("beta.", id), "beta", "apistrat", list(weights = weights, strata = strata),
       maximised(rows, start, c(1 / apply(abs(x), 2, max), 1 / apply(abs(z), 2, max)), w, api, strata,
                 c(colnames(x), paste0("phi:", colnames(z)))), "optim and Newton with numDeriv on dbeta", 1e-6,
       "share = (meals + 0.5) / 101")
}
beta("plain", ~ell + mobility, ~1, NULL, NULL)
beta("precision", ~ell + mobility, ~ell, "pw", "stype")

# ---- shares by quasi-likelihood ---------------------------------------------------------------------------------------------------
for (link in c("logit", "probit", "cloglog")) {
  fit <- glm(fraction ~ ell + mobility, quasibinomial(link), api, control = list(epsilon = 1e-15, maxit = 200))
  design <- svydesign(~1, strata = ~stype, weights = ~pw, data = api)
  weighted <- svyglm(fraction ~ ell + mobility, design, family = quasibinomial(link), control = list(epsilon = 1e-15, maxit = 200))
  case(paste0("fractional.", link), "fractional", "apistrat", list(link = link, strata = "stype", weights = "pw"),
       list(coef = named(coef(fit)), HC0 = square(sandwich(fit)), coef_weighted = named(coef(weighted)),
            vcov_design = square(vcov(weighted))), "glm(quasibinomial), sandwich, svyglm", 1e-7, "expected information")
}

# ---- quantiles ----------------------------------------------------------------------------------------------------------------------
quantile_case <- function(id, data, d, formula, tau, weights = NULL) {
  d$w_ <- if (is.null(weights)) rep(1, nrow(d)) else d[[weights]]
  fit <- rq(formula, tau, d, weights = w_, method = "br")
  values <- list(coef = named(coef(fit)), loss = sum(d$w_ * residuals(fit) * (tau - (residuals(fit) < 0))))
  if (is.null(weights)) {
    plain <- rq(formula, tau, d)
    x <- model.matrix(formula, d); n <- nrow(x)
    for (hs in c(TRUE, FALSE)) {
      word <- if (hs) "" else "_bofinger"
      h <- bandwidth.rq(tau, n, hs = hs)
      while (tau - h < 0 || tau + h > 1) h <- h / 2
      ends <- sapply(c(tau - h, tau + h), function(t) coef(rq(formula, t, d, method = "br")))
      f <- pmax(0, 2 * h / (x %*% (ends[, 2] - ends[, 1]) - .Machine$double.eps^(1/2)))
      bread <- solve(crossprod(sqrt(c(f)) * x))
      values[[paste0("nid", word)]] <- named(sqrt(diag(tau * (1 - tau) * bread %*% crossprod(x) %*% bread)))
      packaged <- summary(plain, se = "nid", hs = hs)$coefficients[, 2]
      stopifnot(max(abs(packaged / unlist(values[[paste0("nid", word)]]) - 1)) < 0.02)
      values[[paste0("iid", word)]] <- named(summary(plain, se = "iid", hs = hs)$coefficients[, 2])
    }
  }
  case(paste0("quantile.", id, ".", tau), "quantile", data, list(tau = tau, weights = weights, outcome = all.vars(formula)[1]),
       values, "quantreg::rq(method = 'br'), summary(se = 'nid' and 'iid'); nid with exact slopes at both ends", 1e-6)
}
api$api_ <- api$api00 + api$enroll / 1e4
for (tau in c(0.1, 0.25, 0.5, 0.9)) {
  quantile_case("mroz", "PSID1976", mroz[mroz$s == 1, ], lwage ~ education + experience + age, tau)
  quantile_case("api", "apistrat", api, api_ ~ ell + mobility, tau)
  quantile_case("api.weighted", "apistrat", api, api_ ~ ell + mobility, tau, "pw")
}

# ---- instruments ----------------------------------------------------------------------------------------------------------------------
instrumental <- function(id, f, endogenous, weights = NULL) {
  d <- mroz[mroz$s == 1, ]; d$w_ <- if (is.null(weights)) rep(1, nrow(d)) else d[[weights]]
  fit <- ivreg(f, data = d, weights = w_ / mean(w_))
  told <- summary(fit, diagnostics = TRUE)$diagnostics
  v <- vcov(fit)
  parts <- strsplit(as.character(f)[3], "|", fixed = TRUE)[[1]]
  case(paste0("iv.", id), "instruments", "PSID1976", list(weights = weights, endogenous = as.list(endogenous),
       instruments = as.list(labels(terms(as.formula(paste("~", parts[2])))))),
       list(coef = named(coef(fit)), vcov = square(v), HC0 = square(sandwich(fit)),
            diagnostics = list(rows = rownames(told), cols = colnames(told), matrix = unname(told))),
       paste("AER::ivreg(", deparse(f), ", weights = w / mean(w))"), 1e-7)
}
instrumental("over", lwage ~ education + experience + I(experience^2) | meducation + feducation + experience + I(experience^2), "education")
instrumental("just", lwage ~ education + experience | feducation + experience, "education", "w_")
instrumental("two", lwage ~ education + nwi + experience | meducation + feducation + heducation + hwage + experience, c("education", "nwi"), "w_")

# ---- three probits ----------------------------------------------------------------------------------------------------------------------
tvn <- function(h, r) mvtnorm::pmvnorm(upper = h, corr = matrix(c(1, r[1], r[2], r[1], 1, r[3], r[2], r[3], 1), 3),
                                       algorithm = mvtnorm::TVPACK(1e-15))[1]
grid <- expand.grid(h1 = c(-2.1, 0, 1.3), h2 = c(-0.7, 0.4, 3), h3 = c(-1.2, 0.9), r12 = c(-0.6, 0.1, 0.94), r13 = c(-0.5, 0, 0.7),
                    r23 = c(-0.3, 0.2, 0.8))
grid <- grid[with(grid, 1 - r12^2 - r13^2 - r23^2 + 2 * r12 * r13 * r23) > 0.02, ]
case("tvn.grid", "trivariate_normal", "WVS", list(), c(as.list(grid), list(p = apply(grid, 1, function(g) tvn(g[1:3], g[4:6])))),
     "mvtnorm::pmvnorm(algorithm = TVPACK)", 1e-12, "absolute; no data")
wvs <- load("WVS"); wvs <- wvs[seq(1, nrow(wvs), by = 50), ]
x <- cbind(1, wvs$age / 10); q <- 2 * cbind(wvs$religion == "yes", wvs$degree == "yes", wvs$poverty == "Too Little") - 1
rows <- function(p) { e <- q * (x %*% matrix(p[1:6], 2)); r <- tanh(p[7:9])
  vapply(seq_len(nrow(q)), function(i) log(tvn(e[i, ], r * c(q[i, 1] * q[i, 2], q[i, 1] * q[i, 3], q[i, 2] * q[i, 3]))), 0) }
p <- c(0.3, 0.1, -0.7, -0.1, 0, -0.05, 0.3, 0.4, 0)  # near the maximum, so that few steps of Newton's method do
whole <- function(p) sum(rows(p))
for (i in 1:4) { h <- hessian(whole, p); p <- p - solve(h, grad(whole, p)) }
stopifnot(max(abs(grad(whole, p))) / nrow(q) < 1e-8)
labels <- c(outer(c("(Intercept)", "age"), 1:3, paste0), "atanh12", "atanh13", "atanh23")
v <- solve(-h); dimnames(v) <- list(labels, labels)
case("trivariate.wvs", "trivariate_probit", "WVS", list(every = 50), list(coef = named(setNames(p, labels)), vcov = square(v),
     logLik = whole(p)), "Newton with numDeriv on mvtnorm's TVPACK", 1e-6, "answers religion yes, degree yes, poverty Too Little; age / 10")

write_json(list(schema = 1, area = "limits", made_with = paste(R.version.string, "survival", packageVersion("survival"), "AER",
                packageVersion("AER"), "quantreg", packageVersion("quantreg"), "survey", packageVersion("survey")),
                datasets = setNames(list(), character()), cases = found),
           file.path(refs, "limits_values.json"), auto_unbox = TRUE, digits = 15, null = "null", na = "null", pretty = FALSE)
cat(length(found), "cases\n")
