# Makes tests/references/tests_values.json: Rscript tests/references/scripts/tests.R
# R 4.2 with Debian's r-cran-survey 4.1-1 and r-cran-jsonlite. Every case says in `args` what it rests on: the data set, what is
# changed in it (`make`), the design, the domain (`where`) and what is tested. Nothing is random.
suppressPackageStartupMessages({library(survey); library(jsonlite)})
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
refs <- dirname(here)
areas <- lapply(c("a_descriptives", "b_designreg", "c_classical"), function(a) read_json(file.path(refs, paste0(a, ".json"))))

# ---- data and designs -----------------------------------------------------------------------------------------------------
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
  ordered = function(d, m) { d[[m$column]] <- ordered(as.character(d[[m$column]]), levels = unlist(m$levels)); d },
  lose = function(d, m) { d[[m$column]][seq(m$first, nrow(d), m$every)] <- NA; d },
  every = function(d, m) { d[[m$new]] <- (seq_len(nrow(d)) - 1) %% m$every; d })
formula_of <- function(names) if (is.null(names)) NULL else reformulate(unlist(names))
design_of <- function(a) {
  d <- load(a$data); for (m in a$make) d <- makers[[m$op]](d, m)
  s <- a$design
  w <- if (is.null(s$weights) && is.null(s$population)) { d$one_ <- 1; "one_" } else s$weights
  full <- svydesign(if (is.null(s$clusters)) ~1 else formula_of(s$clusters), strata = formula_of(s$strata),
                    weights = formula_of(w), fpc = formula_of(s$population), data = d, nest = TRUE)
  if (!is.null(a$replicates)) full <- as.svrepdesign(full, type = a$replicates, compress = FALSE)
  if (is.null(a$where)) full else full[which(eval(parse(text = a$where), d)), ]
}
answered <- function(design, ...) { v <- design$variables[unlist(list(...))]; design[complete.cases(v), ] }
quiet <- function(x) suppressWarnings(suppressMessages(x))

# ---- what is tested -------------------------------------------------------------------------------------------------------
independence <- function(a) {
  design <- answered(design_of(a), a$question, a$by)
  for (n in c(a$question, a$by)) design$variables[[n]] <- factor(design$variables[[n]])
  f <- reformulate(c(a$question, a$by))
  out <- list()
  for (kind in c("F", "Chisq", "Wald", "adjWald", "saddlepoint"))
    out[[kind]] <- tryCatch({ t <- quiet(svychisq(f, design, statistic = kind))
      as.numeric(c(t$statistic, t$parameter, t$p.value)) }, error = function(e) NULL)
  # the likelihood ratio: the deviance of svyloglin over the trace of the design effects of the same contrasts, on the degrees
  # of freedom of svychisq's F; svyloglin's own p takes the sum of the squares of an asymmetric matrix for a trace
  saturated <- as.formula(sprintf("~%s*%s", a$question, a$by))
  both <- if (all(svytable(f, design) > 0)) tryCatch(quiet(anova(svyloglin(f, design), svyloglin(saturated, design))), error = function(e) NULL)
  if (!is.null(both)) {
    ratio <- both$dev$dev / sum(both$a)
    out$likelihood_ratio <- c(ratio, pf(ratio, out$F[2], out$F[3], lower.tail = FALSE))
  }
  out
}
t_test <- function(a) {
  design <- do.call(answered, c(list(design_of(a)), a$question, a$by))
  f <- if (is.null(a$by)) as.formula(paste(a$question, "~ 0")) else reformulate(a$by, a$question)
  if (!is.null(a$by)) design$variables[[a$by]] <- factor(design$variables[[a$by]])
  t <- svyttest(f, design)
  c(t$statistic, t$parameter, t$p.value, t$estimate, as.numeric(confint(t)), as.numeric(confint(t, level = 0.9)))
}
groups <- function(a) {
  design <- answered(design_of(a), a$question, a$by)
  design$variables[[a$by]] <- factor(design$variables[[a$by]])
  r <- regTermTest(svyglm(reformulate(a$by, a$question), design), reformulate(a$by), method = "Wald")
  as.numeric(c(r$Ftest, r$df, r$ddf, r$p))
}
ranks <- function(a) {
  design <- answered(design_of(a), a$question, a$by)
  design$variables[[a$by]] <- factor(design$variables[[a$by]])
  design$variables[[a$question]] <- as.numeric(design$variables[[a$question]])
  many <- nlevels(design$variables[[a$by]]) > 2
  names <- c(wilcoxon = "wilcoxon", van_der_waerden = "vanderWaerden", median = "median")
  lapply(names, function(test) {
    t <- svyranktest(reformulate(a$by, a$question), design, test = test)
    # for several groups R names the chi-square `parameter` and its degrees of freedom `statistic`
    as.numeric(if (many) c(t$parameter / t$statistic, t$statistic, t$ddf, t$p.value)
               else c(t$statistic, t$parameter, t$p.value, t$estimate))
  })
}
shares <- function(a) {
  design <- answered(design_of(a), a$question)
  f <- as.formula(sprintf("~I(%s == %s)", a$question, if (is.numeric(a$level)) a$level else shQuote(a$level)))
  methods <- c(t = "mean", logit = "xlogit", arcsine = "asin", likelihood = "likelihood", exact = "beta")
  lapply(methods, function(m) lapply(unlist(a$confidence), function(level)
    # where R's profile of the likelihood is too short it stops
    tryCatch(as.numeric(confint(quiet(svyciprop(f, design, method = m, level = level)))), error = function(e) c(NA, NA))))
}
verbs <- list(independence = independence, t_test = t_test, groups = groups, ranks = ranks, shares = shares)

