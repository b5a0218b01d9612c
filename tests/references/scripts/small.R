# Makes tests/references/small_values.json: Rscript tests/references/scripts/small.R
# R 4.2 with Debian's r-cran-clubsandwich, r-cran-survival, r-cran-coin, r-cran-boot and r-cran-jsonlite. Few clusters, exact logits,
# permutation tests, bootstrap intervals. Nothing is random but what a seed in the script fixes.
suppressPackageStartupMessages({library(clubSandwich); library(survival); library(coin); library(boot); library(jsonlite)})
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
refs <- dirname(here)
load <- function(name) read.csv(file.path(refs, "data", paste0(name, ".csv")), na.strings = "", check.names = FALSE)
labelled <- function(m) list(rows = I(rownames(m)), cols = I(colnames(m)), matrix = unname(as.matrix(m)))
found <- list()
case <- function(id, topic, data, args, values, r_call, rtol, spec = "")
  found[[length(found) + 1]] <<- list(id = paste0("f.", id), topic = topic, data = I(data), spec = spec, args = args,
                                      r_call = r_call, values = values, rtol = rtol, note = "")

# ---- few clusters: CR2, Satterthwaite, HTZ -------------------------------------------------------------------------------
schools <- load("apiclus1"); schools$high <- as.numeric(schools$api00 > 650); schools$size <- schools$enroll / 500
swiss <- load("SwissLabor"); swiss$yes <- as.numeric(swiss$participation == "yes")
swiss$out <- as.numeric(swiss$foreign == "yes")
fits <- list(
  list(id = "schools", data = "apiclus1", d = schools, f = api00 ~ ell + meals + stype, cluster = "dnum", terms = list(stype = 4:5, all = 2:5)),
  list(id = "schools.weighted", data = "apiclus1", d = schools, f = api00 ~ ell + meals + stype, cluster = "dnum", w = "enroll", terms = list(stype = 4:5)),
  list(id = "schools.level", data = "apiclus1", d = schools[schools$dnum %in% unique(schools$dnum)[1:8], ], f = api00 ~ ell + comp.imp, cluster = "dnum",
       first = 8, terms = list(all = 2:3)),
  list(id = "swiss", data = "SwissLabor", d = swiss, f = yes ~ income + education + out, cluster = "youngkids", binary = TRUE, terms = list(pair = 3:4)),
  list(id = "schools.logit", data = "apiclus1", d = schools, f = high ~ ell + meals, cluster = "dnum", binary = TRUE, terms = list(all = 2:3)),
  list(id = "schools.logit.weighted", data = "apiclus1", d = schools, f = high ~ ell + meals, cluster = "dnum", w = "size", binary = TRUE,
       terms = list(all = 2:3)))
for (b in fits) {
  d <- b$d; d$weight <- if (is.null(b$w)) 1 else d[[b$w]]; g <- d[[b$cluster]]
  if (isTRUE(b$binary)) {
    fit <- suppressWarnings(glm(b$f, binomial, d, weights = weight, control = glm.control(epsilon = 1e-14, maxit = 100)))
    p <- fitted(fit)
    v <- if (is.null(b$w)) vcovCR(fit, g, "CR2") else vcovCR(fit, g, "CR2", target = p * (1 - p))
  } else {
    fit <- if (is.null(b$w)) lm(b$f, d) else lm(b$f, d, weights = weight)
    v <- vcovCR(fit, g, "CR2")
  }
  test <- coef_test(fit, v, test = "Satterthwaite")
  gap <- c(0, 1, -1, rep(0, length(coef(fit)) - 3))
  line <- Wald_test(fit, constraints = matrix(gap, 1), vcov = v, test = "HTZ")
  joint <- lapply(b$terms, function(rows) { w <- Wald_test(fit, constraints = constrain_zero(rows), vcov = v, test = "HTZ"); c(f = w$Fstat, df = w$df_denom, p = w$p_val) })
  case(paste0("cr2.", b$id), "few_clusters", b$data,
       list(formula = deparse(b$f), cluster = b$cluster, weights = b$w, first = b$first, binary = isTRUE(b$binary), terms = b$terms),
       list(coef = as.list(coef(fit)), vcov = labelled(matrix(v, nrow(v), dimnames = list(names(coef(fit)), names(coef(fit))))),
            df = setNames(as.list(test$df), names(coef(fit))), gap = list(f = line$Fstat, df = line$df_denom), joint = joint),
       "clubSandwich::vcovCR(type = 'CR2')", 1e-7)
}

