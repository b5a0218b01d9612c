# Makes tests/references/diagnostics_values.json: Rscript tests/references/scripts/diagnostics.R
# R 4.2 with Debian's r-cran-survey 4.1-1, r-cran-ordinal, r-cran-proc, r-cran-car and r-cran-jsonlite. Every case says in `args`
# what it rests on: the data set, what is changed in it (`make`), the design, the domain (`where`), the formula. Nothing is random.
suppressPackageStartupMessages({library(survey); library(ordinal); library(pROC); library(jsonlite)})
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
refs <- dirname(here)
areas <- lapply(c("a_descriptives", "b_designreg", "c_classical"), function(a) read_json(file.path(refs, paste0(a, ".json"))))

# ---- data, designs, groups ------------------------------------------------------------------------------------------------
load <- function(name) {
  d <- read.csv(file.path(refs, "data", paste0(name, ".csv")), na.strings = "", check.names = FALSE)
  for (a in areas) for (f in names(a$datasets[[name]]$factor_levels))
    if (f %in% names(d)) d[[f]] <- factor(as.character(d[[f]]), levels = unlist(a$datasets[[name]]$factor_levels[[f]]))
  setNames(d, gsub(".", "_", names(d), fixed = TRUE))
}
makers <- list(
  above = function(d, m) { d[[m$new]] <- ifelse(d[[m$from]] > m$value, 1, 0); d },
  cut = function(d, m) {
    d[[m$new]] <- cut(d[[m$from]], c(-Inf, unlist(m$breaks), Inf), labels = unlist(m$labels), ordered_result = TRUE); d },
  levels = function(d, m) { d[[m$column]] <- factor(as.character(d[[m$column]]), levels = unlist(m$levels)); d },
  ordered = function(d, m) { d[[m$column]] <- ordered(as.character(d[[m$column]]), levels = unlist(m$levels)); d })
made <- function(a) { d <- load(a$data); for (m in a$make) d <- makers[[m$op]](d, m); d }
formula_of <- function(names) if (is.null(names)) NULL else reformulate(unlist(names))
design_of <- function(a) {
  s <- a$design
  full <- svydesign(if (is.null(s$clusters)) ~1 else formula_of(s$clusters), strata = formula_of(s$strata),
                    weights = formula_of(s$weights), fpc = formula_of(s$population), data = made(a), nest = TRUE)
  if (!is.null(a$replicates)) full <- as.svrepdesign(full, type = a$replicates, compress = FALSE)
  if (is.null(a$where)) full else full[which(eval(parse(text = a$where), full$variables)), ]
}
# weighted quantiles of type 7 (survey's qrule_hf7: knots C_(k-1) / C_(n-1)); for equal weights R's quantile()
cut_points <- function(x, w, g) {
  o <- order(x); x <- x[o]; w <- w[o]; n <- length(x)
  knots <- c(0, cumsum(w)[-n]) / sum(w[-n])
  approx(knots, x, seq_len(g - 1) / g, ties = list("ordered", max))$y
}
groups_of <- function(x, w, g) {
  x <- signif(x, 12)
  as.integer(factor(findInterval(x, unique(setdiff(cut_points(x, w, g), min(x))), left.open = TRUE)))
}
tight <- glm.control(epsilon = 1e-14, maxit = 60)

