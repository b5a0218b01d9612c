# Makes tests/references/penalized_values.json: Rscript tests/references/scripts/penalized.R
# R 4.2 with Debian's r-cran-brglm2, r-cran-vgam, r-cran-survey and r-cran-jsonlite. Binary and multinomial regressions with
# reduced bias; multinomial logits by weighted likelihood and under a design. Nothing is random.
suppressPackageStartupMessages({library(survey); library(brglm2); library(VGAM); library(jsonlite)})
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
refs <- dirname(here)
areas <- lapply(c("a_descriptives", "b_designreg", "c_classical"), function(a) read_json(file.path(refs, paste0(a, ".json"))))
load <- function(name) {
  d <- read.csv(file.path(refs, "data", paste0(name, ".csv")), na.strings = "", check.names = FALSE)
  for (a in areas) for (f in names(a$datasets[[name]]$factor_levels))
    if (f %in% names(d)) d[[f]] <- factor(as.character(d[[f]]), levels = unlist(a$datasets[[name]]$factor_levels[[f]]))
  d
}
labelled <- function(m) list(rows = I(rownames(m)), cols = I(colnames(m)), matrix = unname(m))
found <- list()
case <- function(id, topic, data, args, values, r_call, rtol)
  found[[length(found) + 1]] <<- list(id = paste0("m.", id), topic = topic, data = I(data), spec = "", args = args,
                                      r_call = r_call, values = values, rtol = rtol, note = "")

# ---- binary, with reduced bias ------------------------------------------------------------------------------------------
binary <- list(
  list(data = "endometrial", outcome = "HG", level = 1, formula = HG ~ NV + PI + EH),
  list(data = "birthwt", outcome = "low", level = 1, formula = low ~ age + lwt + race + smoke + ptl + ht + ui),
  list(data = "alligators", outcome = "foodchoice", level = "Reptile", counts = "freq", formula = I(foodchoice == "Reptile") ~ size + lake))
for (b in binary) for (link in c("logit", "probit", "cloglog")) for (type in c("AS_mean", "AS_median", "MPL_Jeffreys")) {
  d <- load(b$data); if (b$data == "birthwt") d$race <- factor(d$race)
  d$count <- if (is.null(b$counts)) 1 else d[[b$counts]]; d <- d[d$count > 0, ]
  fit <- glm(b$formula, binomial(link), d, weights = count, method = "brglmFit", type = type, epsilon = 1e-12, maxit = 5000)
  stopifnot(fit$converged)
  case(paste("firth", b$data, link, type, sep = "."), "firth", b$data,
       c(b[c("outcome", "level")], list(counts = b$counts, link = link, type = type)),
       list(coef = as.list(coef(fit)), vcov = labelled(vcov(fit)), logLik = as.numeric(logLik(fit))),
       "brglm2::brglmFit(epsilon = 1e-12)", 1e-8)
}

# ---- multinomial, with reduced bias -------------------------------------------------------------------------------------
many <- list(list(data = "Womenlf", outcome = "partic", formula = partic ~ hincome + children),
             list(data = "Womenlf", outcome = "partic", formula = partic ~ region),
             list(data = "housing", outcome = "Sat", counts = "Freq", formula = Sat ~ Infl + Type + Cont),
             list(data = "alligators", outcome = "foodchoice", counts = "freq", formula = foodchoice ~ gender + lake))
for (i in seq_along(many)) for (ref in 1:2) {
  b <- many[[i]]; d <- load(b$data); d$count <- if (is.null(b$counts)) 1 else d[[b$counts]]
  fit <- brmultinom(b$formula, data = d, weights = count, ref = ref, type = "AS_mean", epsilon = 1e-12, maxit = 5000)
  stopifnot(fit$converged); se <- matrix(sqrt(diag(vcov(fit))), nrow(coef(fit)), byrow = TRUE, dimnames = dimnames(coef(fit)))
  case(paste("brmultinom", b$data, i, ref, sep = "."), "firth", b$data,
       list(outcome = b$outcome, reference = levels(d[[b$outcome]])[ref], counts = b$counts),
       list(coef = labelled(coef(fit)), se = labelled(se)), "brglm2::brmultinom(type = 'AS_mean', epsilon = 1e-12)", 1e-7)
}