# ---- wild cluster bootstrap, every combination of signs by refitting -----------------------------------------------------
wild <- function(X, response, w, g, j, value, points, residuals, fitted) {
  ids <- unique(g); G <- length(ids)
  every <- as.matrix(expand.grid(rep(list(points), G)))
  t_of <- function(y) {
    f <- lm.wfit(X, y, w); M <- solve(crossprod(X, w * X))
    s <- rowsum(w * f$residuals * X, g); V <- M %*% crossprod(s) %*% M
    (f$coefficients[j] - value) / sqrt(V[j, j])
  }
  own <- t_of(response)
  ts <- apply(every, 1, function(v) t_of(fitted + v[match(g, ids)] * residuals))
  # where the signs are all alike the residual variance may vanish with the numerator: such a draw counts as far
  list(t = unname(own), p = mean(is.na(ts) | abs(ts) >= abs(own) * (1 - 1e-9)))
}
rademacher <- c(-1, 1); webb <- c(-1, 1) %o% sqrt(c(.5, 1, 1.5))
for (b in list(list(id = "schools", d = fits[[3]]$d, f = api00 ~ ell + meals, data = "apiclus1", cluster = "dnum", first = 8, points = rademacher, kind = "rademacher", j = 2:3, values = c(0, -1)),
               list(id = "schools.weighted", d = fits[[3]]$d, f = api00 ~ ell + meals, data = "apiclus1", cluster = "dnum", first = 8, w = "enroll", points = rademacher, kind = "rademacher", j = 2:3, values = c(0, -2)),
               list(id = "swiss", d = swiss, f = income ~ education + out, data = "SwissLabor", cluster = "youngkids", points = as.vector(webb), kind = "webb", j = 2:3, values = c(0, 0.1)))) {
  d <- b$d; w <- if (is.null(b$w)) rep(1, nrow(d)) else d[[b$w]]
  X <- model.matrix(b$f, d); y <- model.response(model.frame(b$f, d)); out <- list()
  for (j in b$j) for (value in b$values) {
    r <- lm.wfit(X[, -j, drop = FALSE], y - value * X[, j], w)
    out[[length(out) + 1]] <- c(list(term = colnames(X)[j], value = value), wild(X, y, w, d[[b$cluster]], j, value, b$points, r$residuals, y - r$residuals))
  }
  case(paste0("wild.", b$id), "wild", b$data, list(formula = deparse(b$f), cluster = b$cluster, weights = b$w, first = b$first, signs = b$kind, binary = FALSE),
       list(tests = out), "lm.wfit on every combination of signs", 1e-8)
}
for (b in list(list(id = "swiss.logit", d = swiss, f = yes ~ income + education + out, data = "SwissLabor", cluster = "youngkids", points = as.vector(webb), kind = "webb", j = 2:4, values = c(0, 0.3)))) {
  d <- b$d; X <- model.matrix(b$f, d); y <- model.response(model.frame(b$f, d)); out <- list()
  for (j in b$j) for (value in b$values) {
    f <- glm.fit(X[, -j], y, family = binomial(), offset = value * X[, j], control = list(epsilon = 1e-14, maxit = 100))
    p <- f$fitted.values; eta <- f$linear.predictors; r <- (y - p) / (p * (1 - p))
    out[[length(out) + 1]] <- c(list(term = colnames(X)[j], value = value), wild(X, eta + r, p * (1 - p), d[[b$cluster]], j, value, b$points, r, eta))
  }
  case(paste0("wild.", b$id), "wild", b$data, list(formula = deparse(b$f), cluster = b$cluster, weights = b$w, first = b$first, signs = b$kind, binary = TRUE),
       list(tests = out), "working regression at the restricted glm.fit, every combination of signs", 1e-7)
}