# ---- binary models --------------------------------------------------------------------------------------------------------
area <- function(s, y, w) {
  k <- outer(s[y == 1], s[y == 0], function(a, b) (a > b) + (a == b) / 2)
  w1 <- w[y == 1]; w0 <- w[y == 0]
  p0 <- k %*% w0 / sum(w0); p1 <- t(k) %*% w1 / sum(w1)
  A <- sum(w1 * p0) / sum(w1)
  z <- numeric(length(y)); z[y == 1] <- w1 * (p0 - A) / sum(w1); z[y == 0] <- w0 * (p1 - A) / sum(w0)
  list(A = A, z = z)
}
# the score of Rao, Scott and Skinner (1998), eq. 3.2 and 3.3: contributions at the model without the terms
score_of <- function(full, null, design, family) {
  X <- model.matrix(full); b <- setNames(numeric(ncol(X)), colnames(X)); b[names(coef(null))] <- coef(null)
  out <- !(colnames(X) %in% names(coef(null)))
  eta <- drop(X %*% b); mu <- family$linkinv(eta); d <- family$mu.eta(eta); v <- family$variance(mu)
  w <- weights(design, "sampling"); y <- full$y
  I <- crossprod(X * d, w * X * d / v); U <- X * (d / v) * (y - mu)
  part <- U[, out, drop = FALSE] - U[, !out, drop = FALSE] %*% solve(I[!out, !out], I[!out, out])
  s <- svytotal(part, design)
  q <- drop(coef(s) %*% solve(vcov(s), coef(s)))
  c(q / sum(out), sum(out), full$df.residual, pf(q / sum(out), sum(out), full$df.residual, lower.tail = FALSE))
}
# svyglm, and what refits it, look arguments up by their names: they are handed over as values
fitted_by <- function(f, design, family) do.call(svyglm, list(f, design = design, family = family, control = tight))
by_design <- function(a) {
  ds <- design_of(a); f <- as.formula(a$formula); fam <- quasibinomial(a$link)
  fit <- function(f, d) fitted_by(f, d, fam)
  g <- fit(f, ds)
  y <- g$y; w <- weights(ds, "sampling"); eta <- g$linear.predictors; p <- as.numeric(fitted(g))
  terms <- reformulate(unlist(a$terms)); none <- update(f, paste("~ . -", paste(unlist(a$terms), collapse = "-")))
  null <- fit(none, ds)
  index <- which(!(names(coef(g)) %in% names(coef(null))))
  lambda <- eigen(solve(g$naive.cov[index, index], vcov(g)[index, index]), only.values = TRUE)$values
  by_lambda <- function(x, df = g$df.residual)
    survey:::pFsum(x, rep(1, length(lambda)), lambda, ddf = df, lower.tail = FALSE, method = "saddlepoint")
  lr <- null$deviance - g$deviance
  ww <- drop(coef(g)[index] %*% solve(g$naive.cov[index, index], coef(g)[index]))
  slopes <- -1
  all <- eigen(solve(g$naive.cov[slopes, slopes], vcov(g)[slopes, slopes]), only.values = TRUE)$values
  out <- list(likelihood_ratio = c(lr, length(index), g$df.residual, by_lambda(lr), mean(lambda), max(lambda)),
              satterthwaite = survey:::pFsum(lr, rep(1, length(lambda)), lambda, ddf = g$df.residual, lower.tail = FALSE, method = "satterthwaite"),
              working_wald = c(ww, by_lambda(ww)), score = score_of(g, null, ds, binomial(a$link)),
              measures = c(g$deviance, g$null.deviance, psrsq(g, "Cox-Snell"), psrsq(g, "Nagelkerke"), g$deviance + 2 * sum(all), sum(all)),
              hat = as.numeric(hatvalues(glm(f, binomial(a$link), model.frame(ds), weights = w / mean(w), control = tight)))[1:12])
  if (is.null(a$replicates)) stopifnot(abs(regTermTest(g, terms, method = "LRT")$chisq - lr) < 1e-8 * lr, abs(AIC(g)[["AIC"]] - out$measures[5]) < 1e-6)
  out$gvif <- if (length(attr(terms(f), "term.labels")) > 1) { v <- car::vif(g); if (is.matrix(v)) v[, 1] else v }
  fresh <- update(ds, eta_ = eta, eta2_ = eta^2, r_ = y - p, y_ = y, p_ = p)
  l <- fit(y_ ~ eta_ + eta2_, fresh)
  out$link <- c(coef(summary(l))[3, c(1, 2, 3, 4)], l$df.residual)
  fresh <- update(fresh, g_ = factor(groups_of(eta, w, a$groups)))
  m <- fitted_by(r_ ~ g_, fresh, gaussian()); k <- nlevels(fresh$variables$g_) - 1; d <- degf(ds)
  chi2 <- regTermTest(m, ~g_)$Ftest[1] * k; F <- chi2 * (d - k + 1) / (d * k)
  out$archer_lemeshow <- c(F, k, d - k + 1, pf(F, k, d - k + 1, lower.tail = FALSE), chi2)
  observed <- svyby(~y_, ~g_, fresh, svymean); expected <- svyby(~p_, ~g_, fresh, svymean)
  out$calibration <- list(observed = as.numeric(observed$y_), se = as.numeric(SE(observed)), predicted = as.numeric(expected$p_))
  v <- area(signif(eta, 12), y, w)
  # w is in z already, and svytotal weighs again
  se <- if (is.null(a$replicates)) SE(svytotal(v$z / w, ds))
        else SE(withReplicates(ds, function(w, d) area(signif(eta, 12)[w > 0], y[w > 0], w[w > 0])$A))
  out$area <- as.numeric(c(v$A, se))
  fresh <- update(fresh, hit_ = as.numeric((p_ >= a$cut) == (y_ == 1)), said_ = p_ >= a$cut)
  of <- function(d) { s <- svymean(~hit_, d); as.numeric(c(coef(s), SE(s))) }
  out$classification <- lapply(list(subset(fresh, y_ == 1), subset(fresh, y_ == 0), subset(fresh, said_), subset(fresh, !said_), fresh), of)
  out
}
hosmer_lemeshow <- function(observed, expected, g) {
  o <- apply(observed, 2, function(c) tapply(c, g, sum)); e <- apply(expected, 2, function(c) tapply(c, g, sum))
  G <- max(g); L <- ncol(o); x <- sum((o - e)^2 / e); df <- (G - 2) * (L - 1) + max(L - 2, 0)
  c(x, df, pchisq(x, df, lower.tail = FALSE))
}
plain <- function(a) {
  d <- made(a); f <- as.formula(a$formula); g <- glm(f, binomial(a$link), d, control = tight)
  y <- g$y; p <- fitted(g); one <- rep(1, length(y))
  null <- update(f, paste("~ . -", paste(unlist(a$terms), collapse = "-")))
  less <- glm(null, binomial(a$link), d, control = tight)
  rao <- anova(less, g, test = "Rao"); lr <- anova(less, g, test = "LRT")
  l <- glm(y ~ eta + I(eta^2), binomial(a$link), data.frame(y = y, eta = predict(g)), control = tight)
  r <- roc(y, signif(as.numeric(predict(g)), 12), quiet = TRUE, direction = "<"); v <- car::vif(g)
  best <- coords(r, "all", ret = c("sensitivity", "specificity"), transpose = FALSE)
  # one step of Fisher scoring without each row (Pregibon 1981); R's own influence() of a glm puts deviance residuals in their place
  moved <- (model.matrix(g) * g$weights * g$residuals) %*% summary(g)$cov.unscaled / (1 - hatvalues(g))
  list(score = c(rao$Rao[2], rao$`Pr(>Chi)`[2]), likelihood_ratio = c(lr$Deviance[2], lr$`Pr(>Chi)`[2]),
       hosmer_lemeshow = hosmer_lemeshow(cbind(1 - y, y), cbind(1 - p, p), groups_of(predict(g), one, a$groups)),
       link = as.numeric(coef(summary(l))[3, ]), area = c(auc(r), sqrt(var(r)), ci.auc(r)[c(1, 3)]),
       youden = max(best$sensitivity + best$specificity) - 1, gvif = if (is.matrix(v)) v[, 1] else v,
       hat = as.numeric(hatvalues(g)), cook = as.numeric(cooks.distance(g)), dfbeta = unname(asplit(moved[1:10, ], 1)))
}