found <- list()
case <- function(id, verb, ..., r_call, rtol = 1e-9) {
  args <- list(verb = verb, ...)
  values <- verbs[[verb]](args)
  if (!is.list(values)) values <- list(numbers = as.numeric(values))
  found[[length(found) + 1]] <<- list(id = paste0("t.", id), topic = verb, data = list(args$data), spec = "", args = args,
                                      r_call = r_call, values = values, rtol = rtol, note = "")
}

# ---- cases ----------------------------------------------------------------------------------------------------------------
strat <- list(weights = "pw", strata = "stype", population = "fpc")
clus1 <- list(weights = "pw", clusters = "dnum", population = "fpc")
clus2 <- list(clusters = c("dnum", "snum"), population = c("fpc1", "fpc2"))
clus2wr <- list(weights = "pw", clusters = "dnum")
srs <- list(population = "fpc"); plain <- list(weights = "pw")
nh <- list(weights = "WTMEC2YR", strata = "SDMVSTRA", clusters = "SDMVPSU")
api <- list(list(op = "above", new = "high", from = "api00", value = 700),
            list(op = "cut", new = "band", from = "api99", breaks = list(550, 650, 750), labels = list("d", "c", "b", "a")),
            list(op = "cut", new = "poor", from = "meals", breaks = list(25, 60), labels = list("few", "some", "many")))
lost <- c(api, list(list(op = "lose", column = "api00", every = 9, first = 2), list(op = "lose", column = "awards", every = 14, first = 5)))
schools <- list(strat = list("apistrat", strat), stratnf = list("apistrat", strat[1:2]), clus1 = list("apiclus1", clus1),
                clus2 = list("apiclus2", clus2), clus2wr = list("apiclus2", clus2wr), srs = list("apisrs", srs), plain = list("apisrs", plain))
