# Makes tests/references/effects_values.json: Rscript tests/references/scripts/effects.R
# R 4.2 with Debian's r-cran-survey, r-cran-ordinal, r-cran-pbivnorm, r-cran-emmeans, r-cran-numderiv and r-cran-jsonlite.
# Nothing is random. What no package has is computed by its definition: averages of predictions under set answers, their
# derivative by the coefficients with numDeriv, and
#   fixed    J V J'
#   sampled  svyrecvar of influence(b) J' + w (d - A) / sum w
#   added    J V J' + svymean of d, which is what svypredmeans does.
suppressPackageStartupMessages({library(survey); library(ordinal); library(jsonlite); library(numDeriv); library(pbivnorm)
                                library(emmeans)})
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
case <- function(id, topic, data, args, values, r_call, rtol)
  found[[length(found) + 1]] <<- list(id = paste0("h.", id), topic = topic, data = list(data), spec = "", args = args,
                                      r_call = r_call, values = values, rtol = rtol, note = "")
told <- function(call) gsub("\\s+", " ", paste(deparse(call), collapse = " "))
tight <- list(epsilon = 1e-14, maxit = 100)
api <- load("apistrat"); api$won <- as.numeric(api$awards == "Yes"); api$many <- factor(ifelse(api$ell > 15, "many", "few"))
clus <- load("apiclus2"); clus$won <- as.numeric(clus$awards == "Yes")
wvs <- load("WVS"); wvs$poverty <- factor(wvs$poverty, ordered = TRUE)
wvs$religious <- as.numeric(wvs$religion == "yes"); wvs$graduate <- as.numeric(wvs$degree == "yes")
strat <- svydesign(~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = api)
two <- svydesign(~dnum + snum, fpc = ~fpc1 + fpc2, data = clus)

# averages of `each(b)`, a matrix of a column a number wanted, with their covariances
averaged <- function(each, b, v, w, influence = NULL, design = NULL) {
  share <- w / sum(w)
  average <- function(b) colSums(share * each(b))
  j <- jacobian(average, b)
  a <- average(b)
  fixed <- j %*% v %*% t(j)
  out <- list(estimate = unname(a), fixed = sqrt(diag(fixed)))
  if (!is.null(design)) {
    direct <- share * sweep(each(b), 2, a)
    recvar <- function(z) svyrecvar(z, design$cluster, design$strata, design$fpc)
    joint <- recvar(influence %*% t(j) + direct)
    out$sampled <- sqrt(diag(joint)); out$sampled_vcov <- unname(joint)
    out$added <- sqrt(diag(fixed + recvar(direct)))
  }
  out
}
# influence of the rows on the coefficients of a svyglm
influence_of <- function(fit) {
  z <- model.matrix(fit) * (residuals(fit, "working") * fit$weights)
  z <- z %*% fit$naive.cov
  design <- fit$survey.design
  stopifnot(max(abs(svyrecvar(z, design$cluster, design$strata, design$fpc) / vcov(fit) - 1)) < 1e-6)
  z
}

