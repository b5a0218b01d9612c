# Makes tests/references/survey_cases.json: Rscript tests/references/scripts/survey_cases.R
# R 4.2 with Debian's r-cran-survey 4.1-1 and r-cran-jsonlite. The data sets that are made here (data.R) are written to
# tests/references/data; the same bytes each time. A case says in `args` what it rests on: the design, the columns that are
# made first (`make`), the domain (`domain`, and the same as `domain_terms`, joined by "and"), and what is estimated.
suppressPackageStartupMessages({library(survey); library(jsonlite)})
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
refs <- dirname(here)
shown <- list(datasets = do.call(c, lapply(c("c_classical", "b_designreg", "a_descriptives"), function(area)
  read_json(file.path(refs, paste0(area, ".json")))$datasets)))

# ---- data ---------------------------------------------------------------------------------------------------------------
made_here <- list()   # descriptions of the data sets that data.R writes
levels_of <- function(name) {
  d <- if (name %in% names(made_here)) made_here[[name]] else shown$datasets[[name]]
  if (name == "election_pps") NULL else d$factor_levels
}
load <- function(name) {
  d <- read.csv(file.path(refs, "data", paste0(name, ".csv")), na.strings = "", check.names = FALSE)
  f <- levels_of(name)
  for (column in intersect(names(f), names(d)))
    d[[column]] <- factor(as.character(d[[column]]), levels = unlist(f[[column]]))
  d
}
makers <- list(
  cut = function(d, m) {
    d[[m$new]] <- cut(d[[m$from]], c(-Inf, unlist(m$breaks), Inf), labels = unlist(m$labels)); d },
  factor = function(d, m) { d[[m$column]] <- factor(d[[m$column]]); d },
  above = function(d, m) { d[[m$new]] <- as.numeric(d[[m$from]] > m$value); d },
  minus = function(d, m) { d[[m$new]] <- d[[m$from]] - (if (is.null(m$other)) m$value else d[[m$other]]); d },
  certain = function(d, m) { d[[m$column]][d[[m$where]] == m$is] <- m$value; d })
made <- function(name, make = NULL) { d <- load(name); for (m in make) d <- makers[[m$op]](d, m); d }
cut_ <- function(new, from, breaks, labels) list(op = "cut", new = new, from = from, breaks = I(breaks), labels = I(labels))
factor_ <- function(column) list(op = "factor", column = column)
above_ <- function(new, from, value) list(op = "above", new = new, from = from, value = value)
minus_ <- function(new, from, other = NULL, value = NULL) list(op = "minus", new = new, from = from, other = other, value = value)

# a domain as terms joined by "and"; its text reads in R
term <- function(column, op, value) list(column = column, op = op, value = value)
quoted <- function(v) if (is.character(v)) paste0("'", v, "'") else v
text_of <- function(terms) paste(sapply(terms, function(t)
  if (t$op == "in") sprintf("%s %%in%% c(%s)", t$column, paste(quoted(unlist(t$value)), collapse = ","))
  else if (t$op == "present") sprintf("!is.na(%s)", t$column)
  else paste0(t$column, t$op, quoted(t$value))), collapse = " & ")
present <- function(column) list(term(column, "present", TRUE))

# ---- designs ----------------------------------------------------------------------------------------------------------------
implied <- "implied: (fpc1/n_psu)*(fpc2/n_ssu in the PSU); equals column pw up to rounding -- use the implied value"
one <- function(data, weights, strata = NULL, psu = NULL, fpc = NULL, kind = NULL, nest = FALSE, ssu = NULL,
                variance = "Taylor linearization", words = weights)
  list(data = data, weights = weights, strata = strata, psu = psu, ssu = ssu, fpc = fpc, kind = kind, nest = nest,
       variance = variance, words = words)