# ---- exact logits --------------------------------------------------------------------------------------------------------
tables <- list(tea = c(3, 1, 1, 3), job = c(1, 9, 11, 3), empty = c(0, 7, 5, 6), zero = c(4, 0, 0, 5), wide = c(12, 30, 25, 14))
for (name in names(tables)) {
  m <- matrix(tables[[name]], 2); f <- fisher.test(m)
  case(paste0("exact.fisher.", name), "exact", character(), list(table = unname(m)),
       list(odds = unname(f$estimate), low = f$conf.int[1], high = f$conf.int[2], p = f$p.value), "fisher.test", 1e-4,
       "2 x 2; conditional maximum likelihood odds ratio, ends by uniroot")
}
# penicillin and rabbits (Mantel 1963, in R's ?mantelhaen.test)
rabbits <- array(c(0, 0, 6, 5, 3, 0, 3, 6, 6, 2, 0, 4, 5, 6, 1, 0, 2, 5, 0, 0), dim = c(2, 2, 5))
f <- mantelhaen.test(rabbits, exact = TRUE)
case("exact.rabbits", "exact", character(), list(table = aperm(rabbits, c(3, 1, 2))),
     list(odds = unname(f$estimate), low = f$conf.int[1], high = f$conf.int[2], p = f$p.value), "mantelhaen.test(exact = TRUE)", 1e-4)
weight <- load("birthwt")
for (name in c("smoke", "ptl", "age")) {
  f <- clogit(as.formula(paste("low ~", name, "+ strata(race)")), weight, method = "exact", control = coxph.control(eps = 1e-13))
  case(paste0("exact.clogit.", name), "exact", "birthwt", list(term = name, sets = "race"),
       list(estimate = unname(coef(f)), se = sqrt(vcov(f)[1, 1])), "survival::clogit(method = 'exact')", 1e-6)
}
# every one of the 2^16 outcomes of 16 women listed
few <- weight[c(1:8, 131:138), ]; few$low[c(3, 6, 140 - 130)] <- 1 - few$low[c(3, 6, 140 - 130)]
X <- cbind(smoke = few$smoke, visits = pmin(few$ftv, 2), age = ifelse(few$age > 24, 1.5, 0.5)); y <- few$low
every <- as.matrix(expand.grid(rep(list(0:1), 16))); S <- every %*% cbind(1, X); own <- as.vector(y %*% cbind(1, X))
for (j in 1:3) {
  ok <- apply(S[, -(j + 1)], 1, function(s) all(abs(s - own[-(j + 1)]) < 1e-9)); t <- S[ok, j + 1]; t0 <- own[j + 1]
  shares <- function(b) { e <- exp(b * (t - t0)); e / sum(e) }
  root <- function(f) uniroot(f, c(-40, 40), tol = 1e-12)$root
  p <- tapply(rep(1 / length(t), length(t)), round(t, 6), sum); at <- as.numeric(names(p)); p0 <- p[abs(at - t0) < 1e-6]
  mu <- sum(p * at); v <- list(n = length(t), values = I(at), probability = I(as.vector(p)),
    p_probability = sum(p[p <= p0 * (1 + 1e-7)]), p_score = sum(p[abs(at - mu) >= abs(t0 - mu) - 1e-9]),
    p_tail = min(1, 2 * min(sum(p[at >= t0 - 1e-9]), sum(p[at <= t0 + 1e-9]))), own = unname(p0))
  if (t0 > min(t) + 1e-9 && t0 < max(t) - 1e-9) {
    v$estimate <- root(function(b) sum(shares(b) * t) - t0)
    v$se <- 1 / sqrt(sum(shares(v$estimate) * (t - t0)^2))
  } else v$estimate <- root(function(b) sum(shares(b)[abs(t - t0) < 1e-9]) - .5)
  if (t0 > min(t) + 1e-9) { v$low <- root(function(b) sum(shares(b)[t >= t0 - 1e-9]) - .025)
    v$low_mid <- root(function(b) sum(shares(b)[t >= t0 - 1e-9]) - sum(shares(b)[abs(t - t0) < 1e-9]) / 2 - .025) }
  if (t0 < max(t) - 1e-9) v$high <- root(function(b) sum(shares(b)[t <= t0 + 1e-9]) - .025)
  case(paste0("exact.listed.", colnames(X)[j]), "exact", character(), list(x = unname(X), y = I(y), column = j), v, "all 2^16 outcomes", 1e-8)
}
pair <- paste(S[, 3], S[, 4]); ok <- abs(S[, 1] - own[1]) < 1e-9 & abs(S[, 2] - own[2]) < 1e-9
T <- S[ok, 3:4]; p <- table(pair[ok]) / sum(ok); p0 <- p[paste(own[3], own[4])]
away <- sweep(T, 2, colMeans(T)); d <- rowSums((away %*% solve(crossprod(away) / nrow(T))) * away); d0 <- d[pair[ok] == paste(own[3], own[4])][1]
case("exact.listed.pair", "exact", character(), list(x = unname(X), y = I(y)),
     list(p_probability = sum(p[p <= p0 * (1 + 1e-7)]), p_score = mean(d >= d0 * (1 - 1e-9))), "all 2^16 outcomes", 1e-8)

