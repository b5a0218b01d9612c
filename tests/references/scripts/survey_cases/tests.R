# t tests, rank tests, contrasts, kappa, alpha.
ttest <- function(name, y, g = NULL, domain = NULL, make = NULL, tag = NULL) {
  s <- designs[[name]]; d <- where(design_of(name, make), domain)
  f <- if (is.null(g)) as.formula(sprintf("`%s` ~ 0", y)) else as.formula(sprintf("`%s` ~ `%s`", y, g))
  t <- svyttest(f, d); ci <- as.numeric(confint(t)); ci9 <- as.numeric(confint(t, level = .9)); df <- as.numeric(t$parameter)
  x <- d$variables[[y]]; w <- weights(d)
  by <- if (is.null(g)) { m <- svymean(f_of(y), d); as.numeric(coef(m) / SE(m)) } else {
    h <- as.integer(factor(d$variables[[g]])) == 2; z <- x / 1; inf <- h * w * (x - weighted.mean(x[h], w[h])) / sum(w[h]) - !h & FALSE
    inf <- (h * (x - weighted.mean(x[h], w[h])) / sum(w[h]) - (!h) * (x - weighted.mean(x[!h], w[!h])) / sum(w[!h]))
    (weighted.mean(x[h], w[h]) - weighted.mean(x[!h], w[!h])) / as.numeric(SE(svytotal(inf, d))) }
  values <- list(t = as.numeric(t$statistic), df = df, p = as.numeric(t$p.value))
  values[[if (is.null(g)) "mean" else "difference"]] <- as.numeric(t$estimate)
  values$ci95 <- list(low = ci[1], high = ci[2]); values$ci90 <- list(low = ci9[1], high = ci9[2])
  case(paste(c("ttest", name, if (is.null(tag)) paste(c(y, if (is.null(g)) "0" else g), collapse = "_") else tag), collapse = "."), "ttest", s$data,
       paste0("Design-based t test: two-sample = t test of the slope in svyglm(y~group), df = degf-1; one-sample (y~0) tests mean=0, and survey 4.1-1 takes",
              " df = degf-1 here too. df is given.", if (!is.null(domain)) paste0(" Domain ", text_of(domain), "; degf of the subset.")),
       c(list(formula = if (is.null(g)) paste(y, "~ 0") else paste(y, "~", g), y = y), list(group = g)[!is.null(g)], if (!is.null(make)) list(make = make),
         if (!is.null(domain)) list(domain = text_of(domain), domain_terms = domain), list(design = design_args(name))),
       "svyttest(f,d); confint(.); confint(.,level=.9)", values, check = list(how = "difference of domain means, joint linearisation", diff = apart(values$t, by)),
       note = "ci95 = confint(svyttest): t with the df given")
}
for (name in c("strat", "stratnf", "clus1", "clus1nf", "srs", "n57", "n57nf", "n57post", "clus2", "clus2wr", "s2", "s2wr")) {
  ttest(name, "api00", "comp.imp"); ttest(name, "growth_", make = list(minus_("growth_", "api00", "api99")), tag = "growth")
}
for (name in c("strat", "clus1", "n57")) ttest(name, "meals", "sch.wide")
ttest("clus1", "centred", make = list(minus_("centred", "api00", value = 650)), tag = "centred"); ttest("hos", "births", tag = "births"); ttest("fpc", "x", tag = "x")
ttest("clus2", "enroll", "sch.wide", present("enroll"), tag = "enroll"); ttest("nhanes", "HI_CHOL", "RIAGENDR", present("HI_CHOL"), list(factor_("RIAGENDR")), "chol")
ttest("nhanes", "HI_CHOL", "RIAGENDR", list(term("HI_CHOL", "present", TRUE), term("race", "==", 4)), list(factor_("RIAGENDR")), "chol_race4")
ttest("strat", "api00", "comp.imp", list(term("stype", "==", "M")), tag = "M"); ttest("clus1", "growth_", domain = list(term("stype", "!=", "E")), make = list(minus_("growth_", "api00", "api99")), tag = "growth_notE")
ttest("hos", "births", "big", make = list(above_("big", "oblevel", 1)), tag = "oblevel")

