# Makes tests/references/c_answers.json and b_answers.json: Rscript tests/references/scripts/answers.R
# R 4.2 with Debian's r-cran-ordinal, r-cran-mass, r-cran-nnet, r-cran-brglm2, r-cran-survey, r-cran-sandwich,
# r-cran-numderiv and r-cran-jsonlite. Further models of the topics of c_classical.json and b_designreg.json, in their
# schema: what is asked stands now in arguments, now in the call, now in words alone. Nothing is random.
suppressPackageStartupMessages({
  library(ordinal); library(MASS); library(nnet); library(brglm2); library(survey); library(sandwich); library(numDeriv); library(jsonlite)
})
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
refs <- dirname(here)
areas <- lapply(c("a_descriptives", "b_designreg", "c_classical"), function(a) read_json(file.path(refs, paste0(a, ".json"))))
load <- function(name) {
  d <- read.csv(file.path(refs, "data", paste0(name, ".csv")), na.strings = "", check.names = FALSE)
  for (a in areas) for (f in names(a$datasets[[name]]$factor_levels))
    if (f %in% names(d)) d[[f]] <- factor(as.character(d[[f]]), levels = unlist(a$datasets[[name]]$factor_levels[[f]]))
  d
}
found <- list(b = list(), c = list())
case <- function(letter, id, topic, data, spec, args, r_call, values, rtol)
  found[[letter]][[length(found[[letter]]) + 1]] <<- list(id = paste0("n.", id), topic = topic, data = I(data), spec = spec,
    args = if (length(args)) args else setNames(list(), character()), r_call = r_call, values = values, rtol = rtol, note = "")
named <- function(x, labels = names(x)) as.list(setNames(as.numeric(x), labels))
square <- function(v, labels = rownames(v)) list(rows = I(labels), cols = I(labels), matrix = unname(as.matrix(v)))
told <- function(call) gsub("\\s+", " ", paste(deparse(call), collapse = " "))
whole <- function(fit, n = nobs(fit)) list(logLik = as.numeric(logLik(fit)), AIC = AIC(fit), BIC = -2 * as.numeric(logLik(fit)) + attr(logLik(fit), "df") * log(n))
inference <- function(b, v, labels) {
  se <- sqrt(diag(v))
  list(coef = named(b, labels), se = named(se, labels), z = named(b / se, labels),
       p_normal = named(2 * pnorm(-abs(b / se)), labels), vcov = square(v, labels))
}

# ---- cumulative models: other links, nominal and scale effects -----------------------------------------------------------
control <- clm.control(gradTol = 1e-12, maxIter = 200, maxLineIter = 50)
clm_case <- function(id, data, call, spec, args = list(), words = told(call), rtol = 1e-7, d = load(data)) {
  fit <- eval(as.call(c(as.list(call), list(data = quote(d), control = quote(control)))))
  stopifnot(max(abs(fit$gradient)) < 1e-8)
  plain <- !length(fit$zeta) && !any(grepl(".(Intercept)", names(fit$alpha), fixed = TRUE))
  labels <- if (plain) c(names(fit$beta), names(fit$alpha)) else
    c(paste0("thr:", names(fit$alpha)), if (length(fit$beta)) paste0("loc:", names(fit$beta)),
      if (length(fit$zeta)) paste0("logscale:", names(fit$zeta)))
  order <- if (plain) c(length(fit$alpha) + seq_along(fit$beta), seq_along(fit$alpha)) else seq_along(coef(fit))
  case("c", id, if (plain) "ordinal" else "ordinal_partial", data, spec, args, words,
       c(inference(coef(fit)[order], vcov(fit)[order, order], labels), whole(fit)), rtol)
}
wine <- load("wine"); wine$rating <- factor(wine$rating, ordered = TRUE)
wvs <- load("WVS"); wvs$poverty <- factor(wvs$poverty, ordered = TRUE)
housing <- load("housing"); housing$Sat <- factor(housing$Sat, ordered = TRUE)
beps <- load("BEPS"); beps$Hague <- factor(beps$Hague, ordered = TRUE)
for (link in c("probit", "cloglog", "loglog"))
  clm_case(paste0("ord.wine.", link), "wine", bquote(clm(rating ~ temp * contact + judge, link = .(link))), d = wine,
           spec = paste("Cumulative", link, "model with an interaction"), args = list(formula = "rating ~ temp * contact + judge", link = link))
