# Makes tests/references/estimates_values.json: Rscript tests/references/scripts/estimates.R
# R 4.2 with Debian's r-cran-survey and r-cran-jsonlite: ratios, totals through ratios, variances, correlations, Cronbach's
# alpha, design effects, contrasts, differences, standardised means. Every case says in `args` what it rests on. Nothing is
# random.
suppressPackageStartupMessages({library(survey); library(jsonlite)})
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
refs <- dirname(here)
areas <- lapply(c("a_descriptives", "b_designreg", "c_classical"), function(a) read_json(file.path(refs, paste0(a, ".json"))))

# ---- data and designs -------------------------------------------------------------------------------------------------
load <- function(name) {
  d <- read.csv(file.path(refs, "data", paste0(name, ".csv")), na.strings = "", check.names = FALSE)
  for (a in areas) for (f in names(a$datasets[[name]]$factor_levels))
    if (f %in% names(d)) d[[f]] <- factor(as.character(d[[f]]), levels = unlist(a$datasets[[name]]$factor_levels[[f]]))
  setNames(d, gsub(".", "_", names(d), fixed = TRUE))
}
# every 7th row of `lost`, from the third, has no answer
made <- function(a) { d <- load(a$data); for (name in unlist(a$lost)) d[[name]][seq(3, nrow(d), 7)] <- NA; d }
DESIGNS <- list(
  strat = list(data = "apistrat", weights = "pw", strata = "stype", population = "fpc"),
  clus1 = list(data = "apiclus1", weights = "pw", clusters = "dnum", population = "fpc"),
  clus1nf = list(data = "apiclus1", weights = "pw", clusters = "dnum"),
  clus2 = list(data = "apiclus2", clusters = list("dnum", "snum"), population = list("fpc1", "fpc2")),
  srs = list(data = "apisrs", weights = "pw", population = "fpc"),
  nhanes = list(data = "nhanes", weights = "WTMEC2YR", strata = "SDMVSTRA", clusters = "SDMVPSU"))
formula_of <- function(names) if (is.null(names)) NULL else reformulate(unlist(names))
design_of <- function(a) {
  s <- DESIGNS[[a$design]]; d <- made(a)
  full <- svydesign(if (is.null(s$clusters)) ~1 else formula_of(s$clusters), strata = formula_of(s$strata),
                    weights = formula_of(s$weights), fpc = formula_of(s$population), data = d, nest = TRUE)
  if (!is.null(a$post)) full <- postStratify(full, formula_of(a$post$by),
    setNames(data.frame(names(a$post$totals), unlist(a$post$totals)), c(a$post$by, "Freq")))
  if (!is.null(a$replicates)) full <- as.svrepdesign(full, type = a$replicates)
  full
}
# the domain that is asked for, and in it those who answered all of `names`
domain <- function(a, names) {
  full <- design_of(a); d <- full$variables
  keep <- complete.cases(d[unlist(names)])
  if (!is.null(a$where)) keep <- keep & with(d, eval(parse(text = a$where)))
  full[which(keep), ]
}
square <- function(v) unname(as.matrix(v))
plain <- function(x) as.numeric(x)
groups_of <- function(v, by) levels(factor(v[[by]]))
only <- function(design, by, g) design[which(design$variables[[by]] == g), ]
replicated <- function(design) inherits(design, "svyrep.design")