# ---- marginal means and risk ratios: svypredmeans -----------------------------------------------------------------------
margins <- function(id, data, design, formula, factor, family, args, replicates = FALSE) {
  whole <- do.call(svyglm, list(update(formula, paste("~ . +", as.character(factor)[2])), design, family = family, control = tight))
  name <- all.vars(factor); d <- design$variables; b <- coef(whole)
  levels <- levels(d[[name]])
  at <- lapply(levels, function(l) { e <- d; e[[name]] <- factor(l, levels); model.matrix(delete.response(terms(whole)), e) })
  each <- function(b) sapply(at, function(x) family$linkinv(x %*% b))
  w <- weights(design, "sampling")
  average <- function(b) colSums(w * each(b)) / sum(w)
  values <- list(levels = levels, estimate = unname(average(b)))
  if (replicates) {  # svypredmeans does not take these
    again <- withReplicates(design, function(w, data) {
      fit <- suppressWarnings(glm.fit(model.matrix(whole), data$won, weights = w / mean(w), family = family, control = tight))
      colSums(w * each(fit$coefficients)) / sum(w)
    })
    j <- jacobian(average, b)
    values$sampled_vcov <- unname(vcov(again))
    values$added_vcov <- unname(j %*% vcov(whole) %*% t(j) + vcov(svymean(each(b), design)))
  } else {
    base <- do.call(svyglm, list(formula, design, family = family, control = tight))
    means <- svypredmeans(base, factor)
    order <- match(levels, names(coef(means)))
    values$added_vcov <- unname(attr(means, "var")[order, order])
    direct <- averaged(each, b, vcov(whole), w, influence_of(whole), design)
    stopifnot(max(abs(values$estimate / coef(means)[order] - 1)) < 1e-10, max(abs(direct$added / SE(means)[order] - 1)) < 1e-6)
    values <- c(values, direct[c("fixed", "sampled_vcov")])
  }
  log_ratio <- function(a) log(a[-1] / a[1])
  j <- jacobian(log_ratio, values$estimate)
  values$log_ratio <- log_ratio(values$estimate)
  for (kind in c("added", "sampled")) {
    v <- values[[paste0(kind, "_vcov")]]
    values[[kind]] <- sqrt(diag(v))
    values[[paste0("log_ratio_", kind)]] <- sqrt(diag(j %*% v %*% t(j)))
  }
  case(id, "predictive_margins", data, c(list(formula = told(formula), factor = name, family = family$family, link = family$link), args),
       values, paste0("svypredmeans(svyglm(", told(formula), "), ", told(factor), ")"), 1e-6)
}
logit <- quasibinomial(); probit <- quasibinomial("probit")
of_types <- list(design = list(weights = "pw", strata = "stype", population = "fpc"))
of_districts <- list(design = list(clusters = list("dnum", "snum"), population = list("fpc1", "fpc2")))
margins("mm.logit.strat", "apistrat", strat, won ~ ell + meals, ~stype, logit, of_types)
margins("mm.probit.strat", "apistrat", strat, won ~ ell * meals, ~stype, probit, of_types)
margins("mm.gaussian.strat", "apistrat", strat, api00 ~ ell * meals, ~stype, gaussian(), of_types)
margins("mm.logit.clus2", "apiclus2", two, won ~ mobility + meals, ~stype, logit, of_districts)
margins("mm.gaussian.clus2", "apiclus2", two, api00 ~ mobility + meals, ~stype, gaussian(), of_districts)
jkn <- as.svrepdesign(svydesign(~1, strata = ~stype, weights = ~pw, data = api), type = "JKn")
margins("mm.logit.jkn", "apistrat", jkn, won ~ ell + meals, ~stype, logit,
        list(design = list(weights = "pw", strata = "stype"), replicates = "JKn"), replicates = TRUE)

# ---- second differences: Ai and Norton by their formulas -----------------------------------------------------------------
density <- list(logit = function(e) dlogis(e), probit = function(e) dnorm(e))
bend <- list(logit = function(e) dlogis(e) * (1 - 2 * plogis(e)), probit = function(e) -e * dnorm(e))
cumulate <- list(logit = plogis, probit = pnorm)
second <- function(id, formula, link, one, other, step = NULL) {
  family <- quasibinomial(link)
  fit <- do.call(svyglm, list(formula, strat, family = family, control = tight))
  b <- coef(fit); d <- api; f <- density[[link]]; g <- bend[[link]]; p <- cumulate[[link]]
  x <- function(...) { e <- d; set <- list(...); for (n in names(set)) e[[n]] <- if (is.factor(d[[n]])) factor(set[[n]], levels(d[[n]])) else set[[n]]
                       model.matrix(delete.response(terms(fit)), e) }
  numbers <- !sapply(d[c(one, other)], is.factor)
  each <- if (all(numbers)) {  # columns per unit: the predictor is linear in every number
    unit <- function(name) { up <- d[[name]] + 1; do.call(x, setNames(list(up), name)) - x() }
    both <- do.call(x, setNames(list(d[[one]] + 1, d[[other]] + 1), c(one, other))) - do.call(x, setNames(list(d[[one]] + 1), one)) -
      do.call(x, setNames(list(d[[other]] + 1), other)) + x()
    function(b) { e <- c(x() %*% b); cbind(g(e) * c(unit(one) %*% b) * c(unit(other) %*% b) + f(e) * c(both %*% b)) }
  } else if (any(numbers)) {  # the category first
    l <- levels(d[[one]])
    at <- function(level, by = 0) do.call(x, setNames(list(level, d[[other]] + by), c(one, other)))
    if (is.null(step)) function(b) sapply(l[-1], function(k) { h <- at(k); r <- at(l[1])
      f(c(h %*% b)) * c((at(k, 1) - h) %*% b) - f(c(r %*% b)) * c((at(l[1], 1) - r) %*% b) })
    else function(b) sapply(l[-1], function(k) p(c(at(k, step) %*% b)) - p(c(at(k) %*% b)) - p(c(at(l[1], step) %*% b)) + p(c(at(l[1]) %*% b)))
  } else {
    l <- levels(d[[one]]); m <- levels(d[[other]])
    at <- function(i, j) do.call(x, setNames(list(i, j), c(one, other)))
    function(b) do.call(cbind, lapply(l[-1], function(i) sapply(m[-1], function(j)
      p(c(at(i, j) %*% b)) - p(c(at(l[1], j) %*% b)) - p(c(at(i, m[1]) %*% b)) + p(c(at(l[1], m[1]) %*% b)))))
  }
  values <- averaged(each, b, vcov(fit), weights(strat), influence_of(fit), strat)
  case(paste0("sd.", id), "second_differences", "apistrat",
       list(formula = told(formula), link = link, first = one, second = other, step = step), values, "Ai and Norton's formulas, numDeriv", 1e-6)
}
second("numbers.logit", won ~ ell * meals + stype, "logit", "ell", "meals")
second("numbers.probit", won ~ ell * meals + stype, "probit", "ell", "meals")
second("numbers.apart", won ~ ell + meals + stype, "logit", "ell", "meals")
second("mixed.logit", won ~ stype * mobility + ell, "logit", "stype", "mobility")
second("mixed.probit", won ~ stype * mobility + ell, "probit", "stype", "mobility")
second("mixed.step", won ~ stype * mobility + ell, "logit", "stype", "mobility", 10)
second("categories.logit", won ~ stype * many + mobility, "logit", "stype", "many")