clm_case("ord.beps.square", "BEPS", quote(clm(Hague ~ age + I(age^2) + vote + economic.cond.household)), d = beps, words = "clm",
         spec = "Cumulative logit of five levels", args = list(formula = "Hague ~ age + I(age^2) + vote + economic.cond.household", link = "logit"))
clm_case("ppo.wine.scale.both", "wine", quote(clm(formula = rating ~ temp, scale = ~contact)), d = wine, spec = "Location-scale")
clm_case("ppo.wine.scale.probit", "wine", quote(clm(rating ~ temp + contact, scale = ~temp + contact, link = "probit")), d = wine, spec = "")
clm_case("ppo.wine.both", "wine", quote(clm(rating ~ temp, nominal = ~contact, scale = ~temp)), d = wine, spec = "", rtol = 1e-6)
clm_case("ppo.wine.judge", "wine", quote(clm(rating ~ temp + judge, nominal = ~contact)), d = wine, spec = "")
clm_case("ppo.wvs.args", "WVS", quote(clm(poverty ~ religion + age, nominal = ~country + gender)), d = wvs, words = "ordinal::clm", spec = "in arguments",
         args = list(formula = "poverty ~ religion + age", nominal = "~ country + gender", link = "logit"))
clm_case("ppo.wvs.all", "WVS", quote(clm(poverty ~ 1, nominal = ~country + age)), d = wvs, spec = "every slope differs")
clm_case("ppo.wvs.loglog", "WVS", quote(clm(poverty ~ age + degree, nominal = ~gender, scale = ~religion, link = "loglog")), d = wvs, spec = "", rtol = 1e-6)
clm_case("ppo.housing", "housing", quote(clm(Sat ~ Infl + Type, nominal = ~Cont, weights = Freq)), d = housing, spec = "a row is a cell")
clm_case("ppo.housing.scale", "housing", quote(clm(Sat ~ Infl * Type, scale = ~Cont, weights = Freq, link = "cloglog")), d = housing, spec = "")
lr <- function(table) lapply(split(table, rownames(table)), function(r) if (!is.na(r$LRT)) list(LR = r$LRT, df = r$Df, p = r[["Pr(>Chi)"]]))
clm_tests <- function(id, data, call, spec, words, d, args = list()) {
  fit <- eval(as.call(c(as.list(call), list(data = quote(d), control = quote(control)))))
  case("c", id, "ordinal_partial", data, spec, args, words,
       lapply(list(nominal = nominal_test(fit), scale = scale_test(fit)), function(t) Filter(Negate(is.null), lr(as.data.frame(t)))), 1e-5)
}
assign("d", wvs, globalenv()); control$gradTol <- 1e-10
clm_tests("ppo.wvs.tests", "WVS", quote(clm(poverty ~ religion + country + age)), "LR tests of single terms", "fm <- clm(poverty ~ religion + country + age, data = WVS); nominal_test(fm); scale_test(fm)", wvs)
assign("d", housing, globalenv())
clm_tests("ppo.housing.tests", "housing", quote(clm(Sat ~ Infl + Type + Cont, weights = Freq)), "LR tests against c.ord.housing.logit", "nominal_test, scale_test", housing)