T <- "svychisq(statistic = F, Chisq, Wald, adjWald, saddlepoint); anova(svyloglin, svyloglin)"
for (s in names(schools)) for (pair in list(c("awards", "stype"), c("poor", "band"), c("sch_wide", "comp_imp"))) {
  if (s == "clus2" && pair[1] == "poor") next
  case(paste("chisq", s, paste(pair, collapse = "_"), sep = "."), "independence", data = schools[[s]][[1]], make = api,
       design = schools[[s]][[2]], question = pair[1], by = pair[2], r_call = T, rtol = 1e-8)
}
case("chisq.nhanes", "independence", data = "nhanes", design = nh, question = "race", by = "RIAGENDR", where = "agecat != '(0,19]'", r_call = T, rtol = 1e-8)
case("chisq.nhanes.tail", "independence", data = "nhanes", design = nh, question = "HI_CHOL", by = "agecat", r_call = T, rtol = 1e-8)
case("chisq.jk1", "independence", data = "apiclus1", make = api, design = clus1[1:2], replicates = "JK1", question = "awards", by = "stype", r_call = T, rtol = 1e-8)
case("chisq.jkn", "independence", data = "nhanes", design = nh, replicates = "JKn", question = "HI_CHOL", by = "race", r_call = T, rtol = 1e-8)
V <- "svyttest"; G <- "regTermTest(svyglm, Wald)"; R <- "svyranktest(wilcoxon, vanderWaerden, median)"
for (s in names(schools)) {
  d <- schools[[s]][[1]]; w <- schools[[s]][[2]]
  case(paste0("t.", s), "t_test", data = d, make = lost, design = w, question = "api00", by = "awards", r_call = V)
  case(paste0("t.one.", s), "t_test", data = d, make = api, design = w, question = "growth", r_call = V)
  case(paste0("groups.", s), "groups", data = d, make = lost, design = w, question = "api00", by = "stype", r_call = G)
  case(paste0("groups.bands.", s), "groups", data = d, make = lost, design = w, question = "ell", by = "band", where = "meals > 5", r_call = G)
  case(paste0("ranks.", s), "ranks", data = d, make = lost, design = w, question = "api00", by = "awards", r_call = R)
  case(paste0("ranks.ties.", s), "ranks", data = d, make = api, design = w, question = "band", by = "sch_wide", r_call = R)
  case(paste0("ranks.several.", s), "ranks", data = d, make = lost, design = w, question = "api00", by = "poor", r_call = R)
  case(paste0("shares.", s), "shares", data = d, make = api, design = w, question = "high", level = 1, confidence = c(0.95, 0.8, 0.99), r_call = "svyciprop")
  case(paste0("shares.rare.", s), "shares", data = d, make = api, design = w, question = "stype", level = "H", confidence = c(0.95, 0.8), r_call = "svyciprop")
}
case("t.nhanes.domain", "t_test", data = "nhanes", design = nh, question = "HI_CHOL", by = "RIAGENDR", where = "agecat == '(39,59]'", r_call = V)
case("t.jk1", "t_test", data = "apiclus1", design = clus1[1:2], replicates = "JK1", question = "api00", by = "awards", r_call = V)
case("t.jkn.one", "t_test", data = "nhanes", design = nh, replicates = "JKn", question = "HI_CHOL", r_call = V)
case("groups.nhanes", "groups", data = "nhanes", design = nh, question = "HI_CHOL", by = "race", r_call = G)
case("groups.jk1", "groups", data = "apiclus1", make = lost, design = clus1[1:2], replicates = "JK1", question = "api00", by = "stype", r_call = G)
case("ranks.jk1", "ranks", data = "apiclus1", make = api, design = clus1[1:2], replicates = "JK1", question = "api00", by = "awards", r_call = R)
ages <- list(list(op = "ordered", column = "agecat", levels = list("(0,19]", "(19,39]", "(39,59]", "(59,Inf]")))
case("ranks.nhanes", "ranks", data = "nhanes", make = ages, design = nh, question = "agecat", by = "RIAGENDR", r_call = R)
case("ranks.nhanes.several", "ranks", data = "nhanes", make = ages, design = nh, question = "agecat", by = "race", r_call = R)
case("ranks.strat.domain", "ranks", data = "apistrat", make = api, design = strat, question = "meals", by = "sch_wide", where = "stype != 'M'", r_call = R)
case("shares.nhanes", "shares", data = "nhanes", design = nh, question = "HI_CHOL", level = 1, confidence = 0.9, where = "race == 2", r_call = "svyciprop")

write_json(list(schema = "refs/1", area = "tests", made_with = paste0("R ", getRversion(), ", survey 4.1-1"), datasets = setNames(list(), character()), cases = found),
           file.path(refs, "tests_values.json"), auto_unbox = TRUE, digits = 15, na = "null", null = "null")
message(length(found), " cases")