# ---- bootstrap intervals of given draws ----------------------------------------------------------------------------------
swiss40 <- swiss[1:40, ]
statistics <- list(ratio = function(d, i) sum(d$income[i]) / sum(d$education[i]), correlation = function(d, i) cor(d$income[i], d$education[i]),
                   sd = function(d, i) sd(d$education[i]))
for (name in names(statistics)) {
  set.seed(57); b <- boot(swiss40, statistics[[name]], R = 499)
  left <- sapply(1:40, function(i) statistics[[name]](swiss40, (1:40)[-i]))
  L <- 39 * (mean(left) - left)  # around their mean, as Efron and Tibshirani (1993, 14.15); empinf takes the estimate
  ci <- boot.ci(b, conf = c(.9, .95), type = c("perc", "bca"), L = L)
  case(paste0("boot.", name), "boot", "SwissLabor", list(rows = 40, statistic = name),
       list(at = b$t0, draws = I(as.vector(b$t)), left_out = I(left),
            percentile = unname(ci$percent[, 4:5]), bca = unname(ci$bca[, 4:5])), "boot::boot.ci(type = c('perc', 'bca'))", 1e-9)
}

# ---- permutation tests -----------------------------------------------------------------------------------------------------
y <- c(12, 15, 15, 9, 20, 14, 11, 15, 18, 22, 9, 17, 21, 13); two <- factor(rep(c("a", "b"), 7)); block <- factor(rep(1:2, c(8, 6)))
two[c(2, 10)] <- "a"
three <- factor(c("a", "b", "c", "a", "b", "c", "a", "b", "c", "c")); ten <- y[1:10]
permuted <- function(id, values, data, spec) case(paste0("permutation.", id), "permutation", character(), data, values, spec, 1e-10)
permuted("mean", list(p = as.numeric(pvalue(oneway_test(y ~ two, distribution = "exact")))), list(y = y, group = as.character(two)),
         "coin::oneway_test(distribution = 'exact')")
permuted("rank", list(p = as.numeric(pvalue(wilcox_test(y ~ two, distribution = "exact")))), list(y = y, group = as.character(two), statistic = "rank"),
         "coin::wilcox_test(distribution = 'exact')")
permuted("binary", list(p = as.numeric(pvalue(oneway_test(as.numeric(y > 14) ~ two, distribution = "exact")))),
         list(y = as.numeric(y > 14), group = as.character(two)), "coin::oneway_test(distribution = 'exact')")
# two groups within two blocks: every pair of arrangements, sums of values counted from their block's mean
centred <- y - ave(y, block); a1 <- combn(8, sum(two[1:8] == "a")); a2 <- combn(6, sum(two[9:14] == "a"))
t1 <- apply(a1, 2, function(i) sum(centred[1:8][i])); t2 <- apply(a2, 2, function(i) sum(centred[9:14][i]))
all <- as.vector(outer(t1, t2, "+")); own <- sum(centred[two == "a"])
permuted("blocks", list(p = mean(abs(all) >= abs(own) - 1e-9), arrangements = length(all)), list(y = y, group = as.character(two), block = as.integer(block)),
         "combn within blocks")