# ---- ordered models -------------------------------------------------------------------------------------------------------
sharp <- clm.control(gradTol = 1e-11, maxIter = 200L)
ordinal_plain <- function(a) {
  d <- made(a); f <- as.formula(a$formula); environment(f) <- environment()
  m <- clm(f, data = d, link = a$link, control = sharp)
  eta <- drop(model.matrix(f, d)[, -1, drop = FALSE] %*% m$beta); y <- m$y; one <- rep(1, length(y))
  d$g_ <- factor(groups_of(eta, one, a$groups)); d$eta_ <- eta; d$y_ <- y
  wide <- clm(update(f, . ~ . + g_), data = d, link = a$link, control = sharp)
  L <- 2 * as.numeric(logLik(wide) - logLik(m)); k <- nlevels(d$g_) - 1
  p <- predict(m, newdata = d[, !(names(d) %in% all.vars(f)[1])], type = "prob")$fit
  o <- outer(as.integer(y), seq_along(levels(y)), "==") * 1
  link <- clm(y_ ~ eta_ + I(eta_^2), data = d, link = a$link, control = sharp)
  less <- clm(update(f, paste("~ . -", paste(unlist(a$terms), collapse = "-"))), data = d, link = a$link, control = sharp)
  lr <- 2 * as.numeric(logLik(m) - logLik(less)); q <- length(m$beta) - length(less$beta)
  s <- coef(summary(link))
  list(lipsitz = c(L, k, pchisq(L, k, lower.tail = FALSE)), hosmer_lemeshow = hosmer_lemeshow(o, p, as.integer(d$g_)),
       link = as.numeric(s[nrow(s), ]), likelihood_ratio = c(lr, pchisq(lr, q, lower.tail = FALSE)),
       correct = mean(max.col(p, "last") == as.integer(y)))
}
# design-based: clm under weights of mean 1 is the same likelihood; contributions by the definition of the cumulative logit
ordinal_design <- function(a) {
  ds <- design_of(a); d <- ds$variables; f <- as.formula(a$formula); environment(f) <- environment()
  d$w_ <- weights(ds, "sampling") / mean(weights(ds, "sampling"))
  m <- clm(f, data = d, weights = w_, control = sharp)
  d$eta_ <- drop(model.matrix(f, d)[, -1, drop = FALSE] %*% m$beta); d$g_ <- factor(groups_of(d$eta_, d$w_, a$groups))
  tested <- function(full, less) {
    X <- model.matrix(formula(full), d)[, -1, drop = FALSE]; eta <- drop(X %*% full$beta); cuts <- c(-Inf, full$alpha, Inf)
    y <- as.integer(full$y); J <- length(cuts) - 2; up <- cuts[y + 1] - eta; lo <- cuts[y] - eta
    p <- plogis(up) - plogis(lo)
    S <- cbind(outer(y, 1:J, "==") * dlogis(up) / p - outer(y - 1, 1:J, "==") * dlogis(lo) / p, -X * (dlogis(up) - dlogis(lo)) / p)
    V0 <- vcov(full)
    V <- svyrecvar((S * d$w_) %*% V0, ds$cluster, ds$strata, ds$fpc, postStrata = ds$postStrata)
    index <- (J + 1):(J + length(full$beta)); index <- index[!(names(full$beta) %in% names(less$beta))]
    lambda <- eigen(solve(V0[index, index], V[index, index]), only.values = TRUE)$values
    lr <- 2 * as.numeric(logLik(full) - logLik(less)); df <- degf(ds) + 1 - length(coef(full))
    c(lr, length(index), df, survey:::pFsum(lr, rep(1, length(index)), lambda, ddf = df, lower.tail = FALSE, method = "saddlepoint"), mean(lambda))
  }
  less <- clm(update(f, paste("~ . -", paste(unlist(a$terms), collapse = "-"))), data = d, weights = w_, control = sharp)
  wide <- clm(update(f, . ~ . + g_), data = d, weights = w_, control = sharp)
  list(likelihood_ratio = tested(m, less), lipsitz = tested(wide, m))
}
verbs <- list(by_design = by_design, plain = plain, ordinal_plain = ordinal_plain, ordinal_design = ordinal_design)