rank_words <- paste("Design-based rank tests (Lumley & Scott 2013): scores from the weighted mid-rank ECDF, r_i=(cumulative weight below + half own)/N (rows in file order",
  "within ties, then the plain mean over the ties), then svyglm of score on group; t with degf-1 (2 groups), or Wald F (more groups): there R prints",
  "statistic=number of groups-1 and df=chi-square (swapped), p from F=chisq/ndf on (ndf, degf-ndf); chisq, ndf, ddf give them by name.")
scores <- list(wilcoxon = function(r, N) r / N, vanderWaerden = function(r, N) qnorm(r / N), median = function(r, N) as.numeric(r > N / 2))
scores$KruskalWallis <- scores$wilcoxon
ranktest <- function(name, y, g, domain = NULL, make = NULL) {
  s <- designs[[name]]; d <- where(design_of(name, make), domain); f <- as.formula(sprintf("`%s` ~ `%s`", y, g))
  x <- d$variables[[y]]; h <- factor(d$variables[[g]]); w <- weights(d); o <- order(x); r <- numeric(length(x)); r[o] <- ave(cumsum(w[o]) - w[o] / 2, x[o])
  diff <- 0
  # a rank that is N/2 but for rounding: R's median score would hang on the last bit
  asked <- if (min(abs(r / sum(w) - .5)) < 1e-9) setdiff(names(scores), "median") else names(scores)
  values <- lapply(setNames(asked, asked), function(test) {
    t <- svyranktest(f, d, test = test); sc <- scores[[test]](r, sum(w)); m <- tapply(w * sc, h, sum) / tapply(w, h, sum); W <- tapply(w, h, sum)
    inf <- sapply(levels(h)[-1], function(l) (h == l) * (sc - m[l]) / W[l] - (h == levels(h)[1]) * (sc - m[1]) / W[1])
    V <- as.matrix(vcov(svytotal(inf, d))); b <- m[-1] - m[1]; chisq <- drop(b %*% solve(V, b))
    if (nlevels(h) == 2) {
      diff <<- max(diff, apart(t$statistic^2, chisq))
      return(list(statistic = as.numeric(t$statistic), df = as.numeric(t$parameter), df2 = NULL, estimate = as.numeric(t$estimate), p = as.numeric(t$p.value)))
    }
    diff <<- max(diff, apart(t$parameter, chisq))
    list(statistic = as.numeric(t$statistic), df = as.numeric(t$parameter), df2 = NULL, estimate = NULL, p = as.numeric(t$p.value),
         chisq = as.numeric(t$parameter), ndf = as.numeric(t$statistic), ddf = as.numeric(t$ddf))
  })
  case(paste("ranktest", name, y, g, sep = "."), "ranktest", s$data, paste0(rank_words, if (!is.null(domain)) paste0(" Domain ", text_of(domain), ".")),
       c(list(y = y, group = g), if (!is.null(make)) list(make = make), if (!is.null(domain)) list(domain = text_of(domain), domain_terms = domain),
         list(design = design_args(name))),
       sprintf("svyranktest(%s~%s,d,test=T)", y, g), values, check = list(how = "scores by hand, covariance of mean scores by svytotal", diff = diff))
}
for (name in c("stratnf", "clus1nf", "srs", "n57", "clus2", "s2", "n57post")) ranktest(name, "api00", "comp.imp")
for (name in c("stratnf", "clus1nf", "srs", "n57", "clus2", "s2", "s2wr")) ranktest(name, "api00", "stype")
ranktest("strat", "meals", "sch.wide"); ranktest("clus1", "enroll", "awards"); ranktest("strat", "ell", "poor", make = list(thirds)); ranktest("clus1", "ell", "band", make = list(bands))
ranktest("clus2", "enroll", "stype", present("enroll")); ranktest("strat", "api00", "comp.imp", list(term("stype", "!=", "H")))