# ---- what is estimated: each returns a list of values -----------------------------------------------------------------
ratios <- function(a) {
  design <- domain(a, c(a$numerator, a$denominator, a$by))
  if (is.null(a$by)) {
    found <- svyratio(formula_of(a$numerator), formula_of(a$denominator), design, covmat = TRUE)
    return(list(estimate = plain(found$ratio), vcov = square(found$vcov), df = degf(design)))
  }
  parts <- lapply(groups_of(design$variables, a$by), function(g) {
    own <- only(design, a$by, g); r <- svyratio(formula_of(a$numerator), formula_of(a$denominator), own)
    c(plain(coef(r)), plain(SE(r)), degf(own)) })
  found <- do.call(rbind, parts)
  list(names = groups_of(design$variables, a$by), estimate = found[, 1], se = found[, 2], df = found[, 3])
}
ratio_total <- function(a) {
  design <- domain(a, c(a$numerator, a$denominator, a$by))
  if (is.null(a$by)) {
    found <- predict(svyratio(formula_of(a$numerator), formula_of(a$denominator), design), total = a$totals)
    return(list(total = plain(found$total), se = plain(found$se)))
  }
  if (!is.null(a$separate)) {  # strata: R's own; estimates of different strata are independent
    found <- predict(svyratio(formula_of(a$numerator), formula_of(a$denominator), design, separate = TRUE), total = unlist(a$totals))
    return(list(total = plain(found$total), se = plain(found$se)))
  }
  # other groups: the delta method on the totals of both questions in every group, jointly
  names <- names(a$totals); parts <- character()
  for (g in names) for (v in c(a$numerator, a$denominator)) {
    part <- paste0("part_", length(parts) + 1); parts <- c(parts, part)
    design$variables[[part]] <- design$variables[[v]] * (design$variables[[a$by]] == g)
  }
  totals <- svytotal(reformulate(parts), design)
  said <- paste(sprintf("%.15g * part_%d / part_%d", unlist(a$totals), 2 * seq_along(names) - 1, 2 * seq_along(names)), collapse = " + ")
  found <- svycontrast(totals, parse(text = said)[[1]])
  list(total = plain(coef(found)), se = plain(SE(found)))
}
spread <- function(a) {
  design <- domain(a, c(a$questions, a$by))
  one <- function(d) { v <- svyvar(formula_of(a$questions), d); k <- length(a$questions)
    upper <- which(t(upper.tri(diag(k), diag = TRUE)))  # row by row
    var <- if (k == 1) as.matrix(attr(v, "var")) else attr(v, "var")[upper, upper, drop = FALSE]
    list(estimate = plain(t(as.matrix(v)))[upper], vcov = square(var)) }
  if (is.null(a$by)) return(c(one(design), df = degf(design)))
  parts <- lapply(groups_of(design$variables, a$by), function(g) one(only(design, a$by, g)))
  list(names = groups_of(design$variables, a$by), estimate = t(sapply(parts, function(p) p$estimate)),
       se = t(sapply(parts, function(p) sqrt(diag(p$vcov)))))
}
# Delta method on raw moments of the first two questions (centred once, which changes no correlation); under replicate
# weights cov.wt again
correlated <- function(a) {
  design <- domain(a, a$questions)
  if (replicated(design)) {
    found <- withReplicates(design, function(w, d) {
      r <- cov.wt(as.matrix(d[unlist(a$questions)]), wt = w / sum(w), cor = TRUE, method = "ML")$cor; r[lower.tri(r)] })
    return(list(estimate = plain(coef(found)), vcov = square(vcov(found))))
  }
  w <- weights(design); names <- unlist(a$questions); k <- length(names)
  for (i in seq_len(k)) { y <- design$variables[[names[i]]]
    centred <- y - sum((w * y)[w > 0]) / sum(w); centred[is.na(centred)] <- 0
    design$variables[[paste0("x", i)]] <- centred / sqrt(sum(w * centred^2) / sum(w)) }
  pairs <- combn(k, 2); moments <- character()
  for (i in seq_len(k)) for (j in i:k) { m <- paste0("x", i, "x", j); moments <- c(moments, m)
    design$variables[[m]] <- design$variables[[paste0("x", i)]] * design$variables[[paste0("x", j)]] }
  m <- svymean(reformulate(c(paste0("x", seq_len(k)), moments)), design)
  said <- apply(pairs, 2, function(p) sprintf("(x%1$dx%2$d - x%1$d * x%2$d) / sqrt((x%1$dx%1$d - x%1$d^2) * (x%2$dx%2$d - x%2$d^2))", p[1], p[2]))
  at <- as.list(coef(m))
  jacobian <- t(sapply(said, function(s) sapply(names(coef(m)), function(v) eval(D(parse(text = s)[[1]], v), at))))
  list(estimate = sapply(said, function(s) eval(parse(text = s), at), USE.NAMES = FALSE),
       vcov = square(jacobian %*% vcov(m) %*% t(jacobian)))
}
reliability <- function(a) {
  design <- domain(a, a$questions); k <- length(a$questions)
  if (replicated(design)) {
    found <- withReplicates(design, function(w, d) {
      v <- cov.wt(as.matrix(d[unlist(a$questions)]), wt = w / sum(w), method = "ML")$cov; k / (k - 1) * (1 - sum(diag(v)) / sum(v)) })
    return(list(estimate = plain(coef(found)), se = plain(SE(found))))
  }
  v <- svyvar(formula_of(a$questions), design); own <- sum(diag(as.matrix(v))); all <- sum(as.matrix(v))
  j <- k / (k - 1) * (own / all^2 - as.numeric(diag(k)) / all)
  list(estimate = svycralpha(formula_of(a$questions), design), se = sqrt(plain(j %*% attr(v, "var") %*% j)))
}
effects <- function(a) {
  design <- domain(a, c(a$questions, a$by)); f <- formula_of(a$questions)
  verb <- if (a$of == "mean") svymean else svytotal
  how <- if (a$replacement) "replace" else TRUE
  if (is.null(a$by)) return(list(deff = plain(deff(verb(f, design, deff = how)))))
  found <- t(sapply(groups_of(design$variables, a$by), function(g) deff(verb(f, only(design, a$by, g), deff = how))))
  list(names = groups_of(design$variables, a$by), deff = matrix(found, nrow = length(groups_of(design$variables, a$by))))
}
contrasted <- function(a) {
  design <- domain(a, c(a$questions, a$by)); f <- formula_of(a$questions)
  verb <- list(mean = svymean, total = svytotal)[[a$of]]
  source <- if (is.null(a$by)) verb(f, design) else svyby(f, formula_of(a$by), design, verb, covmat = TRUE)
  found <- lapply(a$r, function(said) svycontrast(source, parse(text = said)[[1]]))
  list(estimate = sapply(found, function(x) plain(coef(x))), se = sapply(found, function(x) plain(SE(x))))
}
compared <- function(a) {
  design <- domain(a, c(a$questions, a$by)); f <- formula_of(a$questions); by <- a$by
  source <- svyby(f, formula_of(by), design, svymean, covmat = TRUE); groups <- groups_of(design$variables, by)
  b <- coef(source); v <- vcov(source); n <- length(b) / length(groups); d <- sapply(groups, function(g) degf(only(design, by, g)))
  rows <- do.call(rbind, lapply(seq_len(n), function(j) t(combn(length(groups), 2) + (j - 1) * length(groups))))
  lifted <- t(apply(rows, 1, function(p) { x <- numeric(length(b)); x[p[2]] <- 1; x[p[1]] <- -1; x }))
  est <- plain(lifted %*% b); se <- sqrt(diag(lifted %*% v %*% t(lifted)))
  df <- apply((rows - 1) %% length(groups) + 1, 1, function(p) min(d[p]))
  p <- 2 * pt(-abs(est / se), df)
  list(estimate = est, se = se, df = df, p = p, holm = p.adjust(p, "holm"), fdr = p.adjust(p, "BH"))
}
standard <- function(a) {
  full <- design_of(a); d <- full$variables
  keep <- complete.cases(d[c(unlist(a$over), unlist(a$by))])
  if (!is.null(a$where)) keep <- keep & with(d, eval(parse(text = a$where)))
  full <- full[which(keep), ]
  for (name in c(unlist(a$over), unlist(a$by))) full$variables[[name]] <- factor(full$variables[[name]])
  made <- svystandardize(full, by = formula_of(a$over), over = if (is.null(a$by)) ~1 else formula_of(a$by),
                         population = unlist(a$population), excluding.missing = formula_of(a$question))
  if (is.null(a$by)) { m <- svymean(formula_of(a$question), made); return(list(estimate = plain(coef(m)), se = plain(SE(m)))) }
  found <- svyby(formula_of(a$question), formula_of(a$by), svymean, design = made)
  list(names = apply(found[unlist(a$by)], 1, function(r) paste(trimws(r), collapse = "|")), estimate = plain(coef(found)), se = plain(SE(found)))
}
VERBS <- list(ratio = ratios, ratio_total = ratio_total, variance = spread, correlation = correlated, alpha = reliability,
              deff = effects, contrast = contrasted, differences = compared, standardised = standard)

