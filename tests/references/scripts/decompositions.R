# Makes tests/references/decompositions_values.json: Rscript tests/references/scripts/decompositions.R
# R 4.2 with Debian's r-cran-survey and r-cran-jsonlite. Decompositions by their definition from lm, glm and weighted means;
# their errors from numeric derivatives by every weight through svyrecvar, or by withReplicates. Nothing is random.
suppressPackageStartupMessages({library(survey); library(jsonlite)})
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
refs <- dirname(here)
load <- function(name) {
  d <- read.csv(file.path(refs, "data", paste0(name, ".csv")), na.strings = "", check.names = FALSE)
  d <- setNames(d, gsub(".", "_", names(d), fixed = TRUE))
  d$stype <- factor(d$stype, levels = c("E", "H", "M"))
  d$high <- as.numeric(d$api00 > 650)
  d
}
DESIGNS <- list(
  strat = list(data = "apistrat", weights = ~pw, strata = ~stype, fpc = ~fpc),
  clus1 = list(data = "apiclus1", weights = ~pw, ids = ~dnum, fpc = ~fpc),
  srs = list(data = "apisrs"))

# ---- the decomposition as a function of the weights ------------------------------------------------------------------------
fitted_coef <- function(formula, d, w, curved) {
  d$w_ <- w; d <- d[w > 0, ]
  environment(formula) <- environment()
  if (curved) coef(glm(formula, family = quasibinomial(), data = d, weights = w_, control = list(epsilon = 1e-14, maxit = 60)))
  else coef(lm(formula, data = d, weights = w_))
}
# levels as deviations from their mean: Yun (2005)
deviated <- function(x, b, deviation, groups) {
  term <- attr(x, "assign")
  if (deviation) for (t in groups) {
    at <- which(term == t); m <- sum(b[at]) / (length(at) + 1)
    x <- cbind(x, 1 - rowSums(x[, at, drop = FALSE])); b[1] <- b[1] + m; b[at] <- b[at] - m; b <- c(b, -m); term <- c(term, t)
  }
  list(x = x, b = b, term = term)
}
parts_of <- function(a, d) {
  formula <- as.formula(a$formula); x <- model.matrix(formula, d); assign <- attr(x, "assign"); y <- d[[all.vars(formula)[1]]]
  first <- d[[a$by]] == a$groups[1]; terms <- seq_len(max(assign))
  labels <- attr(terms(formula), "term.labels"); classes <- sapply(labels, function(l) is.factor(d[[l]]) || is.character(d[[l]]))
  curved <- a$method != "oaxaca"
  function(w) {
    wa <- w * first; wb <- w * !first
    ba <- fitted_coef(formula, d, wa, curved); bb <- fitted_coef(formula, d, wb, curved)
    d$first_ <- as.numeric(first)
    share <- sum(wa) / sum(w)
    r <- switch(as.character(a$reference), first = ba, second = bb, reimers = (ba + bb) / 2, cotton = share * ba + (1 - share) * bb,
      neumark = fitted_coef(formula, d, w, curved),
      pooled = { whole <- fitted_coef(update(formula, . ~ . + first_), d, w, curved); b <- whole[names(ba)]
                 b[1] <- b[1] + share * whole["first_"]; b },
      as.numeric(a$reference) * ba + (1 - as.numeric(a$reference)) * bb)
    wide <- lapply(list(ba, bb, r), function(b) deviated(x, b, isTRUE(a$contrasts == "deviation"), which(classes)))
    xa <- colSums(wide[[1]]$x * wa) / sum(wa); xb <- colSums(wide[[1]]$x * wb) / sum(wb); term <- wide[[1]]$term
    ba2 <- wide[[1]]$b; bb2 <- wide[[2]]$b; r2 <- wide[[3]]$b
    by <- function(v, from) sapply(from:max(term), function(t) sum(v[term == t]))
    ma <- sum(wa * y) / sum(wa); mb <- sum(wb * y) / sum(wb); gap <- ma - mb
    if (isTRUE(a$parts == "three")) {
      e <- (xa - xb) * bb2; k <- xb * (ba2 - bb2); i <- (xa - xb) * (ba2 - bb2)
      return(unname(c(ma, mb, gap, sum(e), by(e, 1), sum(k), by(k, 0), sum(i), by(i, 1))))
    }
    e <- (xa - xb) * r2; u <- xa * (ba2 - r2) + xb * (r2 - bb2)
    if (curved) {
      p <- plogis(drop(x %*% r)); whole <- sum(wa * p) / sum(wa) - sum(wb * p) / sum(wb)
      e <- e / sum(e) * whole; u <- u / sum(u) * (gap - whole)
    }
    unname(c(ma, mb, gap, sum(e), by(e, 1), sum(u), by(u, 0)))
  }
}
# ---- Fairlie, of two groups of the same size, all orders of the terms -------------------------------------------------------
orders <- function(n) if (n == 1) matrix(1) else do.call(rbind, lapply(1:n, function(i) cbind(i, (1:n)[-i][orders(n - 1)] |> matrix(ncol = n - 1))))
fairlie <- function(a, d) {
  formula <- as.formula(a$formula); x <- model.matrix(formula, d); term <- attr(x, "assign")
  first <- d[[a$by]] == a$groups[1]; b <- fitted_coef(formula, d, rep(1, nrow(d)), TRUE); p <- plogis(drop(x %*% b))
  ranked <- lapply(list(first, !first), function(g) which(g)[order(p[g])])
  by_order <- apply(orders(max(term)), 1, function(o) {
    now <- x[ranked[[2]], ]; found <- numeric(max(term))
    for (t in o) { before <- mean(plogis(now %*% b)); now[, term == t] <- x[ranked[[1]], term == t]; found[t] <- mean(plogis(now %*% b)) - before }
    found })
  list(estimate = rowMeans(by_order), explained = mean(p[first]) - mean(p[!first]))
}