# ---- multinomial by weighted likelihood, and under designs --------------------------------------------------------------
information <- function(x, p, w, given) {
  k <- ncol(x); m <- length(given); info <- matrix(0, m * k, m * k)
  for (a in 1:m) for (b in 1:m)
    info[(a - 1) * k + 1:k, (b - 1) * k + 1:k] <- t(x) %*% (w * p[, given[a]] * ((a == b) - p[, given[b]]) * x)
  info
}
vote <- vote ~ age + Europe + political.knowledge + gender
for (ref in 1:3) {
  d <- load("BEPS"); d$vote <- factor(d$vote); given <- (1:3)[-ref]
  fit <- suppressWarnings(vglm(vote, multinomial(refLevel = ref), d, epsilon = 1e-14, maxit = 50))  # it ends where steps no longer help
  x <- model.matrix(vote, d); named <- list(levels(d$vote)[given], colnames(x))
  se <- sqrt(diag(solve(information(x, fitted(fit), rep(1, nrow(d)), given))))
  case(paste("ml.BEPS", ref, sep = "."), "multinomial", "BEPS", list(outcome = "vote", reference = levels(d$vote)[ref]),
       list(coef = labelled(matrix(t(coef(fit, matrix = TRUE)), 2, dimnames = named)),
            se = labelled(matrix(se, 2, byrow = TRUE, dimnames = named)), logLik = logLik(fit)),
       "VGAM::vglm(multinomial, epsilon = 1e-14), inverse information at its solution", 1e-8)
}
designs <- list(
  strat = list(data = "apistrat", formula = yr ~ meals + mobility, args = list(weights = "pw", strata = "stype", population = "fpc"),
               make = function(d) svydesign(~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = d)),
  clus2 = list(data = "apiclus2", formula = yr ~ meals + ell, args = list(weights = "pw", clusters = list("dnum", "snum"), population = list("fpc1", "fpc2")),
               make = function(d) svydesign(~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = d)))
for (name in names(designs)) {
  g <- designs[[name]]; d <- load(g$data); d$yr <- cut(d$growth, c(-Inf, 10, 30, 60, Inf), labels = c("a", "b", "c", "d"))
  fit <- suppressWarnings(vglm(g$formula, multinomial(refLevel = 2), d, weights = d$pw, epsilon = 1e-14, maxit = 50))
  x <- model.matrix(g$formula, d); p <- fitted(fit); y <- outer(as.character(d$yr), colnames(p), "==") - p
  given <- c(1, 3, 4); u <- do.call(cbind, lapply(given, function(j) y[, j] * x))
  info <- information(x, p, d$pw, given); k <- ncol(x)
  v <- vcov(svytotal(u %*% solve(info), g$make(d))); attributes(v) <- list(dim = dim(v))
  labels <- paste0(rep(c("a", "c", "d"), each = k), ":", colnames(x)); dimnames(v) <- list(labels, labels)
  case(paste("design", name, sep = "."), "svymultinom", g$data,
       list(design = g$args, outcome = "growth cut at 10, 30, 60", reference = "b"),
       list(coef = as.list(setNames(as.vector(coef(fit, matrix = TRUE)), labels)), vcov = labelled(v)),
       "VGAM::vglm for the coefficients, survey::svytotal of the linearised contributions", 1e-8)
}
write_json(list(schema = 1, area = "m_penalized",
                made_with = paste(R.version.string, "brglm2", packageVersion("brglm2"), "VGAM", packageVersion("VGAM"), "survey", packageVersion("survey")),
                datasets = setNames(list(), character()), cases = found),
           if (length(commandArgs(TRUE))) commandArgs(TRUE)[1] else file.path(refs, "penalized_values.json"),
           auto_unbox = TRUE, digits = NA, na = "null", null = "null")
