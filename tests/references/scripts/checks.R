# Makes tests/references/checks.json: Rscript tests/references/scripts/checks.R
# R 4.2 with Debian's r-cran-survey and r-cran-jsonlite. Planning, corrected p-values, square tables, trends, agreement and
# checks of non-response. Nothing is random.
suppressPackageStartupMessages({library(survey); library(jsonlite)})
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
refs <- dirname(here)
load <- function(name) {
  d <- read.csv(file.path(refs, "data", paste0(name, ".csv")), na.strings = "", check.names = FALSE)
  names(d) <- gsub(".", "_", names(d), fixed = TRUE); d
}
found <- list()
case <- function(id, topic, args, values, r_call, data = list(), rtol = 1e-9, note = "")
  found[[length(found) + 1]] <<- list(id = paste0("p.", id), topic = topic, data = data, spec = "", args = args,
                                      r_call = r_call, values = values, rtol = rtol, note = note)

# ---- planning ---------------------------------------------------------------------------------------------------------
exact <- 1e-13
gap <- function(n1, n2, p1, power, level, deff, pooled, sign) {
  excess <- function(g) {
    p2 <- min(max(p1 + sign * g, 0), 1); p <- (n1 * p1 + n2 * p2) / (n1 + n2)
    true <- sqrt(deff * (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2))
    tested <- if (pooled) sqrt(deff * p * (1 - p) * (1 / n1 + 1 / n2)) else true
    g - qnorm(1 - level / 2) * tested - qnorm(power) * true
  }
  room <- if (sign > 0) 1 - p1 else p1
  if (excess(room) <= 0) NA else sign * uniroot(excess, c(0, room), tol = exact)$root
}
for (a in list(list(n = 57, p1 = 0.5, power = 0.8, level = 0.05), list(n = 214, p1 = 0.2, power = 0.9, level = 0.01))) {
  p2 <- power.prop.test(n = a$n, p1 = a$p1, power = a$power, sig.level = a$level, tol = exact)$p2
  case(paste0("gap.prop.", a$n), "difference", list(n1 = a$n, n2 = a$n, share = a$p1, power = a$power,
       confidence = 1 - a$level, deff = 1, variance = "pooled"), list(higher = p2 - a$p1), "power.prop.test", rtol = 1e-8)
}
for (a in list(list(57, 157, 0.5, 0.8, 0.05, 1, TRUE), list(57, 157, 0.5, 0.8, 0.05, 1, FALSE), list(57, 157, 0.1, 0.9, 0.05, 1.6, TRUE),
               list(1000, 40, 0.85, 0.8, 0.1, 1, FALSE), list(12, 9, 0.9, 0.8, 0.05, 1, TRUE)))
  case(paste("gap", a[[1]], a[[2]], a[[3]], if (a[[7]]) "pooled" else "unpooled", sep = "."), "difference",
       list(n1 = a[[1]], n2 = a[[2]], share = a[[3]], power = a[[4]], confidence = 1 - a[[5]], deff = a[[6]],
            variance = if (a[[7]]) "pooled" else "unpooled"),
       list(higher = do.call(gap, c(unname(a), 1)), lower = do.call(gap, c(unname(a), -1))), "uniroot of the power", rtol = 1e-8)
for (a in list(list(p1 = 0.5, p2 = 0.65, power = 0.8, level = 0.05), list(p1 = 0.1, p2 = 0.2, power = 0.9, level = 0.05),
               list(p1 = 0.7, p2 = 0.4, power = 0.8, level = 0.01)))
  case(paste("size.prop", a$p1, a$p2, sep = "."), "size", list(difference = a$p2 - a$p1, share = a$p1, power = a$power,
       confidence = 1 - a$level), list(n = power.prop.test(p1 = a$p1, p2 = a$p2, power = a$power, sig.level = a$level,
       tol = exact)$n), "power.prop.test")
for (a in list(list(n = 57, power = 0.8, level = 0.05), list(n = 15, power = 0.95, level = 0.01)))
  case(paste0("gap.t.", a$n), "mean", list(n1 = a$n, n2 = a$n, power = a$power, confidence = 1 - a$level, deff = 1),
       list(d = power.t.test(n = a$n, sd = 1, power = a$power, sig.level = a$level, tol = exact)$delta), "power.t.test", rtol = 1e-8)
