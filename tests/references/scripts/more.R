# Makes tests/references/more.json: Rscript tests/references/scripts/more.R
# R 4.2 with Debian's r-cran-survey, r-cran-ordinal and r-cran-jsonlite. Every case says in `args` what it rests on: the
# data set, what is changed in it (`make`), the design, the domain (`where`) and what is estimated. Nothing is random.
suppressPackageStartupMessages({library(survey); library(ordinal); library(jsonlite)})
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
refs <- dirname(here)
areas <- lapply(c("a_descriptives", "b_designreg", "c_classical"), function(a) read_json(file.path(refs, paste0(a, ".json"))))

# ---- data and designs -------------------------------------------------------------------------------------------------
columns <- function(name) gsub(".", "_", name, fixed = TRUE)
load <- function(name) {
  d <- read.csv(file.path(refs, "data", paste0(name, ".csv")), na.strings = "", check.names = FALSE)
  for (a in areas) for (f in names(a$datasets[[name]]$factor_levels))
    if (f %in% names(d)) d[[f]] <- factor(as.character(d[[f]]), levels = unlist(a$datasets[[name]]$factor_levels[[f]]))
  setNames(d, columns(names(d)))
}
makers <- list(
  above = function(d, m) { d[[m$new]] <- ifelse(d[[m$from]] > m$value, 1, 0); d },
  cut = function(d, m) {
    d[[m$new]] <- cut(d[[m$from]], c(-Inf, unlist(m$breaks), Inf), labels = unlist(m$labels), ordered_result = TRUE); d },
  levels = function(d, m) { d[[m$column]] <- factor(as.character(d[[m$column]]), levels = unlist(m$levels)); d },
  ordered = function(d, m) { d[[m$column]] <- ordered(as.character(d[[m$column]]), levels = unlist(m$levels)); d },
  lose = function(d, m) { d[[m$column]][seq(m$first, nrow(d), m$every)] <- NA; d },
  zero = function(d, m) { d[[m$column]][seq(m$first, nrow(d), m$every)] <- 0; d },
  every = function(d, m) { d[[m$new]] <- (seq_len(nrow(d)) - 1) %% m$every; d },
  scale = function(d, m) { d[[m$column]] <- d[[m$column]] * m$by; d })
made <- function(a) { d <- load(a$data); for (m in a$make) d <- makers[[m$op]](d, m); d }
formula_of <- function(name) if (is.null(name)) NULL else reformulate(name)
design_of <- function(a, d = made(a)) {
  s <- a$design
  ids <- if (is.null(s$clusters)) ~1 else formula_of(s$clusters)
  w <- if (is.null(s$weights) && is.null(s$population)) { d$one_ <- 1; "one_" } else s$weights
  full <- svydesign(ids, strata = formula_of(s$strata), weights = formula_of(w), fpc = formula_of(s$population),
                    data = d, nest = TRUE)
  if (is.null(a$where)) full else full[which(eval(parse(text = a$where), d)), ]
}
answered <- function(design, names) design[complete.cases(design$variables[names]), ]