found <- list()
case <- function(id, topic, ..., r_call, rtol = 1e-9) {
  args <- list(...); args$data <- DESIGNS[[args$design]]$data; args$asked <- DESIGNS[[args$design]][-1]
  cat(id, "\n", file = stderr())
  values <- suppressWarnings(VERBS[[topic]](args))
  found[[length(found) + 1]] <<- list(id = paste0("s.", topic, ".", id), topic = topic, data = list(args$data), spec = "", args = args,
                                      r_call = r_call, values = values, rtol = rtol)
}
POST <- list(by = "stype", totals = list(E = 4421, H = 755, M = 1018))

# ---- cases ------------------------------------------------------------------------------------------------------------
R <- "svyratio(covmat = TRUE)"
case("strat.two", "ratio", design = "strat", numerator = c("api_stu", "target"), denominator = c("enroll", "api99"), lost = "enroll", r_call = R)
case("clus1.by", "ratio", design = "clus1", numerator = "api00", denominator = "api99", by = "stype", r_call = R)
case("clus2.by.domain", "ratio", design = "clus2", numerator = "api_stu", denominator = "enroll", by = "awards", where = "stype != 'H'", r_call = R)
case("clus1.jk1", "ratio", design = "clus1nf", numerator = c("api_stu", "target"), denominator = "enroll", replicates = "JK1", r_call = R)
case("strat.jkn.by", "ratio", design = "strat", numerator = "api_stu", denominator = "enroll", by = "awards", replicates = "JKn", r_call = R)
case("clus1.post", "ratio", design = "clus1", numerator = "api_stu", denominator = "enroll", post = POST, r_call = R)
case("nhanes", "ratio", design = "nhanes", numerator = "HI_CHOL", denominator = "RIAGENDR", by = "race", r_call = R)
P <- "predict(svyratio(), total)"
case("combined.clus1", "ratio_total", design = "clus1", numerator = "api_stu", denominator = "enroll", totals = 3811472, r_call = P)
case("combined.strat.domain", "ratio_total", design = "strat", numerator = "api00", denominator = "api99", totals = 2500000, where = "stype != 'M'", lost = "api99", r_call = P)
E3 <- list(E = 1877350, H = 1013824, M = 920298)
case("separate.strat", "ratio_total", design = "strat", numerator = "api00", denominator = "enroll", by = "stype", totals = E3, separate = TRUE, r_call = "predict(svyratio(separate = TRUE))")
case("separate.clus1", "ratio_total", design = "clus1", numerator = "api_stu", denominator = "enroll", by = "stype", totals = E3, r_call = "svycontrast(svytotal())")
case("separate.clus1.post", "ratio_total", design = "clus1", numerator = "api_stu", denominator = "enroll", by = "awards", totals = list(No = 1e6, Yes = 2e6), post = POST, r_call = "svycontrast(svytotal())")
V <- "svyvar"
case("strat.three", "variance", design = "strat", questions = c("api00", "enroll", "meals"), lost = c("enroll", "meals"), r_call = V)
case("clus2", "variance", design = "clus2", questions = c("api00", "enroll"), lost = "enroll", r_call = V)
case("clus1.by", "variance", design = "clus1", questions = c("api00", "ell"), by = "awards", r_call = "svyvar in each subset")
case("strat.domain", "variance", design = "strat", questions = "enroll", where = "meals > 40 & stype != 'M'", r_call = V)
case("clus1.post.domain", "variance", design = "clus1", questions = c("api00", "ell"), where = "enroll > 300", post = POST, r_call = V)
case("clus1.jk1", "variance", design = "clus1nf", questions = c("api00", "ell"), replicates = "JK1", r_call = V)
case("strat.jkn.by", "variance", design = "strat", questions = c("api00", "ell"), by = "awards", replicates = "JKn", r_call = V)
case("nhanes", "variance", design = "nhanes", questions = "HI_CHOL", by = "agecat", r_call = V)
C <- "svymean of the moments, delta method; cov.wt under replicates"
case("strat", "correlation", design = "strat", questions = c("api00", "enroll", "meals"), lost = "enroll", r_call = C)
case("clus1", "correlation", design = "clus1", questions = c("api00", "ell"), r_call = C)
case("clus2.domain", "correlation", design = "clus2", questions = c("api00", "enroll", "ell", "mobility"), where = "stype == 'E'", r_call = C)
case("clus1.post", "correlation", design = "clus1", questions = c("api00", "ell", "meals"), post = POST, r_call = C)
case("clus1.jk1", "correlation", design = "clus1nf", questions = c("api00", "ell", "meals"), replicates = "JK1", r_call = C)
case("strat.jkn", "correlation", design = "strat", questions = c("api00", "mobility"), replicates = "JKn", r_call = C)
A <- "svycralpha; delta method on svyvar, cov.wt under replicates"
case("strat", "alpha", design = "strat", questions = c("api00", "api99", "col_grad", "avg_ed"), r_call = A)
case("clus2", "alpha", design = "clus2", questions = c("meals", "ell", "not_hsg"), lost = "meals", r_call = A)
case("clus1.jk1", "alpha", design = "clus1nf", questions = c("meals", "ell", "not_hsg"), replicates = "JK1", r_call = A)
case("srs.two", "alpha", design = "srs", questions = c("some_col", "col_grad"), r_call = A)
D <- "deff(svymean), deff(svytotal)"
for (of in c("mean", "total")) for (replacement in c(TRUE, FALSE)) {
  tail <- paste(of, if (replacement) "wr" else "wor", sep = ".")
  case(paste0("strat.", tail), "deff", design = "strat", questions = "target", of = of, replacement = replacement, lost = "target", r_call = D)
  case(paste0("clus1.by.", tail), "deff", design = "clus1", questions = "enroll", by = "stype", of = of, replacement = replacement, r_call = D)
  case(paste0("clus2.share.", tail), "deff", design = "clus2", questions = "stype", of = of, replacement = replacement, where = "enroll > 200", r_call = D)
  case(paste0("clus1.post.", tail), "deff", design = "clus1", questions = c("api00", "ell"), of = of, replacement = replacement, post = POST, r_call = D)
  case(paste0("jkn.", tail), "deff", design = "strat", questions = c("api00", "ell"), of = of, replacement = replacement, replicates = "JKn", r_call = D)
}
case("nhanes.share.by", "deff", design = "nhanes", questions = "agecat", by = "race", of = "mean", replacement = FALSE, r_call = D)
S <- "svycontrast"
case("strat.mean", "contrast", design = "strat", questions = c("api00", "api99", "enroll"), of = "mean", r_call = S,
     r = c("api00 - api99", "2 * api00 - api99 / 3 + 7", "log(api00 / api99)", "sqrt(api00 * api99) / enroll^2", "exp(-enroll / 600) * api00"),
     said = c("api00 - api99", "2 * api00 - api99 / 3 + 7", "log(api00 / api99)", "sqrt(api00 * api99) / enroll ** 2", "exp(-enroll / 600) * api00"))