for (a in list(list(57, 157, 0.8, 0.05, 1), list(8, 30, 0.9, 0.05, 1.5))) {
  power <- function(d) pt(qt(1 - a[[4]] / 2, a[[1]] + a[[2]] - 2), a[[1]] + a[[2]] - 2, d / sqrt(a[[5]] * (1 / a[[1]] + 1 / a[[2]])),
                          lower.tail = FALSE) - a[[3]]
  case(paste("gap.t", a[[1]], a[[2]], sep = "."), "mean", list(n1 = a[[1]], n2 = a[[2]], power = a[[3]], confidence = 1 - a[[4]],
       deff = a[[5]]), list(d = uniroot(power, c(0, 10), tol = exact)$root), "uniroot of the noncentral t", rtol = 1e-8)
}
for (a in list(list(d = 0.5, power = 0.8, level = 0.05), list(d = 0.2, power = 0.9, level = 0.05), list(d = 1.2, power = 0.8, level = 0.05)))
  case(paste0("size.t.", a$d), "size_mean", list(difference = a$d, power = a$power, confidence = 1 - a$level),
       list(n = power.t.test(delta = a$d, sd = 1, power = a$power, sig.level = a$level, tol = exact)$n), "power.t.test")

# ---- corrected p-values -----------------------------------------------------------------------------------------------
families <- list(five = list(0.01, 0.04, 0.03, 0.005, 0.2), ties = list(0.02, 0.02, 0.5, 1, 0, 0.9, 0.02),
  missing = list(0.01, NULL, 0.04, NULL, 0.03), one = list(0.3), tiny = list(1e-300, 1e-12, 0.5, 0.049, 0.051, 0.012, 0.0124, 0.3),
  many = as.list(round(((1:40 * 37) %% 41 / 41)^3, 6)))
for (name in names(families)) {
  p <- sapply(families[[name]], function(x) if (is.null(x)) NA else x)
  case(paste0("adjust.", name), "adjust", list(p = families[[name]]), lapply(c(holm = "holm", bonferroni = "bonferroni",
       hochberg = "hochberg", hommel = "hommel", benjamini_hochberg = "BH", benjamini_yekutieli = "BY", none = "none"),
       function(m) as.list(p.adjust(p, m))), "p.adjust", rtol = 1e-12)
}

# ---- square tables ----------------------------------------------------------------------------------------------------
stuart <- function(x) {
  d <- (rowSums(x) - colSums(x))[-nrow(x)]; S <- -(x + t(x)); diag(S) <- rowSums(x) + colSums(x) - 2 * diag(x)
  S <- S[-nrow(x), -nrow(x)]; q <- as.numeric(d %*% solve(S, d)); n <- sum(x); b <- q / (1 - q / n)
  list(stuart = q, stuart_p = pchisq(q, length(d), lower.tail = FALSE), bhapkar = b)
}
square <- function(x) {
  b <- suppressWarnings(mcnemar.test(x, correct = FALSE))
  c(list(bowker = unname(b$statistic), bowker_df = unname(b$parameter), bowker_p = b$p.value), stuart(x))
}
vision <- matrix(c(1520, 266, 124, 66, 234, 1512, 432, 78, 117, 362, 1772, 205, 36, 82, 179, 492), 4, byrow = TRUE)
three <- matrix(c(20, 10, 5, 3, 30, 15, 1, 5, 40), 3, byrow = TRUE)
two <- matrix(c(30, 12, 4, 25), 2, byrow = TRUE)
tables <- list(vision = vision, three = three, two = two)
for (name in names(tables))
  case(paste0("square.", name), "square", list(counts = tables[[name]]), square(tables[[name]]),
       "mcnemar.test(correct = FALSE), formula of Stuart (1955)", note = if (name == "vision") "right eye (rows), left eye; 7,477 women" else "")

# ---- trends -----------------------------------------------------------------------------------------------------------
ca <- function(yes, n, score) { t <- prop.trend.test(yes, n, score); list(statistic = unname(t$statistic), p = t$p.value) }
case("trend.smokers", "cochran_armitage", list(yes = c(83, 90, 129, 70), n = c(86, 93, 136, 82), score = 1:4),
     ca(c(83, 90, 129, 70), c(86, 93, 136, 82), 1:4), "prop.trend.test")
case("trend.alcohol", "cochran_armitage", list(yes = c(48, 38, 5, 1, 1), n = c(17114, 14502, 793, 127, 38), score = c(0, 0.5, 1.5, 4, 7)),
     ca(c(48, 38, 5, 1, 1), c(17114, 14502, 793, 127, 38), c(0, 0.5, 1.5, 4, 7)), "prop.trend.test",
     note = "Agresti: alcohol and infant malformation")