# ---- Brant's test: separate logits with their joint covariance ------------------------------------------------------------
brant_case <- function(id, data, formula, d, spec, args = list(), words = "hand code", weights = rep(1, nrow(d))) {
  mf <- model.frame(formula, d); x <- model.matrix(formula, mf); y <- as.integer(model.response(mf)); cuts <- seq_len(max(y) - 1); k <- ncol(x)
  fits <- lapply(cuts, function(j) suppressWarnings(glm.fit(x, as.numeric(y > j), weights, family = binomial(), control = list(epsilon = 1e-15, maxit = 100))))
  p <- sapply(fits, fitted)
  inv <- lapply(cuts, function(j) solve(t(x) %*% (weights * p[, j] * (1 - p[, j]) * x)))
  v <- matrix(0, k * max(cuts), k * max(cuts)); at <- function(j) (j - 1) * k + seq_len(k)
  for (j in cuts) for (l in cuts) {
    a <- min(j, l); b <- max(j, l)
    v[at(j), at(l)] <- inv[[j]] %*% t(x) %*% (weights * (p[, b] - p[, a] * p[, b]) * x) %*% inv[[l]]
  }
  b <- unlist(lapply(fits, coef))
  wald <- function(columns) {
    r <- do.call(rbind, lapply(columns, function(c) t(sapply(cuts[-1], function(j) { e <- rep(0, length(b)); e[at(j)[c]] <- 1; e[at(1)[c]] <- -1; e }))))
    c(chi2 = c(t(r %*% b) %*% solve(r %*% v %*% t(r), r %*% b)), df = nrow(r))
  }
  all <- wald(2:k); all <- c(all, p = unname(pchisq(all[1], all[2], lower.tail = FALSE)))
  case("c", id, "brant", data, spec, args, words, list(omnibus = as.list(all), per_variable = named(sapply(2:k, function(c) wald(c)[[1]]), colnames(x)[-1])), 1e-7)
}
brant_case("brant.wvs.words", "WVS", poverty ~ age + gender + country, wvs, "Brant (1990) test of poverty ~ age + gender + country, K-1 binary logits y>j")
brant_case("brant.beps", "BEPS", Hague ~ vote + Europe + I(age/10), beps, "Brant test", list(formula = "Hague ~ vote + Europe + I(age/10)"))
cell <- housing[rep(seq_len(nrow(housing)), housing$Freq), ]
brant_case("brant.housing", "housing", Sat ~ Infl + Type + Cont, cell, "Freq = frequency weights; the model of c.ord.housing.logit")
brant_case("brant.housing.alike", "housing", Sat ~ Infl + Type + Cont, cell, "Freq column = frequency weights; no model is named")

# ---- multinomial logits ---------------------------------------------------------------------------------------------------
baseline <- function(formula, d, base, weights = rep(1, nrow(d))) {
  mf <- model.frame(formula, d); x <- model.matrix(formula, mf); y <- factor(model.response(mf)); y <- relevel(y, base); k <- ncol(x); m <- nlevels(y) - 1
  shares <- function(b, z = x) { e <- cbind(1, exp(z %*% matrix(b, k))); e / rowSums(e) }
  own <- outer(as.integer(y), seq_len(m + 1), "==")
  unit <- apply(abs(x), 2, max)
  scores <- function(b) { p <- shares(b); do.call(cbind, lapply(1 + seq_len(m), function(j) (own[, j] - p[, j]) * x)) }
  info <- function(b) {
    p <- shares(b)[, -1, drop = FALSE]; h <- matrix(0, m * k, m * k)
    for (a in seq_len(m)) for (c in seq_len(m)) h[(a - 1) * k + seq_len(k), (c - 1) * k + seq_len(k)] <- t(x) %*% (weights * p[, a] * ((a == c) - p[, c]) * x)
    h
  }
  b <- rep(0, m * k)
  for (i in 1:50) b <- b + solve(info(b), colSums(weights * scores(b)))
  stopifnot(max(abs(colSums(weights * scores(b)) / rep(unit, m))) / sum(weights) < 1e-12)
  list(b = b, vcov = solve(info(b)), scores = weights * scores(b), loglik = sum(weights * log(rowSums(own * shares(b)))), shares = shares, x = x, y = y, weights = weights,
       labels = paste0(rep(levels(y)[-1], each = k), ":", colnames(x)))
}
mnl_case <- function(id, data, formula, d, base, spec, args, words, weights = rep(1, nrow(d)), slopes = character(), dummies = character()) {
  f <- baseline(formula, d, base, weights); n <- sum(weights); k <- length(f$b)
  effect <- function(column, binary) function(b) {
    at <- match(column, colnames(f$x)); stopifnot(!is.na(at)); average <- function(p) colSums(weights * p) / n
    if (binary) { one <- f$x; one[, at] <- 1; zero <- f$x; zero[, at] <- 0; return(average(f$shares(b, one)) - average(f$shares(b, zero))) }
    p <- f$shares(b); slope <- c(0, matrix(b, ncol(f$x))[at, ]); average(p * (rep(slope, each = nrow(p)) - c(p %*% slope)))
  }
  ame <- lapply(c(slopes, dummies), function(column) {
    g <- effect(column, column %in% dummies); j <- jacobian(g, f$b)
    list(ame = named(g(f$b), levels(f$y)), se = named(sqrt(diag(j %*% f$vcov %*% t(j))), levels(f$y)))
  })
  null <- sum(tapply(weights, f$y, sum) * log(tapply(weights, f$y, sum) / n))
  case("c", id, "multinomial", data, spec, args, words,
       c(inference(f$b, f$vcov, f$labels), list(logLik = f$loglik, k = k, AIC = -2 * f$loglik + 2 * k, BIC = -2 * f$loglik + k * log(n), ll_null = null,
         mcfadden = 1 - f$loglik / null), if (length(ame)) list(ame = setNames(ame, c(slopes, dummies)))), 1e-7)
}
women <- load("Womenlf")
mnl_case("mnl.women.region", "Womenlf", partic ~ hincome + children + region, women, "parttime", "base category 'parttime'",
         list(formula = "partic ~ hincome + children + region", base = "parttime"), "nnet::multinom polished", slopes = "hincome", dummies = "childrenpresent")