contrast_case <- function(tag, name, stat, words, linear = NULL, nonlinear = NULL, args, r_call, make = NULL) {
  s <- designs[[name]]; design <- design_of(name, make); m <- stat(design); b <- coef(m); V <- as.matrix(vcov(m)); values <- list(); diff <- 0
  for (l in names(linear)) {
    k <- svycontrast(m, linear[[l]]); a <- setNames(numeric(length(b)), names(b)); a[names(linear[[l]])] <- linear[[l]]
    values[[l]] <- list(est = as.numeric(coef(k)), se = as.numeric(SE(k))); diff <- max(diff, apart(c(values[[l]]$est, values[[l]]$se^2), c(sum(a * b), a %*% V %*% a)))
  }
  for (l in names(nonlinear)) {
    k <- svycontrast(m, nonlinear[[l]]); values[[l]] <- list(est = as.numeric(coef(k)), se = as.numeric(SE(k)))
    f <- function(v) eval(nonlinear[[l]], as.list(setNames(v, names(b))))
    g <- sapply(seq_along(b), function(i) { h <- 1e-4 * max(abs(b[i]), 1e-3); e <- replace(0 * b, i, h); (f(b - 2 * e) - 8 * f(b - e) + 8 * f(b + e) - f(b + 2 * e)) / (12 * h) })
    diff <- max(diff, apart(values[[l]]$se^2, drop(g %*% V %*% g)))
  }
  case(paste("contrast", name, tag, sep = "."), "contrast", s$data, words,
       c(args, if (!is.null(make)) list(make = make), list(linear = lapply(linear, as.list), nonlinear = lapply(nonlinear, function(e) paste(deparse(e), collapse = "")), design = design_args(name))),
       r_call, values, check = list(how = "numeric delta method", diff = diff))
}
three <- function(d) svymean(~api00 + api99 + meals, d)
for (name in c("strat", "clus1", "clus2", "srs", "n57", "s2"))
  contrast_case("means", name, three, "Contrasts of means of api00, api99, meals: linear ones (coefficients in args.linear) and functions (args.nonlinear, delta method)",
    linear = list(gain = c(api00 = 1, api99 = -1), half = c(api00 = .5, api99 = .5, meals = -1)),
    nonlinear = list(ratio = quote(api00 / api99), logs = quote(log(api00 / api99) * 100), root = quote(sqrt(api00 * api99)), odds = quote(meals / (100 - meals)),
                     square = quote((api00 - api99)^2 / meals), exponent = quote(exp(api00 / 1000) - exp(api99 / 1000))),
    args = list(vars = I(c("api00", "api99", "meals")), statistic = "mean"), r_call = "svycontrast(svymean(~api00+api99+meals,d),..)")
for (name in c("strat", "clus1", "s2"))
  contrast_case("totals", name, function(d) svytotal(~api00 + api99, d), "Contrasts of totals",
    linear = list(gain = c(api00 = 1, api99 = -1)), nonlinear = list(ratio = quote(api00 / api99), root = quote(sqrt(api00) - sqrt(api99))),
    args = list(vars = I(c("api00", "api99")), statistic = "total"), r_call = "svycontrast(svytotal(~api00+api99,d),..)")
for (name in c("strat", "clus1nf", "clus2", "n57"))
  contrast_case("by", name, function(d) svyby(~api00, ~stype, d, svymean, covmat = TRUE), "Contrasts of domain means of api00 by stype (names E, H, M)",
    linear = list(EH = c(E = 1, H = -1), middle = c(E = .5, H = .5, M = -1), all = c(E = 4421 / 6194, H = 755 / 6194, M = 1018 / 6194)),
    nonlinear = list(ratio = quote(E / H), logs = quote(log(M) - log(E)), share = quote(E / (E + H + M))),
    args = list(vars = "api00", by = "stype", statistic = "mean"), r_call = "svycontrast(svyby(~api00,~stype,d,svymean,covmat=TRUE),..)")