linear <- function(x) {
  d <- data.frame(r = rep(row(x), x), c = rep(col(x), x)); m <- (nrow(d) - 1) * cor(d$r, d$c)^2
  list(statistic = m, p = pchisq(m, 1, lower.tail = FALSE), correlation = cor(d$r, d$c), slope = unname(coef(lm(r ~ c, d))[2]))
}
case("trend.linear", "linear_by_linear", list(counts = three), linear(three), "(n - 1) cor^2, lm")

# ---- designs ----------------------------------------------------------------------------------------------------------
designs <- list(
  strat = list(args = list(data = "apistrat", weights = "pw", strata = "stype", population = "fpc"),
    make = function(d) svydesign(~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = d)),
  clus1 = list(args = list(data = "apiclus1", weights = "pw", clusters = "dnum", population = "fpc"),
    make = function(d) svydesign(~dnum, weights = ~pw, fpc = ~fpc, data = d)),
  weights = list(args = list(data = "apiclus2", weights = "pw"), make = function(d) svydesign(~1, weights = ~pw, data = d)))
bands <- function(d) {
  d$now <- cut(d$api00, c(-Inf, 550, 650, 750, Inf), labels = FALSE); d$before <- cut(d$api99, c(-Inf, 550, 650, 750, Inf), labels = FALSE)
  d$poor <- cut(d$meals, c(-Inf, 25, 50, 75, Inf), labels = FALSE); d$met <- as.numeric(d$awards == "Yes")
  d$big <- as.numeric(d$enroll > 600); d$later <- as.numeric(d$snum > median(d$snum)); d
}
for (name in names(designs)) {
  a <- designs[[name]]$args; d <- bands(load(a$data)); des <- designs[[name]]$make(d); k <- 4; df <- degf(des)
  cells <- svymean(~interaction(factor(now, 1:k), factor(before, 1:k)), des)
  L <- t(sapply(1:k, function(i) as.numeric(outer(1:k == i, rep(1, k))) - as.numeric(outer(rep(1, k), 1:k == i))))
  gap <- as.numeric(L %*% coef(cells)); V <- L %*% vcov(cells) %*% t(L); q <- k - 1
  W <- as.numeric(gap[-k] %*% solve(V[-k, -k], gap[-k])); f <- W * (df - q + 1) / (q * df)
  case(paste0("margins.", name), "margins", a, list(statistic = f, df = q, below = df - q + 1,
       p = pf(f, q, df - q + 1, lower.tail = FALSE)), "svymean of the cells, Wald", data = list(a$data), rtol = 1e-8)
  fit <- svyglm(now ~ poor, des); s <- summary(fit)$coefficients
  bin <- svyglm(met ~ poor, des); b <- summary(bin)$coefficients
  case(paste0("slope.", name), "slope", a, list(slope = s[2, 1], se = s[2, 2], t = s[2, 3], p = s[2, 4], df = df - 1,
       low = confint(fit)[2, 1], high = confint(fit)[2, 2], binary = b[2, 1], binary_t = b[2, 3], binary_p = b[2, 4]),
       "svyglm(now ~ poor), svyglm(met ~ poor)", data = list(a$data), rtol = 1e-8)
  kap <- svykappa(~now + before, update(des, now = factor(now), before = factor(before)))
  steps <- abs(outer(1:k, 1:k, "-")); p <- matrix(coef(cells), k)
  weighted <- sapply(list(linear = 1 - steps / (k - 1), quadratic = 1 - (steps / (k - 1))^2), function(A) {
    po <- sum(A * p); pe <- sum(A * outer(rowSums(p), colSums(p)))
    dpe <- outer(as.numeric(A %*% colSums(p)), as.numeric(t(A) %*% rowSums(p)), "+")
    g <- as.numeric(A / (1 - pe) - (1 - po) / (1 - pe)^2 * dpe)
    c((po - pe) / (1 - pe), sqrt(as.numeric(g %*% vcov(cells) %*% g))) })
  case(paste0("kappa.", name), "kappa", a, list(kappa = unname(coef(kap)), se = as.numeric(SE(kap)), df = df,
       linear = weighted[1, 1], linear_se = weighted[2, 1], quadratic = weighted[1, 2], quadratic_se = weighted[2, 2]),
       "svykappa; formula for weights", data = list(a$data), rtol = 1e-8)
  known <- c(0.3, 0.25, 0.25, 0.2); g <- svygofchisq(~factor(now), p = known, design = des)
  m <- svymean(~factor(now), des); n <- nrow(d); x2 <- n * sum((coef(m) - known)^2 / known)
  l <- eigen(n * vcov(m) / sqrt(outer(known, known)))$values; tr <- sum(l); dd <- tr^2 / sum(l^2)
  case(paste0("fit.", name), "fit", c(a, list(known = known)), list(r_ratio = unname(g$statistic / g$parameter["scale"]),
       r_df = unname(g$parameter["df"]), r_p = g$p.value, x2 = x2, f = x2 / tr, d = dd, p = pf(x2 / tr, dd, dd * df, lower.tail = FALSE),
       first_p = pchisq(x2 / mean(l[1:3]), 3, lower.tail = FALSE), estimate = unname(coef(m)) - known, se = as.numeric(SE(m))),
       "svygofchisq; svymean and formula", data = list(a$data), rtol = 1e-8,
       note = "svygofchisq also counts the variance of the estimated population size; in strat it has none")
  deff <- svymean(~factor(now), des, deff = "replace")
  case(paste0("deff.", name), "deff", a, list(se = as.numeric(SE(deff)), deff = unname(deff(deff)),
       margin = as.numeric(SE(deff)) * qt(0.975, df)), "svymean(deff = 'replace')", data = list(a$data), rtol = 1e-8)
  t1 <- svyttest(api00 ~ later, des); t2 <- svyttest(big ~ later, des)
  x <- svychisq(~now + later, des); y <- svychisq(~big + later, subset(des, !is.na(big)))
  case(paste0("late.", name), "late", a, list(mean = unname(t1$estimate), mean_t = unname(t1$statistic), mean_df = unname(t1$parameter),
       mean_p = t1$p.value, share = unname(t2$estimate), share_low = confint(t2)[1], share_high = confint(t2)[2],
       share_p = y$p.value, now_p = x$p.value), "svyttest, svychisq", data = list(a$data), rtol = 1e-8,
       note = "svychisq on those who answered, so that its degrees of freedom are theirs")
}