by_stratum <- "stratum population size (elements)"; by_psu <- "number of PSUs in population"
designs <- list(
  strat = one("apistrat", "pw", "stype", fpc = "fpc", kind = by_stratum),
  stratnf = one("apistrat", "pw", "stype"),
  clus1 = one("apiclus1", "pw", psu = "dnum", fpc = "fpc", kind = by_psu),
  clus1nf = one("apiclus1", "pw", psu = "dnum"),
  clus2 = one("apiclus2", NULL, psu = "dnum", ssu = "snum", fpc = c("fpc1", "fpc2"), words = implied,
              kind = "population counts at stage 1 and stage 2", variance = "two-stage Taylor (both stages contribute)"),
  clus2wr = one("apiclus2", "pw", psu = "dnum", variance = "with-replacement first stage only"),
  srs = one("apisrs", "pw", fpc = "fpc", kind = "population size"),
  srsnf = one("apisrs", "pw"),
  n57 = one("apisrs_n57", "w", fpc = "fpc", kind = "population size"),
  n57nf = one("apisrs_n57", "w"),
  n57post = one("apisrs_n57", "w", "stype"),
  nhanes = one("nhanes", "WTMEC2YR", "SDMVSTRA", "SDMVPSU", nest = TRUE),
  fpc = one("fpc", "weight", "stratid", "psuid", "Nh", "PSUs in stratum", TRUE),
  fpcwr = one("fpc", "weight", "stratid", "psuid", nest = TRUE),
  mu = one("mu284", NULL, psu = "id1", ssu = "id2", fpc = c("n1", "n2"), words = "implied by fpc: (n1/m1)*(n2/m2)",
           variance = "two-stage Taylor"),
  hos = one("hospital", "weighta", "oblevel", fpc = "tothosp", kind = by_stratum),
  hosnf = one("hospital", "weighta", "oblevel"),
  crowd = one("crowd", "weight", "stratum", "cluster", nest = TRUE),
  s2 = one("clus2strat", "w", "region", "dnum", c("N1", "N2"), "population counts at stage 1 (in the stratum) and stage 2",
           ssu = "snum", variance = "two-stage Taylor (both stages contribute)"),
  s2wr = one("clus2strat", "w", "region", "dnum", variance = "with-replacement first stage only"),
  s2f1 = one("clus2strat", "w", "region", "dnum", "N1", by_psu),
  pairs = one("brr_pairs", "w", "pair", "dnum"))
boxed <- function(x) if (is.null(x)) NULL else I(x)
design_args <- function(name) {
  s <- designs[[name]]
  a <- list(weights = boxed(s$words), strata = boxed(s$strata), psu = boxed(s$psu))
  a["strata"] <- list(boxed(s$strata)); a["psu"] <- list(boxed(s$psu))
  if (!is.null(s$ssu)) a$ssu <- boxed(s$ssu)
  a["fpc"] <- list(boxed(s$fpc))
  if (!is.null(s$kind)) a$fpc_kind <- boxed(s$kind)
  c(a, list(nest = I(s$nest), variance = I(s$variance)))
}
tilde <- function(x) if (is.null(x)) NULL else reformulate(sprintf("`%s`", x))
f_of <- tilde
design_of <- function(name, make = NULL, data = NULL) {
  s <- designs[[name]]
  d <- if (is.null(data)) made(s$data, make) else data
  ids <- if (is.null(s$psu)) ~1 else tilde(c(s$psu, s$ssu))
  if (is.null(s$weights)) svydesign(ids, strata = tilde(s$strata), fpc = tilde(s$fpc), nest = s$nest, data = d)
  else svydesign(ids, strata = tilde(s$strata), weights = tilde(s$weights), fpc = tilde(s$fpc), nest = s$nest, data = d)
}
call_of <- function(name) {
  s <- designs[[name]]; plus <- function(x) paste0("~", paste(x, collapse = "+"))
  paste0("svydesign(id=", if (is.null(s$psu)) "~1" else plus(c(s$psu, s$ssu)), if (!is.null(s$strata)) paste0(",strata=", plus(s$strata)),
         if (!is.null(s$weights)) paste0(",weights=", plus(s$weights)), if (!is.null(s$fpc)) paste0(",fpc=", plus(s$fpc)),
         if (s$nest) ",nest=TRUE", ",data=", s$data, ")")
}
where <- function(design, terms) if (is.null(terms)) design else {
  keep <- eval(parse(text = text_of(terms)), design$variables)
  subset(design, keep)
}