found <- list()
case <- function(id, verb, ..., r_call, rtol = 1e-8) {
  args <- list(...)
  cat(id, "\n")
  found[[length(found) + 1]] <<- list(id = paste0("g.", id), topic = verb, data = list(args$data), spec = "", args = args,
                                      r_call = r_call, values = verbs[[verb]](args), rtol = rtol, note = "")
}

# ---- cases ----------------------------------------------------------------------------------------------------------------
strat <- list(weights = "pw", strata = "stype", population = "fpc")
clus1 <- list(weights = "pw", clusters = "dnum", population = "fpc")
clus2 <- list(clusters = c("dnum", "snum"), population = c("fpc1", "fpc2"))
nh <- list(weights = "WTMEC2YR", strata = "SDMVSTRA", clusters = "SDMVPSU")
api <- list(list(op = "above", new = "high", from = "api00", value = 650),
            list(op = "levels", column = "stype", levels = list("E", "H", "M")),
            list(op = "cut", new = "band", from = "api00", breaks = list(550, 650, 750), labels = list("d", "c", "b", "a")))
G <- "svyglm, regTermTest, psrsq, AIC, svymean, svyby, svytotal, car::vif; score test, Archer-Lemeshow and area under the curve by hand"
for (link in c("logit", "probit", "cloglog"))
  case(paste("strat", link, sep = "."), "by_design", data = "apistrat", make = api, design = strat, formula = "high ~ ell + mobility + stype",
       link = link, terms = list("stype", "ell"), groups = 6, cut = 0.5, r_call = G, rtol = if (link == "logit") 1e-8 else 1e-6)