mnl_case("mnl.women.cross", "Womenlf", partic ~ children * hincome, women, "fulltime", "first level is the base", list(formula = "partic ~ children * hincome"), "nnet::multinom polished")
mnl_case("mnl.beps", "BEPS", vote ~ age + I(age^2) + economic.cond.national + gender, beps, "Labour", "in the call", list(base = "Labour"),
         "nnet::multinom(vote ~ age + I(age^2) + economic.cond.national + gender, data = BEPS)", dummies = "gendermale")
birth <- load("birthwt")
mnl_case("mnl.birthwt", "birthwt", factor(race) ~ age + lwt + smoke, birth, "1", "a number is the outcome", list(formula = "race ~ age + lwt + smoke", base = 1), "multinom", slopes = "lwt")
alligators <- load("alligators"); filled <- alligators[alligators$freq > 0, ]
mnl_case("mnl.alligators", "alligators", foodchoice ~ lake + gender, filled, "Invertebrate", "counts", list(formula = "foodchoice ~ lake + gender", base = "Invertebrate"),
         "nnet::multinom(foodchoice ~ lake + gender, weights = freq) polished", weights = filled$freq, dummies = paste0("gender", levels(filled$gender)[2]))

svymultinom <- function(id, data, design, spec, args, formula, d, base, labels, by_hand = "hand code: solve(information) and svyrecvar") {
  f <- baseline(formula, d, base, weights(design)); v <- vcov(svytotal((f$scores / weights(design)) %*% f$vcov, design)); attributes(v) <- list(dim = dim(v))
  case("b", id, "svymultinom", data, spec, args, by_hand,
       list(coef = named(f$b, labels(f)), se = named(sqrt(diag(v)), labels(f)), vcov = square(v, labels(f)), pseudo_logLik_weights_mean1 = f$loglik / mean(weights(design))), 1e-7)
}
numbered <- function(f) { k <- ncol(f$x); paste0("y", rep(seq_len(nlevels(f$y) - 1) + 1, each = k), ":", sub("I\\((.*)/10\\)", "\\1", colnames(f$x))) }
strat <- load("apistrat"); strat$y <- cut(strat$api00, c(0, 600, 700, 1000))
svymultinom("mlogit.strat", "apistrat", svydesign(~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat), "Design-based multinomial logit (base category 1)",
  list(outcome = "cut(api00,c(0,600,700,1000))", x = I(c("meals/10", "ell/10", "comp.imp")),
       design = list(weights = I("pw"), strata = I("stype"), psu = NULL, fpc = I("fpc"))), y ~ I(meals/10) + I(ell/10) + comp.imp, strat, levels(strat$y)[1], numbered)
two <- load("apiclus2")
svymultinom("mlogit.clus2", "apiclus2", svydesign(~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = two), "Design-based multinomial logit of a factor",
  list(formula = "stype ~ meals + sch.wide", base = "M", design = list(weights = I("pw"), strata = NULL, psu = I(c("dnum", "snum")), fpc = I(c("fpc1", "fpc2")))),
  stype ~ meals + sch.wide, two, "M", function(f) f$labels)

# ---- reduced bias ---------------------------------------------------------------------------------------------------------
firth_case <- function(id, data, formula, d, link, type, args, words, weights = NULL) {
  d$count_ <- if (is.null(weights)) 1 else d[[weights]]; d <- d[d$count_ > 0, ]
  fit <- glm(formula, binomial(link), d, weights = count_, method = "brglmFit", type = type, epsilon = 1e-12, maxit = 5000)
  stopifnot(fit$converged); x <- model.matrix(fit); v <- vcov(fit)
  ll <- sum(d$count_ * dbinom(model.response(model.frame(fit)) * 1, 1, fitted(fit), log = TRUE))
  values <- list(coef = named(coef(fit)), vcov = square(v), logLik_unpenalised = ll, deviance = -2 * ll)
  if (type == "MPL_Jeffreys" || (link == "logit" && type == "AS_mean")) values$penalised_logLik <- ll - as.numeric(determinant(v)$modulus) / 2
  case("c", id, "firth", data, paste("Bias-reduced binary", link, type), args, words, values, 1e-7)
}
uterus <- load("endometrial"); birth$race <- factor(birth$race)
for (link in c("logit", "probit", "cloglog"))
  for (type in c("AS_mean", "MPL_Jeffreys", "AS_median"))
    firth_case(paste("firth.birthwt", link, type, sep = "."), "birthwt", low ~ age + race + ht * smoke, birth, link, type,
               list(formula = "low ~ age + race + ht * smoke", type = type, link = link), "brglmFit")