# ---- what is estimated: each returns a list of values ---------------------------------------------------------------------
plain <- function(x) setNames(as.list(as.numeric(x)), names(x))
square <- function(v) unname(as.matrix(v))
keys_of <- function(d, names) as.character(interaction(d[names], sep = "|", drop = TRUE))
shares <- function(a) {
  design <- answered(design_of(a), c(a$question, a$by))
  design <- design[weights(design) > 0, ]  # svyciprop counts rows, those of weight zero too
  if (is.numeric(design$variables[[a$question]]))
    design$variables[[a$question]] <- factor(design$variables[[a$question]])
  by <- unlist(a$by)
  if (is.null(by)) {
    found <- svymean(formula_of(a$question), design)
    groups <- ""
  } else {
    found <- svyby(formula_of(a$question), reformulate(by), design, svymean, covmat = TRUE)
    groups <- apply(found[by], 1, function(r) paste(r, collapse = "|"))
  }
  levels <- levels(design$variables[[a$question]])
  # svyby: all groups of the first level, then of the second
  rows <- expand.grid(group = groups, level = levels, stringsAsFactors = FALSE)
  names <- if (is.null(by)) rows$level else paste(rows$level, rows$group, sep = "|")
  ends <- function(method) lapply(unlist(a$confidence), function(conf) t(sapply(seq_len(nrow(rows)), function(i) {
    part <- if (is.null(by)) design else design[keys_of(design$variables, by) == rows$group[i], ]
    part$variables$hit_ <- as.numeric(part$variables[[a$question]] == rows$level[i])
    p <- sum(weights(part) * part$variables$hit_) / sum(weights(part))
    if (p <= 0 || p >= 1) return(c(NA, NA))
    as.numeric(confint(svyciprop(~hit_, part, method = method, level = conf)))
  })))
  df <- sapply(rows$group, function(g)
    degf(if (is.null(by)) design else design[keys_of(design$variables, by) == g, ]))
  list(names = names, estimate = as.numeric(coef(found)), vcov = square(vcov(found)), df = as.numeric(df),
       t = ends("mean"), logit = ends("xlogit"), exact = ends("beta"))
}
averages <- function(a) {
  design <- design_of(a)
  f <- if (a$verb == "mean") svymean else svytotal
  by <- unlist(a$by)
  if (is.null(by)) {
    # every question on its own base: one influence function each, then a joint covariance
    inf <- sapply(unlist(a$questions), function(q) {
      y <- design$variables[[q]]; known <- !is.na(y); y[!known] <- 0
      if (a$verb == "total") return(y)
      m <- sum(weights(design) * y) / sum(weights(design) * known)
      known * (y - m) / sum(weights(design) * known) })
    found <- sapply(unlist(a$questions), function(q) coef(f(formula_of(q), answered(design, q))))
    return(list(names = unlist(a$questions), estimate = as.numeric(found), vcov = square(vcov(svytotal(inf, design))),
                se = as.numeric(sapply(unlist(a$questions), function(q) SE(f(formula_of(q), answered(design, q))))),
                df = as.numeric(sapply(unlist(a$questions), function(q) degf(answered(design, q))))))
  }
  used <- answered(design, c(a$questions, by))
  found <- svyby(formula_of(a$questions), reformulate(by), used, f, covmat = TRUE)
  groups <- apply(found[by], 1, function(r) paste(r, collapse = "|"))
  list(names = unname(groups), estimate = as.numeric(coef(found)), vcov = square(vcov(found)),
       se = as.numeric(SE(found)),
       df = as.numeric(sapply(groups, function(g) degf(used[keys_of(used$variables, by) == g, ]))))
}
likert <- function(a) {
  design <- design_of(a); d <- design$variables; scale <- unlist(a$scale)
  for (q in unlist(a$questions)) for (s in scale) d[[paste0(q, "|", s)]] <- as.numeric(d[[q]] == s)
  design$variables <- d
  influence <- function(column) { y <- d[[column]]; known <- !is.na(y); y[!known] <- 0; w <- weights(design)
    known * (y - sum(w * y) / sum(w * known)) / sum(w * known) }
  names <- paste(rep(unlist(a$questions), each = length(scale)), scale, sep = "|")
  means <- lapply(unlist(a$questions), function(q) svymean(formula_of(q), answered(design, q)))
  list(names = names, vcov = square(vcov(svytotal(sapply(names, influence), design))),
       estimate = as.numeric(sapply(names, function(n) sum(weights(design) * d[[n]], na.rm = TRUE) /
                                      sum(weights(design) * !is.na(d[[n]])))),
       means = as.numeric(sapply(means, coef)), means_se = as.numeric(sapply(means, SE)))
}
several <- function(a) {
  used <- answered(design_of(a), c(unlist(a$questions), a$by))
  found <- svyby(reformulate(unlist(a$questions)), reformulate(a$by), used, svymean, covmat = TRUE)
  rows <- expand.grid(group = as.character(found[[a$by]]), level = unlist(a$questions), stringsAsFactors = FALSE)
  totals <- as.matrix(svyby(reformulate(unlist(a$questions)), reformulate(a$by), used, svytotal, keep.var = FALSE)[, -1])
  list(names = paste(rows$level, rows$group, sep = "|"), estimate = as.numeric(coef(found)), vcov = square(vcov(found)),
       of_answers = as.numeric(totals / rowSums(totals)))
}
independence <- function(a) {
  design <- answered(design_of(a), c(a$question, a$by))
  for (n in c(a$question, a$by)) design$variables[[n]] <- factor(design$variables[[n]])
  f <- reformulate(c(a$question, a$by))
  test <- function(kind) { t <- svychisq(f, design, statistic = kind); c(t$statistic, t$parameter, t$p.value) }
  list(F = as.numeric(test("F")), Chisq = as.numeric(test("Chisq")))
}
classical <- function(a) {
  d <- made(a); if (!is.null(a$where)) d <- d[which(eval(parse(text = a$where), d)), ]
  counts <- table(d[[a$question]], d[[a$by]])
  counts <- counts[rowSums(counts) > 0, colSums(counts) > 0]
  x2 <- suppressWarnings(chisq.test(counts, correct = FALSE))
  list(pearson = c(x2$statistic, x2$parameter, x2$p.value), exact = fisher.test(counts, workspace = 2e8)$p.value)
}
pairs <- function(a) {
  d <- made(a); if (!is.null(a$where)) d <- d[which(eval(parse(text = a$where), d)), ]
  x <- d[[a$first]]; y <- d[[a$second]]; known <- !is.na(x) & !is.na(y); x <- as.numeric(x[known]); y <- as.numeric(y[known])
  out <- list()
  if (all(c(x, y) %in% 0:1)) {
    m <- mcnemar.test(factor(x, 0:1), factor(y, 0:1), correct = FALSE)
    out$mcnemar <- c(m$statistic, m$p.value)
    out$mcnemar_exact <- binom.test(sum(x > y), sum(x != y))$p.value
  }
  w <- suppressWarnings(wilcox.test(x, y, paired = TRUE, exact = if (is.null(a$exact)) FALSE else a$exact, correct = FALSE))
  out$wilcoxon <- c(w$statistic, w$p.value)
  if (!is.null(a$design)) {
    design <- answered(design_of(a), c(a$first, a$second))
    design$variables$change_ <- sign(as.numeric(design$variables[[a$first]]) - as.numeric(design$variables[[a$second]]))
    m <- svymean(~change_, design)
    out$difference <- c(coef(m), SE(m), degf(design), 2 * pt(-abs(coef(m) / SE(m)), degf(design)))
  }
  lapply(out, as.numeric)
}
term_tests <- function(a, fit) lapply(a$tests, function(t) {
  r <- regTermTest(fit, as.formula(paste("~", t$r)), method = "Wald")
  as.numeric(c(r$Ftest, r$df, r$ddf, r$p))
})
# Fisher scoring until the deviance stands still to the last bit: probit converges linearly, and slowly
control <- glm.control(epsilon = 1e-300, maxit = 200)
binary <- function(a) {
  design <- design_of(a)
  fit <- suppressWarnings(svyglm(as.formula(a$r), design, family = quasibinomial(), control = control))
  out <- list(estimate = as.numeric(na.omit(coef(fit))), vcov = square(vcov(fit)), df = fit$df.residual,
              p = as.numeric(summary(fit)$coefficients[, 4]), tests = term_tests(a, fit))
  if (!is.null(a$grid)) {
    grid <- as.data.frame(lapply(a$grid, unlist))
    link <- predict(fit, grid, type = "link", se.fit = TRUE)
    half <- qt(1 - (1 - a$confidence) / 2, fit$df.residual) * SE(link)
    out$predicted <- as.numeric(plogis(coef(link)))
    out$ends <- unname(cbind(plogis(coef(link) - half), plogis(coef(link) + half)))
    out$predicted_se <- as.numeric(SE(predict(fit, grid, type = "response", se.fit = TRUE)))
  }
  if (!is.null(a$effect)) out <- c(out, effect(a, fit, design))
  out
}
# average marginal effect of a number, or a 0/1 number, of a logit: delta method with fixed covariates, and with sampled ones
effect <- function(a, fit, design) {
  used <- answered(design, unlist(a$columns)); w <- weights(used); b <- coef(fit)
  at <- function(v) { d <- used$variables; d[[a$effect]] <- v; model.matrix(delete.response(terms(fit)), d) }
  x <- used$variables[[a$effect]]
  if (isTRUE(a$discrete)) {
    hi <- at(1); lo <- at(0)
    each <- plogis(hi %*% b) - plogis(lo %*% b)
    slope <- dlogis(as.numeric(hi %*% b)) * hi - dlogis(as.numeric(lo %*% b)) * lo
  } else {
    # the derivative of the model matrix by the question: its columns are polynomials, so a wide central step is exact
    h <- 1; now <- at(x); turn <- (at(x + h) - at(x - h)) / (2 * h)
    eta <- as.numeric(now %*% b); p <- plogis(eta); g <- as.numeric(turn %*% b)
    each <- p * (1 - p) * g
    slope <- p * (1 - p) * turn + p * (1 - p) * (1 - 2 * p) * g * now
  }
  each <- as.numeric(each); A <- sum(w * each) / sum(w); J <- colSums(w * slope) / sum(w)
  now <- at(x); p <- plogis(as.numeric(now %*% b))
  info <- crossprod(now, w * p * (1 - p) * now)
  y <- used$variables[[all.vars(as.formula(a$r))[1]]]
  inf <- (each - A) / sum(w) + as.numeric(((y - p) * now) %*% solve(info, J))
  list(effect = A, effect_fixed_se = sqrt(as.numeric(J %*% vcov(fit) %*% J)), effect_sampled_se = as.numeric(SE(svytotal(inf, used))))
}
# cumulative model: clm's optimum on the weights, design covariance from analytic scores and its Hessian
cumulative <- function(a) {
  design <- answered(design_of(a), unlist(a$columns)); d <- droplevels(design$variables)
  y <- factor(d[[a$outcome]]); d$w_ <- weights(design) / mean(weights(design)); d[[a$outcome]] <- y
  fit <- clm(as.formula(a$r), data = d, weights = w_, link = a$link,
             control = clm.control(gradTol = 1e-13, maxIter = 200, convergence = "silent"))
  F <- if (a$link == "logit") plogis else pnorm; f <- if (a$link == "logit") dlogis else dnorm
  X <- model.matrix(delete.response(terms(fit)), d)[, -1, drop = FALSE]; L <- nlevels(y); k <- as.integer(y)
  cuts <- c(-Inf, fit$alpha, Inf); eta <- as.numeric(X %*% fit$beta)
  up <- cuts[k + 1] - eta; down <- cuts[k] - eta; p <- F(up) - F(down)
  scores <- cbind(sapply(seq_len(L - 1), function(j) ((k == j) * f(up) - (k == j + 1) * f(down)) / p), -(f(up) - f(down)) / p * X)
  bend <- solve(fit$Hessian)
  robust <- vcov(svytotal(scores %*% bend * (d$w_ / weights(design)), design))
  out <- list()
  if (!is.null(a$effect)) {
    theta <- coef(fit); n <- length(theta); at <- function(v, grid = d) {
      grid[[a$effect]] <- v; model.matrix(delete.response(terms(fit)), grid)[, -1, drop = FALSE] }
    probs <- function(th, x) { cuts <- c(-Inf, th[seq_len(L - 1)], Inf); e <- as.numeric(x %*% th[L:n])
      sapply(seq_len(L), function(j) F(cuts[j + 1] - e) - F(cuts[j] - e)) }
    v <- d[[a$effect]]; h <- 2e-3 * sd(v); xs <- lapply(c(-2, -1, 1, 2), function(m) at(v + m * h))
    average <- function(th) { p <- lapply(xs, function(x) colSums(d$w_ * probs(th, x)) / sum(d$w_))
      (p[[1]] - 8 * p[[2]] + 8 * p[[3]] - p[[4]]) / (12 * h) }
    J <- sapply(seq_len(n), function(i) { s <- 0.02 * sqrt(bend[i, i]); e <- replace(numeric(n), i, s)
      (average(theta - 2 * e) - 8 * average(theta - e) + 8 * average(theta + e) - average(theta + 2 * e)) / (12 * s) })
    grid <- d[1:2, unlist(a$columns)]; q <- predict(fit, newdata = grid[names(grid) != a$outcome], type = "prob",
                                                    se.fit = TRUE, interval = TRUE, level = a$confidence)
    out <- list(effect = average(theta), effect_se = sqrt(diag(J %*% robust %*% t(J))),
                effect_model_se = sqrt(diag(J %*% bend %*% t(J))), predicted = unname(q$fit),
                predicted_se = unname(q$se.fit), low = unname(q$lwr), high = unname(q$upr))
  }
  c(out, list(names = names(coef(fit)), gradient = max(abs(colSums(d$w_ * scores))), estimate = as.numeric(coef(fit)),
       vcov = square(robust), model_vcov = square(bend), loglik = as.numeric(logLik(fit)),
       df = degf(design) + 1 - length(coef(fit))))
}
glm_model <- function(a) {
  d <- made(a); if (!is.null(a$where)) d <- d[which(eval(parse(text = a$where), d)), ]
  d <- d[complete.cases(d[unlist(a$columns)]), ]
  w <- if (is.null(a$design$weights)) rep(1, nrow(d)) else d[[a$design$weights]]
  d <- d[w > 0, ]; w <- w[w > 0]; d$w_ <- w / mean(w)
  fit <- suppressWarnings(glm(as.formula(a$r), binomial(a$link), d, weights = w_, control = control))
  list(estimate = as.numeric(coef(fit)), vcov = square(vcov(fit)), p = as.numeric(summary(fit)$coefficients[, 4]))
}
verbs <- list(shares = shares, mean = averages, total = averages, independence = independence, classical = classical,
              pairs = pairs,
              likert = likert, several = several, logit = binary, ordered = cumulative, glm = glm_model)

# ---- cases ------------------------------------------------------------------------------------------------------------
found <- list()
case <- function(id, verb, ..., rtol = 1e-9, r_call) {
  args <- list(verb = verb, ...)
  values <- tryCatch(verbs[[verb]](args), error = function(e) { message(id, ": ", conditionMessage(e)); NULL })
  if (!is.null(values)) found[[length(found) + 1]] <<- list(
    id = paste0("m.", id), topic = verb, data = list(args$data), spec = "", args = args, r_call = r_call, values = values,
    rtol = rtol, note = "")
}
source(file.path(here, "more_cases.R"), local = TRUE)
write_json(list(schema = 1, area = "m_more", made_with = paste(R.version.string, "survey", packageVersion("survey"),
                "ordinal", packageVersion("ordinal")), datasets = setNames(list(), character()), cases = found),
           if (length(commandArgs(TRUE))) commandArgs(TRUE)[1] else file.path(refs, "more.json"),
           auto_unbox = TRUE, digits = NA, na = "null", null = "null")
