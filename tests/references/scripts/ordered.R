# Makes tests/references/ordered_values.json: Rscript tests/references/scripts/ordered.R
# R 4.2 with Debian's r-cran-ordinal, r-cran-vgam, r-cran-survey, r-cran-pbivnorm, r-cran-mvtnorm, r-cran-numderiv and
# r-cran-jsonlite. Nothing is random. Design-based covariances are svyrecvar of contributions w_i g_i H^-1, with the
# gradient g_i of each row's log-likelihood and its Hessian H by Richardson extrapolation (numDeriv).
suppressPackageStartupMessages({library(survey); library(ordinal); library(jsonlite); library(numDeriv); library(pbivnorm)})
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
  found[[length(found) + 1]] <<- list(id = paste0("o.", id), topic = topic, data = list(data), spec = "", args = args,
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
told <- function(call) gsub("\\s+", " ", paste(deparse(call), collapse = " "))
control <- clm.control(gradTol = 1e-12, maxIter = 200, maxLineIter = 50)
wvs <- load("WVS"); wvs$poverty <- factor(wvs$poverty, ordered = TRUE)
wine <- load("wine"); wine$rating <- factor(wine$rating, ordered = TRUE)
housing <- load("housing"); housing$Sat <- factor(housing$Sat, ordered = TRUE)
api <- load("apistrat")
api$level <- cut(api$api00, c(0, 550, 650, 750, 1000), labels = c("a", "b", "c", "d"), ordered_result = TRUE)

# ---- cumulative models: links, nominal and scale ------------------------------------------------------------------------
cumulative <- function(id, data, d, formula, nominal = NULL, scale = NULL, link = "logit", weights = NULL, rtol = 1e-7) {
  d$w_ <- if (is.null(weights)) rep(1, nrow(d)) else d[[weights]]
  call <- list(quote(clm), formula, data = quote(d), weights = quote(w_), link = link, control = quote(control))
  call$nominal <- nominal
  call$scale <- scale
  fit <- eval(as.call(call))
  stopifnot(max(abs(fit$gradient)) < 1e-8)
  labels <- c(names(fit$alpha), if (length(fit$beta)) paste0("loc:", names(fit$beta)),
             if (length(fit$zeta)) paste0("logscale:", names(fit$zeta)))
  v <- vcov(fit); dimnames(v) <- list(labels, labels)
  case(paste0("clm.", id), "cumulative", data, list(outcome = all.vars(formula)[1], link = link, weights = weights),
       list(coef = named(setNames(coef(fit), labels)), vcov = square(v), logLik = as.numeric(logLik(fit))),
       told(call[names(call) != "control"]), if (link == "cauchit") (if (is.null(scale)) 2e-5 else 1e-4) else rtol,
       if (link == "cauchit") "clm takes 1e5 for infinity, where the Cauchy distribution still leaves 3e-6" else "")
}
for (link in c("logit", "probit", "cloglog", "loglog", "cauchit")) {
  cumulative(paste0("housing.parallel.", link), "housing", housing, Sat ~ Infl + Type + Cont, link = link, weights = "Freq")
  cumulative(paste0("housing.nominal.", link), "housing", housing, Sat ~ Infl + Type, ~Cont, link = link, weights = "Freq")
  cumulative(paste0("housing.scale.", link), "housing", housing, Sat ~ Infl + Type + Cont, scale = ~Infl, link = link,
             weights = "Freq")
}
for (link in c("logit", "probit", "cloglog")) {
  cumulative(paste0("wvs.nominal.", link), "WVS", wvs, poverty ~ religion + degree + age + gender, ~country, link = link)
  cumulative(paste0("wvs.all.", link), "WVS", wvs, poverty ~ 1, ~religion + degree + country + age + gender, link = link)
  cumulative(paste0("wvs.scale.", link), "WVS", wvs, poverty ~ religion + degree + country + age + gender, scale = ~age + gender,
             link = link)
  cumulative(paste0("wvs.both.", link), "WVS", wvs, poverty ~ religion + age + gender, ~country, ~gender, link = link)
  cumulative(paste0("api.scale.", link), "apistrat", api, level ~ meals + ell + mobility, scale = ~meals, link = link,
             weights = "pw")
}
cumulative("wine.nominal.probit", "wine", wine, rating ~ temp, ~contact, link = "probit")
cumulative("wine.scale.outside", "wine", wine, rating ~ contact, scale = ~temp)

# ---- continuation ratios: glm and svyglm on stacked rows -----------------------------------------------------------------
stacked <- function(d, y, direction) {
  code <- as.integer(y) - 1L
  steps <- seq_len(nlevels(y) - 1) - 1L
  do.call(rbind, lapply(steps, function(j) {
    at <- if (direction == "forward") code >= j else code <= j + 1
    cbind(d[at, , drop = FALSE], person_ = which(at), step_ = j, stops_ = as.numeric(code[at] <= j))
  }))
}
sequential <- function(id, data, d, outcome, terms, direction, link, free = character(), weights = NULL, strata = NULL) {
  d$w_ <- if (is.null(weights)) rep(1, nrow(d)) else d[[weights]]
  long <- stacked(d, d[[outcome]], direction)
  long$step_ <- factor(long$step_)
  common <- setdiff(terms, free)
  f <- as.formula(paste("stops_ ~ 0 + step_", if (length(common)) paste("+", paste(common, collapse = "+")),
                        if (length(free)) paste("+ step_:(", paste(free, collapse = "+"), ")")))
  close <- list(epsilon = 1e-14, maxit = 100)
  fit <- suppressWarnings(glm(f, binomial("logit"), long, weights = w_, control = close))
  b <- coef(fit)
  if (link != "logit") {  # Fisher scoring cycles here: Newton on the log-likelihood
    x <- model.matrix(fit)
    log_f <- list(probit = function(e) pnorm(e, log.p = TRUE), cloglog = function(e) log(-expm1(-exp(e))))[[link]]
    log_s <- list(probit = function(e) pnorm(-e, log.p = TRUE), cloglog = function(e) -exp(e))[[link]]
    whole <- function(b) { e <- c(x %*% b); sum(long$w_ * ifelse(long$stops_ == 1, log_f(e), log_s(e))) }
    b <- maximum(whole, b * c(probit = 0.6, cloglog = 0.7)[[link]], 1 / apply(abs(x), 2, max), sum(d$w_))
  }
  top <- if (link == "logit") sum(long$w_ * dbinom(long$stops_, 1, fitted(fit), log = TRUE)) else whole(b)
  values <- list(coef = named(b), logLik = top)
  if (link == "logit") {
    values$vcov <- square(vcov(fit))
    design <- svydesign(~person_, strata = if (is.null(strata)) NULL else reformulate(strata), weights = ~w_, data = long,
                        nest = FALSE)
    values$vcov_design <- square(vcov(suppressWarnings(svyglm(f, design, family = quasibinomial(),
                                                              control = list(epsilon = 1e-14, maxit = 100)))))
    vgam <- do.call(VGAM::vglm, list(as.formula(paste(outcome, "~", paste(terms, collapse = "+"))), data = d, weights = d$w_,
      VGAM::sratio(link = "logitlink", reverse = direction == "backward",
                   parallel = if (length(free)) as.formula(paste("FALSE ~", paste(free, collapse = "+"))) else TRUE),
      control = VGAM::vglm.control(epsilon = 1e-13, maxit = 100)))
    values$vgam_logLik <- as.numeric(VGAM::logLik.vlm(vgam))
  }
  case(paste0("cr.", id), "continuation", data, list(outcome = outcome, terms = as.list(terms), free = as.list(free),
       direction = direction, link = link, weights = weights, strata = strata), values,
       paste("glm and svyglm(ids = ~person_) on rows stacked by step:", told(f)), if (link == "logit") 1e-7 else 1e-6,
       "slopes have the sign of P(y <= j | ...); vgam_logLik is that of sratio")
}
for (direction in c("forward", "backward")) for (link in c("logit", "probit", "cloglog")) {
  sequential(paste("wvs", direction, link, sep = "."), "WVS", wvs, "poverty", c("religion", "degree", "age"), direction, link)
  sequential(paste("api", direction, link, sep = "."), "apistrat", api, "level", c("meals", "ell"), direction, link,
             weights = "pw", strata = "stype")
  sequential(paste("api.free", direction, link, sep = "."), "apistrat", api, "level", c("meals", "ell"), direction, link, "ell",
             weights = "pw", strata = "stype")
}

# ---- the bivariate normal distribution ---------------------------------------------------------------------------------------
grid <- expand.grid(h = c(-6, -2.1, -0.3, 0, 1.2, 4), k = c(-5, -1.25, 0, 0.4, 2.5),
                    r = c(-1, -0.9999, -0.95, -0.924, -0.6, -0.1, 0, 0.3, 0.8, 0.926, 0.97, 0.99999, 1))
other <- mapply(function(h, k, r) mvtnorm::pmvnorm(upper = c(h, k), corr = matrix(c(1, r, r, 1), 2), algorithm = mvtnorm::TVPACK(1e-15)),
                grid$h, grid$k, pmin(pmax(grid$r, -1 + 1e-15), 1 - 1e-15))
p <- pbivnorm(grid$h, grid$k, grid$r)
stopifnot(max(abs(p - other)[abs(grid$r) < 1]) < 1e-14)
case("bvn.grid", "bivariate_normal", "WVS", list(), list(h = grid$h, k = grid$k, rho = grid$r, p = p), "pbivnorm::pbivnorm", 1e-12,
     "absolute; mvtnorm's TVPACK agrees to 1e-14; no data")

# ---- two probits with correlated errors --------------------------------------------------------------------------------------
bivariate <- function(id, data, d, f1, f2, weights = NULL, strata = NULL) {
  w <- if (is.null(weights)) rep(1, nrow(d)) else d[[weights]]
  x1 <- model.matrix(f1, d); x2 <- model.matrix(f2, d)
  y1 <- model.response(model.frame(f1, d)) * 1; y2 <- model.response(model.frame(f2, d)) * 1
  k1 <- ncol(x1); k <- k1 + ncol(x2) + 1; q1 <- 2 * y1 - 1; q2 <- 2 * y2 - 1
  rows <- function(p) log(pbivnorm(c(q1 * (x1 %*% p[1:k1])), c(q2 * (x2 %*% p[(k1 + 1):(k - 1)])), q1 * q2 * tanh(p[k])))
  whole <- function(p) sum(w * rows(p))
  single <- lapply(list(list(x1, y1), list(x2, y2)), function(a) suppressWarnings(
    glm.fit(a[[1]], a[[2]], weights = w, family = binomial("probit"), control = list(epsilon = 1e-14, maxit = 100))))
  p <- c(single[[1]]$coefficients, single[[2]]$coefficients, 0.2)
  unit <- c(1 / apply(abs(x1), 2, max), 1 / apply(abs(x2), 2, max), 1)
  best <- maximum(whole, p, unit, sum(w))
  q <- best / unit
  scaled <- function(q) whole(q * unit)
  h <- hessian(scaled, q)
  names <- c(paste0("first:", colnames(x1)), paste0("second:", colnames(x2)), "atanh(rho)")
  v <- unit * t(unit * solve(-h)); dimnames(v) <- list(names, names)
  influence <- w * jacobian(function(q) rows(q * unit), q) %*% solve(-h) %*% diag(unit)
  design <- svydesign(~1, strata = if (is.null(strata)) NULL else reformulate(strata), weights = w, data = d)
  vd <- svyrecvar(influence, design$cluster, design$strata, design$fpc); dimnames(vd) <- list(names, names)
  eta <- list(x1 %*% single[[1]]$coefficients, x2 %*% single[[2]]$coefficients)
  mills <- Map(function(e, q) q * dnorm(e) / pnorm(q * e), eta, list(q1, q2))
  spread <- Map(function(e) dnorm(e)^2 / (pnorm(e) * pnorm(-e)), eta)
  d$y1_ <- y1; d$y2_ <- y2
  vgam <- VGAM::vglm(as.formula(paste("cbind(y1_, y2_) ~", as.character(f1)[3])), VGAM::binom2.rho(exchangeable = FALSE), data = d,
    weights = w, control = VGAM::vglm.control(epsilon = 1e-12, maxit = 100))
  case(paste0("bip.", id), "bivariate_probit", data,
       list(first = told(f1), second = told(f2), weights = weights, strata = strata),
       list(coef = named(setNames(q * unit, names)), vcov = square(v), vcov_design = square(vd), logLik = whole(q * unit),
            loglik_apart = whole(c(single[[1]]$coefficients, single[[2]]$coefficients, 0)),
            score = sum(w * mills[[1]] * mills[[2]]), score_information = sum(w * spread[[1]] * spread[[2]]),
            vgam_same_covariates_logLik = as.numeric(VGAM::logLik.vlm(vgam))),
       "optim and Newton with numDeriv on log(pbivnorm)", 1e-6,
       "VGAM binom2.rho takes the first formula's covariates for both answers")
}
wvs$religious <- wvs$religion == "yes"; wvs$graduate <- wvs$degree == "yes"
bivariate("wvs", "WVS", wvs, religious ~ country + age + gender, graduate ~ country + age)
bivariate("wvs.same", "WVS", wvs, religious ~ country + age, graduate ~ country + age)
api$whole <- api[["sch.wide"]] == "Yes"; api$comparable <- api[["comp.imp"]] == "Yes"
bivariate("api", "apistrat", api, whole ~ ell + meals, comparable ~ meals + mobility, "pw", "stype")

# ---- binary links ---------------------------------------------------------------------------------------------------------------
birth <- load("birthwt")
fit <- glm(low ~ age + lwt + smoke + ptl + ht + ui, binomial("cauchit"), birth, control = list(epsilon = 1e-14, maxit = 200))
case("binary.cauchit", "binary", "birthwt", list(outcome = "low"), list(coef = named(coef(fit)), vcov = square(vcov(fit)),
     logLik = as.numeric(logLik(fit))), told(fit$call), 1e-6, "vcov from the expected information")

write_json(list(schema = 1, area = "ordered", made_with = paste(R.version.string, "ordinal", packageVersion("ordinal"), "VGAM",
                packageVersion("VGAM"), "survey", packageVersion("survey"), "pbivnorm", packageVersion("pbivnorm")),
                datasets = setNames(list(), character()), cases = found),
           file.path(refs, "ordered_values.json"), auto_unbox = TRUE, digits = 15, null = "null", pretty = FALSE)
cat(length(found), "cases\n")