firth_case("firth.endometrial.call", "endometrial", HG ~ NV + log(PI + 1), uterus, "probit", "MPL_Jeffreys", list(),
           "glm(HG ~ NV + log(PI + 1), binomial('probit'), method = 'brglmFit', type = 'MPL_Jeffreys')")
firth_case("firth.women", "Womenlf", I(partic == "parttime") ~ region + children, women, "logit", "AS_mean",
           list(formula = "I(partic == 'parttime') ~ region + children", type = "AS_mean", link = "logit"), "brglmFit")
women_fit <- brmultinom(partic ~ region + children, data = women, ref = "not.work", type = "AS_mean", epsilon = 1e-12, maxit = 5000)
labels <- paste0(rep(rownames(coef(women_fit)), each = ncol(coef(women_fit))), ":", colnames(coef(women_fit)))
v <- vcov(women_fit)
case("c", "firth.mnl.women", "firth", "Womenlf", "Bias-reduced multinomial logit", list(), "brmultinom(partic ~ region + children, data = Womenlf, ref = 'not.work', type = 'AS_mean')",
     list(coef = named(c(t(coef(women_fit))), labels), se = named(sqrt(diag(v)), labels)), 1e-7)
penalised <- function(x, y, held = integer(), value = 0) {
  at <- function(b) { full <- rep(0, ncol(x)); full[setdiff(seq_len(ncol(x)), held)] <- b; full[held] <- value; full }
  f <- function(b) { e <- c(x %*% at(b)); p <- plogis(e); sum(y * e - log1p(exp(e))) + as.numeric(determinant(t(x) %*% (p * (1 - p) * x))$modulus) / 2 }
  b <- rep(0, ncol(x) - length(held)); unit <- apply(abs(x), 2, max)[setdiff(seq_len(ncol(x)), held)]
  g <- function(q) f(q / unit)
  q <- optim(b, g, method = "BFGS", control = list(fnscale = -1, reltol = 1e-14, maxit = 500))$par
  for (i in 1:5) q <- q - solve(hessian(g, q), grad(g, q))
  g(q)
}
profiles <- function(formula, d, columns) {
  x <- model.matrix(formula, d); y <- model.response(model.frame(formula, d)); top <- penalised(x, y)
  first <- glm(formula, binomial, d, method = "brglmFit"); se <- sqrt(diag(vcov(first)))
  setNames(lapply(columns, function(label) {
    j <- match(label, colnames(x)); drop <- function(v) 2 * (top - penalised(x, y, j, v)) - qchisq(0.95, 1); b <- coef(first)[[j]]
    chi2 <- 2 * (top - penalised(x, y, j, 0))
    list(low = uniroot(drop, c(b - 6 * se[j], b), tol = 1e-9)$root, high = uniroot(drop, c(b, b + 9 * se[j]), tol = 1e-9)$root, PLR_chi2 = chi2, p = pchisq(chi2, 1, lower.tail = FALSE))
  }), columns)
}
case("c", "firth.birthwt.profile", "firth", "birthwt", "Penalised profile-likelihood 95% CIs and PLR tests", list(formula = "low ~ age + race + smoke"), "hand code",
     profiles(low ~ age + race + smoke, birth, c("age", "race2", "smoke")), 1e-6)

# ---- clusters -------------------------------------------------------------------------------------------------------------
clustered <- function(id, data, fit, by, spec, args, words, rtol = 1e-7)
  case("c", id, "cluster", data, spec, args, words, list(coef = named(coef(fit)), CL_HC0 = square(vcovCL(fit, by, type = "HC0")), CL_HC1 = square(vcovCL(fit, by, type = "HC1"))), rtol)