# ---- the second computation: variance of a sum of contributions, straight from the text books -------------------------------
hand <- function(z, ids, strata, N, counts = NULL) {
  # z: contributions of ALL rows of the sample (zero outside the domain); ids: list of id vectors; N: list of population sizes
  total <- 0
  for (h in split(seq_along(z), strata, drop = TRUE)) {
    x <- tapply(z[h], ids[[1]][h], sum); n <- length(x)
    f <- if (is.null(N)) 1 else 1 - n / N[[1]][h][1]
    if (n > 1) total <- total + f * n / (n - 1) * sum((x - mean(x))^2)
    if (length(ids) > 1 && !is.null(N)) for (k in split(h, ids[[1]][h]))
      total <- total + n / N[[1]][h][1] * hand(z[k], lapply(ids[-1], `[`, k), rep(1, length(k)), lapply(N[-1], `[`, k))
  }
  total
}
weights_of <- function(name, d) {
  s <- designs[[name]]
  if (!is.null(s$weights)) return(d[[s$weights]])
  n1 <- length(unique(d[[s$psu]])); n2 <- ave(seq_len(nrow(d)), d[[s$psu]], FUN = length)
  d[[s$fpc[1]]] / n1 * d[[s$fpc[2]]] / n2
}
hand_of <- function(z, name, d) {
  s <- designs[[name]]; rows <- seq_len(nrow(d))
  strata <- if (is.null(s$strata)) rep(1, nrow(d)) else d[[s$strata]]
  psu <- if (is.null(s$psu)) rows else if (is.null(s$strata)) d[[s$psu]] else paste(d[[s$strata]], d[[s$psu]])
  ids <- c(list(psu), if (!is.null(s$ssu)) list(paste(psu, d[[s$ssu]])))
  hand(z, ids, strata, if (is.null(s$fpc)) NULL else lapply(s$fpc, function(f) d[[f]]))
}
apart <- function(a, b) {
  a <- as.numeric(a); b <- as.numeric(b)
  x <- max(abs(a - b) / pmax(abs(a), 1e-12 * max(abs(a), 1e-300)))
  if (is.finite(x) && length(a) == length(b)) x else 9
}
# contributions of a mean, a total or a ratio in a domain (logical), from all rows
contributions <- function(kind, y, w, inside, x = NULL) {
  y <- ifelse(inside, as.numeric(y), 0); w0 <- w * inside
  if (kind == "total") return(w0 * y)
  if (kind == "mean") return(w0 * (y - sum(w0 * y) / sum(w0)) / sum(w0))
  x <- ifelse(inside, as.numeric(x), 0)
  w0 * (y - sum(w0 * y) / sum(w0 * x) * x) / sum(w0 * x)
}

# ---- values ----------------------------------------------------------------------------------------------------------------
named <- function(x) as.list(setNames(as.numeric(x), names(x)))
table_of <- function(m, rows = rownames(m), cols = colnames(m))
  list(rows = I(as.character(rows)), cols = I(as.character(cols)), matrix = unname(as.matrix(m)))
# a covariance; what is rounding (the correlation below 1e-13) is zero
covariance_of <- function(v, names) { v <- as.matrix(v); v[abs(v) < 1e-13 * sqrt(outer(diag(v), diag(v)))] <- 0; table_of(v, names, names) }
ends <- function(est, se, df) { t <- qt(.975, df); m <- cbind(est - t * se, est + t * se); table_of(m, names(est), c("low", "high")) }
estimates <- function(m, df) {
  est <- coef(m); se <- as.numeric(SE(m)); v <- as.matrix(vcov(m))
  list(estimate = named(est), se = named(setNames(se, names(est))), vcov = covariance_of(v, names(est)),
       ci95_normal = ends(est, se, Inf), degf = df, ci95_t_degf = ends(est, se, df))
}
pair <- function(m) list(est = as.numeric(coef(m))[1], se = as.numeric(SE(m))[1])
each <- function(m) list(est = named(coef(m)), se = named(setNames(as.numeric(SE(m)), names(coef(m)))))
quiet <- function(x) suppressWarnings(suppressMessages(x))

# ---- cases -----------------------------------------------------------------------------------------------------------------
found <- list()
used <- character()
case <- function(id, topic, data, spec, args, r_call, values, rtol = 1e-9, check = NULL, note = NULL) {
  values <- tryCatch(values, error = function(e) { message("LOST ", id, ": ", conditionMessage(e)); NULL })
  if (is.null(values)) return(invisible())
  used <<- union(used, data)
  one <- list(id = paste0("a2.", id), topic = topic, data = I(data), spec = spec, args = args, r_call = r_call, values = values,
              rtol = rtol)
  if (!is.null(check)) {
    one$second_check <- list(how = check$how, max_rel_diff = signif(check$diff, 2))
    if (!isTRUE(check$diff < 1e-7)) message("CHECK ", id, ": ", check$diff)
  }
  if (!is.null(note)) one$note <- note
  found[[length(found) + 1]] <<- c(one, list(set = "more"))
}
textbook <- function(diff) list(how = "hand formula: between-PSU variance of weighted linearised values", diff = diff)

for (part in c("data", "moments", "domains", "quantiles", "proportions", "tests", "single", "pps", "replicates", "calibration"))
  source(file.path(here, "survey_cases", paste0(part, ".R")), local = TRUE)

described <- lapply(setNames(used, used), function(name) {
  if (name %in% names(made_here)) return(made_here[[name]])
  d <- shown$datasets[[name]]
  if (name == "election_pps" || !length(d$factor_levels)) d$factor_levels <- setNames(list(), character())
  d
})
write_json(list(schema = "refs/1", area = "a_more", title = "Complex-survey descriptives: more cases",
                made_with = paste0("R ", getRversion(), ", survey 4.1-1"), datasets = described, cases = found),
           if (length(commandArgs(TRUE))) commandArgs(TRUE)[1] else file.path(refs, "survey_cases.json"),
           auto_unbox = TRUE, digits = 15, na = "null", null = "null")
message(length(found), " cases")