case("clus1.logit", "by_design", data = "apiclus1", make = api, design = clus1, formula = "high ~ ell + mobility + yr_rnd",
     link = "logit", terms = list("ell"), groups = 4, cut = 0.6, r_call = G)
case("clus2.logit", "by_design", data = "apiclus2", make = api, design = clus2, formula = "high ~ ell + col_grad",
     link = "logit", terms = list("col_grad"), groups = 5, cut = 0.5, r_call = G)
case("clus1.domain", "by_design", data = "apiclus1", make = api, design = clus1, formula = "high ~ ell + mobility", where = "stype == 'E'",
     link = "logit", terms = list("mobility"), groups = 4, cut = 0.5, r_call = G)
case("clus1.JK1", "by_design", data = "apiclus1", make = api, design = clus1, formula = "high ~ ell + mobility", replicates = "JK1",
     link = "logit", terms = list("mobility"), groups = 4, cut = 0.5, r_call = G)
case("nhanes.logit", "by_design", data = "nhanes", design = nh, where = "HI_CHOL >= 0", formula = "HI_CHOL ~ race + agecat + RIAGENDR",
     make = list(list(op = "levels", column = "race", levels = list("1", "2", "3", "4"))),
     link = "logit", terms = list("race"), groups = 8, cut = 0.1, r_call = G)
birth <- list(list(op = "levels", column = "race", levels = list("1", "2", "3")))
P <- "glm, anova(test = Rao, LRT), car::vif, hatvalues, cooks.distance, pROC::roc; Hosmer-Lemeshow and one-step deletions by hand"
for (link in c("logit", "probit", "cloglog"))
  case(paste("birthwt", link, sep = "."), "plain", data = "birthwt", make = birth, formula = "low ~ age + lwt + race + smoke + ht",
       link = link, terms = list("race", "ht"), groups = 8, r_call = P, rtol = if (link == "logit") 1e-8 else 1e-6)
case("spector", "plain", data = "ProgramEffectiveness", formula = "grade ~ average + testscore", link = "logit", terms = list("testscore"),
     groups = 5, r_call = P)
O <- "ordinal::clm, anova; Lipsitz and Fagerland-Hosmer by hand"
scale <- list(list(op = "ordered", column = "poverty", levels = list("Too Little", "About Right", "Too Much")))
case("wvs.logit", "ordinal_plain", data = "WVS", make = scale, formula = "poverty ~ religion + degree + age + gender", link = "logit",
     terms = list("religion", "degree"), groups = 8, r_call = O, rtol = 1e-7)
case("wvs.probit", "ordinal_plain", data = "WVS", make = scale, formula = "poverty ~ country + age", link = "probit",
     terms = list("country"), groups = 10, r_call = O, rtol = 1e-7)
for (s in list(list("strat", "apistrat", strat), list("clus1", "apiclus1", clus1)))
  case(paste("ordered", s[[1]], sep = "."), "ordinal_design", data = s[[2]], make = api, design = s[[3]], formula = "band ~ meals + ell + mobility",
       link = "logit", terms = list("ell", "mobility"), groups = 5, r_call = "clm with weights, svyrecvar, survey:::pFsum", rtol = 1e-6)

write_json(list(schema = 1, area = "g_diagnostics", made_with = "R 4.2.2, survey 4.1-1, ordinal, pROC, car", datasets = structure(list(), names = character()),
                cases = found), file.path(refs, "diagnostics_values.json"), auto_unbox = TRUE, digits = I(15), null = "null", na = "null")
