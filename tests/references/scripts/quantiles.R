# Makes tests/references/quantile_values.json: Rscript tests/references/scripts/quantiles.R
# R 4.2 with Debian's r-cran-survey and r-cran-jsonlite. Every case says in `args` what it rests on, in the words of more.R.
# Nothing is random. Probabilities avoid exact hits of the weighted distribution function, where R follows its rounding.
# Three things of survey 4.1 are corrected here: below the share of the first value its step rules give the second value
# (and hf4 extrapolates), where the rules mean the first: the case `first` keeps what it really gives; for replicate
# designs it takes "mean" whatever `interval.type` says, so woodruffCI is called with the method here; hf4 has no intervals
# here, since a b + (1 - a) b that is not b in its last digit leaves tied answers out of the share at or below.
suppressPackageStartupMessages({library(survey); library(jsonlite)})
options(warn = 1)
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
refs <- dirname(here)
areas <- lapply(c("a_descriptives", "b_designreg", "c_classical"), function(a) read_json(file.path(refs, paste0(a, ".json"))))

survey_qs <- survey:::qs
first_is_first <- function(x, w, p) {
  found <- survey_qs(x, w, p); first <- which.min(x)
  if (p * sum(w) < w[order(x)][1]) { found$qlow <- found$qup <- x[first]; found$wlow <- 0; found$wup <- 1 }
  found
}
correct <- function(what) assignInNamespace("qs", what, "survey")
correct(first_is_first)

# ---- data and designs -------------------------------------------------------------------------------------------------
load <- function(name) {
  d <- read.csv(file.path(refs, "data", paste0(name, ".csv")), na.strings = "", check.names = FALSE)
  for (a in areas) for (f in names(a$datasets[[name]]$factor_levels))
    if (f %in% names(d)) d[[f]] <- factor(as.character(d[[f]]), levels = unlist(a$datasets[[name]]$factor_levels[[f]]))
  setNames(d, gsub(".", "_", names(d), fixed = TRUE))
}
makers <- list(
  lose = function(d, m) { d[[m$column]][seq(m$first, nrow(d), m$every)] <- NA; d },
  every = function(d, m) { d[[m$new]] <- (seq_len(nrow(d)) - 1) %% m$every; d })
made <- function(a) { d <- load(a$data); for (m in a$make) d <- makers[[m$op]](d, m); d }
formula_of <- function(name) if (is.null(name)) NULL else reformulate(name)
design_of <- function(a) {
  d <- made(a); s <- a$design
  if (!is.null(a$replicates)) {
    r <- a$replicates
    full <- svrepdesign(weights = formula_of(s$weights), repweights = "rw[0-9]+", combined.weights = TRUE, data = d,
                        type = r$type, scale = r$scale, rscales = unlist(r$rscales), mse = r$mse)
  } else {
    ids <- if (is.null(s$clusters)) ~1 else reformulate(unlist(s$clusters))
    full <- svydesign(ids, strata = formula_of(s$strata), weights = formula_of(s$weights),
                      fpc = if (is.null(s$population)) NULL else reformulate(unlist(s$population)), data = d, nest = TRUE)
  }
  if (!is.null(a$post)) {
    people <- data.frame(names(a$post$totals), unlist(a$post$totals))
    full <- postStratify(full, reformulate(a$post$question), setNames(people, c(a$post$question, "Freq")))
  }
  if (is.null(a$where)) full else full[which(eval(parse(text = a$where), d)), ]
}
parts_of <- function(a) {  # the design of every group, in the order of the levels
  design <- design_of(a)
  if (is.null(a$by)) return(list(all = design))
  g <- design$variables[[a$by]]
  levels <- if (is.factor(g)) levels(g) else sort(unique(g))
  setNames(lapply(levels, function(l) design[which(g == l), ]), levels)
}
answered <- function(design, name) design[!is.na(design$variables[[name]]), ]
each <- function(a, f) lapply(parts_of(a), function(d) f(answered(d, a$question)))
RULES <- c("math", "school", "shahvaish", paste0("hf", 1:9))