# three groups: every arrangement of 3, 3 and 4
far <- c()
for (i in seq_len(choose(10, 3))) { a <- combn(10, 3)[, i]; rest <- setdiff(1:10, a); for (j in seq_len(choose(7, 3))) {
  b <- rest[combn(7, 3)[, j]]; g <- integer(10) + 3; g[a] <- 1; g[b] <- 2; far <- c(far, summary(aov(ten ~ factor(g)))[[1]][1, 2]) } }
own <- summary(aov(ten ~ three))[[1]][1, 2]
permuted("three", list(p = mean(far >= own - 1e-9), arrangements = length(far)), list(y = ten, group = as.character(three)), "aov on every arrangement")
# whole clusters: six of two or three, weights with them
weights <- c(1, 2, 1.5, 1, 1, 2, 3, 1, 1, 2, 1, 1, 2, 1); cluster <- c(1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 5, 5, 6, 6)
swy <- tapply(weights * (y - weighted.mean(y, weights)), cluster, sum); sw <- tapply(weights, cluster, sum)
gap <- function(i) sum(swy[-i]) / sum(sw[-i]) - sum(swy[i]) / sum(sw[i])
all <- apply(combn(6, 3), 2, gap)
permuted("clusters", list(p = mean(abs(all) >= abs(gap(c(1, 2, 5))) - 1e-9), arrangements = length(all)),
         list(y = y, group = ifelse(cluster %in% c(1, 2, 5), "a", "b"), cluster = cluster, weights = weights), "combn of clusters")

# ---- power -----------------------------------------------------------------------------------------------------------------
planned <- function(id, args, power, call, rtol) case(paste0("power.", id), "power", character(), args, list(power = power), call, rtol)
shares <- c(.2, .5, .3); moved <- function(p, or) { c0 <- cumsum(p)[-length(p)]; o <- c0 / (1 - c0) / or; diff(c(0, o / (1 + o), 1)) }
for (or in c(1.5, 2.5)) for (f in c(.5, .3)) {
  p <- (1 - f) * shares + f * moved(shares, or)
  case(paste("size.ordered", or, f, sep = "."), "power", character(), list(odds_ratio = or, shares = shares, group = f, power = .9),
       list(n = Hmisc::posamsize(p, or, fraction = f, alpha = .05, power = .9)$n), "Hmisc::posamsize", 1e-9)
}
for (s in list(c(57, .3, .1), c(57, .15, .05), c(120, .2, .1), c(20, .4, .1))) {
  m <- 0:s[1]; q <- s[2] + s[3]
  refused <- sapply(m, function(k) { if (k == 0) return(0); x <- 0:k; p <- sapply(x, function(v) binom.test(v, k)$p.value)
    sum(dbinom(x[p <= .05 * (1 + 1e-9)], k, s[2] / q)) })
  planned(paste("pairs", s[1], s[2], s[3], sep = "."), list(n = s[1], only_first = s[2], only_second = s[3]), sum(dbinom(m, s[1], q) * refused),
          "binom.test summed", 1e-10)
}
for (s in list(c(12, 9, .2, .7), c(20, 15, .5, .1), c(8, 8, .5, .9))) {
  t <- expand.grid(a = 0:s[1], b = 0:s[2])
  p <- mapply(function(a, b) fisher.test(matrix(c(a, s[1] - a, b, s[2] - b), 2))$p.value, t$a, t$b)
  planned(paste("fisher", s[1], s[2], sep = "."), list(n1 = s[1], n2 = s[2], share = s[3], difference = s[4] - s[3], test = "fisher"),
          sum((dbinom(t$a, s[1], s[3]) * dbinom(t$b, s[2], s[4]))[p <= .05]), "fisher.test summed", 1e-9)
}
planned("share", list(n1 = 60, n2 = 60, share = .4, difference = .2), power.prop.test(60, .4, .6)$power, "power.prop.test", 1e-9)
planned("mean", list(n1 = 30, n2 = 30, difference = .7, of = "mean"), power.t.test(30, .7)$power, "power.t.test", 1e-9)

writeLines(toJSON(list(schema = 1, area = "f_small", made_with = "R 4.2.2, clubSandwich, survival, coin, boot", datasets = setNames(list(), character(0)), cases = found),
                  auto_unbox = TRUE, digits = 15, null = "null"), file.path(refs, "small_values.json"))