# ---- effects of other kinds of models, by level: probabilities by definition, differences and numDeriv -------------------------
effects_of <- function(id, args, probabilities, b, v, d, numbers, factors) {
  one <- function(name, b) {
    if (name %in% numbers) {
      h <- 1e-2 * sd(d[[name]]); moved <- function(k) { e <- d; e[[name]] <- e[[name]] + k * h; probabilities(b, e) }
      (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * h)
    } else {
      l <- levels(d[[name]]); at <- function(k) { e <- d; e[[name]] <- factor(k, l); probabilities(b, e) }
      do.call(cbind, lapply(l[-1], function(k) at(k) - at(l[1])))
    }
  }
  each <- function(b) do.call(cbind, lapply(c(numbers, factors), one, b = b))
  got <- averaged(each, b, v, rep(1, nrow(d)))
  case(paste0("kind.", id), "effects_by_level", "WVS", c(args, list(numbers = as.list(numbers), factors = as.list(factors))), got,
       "differences of averaged probabilities, numDeriv", 1e-6)
}
control <- clm.control(gradTol = 1e-12, maxIter = 200, maxLineIter = 50)
levels3 <- function(upper) cbind(upper[, 1], upper[, 2] - upper[, 1], 1 - upper[, 2])
fit <- clm(poverty ~ religion + age + gender, nominal = ~country, data = wvs, control = control)
b <- coef(fit)  # alpha: (intercept) by threshold, then country by threshold; beta
effects_of("nonparallel", list(formula = "poverty ~ religion + age + gender + country", nonparallel = list("country")), function(b, e) {
  place <- model.matrix(~ religion + age + gender, e)[, -1] %*% b[(length(b) - 2):length(b)]
  cuts <- model.matrix(~country, e)
  alpha <- matrix(b[1:8], 2)  # rows thresholds
  levels3(plogis(cuts %*% t(alpha) - c(place)))
}, b, vcov(fit), wvs, "age", c("religion", "gender", "country"))
fit <- clm(poverty ~ religion + age + gender, scale = ~ age + gender, data = wvs, link = "probit", control = control)
effects_of("scale", list(formula = "poverty ~ religion + age + gender", scale = list("age", "gender"), link = "probit"), function(b, e) {
  place <- c(model.matrix(~ religion + age + gender, e)[, -1] %*% b[3:5])
  spread <- c(exp(model.matrix(~ age + gender, e)[, -1] %*% b[6:7]))
  levels3(pnorm((matrix(b[1:2], nrow(e), 2, byrow = TRUE) - place) / spread))
}, coef(fit), vcov(fit), wvs, "age", c("religion", "gender"))
code <- as.integer(wvs$poverty)
for (direction in c("forward", "backward")) {
  stacked <- do.call(rbind, lapply(1:2, function(j) { at <- if (direction == "forward") code >= j else code <= j + 1
    cbind(wvs[at, ], step_ = factor(j, 1:2), stops_ = as.numeric(code[at] <= j)) }))
  fit <- glm(stops_ ~ 0 + step_ + religion + step_:age, binomial, stacked, control = tight)
  effects_of(paste0("continuation.", direction), list(formula = "poverty ~ religion + age", direction = direction, nonparallel = list("age")),
    function(b, e) {
      step <- sapply(1:2, function(j) plogis(b[j] + b["religionyes"] * (e$religion == "yes") + b[3 + j] * e$age))
      if (direction == "forward") cbind(step[, 1], (1 - step[, 1]) * step[, 2], (1 - step[, 1]) * (1 - step[, 2]))
      else cbind(step[, 1] * step[, 2], (1 - step[, 1]) * step[, 2], 1 - step[, 2])
    }, coef(fit), vcov(fit), wvs, "age", "religion")
}
f1 <- ~ age + gender; f2 <- ~ age + country
x1 <- model.matrix(f1, wvs); x2 <- model.matrix(f2, wvs); q1 <- 2 * wvs$religious - 1; q2 <- 2 * wvs$graduate - 1
unit <- c(1 / apply(abs(x1), 2, max), 1 / apply(abs(x2), 2, max), 1)
whole <- function(q) { p <- q * unit; sum(log(pbivnorm(c(q1 * x1 %*% p[1:3]), c(q2 * x2 %*% p[4:8]), q1 * q2 * tanh(p[9])))) }
start <- c(coef(glm.fit(x1, wvs$religious, family = binomial("probit"))), coef(glm.fit(x2, wvs$graduate, family = binomial("probit"))), 0)
q <- optim(start / unit, whole, method = "BFGS", control = list(fnscale = -1, reltol = 1e-15, maxit = 1000))$par
for (i in 1:4) q <- q - solve(hessian(whole, q), grad(whole, q))
stopifnot(max(abs(grad(whole, q))) / nrow(wvs) < 1e-9)
v <- unit * t(unit * solve(-hessian(whole, q)))
cells <- function(b, e) {
  one <- c(model.matrix(f1, e) %*% b[1:3]); two <- c(model.matrix(f2, e) %*% b[4:8]); r <- tanh(b[9])
  cbind(pbivnorm(-one, -two, r), pbivnorm(-one, two, -r), pbivnorm(one, -two, -r), pbivnorm(one, two, r))
}
views <- list(joint = cells, first = function(b, e) cbind(pnorm(c(model.matrix(f1, e) %*% b[1:3]))),
              second = function(b, e) cbind(pnorm(c(model.matrix(f2, e) %*% b[4:8]))),
              conditional = function(b, e) { p <- cells(b, e); cbind(p[, 4] / (p[, 3] + p[, 4])) })