tight <- list(epsilon = 1e-14, maxit = 100)
swiss <- load("SwissLabor"); affairs <- load("Affairs")
clustered("cluster.swiss.words", "SwissLabor", glm(participation ~ income + I(age^2) + foreign, binomial, swiss, control = tight), swiss$education,
          "Cluster-robust vcov of a logit participation~income+I(age^2)+foreign, cluster = education", list(), "vcovCL(g,cluster,type)")
clustered("cluster.affairs.probit", "Affairs", suppressWarnings(glm(I(affairs > 0) ~ age + children + rating, binomial("probit"), affairs, control = tight)), affairs$occupation, "",
          list(cluster = "occupation"), "vcovCL(glm(I(affairs > 0) ~ age + children + rating, family = binomial('probit')), cluster = ~occupation)", 1e-6)

# ---- profiles of the likelihood, by the root of its definition (confint(glm) joins points of the profile by a spline) -----
exact <- function(drop, b, se) c(uniroot(drop, c(b - 8 * se, b), tol = 1e-11)$root, uniroot(drop, c(b, b + 8 * se), tol = 1e-11)$root)
glm_profile <- function(id, data, formula, d, link, args) {
  fit <- glm(formula, binomial(link), d, control = tight); x <- model.matrix(fit); y <- fit$y; se <- sqrt(diag(vcov(fit)))
  ends <- t(sapply(seq_len(ncol(x)), function(j) exact(function(v) suppressWarnings(glm.fit(x[, -j, drop = FALSE], y, offset = x[, j] * v, family = binomial(link), control = tight))$deviance -
    fit$deviance - qchisq(0.95, 1), coef(fit)[[j]], se[[j]])))
  case("c", id, "profile", data, "", args, "uniroot of glm.fit with an offset", list(interval = list(rows = I(names(coef(fit))), cols = I(c("low", "high")), matrix = ends)), 1e-8)
}
glm_profile("profile.birthwt.logit", "birthwt", low ~ age + lwt + race + smoke, birth, "logit", list(formula = "low ~ age + lwt + race + smoke", family = "binomial", link = "logit"))
glm_profile("profile.swiss.logit", "SwissLabor", y ~ income + age + foreign, swiss, "logit", list(formula = "y ~ income + age + foreign", family = "binomial", link = "logit"))
clm_profile <- function(id, data, formula, d, link, args) {
  fit <- clm(formula, data = d, link = link, control = control); x <- model.matrix(formula, d)[, -1]; y <- model.response(model.frame(formula, d)); m <- nlevels(y) - 1
  u <- list(logit = plogis, probit = pnorm)[[link]]
  top <- function(j, v) {
    f <- function(p) { cuts <- c(-Inf, p[seq_len(m)], Inf); e <- c(x[, -j, drop = FALSE] %*% p[-seq_len(m)]) + x[, j] * v; sum(log(u(cuts[as.integer(y) + 1] - e) - u(cuts[as.integer(y)] - e))) }
    p <- optim(coef(fit)[-(m + j)], f, method = "BFGS", control = list(fnscale = -1, reltol = 1e-13, maxit = 500))$par
    for (i in 1:4) p <- p - solve(hessian(f, p), grad(f, p))
    f(p)
  }
  se <- sqrt(diag(vcov(fit)))
  ends <- t(sapply(seq_len(ncol(x)), function(j) exact(function(v) 2 * (as.numeric(logLik(fit)) - top(j, v)) - qchisq(0.95, 1), coef(fit)[[m + j]], se[[m + j]])))
  case("c", id, "profile", data, "", args, "uniroot of the maximum over the other parameters", list(interval = list(rows = I(colnames(x)), cols = I(c("low", "high")), matrix = ends)), 1e-7)
}
clm_profile("profile.wine.logit", "wine", rating ~ temp + contact, wine, "logit", list(formula = "rating ~ temp + contact", family = "ordinal", link = "logit"))
clm_profile("profile.wine.probit", "wine", rating ~ temp + contact, wine, "probit", list(formula = "rating ~ temp + contact", family = "ordinal", link = "probit"))

used <- paste(R.version.string, paste(sapply(c("ordinal", "brglm2", "survey", "sandwich"), function(p) paste(p, packageVersion(p))), collapse = ", "))
for (letter in names(found))
  write_json(list(schema = "refs/1", area = paste0(letter, "_answers"), made_with = used, datasets = setNames(list(), character()), cases = found[[letter]]),
             file.path(refs, paste0(letter, "_answers.json")), auto_unbox = TRUE, digits = NA, na = "null", null = "null")