# ---- what is estimated ------------------------------------------------------------------------------------------------
rules <- function(a) each(a, function(d) setNames(lapply(RULES, function(r)
  as.numeric(svyquantile(formula_of(a$question), d, unlist(a$probabilities), qrule = r, ci = FALSE)[[1]])), RULES))
ends <- function(a) each(a, function(d) c(list(df = degf(d), n = nrow(d)),
  setNames(lapply(unlist(a$intervals), function(i) table_of(a, d, i)), unlist(a$intervals))))
table_of <- function(a, d, type) {  # quantile, low, high, se; a row a probability
  p <- unlist(a$probabilities); alpha <- 1 - a$confidence
  if (!is.null(a$replicates) && type != "quantile") {
    y <- d$variables[[a$question]]; rule <- getFromNamespace(paste0("qrule_", a$rule), "survey")
    return(unname(t(sapply(p, function(p) {
      q <- rule(y, weights(d, "sampling"), p)
      e <- survey:::woodruffCI(y, q, p, d, rule, alpha, degf(d), method = type)
      c(q, e, diff(e) / (2 * qt(1 - alpha / 2, degf(d)))) }))))
  }
  found <- svyquantile(formula_of(a$question), d, p, alpha = alpha, interval.type = type, qrule = a$rule, df = degf(d))[[1]]
  unname(apply(found, 2, identity))
}
first <- function(a) { correct(survey_qs); on.exit(correct(first_is_first)); rules(a) }
# the values that a score test does not reject, by looking at every answer
inverted <- function(a) each(a, function(d) lapply(unlist(a$probabilities), function(p) {
  y <- d$variables[[a$question]]; xs <- sort(unique(y)); t <- qt(1 - (1 - a$confidence) / 2, degf(d))
  z <- sapply(xs, function(x) { m <- svymean(as.numeric(y <= x), d); (coef(m) - p) / SE(m) })
  c(xs[which(z >= -t)[1]], xs[which(z > t)[1]])
}))
below <- function(a) each(a, function(d) {
  f <- svycdf(formula_of(a$question), d)[[1]]; y <- d$variables[[a$question]]
  m <- lapply(unlist(a$points), function(x) svymean(as.numeric(y <= x), d))
  list(share = f(unlist(a$points)), se = as.numeric(sapply(m, SE)))
})
# correlation of the shares at or below the quantiles, over all groups and probabilities
together <- function(a) {
  design <- answered(design_of(a), a$question); v <- design$variables; y <- v[[a$question]]
  g <- if (is.null(a$by)) factor(rep("all", length(y))) else factor(v[[a$by]])
  design <- design[!is.na(g), ]; y <- y[!is.na(g)]; g <- g[!is.na(g)]
  inf <- do.call(cbind, lapply(levels(g), function(l) sapply(unlist(a$probabilities), function(p) {
    own <- g == l; w <- weights(design) * own
    q <- as.numeric(svyquantile(formula_of(a$question), design[own, ], p, ci = FALSE)[[1]])
    share <- sum(w * (y <= q)) / sum(w); own * ((y <= q) - share) / sum(w) })))
  list(correlation = unname(cov2cor(vcov(svytotal(inf, design)))))
}
verbs <- list(rules = rules, first = first, ends = ends, inverted = inverted, below = below, together = together)