for (name in c("strat", "clus1", "n57"))
  contrast_case("risk", name, function(d) svyby(~high, ~comp.imp, d, svymean, covmat = TRUE), "Risk difference, ratio and odds ratio of api00>650 by comp.imp (names No, Yes)",
    linear = list(difference = c(Yes = 1, No = -1)),
    nonlinear = list(ratio = quote(Yes / No), odds_ratio = quote(Yes / (1 - Yes) / (No / (1 - No))), log_odds_ratio = quote(log(Yes / (1 - Yes)) - log(No / (1 - No)))),
    args = list(vars = "high", by = "comp.imp", statistic = "mean"), r_call = "svycontrast(svyby(~high,~comp.imp,d,svymean,covmat=TRUE),..)",
    make = list(above_("high", "api00", 650)))

kappa_case <- function(name, a, b, make = NULL, domain = NULL) {
  s <- designs[[name]]; d <- where(design_of(name, make), domain); k <- eval(bquote(svykappa(~.(as.name(a)) + .(as.name(b)), d)))
  x <- d$variables[[a]]; y <- d$variables[[b]]; w <- weights(d); P <- as.matrix(xtabs(w ~ x + y)) / sum(w); E <- sum(rowSums(P) * colSums(P)); po <- sum(diag(P))
  # influence: d kappa = (d po (1-pe) - d pe (1-po)) / (1-pe)^2
  i <- as.integer(x); j <- as.integer(y); R <- rowSums(P); C <- colSums(P)
  inf <- (((x == y) - po) * (1 - E) - (C[i] + R[j] - 2 * E) * (1 - po)) / (1 - E)^2 / sum(w)
  case(paste("kappa", name, a, b, sep = "."), "kappa", s$data, paste("Cohen's kappa of", a, "and", b, "design-based"),
       c(list(vars = I(c(a, b))), if (!is.null(make)) list(make = make), list(design = design_args(name))), sprintf("svykappa(~%s+%s,d)", a, b),
       list(kappa = as.numeric(coef(k)), se = as.numeric(SE(k))),
       check = list(how = "influence function by hand", diff = apart(c(coef(k), SE(k)), c((po - E) / (1 - E), SE(svytotal(as.numeric(inf), d))))))
}
for (name in c("stratnf", "clus2", "srs", "n57", "s2")) kappa_case(name, "sch.wide", "comp.imp")
years <- list(cut_("c00", "api00", c(600, 700, 800), c("d", "c", "b", "a")), cut_("c99", "api99", c(600, 700, 800), c("d", "c", "b", "a")))
for (name in c("strat", "clus1", "clus1nf", "clus2", "n57", "s2wr")) kappa_case(name, "c00", "c99", years)
alpha_case <- function(name, items, domain = NULL, make = NULL) {
  s <- designs[[name]]; d <- where(design_of(name, make), domain); k <- length(items)
  a <- as.numeric(svycralpha(f_of(items), d)); C <- cov.wt(as.matrix(d$variables[items]), weights(d) / sum(weights(d)), method = "ML")$cov
  case(paste("cralpha", name, paste(items, collapse = "_"), sep = "."), "alpha", s$data, paste("Cronbach alpha (weighted variances) of", paste(items, collapse = ",")),
       c(list(vars = I(items)), if (!is.null(domain)) list(domain = text_of(domain), domain_terms = domain), list(design = design_args(name))),
       sprintf("svycralpha(~%s,d)", paste(items, collapse = "+")), list(alpha = a), check = list(how = "hand", diff = apart(a, k / (k - 1) * (1 - sum(diag(C)) / sum(C)))))
}
for (name in c("strat", "clus2", "srs", "n57", "n57post", "s2")) alpha_case(name, c("api00", "api99"))
alpha_case("strat", c("not.hsg", "hsg", "meals", "ell")); alpha_case("clus1", c("meals", "ell", "emer")); alpha_case("clus1", c("api00", "api99", "growth"), list(term("stype", "==", "E")))
