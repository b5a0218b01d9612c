# Makes tests/references/counts_values.json: Rscript tests/references/scripts/counts.R
# R 4.2 with Debian's r-cran-mass, r-cran-pscl, r-cran-vgam, r-cran-aer, r-cran-survey, r-cran-sandwich, r-cran-numderiv and
# r-cran-jsonlite. Nothing is random. Log-likelihoods are written with base R's densities; estimates start from the packages
# (glm, glm.nb, hurdle, zeroinfl, vglm) and are polished by Newton's method with numDeriv's derivatives. Covariances of a
# design are svyrecvar of contributions w_i g_i H^-1.
suppressPackageStartupMessages({library(survey); library(MASS); library(pscl); library(VGAM); library(jsonlite); library(numDeriv)})
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
refs <- dirname(here)
areas <- lapply(c("a_descriptives", "c_classical", "b_designreg"), function(a) read_json(file.path(refs, paste0(a, ".json"))))
load <- function(name) {
  d <- read.csv(file.path(refs, "data", paste0(name, ".csv")), na.strings = "", check.names = FALSE)
  for (a in areas) for (f in names(a$datasets[[name]]$factor_levels))
    if (f %in% names(d)) d[[f]] <- factor(as.character(d[[f]]), levels = unlist(a$datasets[[name]]$factor_levels[[f]]))
  d
}
found <- list()
case <- function(id, topic, data, args, values, r_call, rtol, note = "")
  found[[length(found) + 1]] <<- list(id = paste0("n.", id), topic = topic, data = list(data), spec = "", args = args,
                                      r_call = r_call, values = values, rtol = rtol, note = note)
named <- function(x) as.list(setNames(as.numeric(x), names(x)))
square <- function(v) list(rows = rownames(v), cols = colnames(v), matrix = unname(as.matrix(v)))

# ---- log-likelihoods of rows ---------------------------------------------------------------------------------------------
log_f <- function(dist, y, mu, tau) switch(dist, poisson = dpois(y, mu, log = TRUE),
  nb2 = dnbinom(y, size = exp(-tau), mu = mu, log = TRUE), nb1 = dnbinom(y, size = mu * exp(-tau), mu = mu, log = TRUE))