# ---- replicates -------------------------------------------------------------------------------------------------------
a <- list(data = "apiclus1", weights = "pw", clusters = "dnum"); d <- bands(load(a$data))
rep <- as.svrepdesign(svydesign(~dnum, weights = ~pw, data = d), type = "JK1")
fit <- svyglm(now ~ poor, rep); s <- summary(fit)$coefficients
again <- function(w) {
  p <- unclass(xtabs(w ~ factor(d$now, 1:4) + factor(d$before, 1:4))) / sum(w); e <- sum(rowSums(p) * colSums(p)); (sum(diag(p)) - e) / (1 - e)
}
each <- apply(weights(rep, "analysis"), 2, again); k <- again(weights(rep, "sampling"))
m <- svymean(~factor(now), rep); t1 <- svyttest(api00 ~ later, rep)
case("replicates.JK1", "replicates", a, list(slope = s[2, 1], t = s[2, 3], p = s[2, 4], kappa = k, se = sqrt((length(each) - 1) / length(each) * sum((each - mean(each))^2)),
     share_se = as.numeric(SE(m)), mean = unname(t1$estimate), mean_t = unname(t1$statistic), mean_p = t1$p.value),
     "as.svrepdesign(type = JK1): svyglm, kappa of every replicate, svymean, svyttest", data = list(a$data), rtol = 1e-7,
     note = "svykappa carries the covariance of the shares over instead: 0.0365")

# ---- exact multinomial, by counting -----------------------------------------------------------------------------------
for (a in list(list(counts = c(8, 2), p = c(0.5, 0.5)), list(counts = c(5, 3, 0), p = c(0.2, 0.5, 0.3)),
               list(counts = c(7, 1, 2, 2), p = c(0.25, 0.25, 0.3, 0.2)))) {
  n <- sum(a$counts); all <- expand.grid(rep(list(0:n), length(a$p))); all <- all[rowSums(all) == n, ]
  each <- apply(all, 1, dmultinom, prob = a$p); at <- dmultinom(a$counts, prob = a$p)
  chi <- suppressWarnings(chisq.test(a$counts, p = a$p))
  case(paste0("multinomial.", length(a$p)), "multinomial", a, list(p = sum(each[each <= at * (1 + 1e-7)]),
       x2 = unname(chi$statistic), chi_p = chi$p.value), "dmultinom over all samples, chisq.test(p = )")
}
write_json(list(schema = 1, area = "p_checks", made_with = paste(R.version.string, "survey", packageVersion("survey")),
                datasets = setNames(list(), character()), cases = found),
           if (length(commandArgs(TRUE))) commandArgs(TRUE)[1] else file.path(refs, "checks.json"),
           auto_unbox = TRUE, digits = NA, na = "null", null = "null")