found <- list()
case <- function(id, r_call, ..., rtol = 1e-7) {
  a <- list(...); s <- DESIGNS[[a$design]]; d <- load(s$data)
  if (!is.null(a$balanced)) d <- do.call(rbind, lapply(a$groups, function(g) head(d[d[[a$by]] == g, ], a$balanced)))
  if (a$method == "fairlie") values <- fairlie(a, d)
  else {
    full <- svydesign(if (is.null(s$ids)) ~1 else s$ids, strata = s$strata, weights = s$weights, fpc = s$fpc, data = d)
    design <- full[which(d[[a$by]] %in% a$groups), ]; inside <- design$variables; estimate <- parts_of(a, inside)
    w <- weights(design); at <- estimate(w)
    if (is.null(a$replicates)) {
      h <- 1e-4
      z <- t(sapply(seq_along(w), function(i) { up <- w; down <- w; up[i] <- w[i] * (1 + h); down[i] <- w[i] * (1 - h)
        (estimate(up) - estimate(down)) / (2 * h) }))
      whole <- matrix(0, nrow(d), length(at)); whole[which(d[[a$by]] %in% a$groups), ] <- z
      v <- svyrecvar(whole, full$cluster, full$strata, full$fpc, postStrata = full$postStrata)
    } else {
      rep <- subset(as.svrepdesign(full, type = a$replicates), eval(d[[a$by]] %in% a$groups))
      v <- vcov(withReplicates(rep, function(w, data) estimate(w)))
    }
    values <- list(estimate = at, vcov = unname(as.matrix(v)), df = degf(design))
  }
  a$data <- s$data
  found[[length(found) + 1]] <<- list(id = paste0("v.", id), topic = "decomposition", data = list(s$data), spec = "", args = a,
                                      r_call = r_call, values = values, rtol = rtol, note = "")
}
D <- "lm, weighted means, derivatives by weight, svyrecvar"; G <- "glm, weighted means, derivatives by weight, svyrecvar"
R <- "lm or glm, withReplicates"
F <- "api00 ~ ell + meals + stype"; B <- "high ~ ell + meals + stype"
for (r in c("pooled", "neumark", "first", "second", "cotton", "reimers", "0.3"))
  case(paste0("oaxaca.strat.", r), D, design = "strat", formula = F, by = "sch_wide", groups = c("No", "Yes"), method = "oaxaca", reference = r)
case("oaxaca.clus1", D, design = "clus1", formula = "api00 ~ ell + meals + stype", by = "awards", groups = c("Yes", "No"), method = "oaxaca", reference = "pooled")
case("oaxaca.domain", D, design = "strat", formula = "api00 ~ ell + meals + awards", by = "stype", groups = c("M", "H"), method = "oaxaca", reference = "pooled")
case("three.strat", D, design = "strat", formula = F, by = "sch_wide", groups = c("No", "Yes"), method = "oaxaca", reference = "pooled", parts = "three")
case("deviation.strat", D, design = "strat", formula = F, by = "sch_wide", groups = c("No", "Yes"), method = "oaxaca", reference = "pooled", contrasts = "deviation")
case("linear.probability", D, design = "strat", formula = B, by = "awards", groups = c("No", "Yes"), method = "oaxaca", reference = "pooled")
for (r in c("pooled", "neumark", "first", "second", "cotton"))
  case(paste0("yun.strat.", r), G, design = "strat", formula = "high ~ ell + meals", by = "awards", groups = c("No", "Yes"), method = "yun", reference = r, rtol = 1e-6)
case("yun.deviation", G, design = "strat", formula = "high ~ meals + stype", by = "awards", groups = c("No", "Yes"), method = "yun", reference = "pooled", contrasts = "deviation", rtol = 1e-6)
case("oaxaca.jkn", R, design = "strat", formula = F, by = "sch_wide", groups = c("No", "Yes"), method = "oaxaca", reference = "pooled", replicates = "JKn")
case("yun.jk1", R, design = "srs", formula = "high ~ ell + meals", by = "awards", groups = c("No", "Yes"), method = "yun", reference = "neumark", replicates = "JK1")
case("fairlie.orders", "glm, all orders of exchange", design = "srs", formula = "high ~ ell + meals + mobility", by = "stype", groups = c("E", "H"), method = "fairlie", reference = "neumark", balanced = 22)

out <- list(schema = 1, area = "v_decompositions", made_with = paste(R.version.string, "survey", packageVersion("survey")), datasets = setNames(list(), character()), cases = found)
write(toJSON(out, auto_unbox = TRUE, digits = I(15), null = "null", na = "null"), file.path(refs, "decompositions_values.json"))