links <- list(logit = plogis, probit = pnorm, cloglog = function(e) -expm1(-exp(e)))
rows_of <- function(dist, zeros, link, X, Z, y, offset) function(p) {
  k <- ncol(X); q <- if (zeros %in% c("inflated", "hurdle")) ncol(Z) else 0
  mu <- as.vector(exp(X %*% p[1:k] + offset)); tau <- p[k + q + 1]
  f <- log_f(dist, y, mu, tau); f0 <- log_f(dist, 0 * y, mu, tau); truncated <- f - log(-expm1(f0))
  if (zeros == "plain") return(f)
  if (zeros == "truncated") return(truncated)
  e <- as.vector(Z %*% p[k + 1:q])
  if (zeros == "inflated") return(ifelse(y == 0, log(plogis(e) + plogis(-e) * exp(f0)), plogis(-e, log.p = TRUE) + f))
  ifelse(y == 0, log(1 - links[[link]](e)), log(links[[link]](e)) + ifelse(y > 0, truncated, 0))
}
polished <- function(rows, w, start, X, unit) {
  f <- function(q) sum(w * rows(q * unit))
  q <- optim(start / unit, f, method = "BFGS", control = list(fnscale = -1, reltol = 1e-15, maxit = 2000))$par
  for (i in 1:5) { h <- hessian(f, q); q <- q - solve(h, grad(f, q)) }
  stopifnot(max(abs(solve(h, grad(f, q)))) < 1e-7, all(eigen(h, TRUE)$values < 0))
  list(par = q * unit, vcov = solve(-hessian(f, q)) * outer(unit, unit), loglik = f(q))
}
model <- function(id, data, d, formula, dist, zeros, start, call, weights = NULL, link = "logit", zero = NULL, offset = NULL,
                  design = NULL, rtol = 1e-6, note = "") {
  X <- model.matrix(formula, d); y <- model.response(model.frame(formula, d))
  Z <- model.matrix(if (is.null(zero)) delete.response(terms(formula)) else zero, d)
  off <- if (is.null(offset)) rep(0, nrow(d)) else log(d[[offset]])
  w <- if (is.null(weights)) rep(1, nrow(d)) else d[[weights]]
  rows <- rows_of(dist, zeros, link, X, Z, y, off)
  labels <- c(paste0("count:", colnames(X)), if (zeros %in% c("inflated", "hurdle")) paste0("zero:", colnames(Z)),
             if (dist != "poisson") "ln_alpha")
  size <- function(M) 1 / sqrt(colMeans(M^2))
  unit <- c(size(X), if (zeros %in% c("inflated", "hurdle")) size(Z), if (dist != "poisson") 1)
  cat(id, "\n")
  best <- polished(rows, w, unname(start), X, unit)
  dimnames(best$vcov) <- list(labels, labels)
  values <- list(coef = named(setNames(best$par, labels)), vcov = square(best$vcov), logLik = best$loglik)
  if (!is.null(design)) {
    g <- jacobian(function(q) w * rows(q * unit), best$par / unit) %*% diag(1 / unit)
    v <- svyrecvar(g %*% best$vcov, design$cluster, design$strata, design$fpc); dimnames(v) <- list(labels, labels)
    values$vcov_design <- square(v)
  }
  case(id, "count_model", data, list(outcome = as.character(formula)[2], distribution = dist, zeros = zeros, link = link, weights = weights,
       offset = offset), values, call, rtol, note)
  invisible(best)
}
bio <- load("bioChemists"); f <- art ~ fem + mar + kid5 + phd + ment
positive <- subset(bio, art > 0)
nb <- glm.nb(f, bio); la <- -log(nb$theta)
model("bio.nb1", "bioChemists", bio, f, "nb1", "plain", c(coef(glm(f, poisson, bio)), -0.2), "by hand")
for (dist in c("poisson", "nb2")) for (link in c("logit", "probit", "cloglog")) {
  h <- hurdle(f, bio, dist = if (dist == "poisson") "poisson" else "negbin", zero.dist = "binomial", link = link)
  model(paste("bio.hurdle", dist, link, sep = "."), "bioChemists", bio, f, dist, "hurdle",
        c(coef(h), if (dist == "nb2") -log(h$theta)), paste0("pscl::hurdle(link='", link, "')"), link = link)
}
h <- hurdle(f, bio, dist = "negbin")
model("bio.hurdle.nb1.logit", "bioChemists", bio, f, "nb1", "hurdle", c(coef(h), -log(h$theta)), "by hand")
pp <- vglm(f, pospoisson(), positive); pn <- vglm(f, posnegbinomial(), positive)
best <- model("bio.truncated.poisson", "bioChemists", positive, f, "poisson", "truncated", coef(pp), "VGAM::vglm(pospoisson)")
stopifnot(max(abs(best$par - coef(pp))) < 1e-4)
best <- model("bio.truncated.nb2", "bioChemists", positive, f, "nb2", "truncated", c(coef(pn)[-2], -coef(pn)[2]), "VGAM::vglm(posnegbinomial)")
stopifnot(max(abs(best$par - c(coef(pn)[-2], -coef(pn)[2]))) < 1e-2)
zip <- zeroinfl(f, bio); zinb <- zeroinfl(f, bio, dist = "negbin")
model("bio.inflated.nb1", "bioChemists", bio, f, "nb1", "inflated", c(coef(zinb), -log(zinb$theta)), "by hand", rtol = 1e-5)
zz <- zeroinfl(art ~ fem + mar + kid5 + phd + ment | ment, bio, dist = "negbin")
model("bio.inflated.nb2.ment", "bioChemists", bio, f, "nb2", "inflated", c(coef(zz), -log(zz$theta)),
      "pscl::zeroinfl(art ~ . | ment, dist = 'negbin')", zero = ~ment, rtol = 1e-5)

# ---- exposure, weights, strata and clusters: students tested, with the students enrolled as exposure ------------------------
ticks <- load("grouseticks"); ticks$YEAR <- factor(ticks$YEAR); ticks$height <- (ticks$HEIGHT - 400) / 100
tf <- TICKS ~ height + YEAR
tn <- glm.nb(tf, ticks)
for (dist in c("poisson", "nb2", "nb1"))
  model(paste0("ticks.", dist), "grouseticks", ticks, tf, dist, "plain",
        c(if (dist == "poisson") coef(glm(tf, poisson, ticks)) else coef(tn), if (dist != "poisson") -log(tn$theta)), "glm, glm.nb")