for (view in names(views))
  effects_of(paste0("pair.", view), list(first = "religious ~ age + gender", second = "graduate ~ age + country", view = view),
             views[[view]], q * unit, v, wvs, "age", c("gender", "country"))

# ---- second differences by level of an ordered model ----------------------------------------------------------------------------
fit <- clm(poverty ~ degree * gender + age, data = wvs, control = control)
x <- function(e) model.matrix(~ degree * gender + age, e)[, -1]
each <- function(b) {
  at <- function(i, j) { e <- wvs; e$degree <- factor(i, levels(e$degree)); e$gender <- factor(j, levels(e$gender))
    levels3(plogis(matrix(b[1:2], nrow(e), 2, byrow = TRUE) - c(x(e) %*% b[3:6]))) }
  at("yes", "male") - at("no", "male") - at("yes", "female") + at("no", "female")
}
case("sd.ordered", "second_differences", "WVS", list(formula = "poverty ~ degree * gender + age", first = "degree", second = "gender"),
     averaged(each, coef(fit)[c(1, 2, match(colnames(x(wvs)), names(coef(fit))))], vcov(fit)[c(1, 2, match(colnames(x(wvs)), names(coef(fit)))),
              c(1, 2, match(colnames(x(wvs)), names(coef(fit))))], rep(1, nrow(wvs))), "clm and numDeriv", 1e-6)

# ---- pairs on the scale of the link: emmeans ------------------------------------------------------------------------------------
fit <- glm(religious ~ country + age, binomial, wvs, control = tight)
on_link <- emmeans(fit, ~country)
pairs <- as.data.frame(contrast(on_link, "revpairwise", adjust = "holm"))
means <- as.data.frame(on_link)
case("em.link", "pairs_on_the_link", "WVS", list(formula = "religious ~ country + age", factor = "country"),
     list(link = means$emmean, se_link = means$SE, contrast = pairs$contrast, estimate = pairs$estimate, se = pairs$SE, p = pairs$p.value),
     "emmeans(glm, ~country), contrast(., 'revpairwise', adjust = 'holm')", 1e-7)

write_json(list(schema = 1, area = "effects", made_with = paste(R.version.string, "survey", packageVersion("survey"), "ordinal",
                packageVersion("ordinal"), "emmeans", packageVersion("emmeans"), "pbivnorm", packageVersion("pbivnorm")),
                datasets = setNames(list(), character()), cases = found),
           file.path(refs, "effects_values.json"), auto_unbox = TRUE, digits = 15, null = "null", pretty = FALSE)
cat(length(found), "cases\n")