# ---- cases ------------------------------------------------------------------------------------------------------------
found <- list()
case <- function(id, verb, ..., r_call, rtol = 1e-9) {
  args <- list(verb = verb, ...)
  found[[length(found) + 1]] <<- list(id = paste0("q.", verb, ".", id), topic = paste0("quantile_", verb),
    data = list(args$data), spec = "", args = args, r_call = r_call, values = verbs[[verb]](args), rtol = rtol, note = "")
}
P <- list(0.1234, 0.2567, 0.5017, 0.7391, 0.9123)
strat <- list(weights = "pw", strata = "stype", population = "fpc")
clus1 <- list(weights = "pw", clusters = "dnum", population = "fpc")
clus2wr <- list(weights = "pw", clusters = "dnum")
clus2 <- list(weights = "pw", clusters = list("dnum", "snum"), population = list("fpc1", "fpc2"))
nh <- list(weights = "WTMEC2YR", strata = "SDMVSTRA", clusters = "SDMVPSU")
score <- list(list(op = "every", new = "points", every = 233), list(op = "lose", column = "points", every = 11, first = 4))
api <- list(list(op = "lose", column = "api99", every = 7, first = 3))
sets <- list(
  strat = list(data = "apistrat", make = api, design = strat, question = "api99"),
  strat.by = list(data = "apistrat", make = api, design = strat, question = "api99", by = "awards"),
  clus1.by = list(data = "apiclus1", make = api, design = clus1, question = "meals", by = "stype"),
  clus2wr = list(data = "apiclus2", make = api, design = clus2wr, question = "enroll"),
  clus2 = list(data = "apiclus2", make = api, design = clus2, question = "api99", by = "sch_wide"),
  nhanes = list(data = "nhanes", make = score, design = nh, question = "points", where = "RIAGENDR == 2", by = "agecat"),
  small = list(data = "apisrs_n57", design = list(weights = "pw", population = "fpc"), question = "api00", by = "stype"))
with_case <- function(id, verb, set, ...) do.call(case, c(list(id, verb), set, list(...)))
for (s in names(sets)) with_case(s, "rules", sets[[s]], probabilities = P, r_call = "svyquantile(qrule = , ci = FALSE)")
with_case("small", "first", sets$small, probabilities = list(0.01), r_call = "svyquantile(qrule = , ci = FALSE)")
TYPES <- list("mean", "xlogit", "beta", "asin")
for (s in setdiff(names(sets), "small")) for (r in c("math", "school", "hf7", "hf6"))
  with_case(paste(s, r, sep = "."), "ends", sets[[s]], probabilities = P[2:4], intervals = TYPES, rule = r,
    confidence = if (r == "school") 0.9 else 0.95, r_call = "svyquantile(interval.type = , qrule = , df = degf(design))")
for (s in c("strat", "strat.by", "clus1.by", "clus2wr"))
  with_case(paste0(s, ".score"), "ends", sets[[s]], probabilities = P[2:4], intervals = list("score"), rule = "math",
    confidence = 0.95, r_call = "svyquantile(interval.type = 'score')")
for (s in c("strat", "strat.by", "clus1.by", "clus2wr"))
  with_case(s, "inverted", sets[[s]], probabilities = P[2:4], confidence = 0.95, r_call = "svymean of 1(y <= x) at every answer x")
boot <- list(data = "rep_boot_clus1", design = list(weights = "pw"), question = "api99", by = "stype",
             replicates = list(type = "bootstrap", scale = 0.0369458128078818, rscales = rep(1, 30), mse = TRUE))
for (r in c("math", "hf7")) with_case(paste0("bootstrap.", r), "ends", boot, probabilities = P[2:4], rule = r,
  intervals = c(TYPES, "quantile"), confidence = 0.95, r_call = "svyquantile.svyrep.design(interval.type = )")
post <- list(data = "apistrat", design = strat, question = "api00", post = list(question = "awards", totals = list(No = 2200, Yes = 3994)))
with_case("post", "ends", post, probabilities = P[2:4], rule = "math", intervals = TYPES, confidence = 0.95,
          r_call = "svyquantile(postStratify(design), interval.type = )")
points <- list(400, 512, 555.5, 640, 701, 845)
with_case("strat.by", "below", sets$strat.by, points = points, r_call = "svycdf, svymean")
with_case("clus2", "below", sets$clus2, points = points, r_call = "svycdf, svymean")
with_case("nhanes", "below", sets$nhanes, points = list(0, 17.5, 100, 231), r_call = "svycdf, svymean")
for (s in c("strat.by", "clus1.by", "clus2", "nhanes"))
  with_case(s, "together", sets[[s]], probabilities = P[2:4], r_call = "svytotal of the influence functions of 1(y <= q)")

write_json(list(schema = 1, area = "q_quantiles", made_with = paste(R.version.string, "survey", packageVersion("survey")),
                datasets = setNames(list(), character()), cases = found),
           if (length(commandArgs(TRUE))) commandArgs(TRUE)[1] else file.path(refs, "quantile_values.json"),
           auto_unbox = TRUE, digits = NA, na = "null", null = "null")