api <- load("apistrat"); api$meals10 <- api$meals / 10
strat <- svydesign(~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = api)
clus <- load("apiclus1"); clus$meals10 <- clus$meals / 10
one <- svydesign(~dnum, weights = ~pw, data = clus)
af <- api.stu ~ stype + meals10; an <- glm.nb(update(af, . ~ . + offset(log(enroll))), api)
ap <- glm(update(af, . ~ . + offset(log(enroll))), poisson, api)
for (dist in c("poisson", "nb2", "nb1")) {
  start <- function(b, t) c(b, if (dist != "poisson") t)
  model(paste0("api.strat.", dist), "apistrat", api, af, dist, "plain", start(coef(if (dist == "poisson") ap else an), if (dist == "nb1") 2 else -log(an$theta)),
        "by hand", weights = "pw", offset = "enroll", design = strat)
  model(paste0("api.clus.", dist), "apiclus1", clus, af, dist, "plain", start(coef(if (dist == "poisson") ap else an), if (dist == "nb1") 2 else -log(an$theta)),
        "by hand", weights = "pw", offset = "enroll", design = one)
}
# counts with zeros in a design: halves of the share of English learners
api$halves <- api$ell %/% 2
ef <- halves ~ stype + meals10
for (zeros in c("hurdle", "inflated")) for (dist in c("poisson", "nb2")) {
  fit <- if (zeros == "hurdle") hurdle(ef, api, dist = "poisson") else zeroinfl(ef, api, dist = "poisson")
  model(paste("api", zeros, dist, sep = "."), "apistrat", api, ef, dist, zeros, c(coef(fit), if (dist != "poisson") -1), paste0("pscl::", zeros),
        weights = "pw", design = strat, rtol = 1e-5)
}

# ---- tests -----------------------------------------------------------------------------------------------------------------
po <- glm(f, poisson, bio, control = glm.control(epsilon = 1e-14)); pt <- glm(tf, poisson, ticks, control = glm.control(epsilon = 1e-14))
for (s in list(list("bio", "bioChemists", po), list("ticks", "grouseticks", pt))) for (trafo in c(1, 2)) {
  t <- AER::dispersiontest(s[[3]], trafo = trafo)
  case(paste("dispersion", s[[1]], trafo, sep = "."), "dispersion", s[[2]], list(form = if (trafo == 1) "nb1" else "nb2"),
       list(statistic = as.numeric(t$statistic), alpha = as.numeric(t$estimate)), sprintf("AER::dispersiontest(trafo = %d)", trafo), 1e-9)
}
hp <- hurdle(f, bio, dist = "poisson", zero.dist = "poisson", control = hurdle.control(reltol = 1e-14, method = "BFGS"))
ht <- hurdletest(hp)
case("hurdletest.bio", "hurdletest", "bioChemists", list(), list(statistic = ht$Chisq[2], df = ht$Df[2]), "pscl::hurdletest", 1e-3,
     "the package's numerical Hessian has few digits")
m1 <- predprob(zinb)[cbind(seq_len(nrow(bio)), bio$art + 1)]; m2 <- predprob(hurdle(f, bio, dist = "negbin"))[cbind(seq_len(nrow(bio)), bio$art + 1)]
d <- log(m1) - log(m2); n <- nrow(bio)
case("vuong.bio.zinb.hurdlenb", "vuong", "bioChemists", list(), list(raw = sum(d) / (sqrt(n) * sd(d))), "pscl::predprob", 1e-3)
case("predictions.bio", "predictions", "bioChemists", list(),
     list(hurdle = c(mean(predict(hurdle(f, bio, dist = "negbin"), type = "response")), colMeans(predprob(hurdle(f, bio, dist = "negbin"))[, 1:4])),
          inflated = c(mean(predict(zinb, type = "response")), colMeans(predprob(zinb)[, 1:4]))), "pscl::predict, predprob", 1e-5,
     "mean count, and mean probabilities of 0 to 3")
write_json(list(schema = 1, area = "counts", made_with = paste(R.version.string, "with pscl, MASS, VGAM, AER, survey"), datasets = setNames(list(), character()), cases = found),
           file.path(refs, "counts_values.json"), auto_unbox = TRUE, digits = 15, null = "null", pretty = FALSE)
cat(length(found), "cases\n")