case("clus1.total", "contrast", design = "clus1", questions = c("enroll", "api_stu"), of = "total", r_call = S,
     r = c("api_stu / enroll", "(enroll - api_stu)^1.5"), said = c("api_stu / enroll", "(enroll - api_stu) ^ 1.5"))
case("clus2.by", "contrast", design = "clus2", questions = "api00", by = "stype", of = "mean", r_call = S,
     r = c("E - H", "(E + H) / 2 - M", "E / M"), said = c("E - H", "(E + H) / 2 - M", "api00|E / api00|M"))
case("clus1.jk1", "contrast", design = "clus1nf", questions = c("api00", "api99"), of = "mean", replicates = "JK1", r_call = S,
     r = c("api00 - api99", "log(api00 / api99)"), said = c("api00 - api99", "log(api00 / api99)"))
case("strat.share", "contrast", design = "strat", questions = "awards", of = "mean", r_call = S,
     r = c("log(awardsYes / (1 - awardsYes))", "awardsYes - awardsNo"), said = c("log(Yes / (1 - Yes))", "awards[Yes] - No"))
F <- "svyby(covmat = TRUE), svycontrast, pt, p.adjust"
case("clus1", "differences", design = "clus1", questions = c("api00", "enroll"), by = "stype", r_call = F)
case("strat.domain", "differences", design = "strat", questions = "meals", by = "awards", where = "enroll > 350", lost = "meals", r_call = F)
case("clus2", "differences", design = "clus2", questions = c("ell", "api99"), by = "stype", r_call = F)
case("nhanes", "differences", design = "nhanes", questions = "HI_CHOL", by = "agecat", r_call = F)
case("clus1.jk1", "differences", design = "clus1nf", questions = "enroll", by = "stype", replicates = "JK1", r_call = F)
T <- "svystandardize, svyby(svymean)"
AGES <- list("(0,19]" = 55901, "(19,39]" = 77670, "(39,59]" = 72816, "(59,Inf]" = 45364)
case("nhanes", "standardised", design = "nhanes", question = "HI_CHOL", over = "agecat", by = c("race", "RIAGENDR"), population = AGES, r_call = T)
case("nhanes.adults", "standardised", design = "nhanes", question = "HI_CHOL", over = "agecat", by = "race", population = AGES[-1], where = "agecat != '(0,19]'", r_call = T)
case("nhanes.all", "standardised", design = "nhanes", question = "HI_CHOL", over = "agecat", population = AGES, r_call = T)
case("clus1", "standardised", design = "clus1", question = "api00", over = "stype", by = "awards", population = POST$totals, lost = "api00", r_call = T)
case("clus2", "standardised", design = "clus2", question = "enroll", over = "stype", by = "sch_wide", population = POST$totals, r_call = T)
case("clus1.jk1", "standardised", design = "clus1nf", question = "ell", over = "stype", by = "awards", population = POST$totals, replicates = "JK1", r_call = T)

out <- list(schema = 1, area = "s_estimates", made_with = paste(R.version.string, "survey", packageVersion("survey")), datasets = setNames(list(), character()), cases = found)
write(toJSON(out, auto_unbox = TRUE, digits = I(15), null = "null", na = "null"), file.path(refs, "estimates_values.json"))
