# Quantiles: all rules, all intervals; distribution functions.
rules <- c("math", "school", "shahvaish", paste0("hf", 1:9))
# probabilities at which a cumulative share of weight lies are left out: there R's answer hangs on rounding
clear_of_hits <- function(x, w, probs) {
  k <- !is.na(x) & w > 0; x <- x[k]; w <- w[k]; share <- cumsum(w[order(x)]) / sum(w)
  for (p in probs) if (min(abs(share - p)) < 1e-6) stop("a hit at ", p)
}
quantile_rules <- function(name, var, probs, domain = NULL, make = NULL, tag = NULL) {
  s <- designs[[name]]; design <- where(design_of(name, make), domain); x <- design$variables[[var]]; w <- weights(design)
  clear_of_hits(x, w, probs)
  values <- lapply(setNames(rules, rules), function(q) {
    v <- svyquantile(f_of(var), design, probs, qrule = q, ci = FALSE)[[1]]
    as.list(setNames(as.numeric(v), paste0("p", probs))) })
  o <- order(x); byhand <- sapply(probs, function(p) x[o][which(cumsum(w[o]) / sum(w) > p)[1]])
  case(paste(c("quantile.qrules", name, var, tag), collapse = "."), "quantile", s$data,
       paste0("Weighted quantiles of ", var, " at args.probs under each qrule of survey 4.1 (math = hf1 = inverse of weighted ECDF, left-continuous; ",
              "school = hf2-like average at exact hits; hf3..hf9 = weighted Hyndman-Fan; shahvaish = Shah & Vaish 2006). Point estimates only.",
              if (!is.null(domain)) paste0(" Domain: ", text_of(domain), ".")),
       c(list(var = var, probs = I(probs)), if (!is.null(make)) list(make = make),
         if (!is.null(domain)) list(domain = text_of(domain), domain_terms = domain), list(design = design_args(name))),
       sprintf("svyquantile(~%s,d,c(%s),qrule=Q,ci=FALSE)", var, paste(probs, collapse = ",")), values,
       check = list(how = "hand inverse ECDF for math", diff = apart(unlist(values$math), byhand)))
}
quantile_rules("strat", "api00", c(.111, .237, .503, .768, .911)); quantile_rules("strat", "enroll", c(.05, .333, .667, .951))
quantile_rules("clus1", "meals", c(.111, .26, .49, .742, .93)); quantile_rules("clus2", "api00", c(.101, .2525, .497, .7525, .903))
quantile_rules("clus2wr", "enroll", c(.107, .5, .893), present("enroll"), tag = "narm"); quantile_rules("srs", "ell", c(.103, .2515, .5015, .7515, .9035))
quantile_rules("n57", "api00", c(.11, .26, .51, .74, .89)); quantile_rules("n57post", "enroll", c(.11, .26, .51, .74, .89))
quantile_rules("s2", "api99", c(.1, .25, .5, .75, .9)); quantile_rules("nhanes", "RIAGENDR", c(.3, .7))
quantile_rules("fpc", "x", c(.15, .35, .51, .8)); quantile_rules("mu", "y1", c(.21, .47, .55, .85)); quantile_rules("hos", "births", c(.2, .45, .55, .77, .95))
quantile_rules("strat", "api00", c(.2, .501, .81), list(term("comp.imp", "==", "Yes"), term("stype", "!=", "H")), tag = "domain")

how <- c(mean = "Wald t interval on the proportion F(q)", beta = "Clopper-Pearson/Korn-Graubard beta interval on F(q)",
         xlogit = "t interval on logit scale on F(q)", asin = "t interval on arcsine-sqrt scale", score = "inverted score test")
quantile_ci <- function(name, var, type, probs = c(.253, .503, .747), rule = "math", alpha = .05, domain = NULL) {
  s <- designs[[name]]; design <- where(design_of(name), domain); x <- design$variables[[var]]; w <- weights(design); df <- degf(design)
  clear_of_hits(x, w, probs)
  v <- quiet(svyquantile(f_of(var), design, probs, interval.type = type, qrule = rule, alpha = alpha, df = df))[[1]]
  rownames(v) <- paste0("p", probs)
  tail <- format(100 * alpha / 2); colnames(v) <- c("quantile", paste0("ci.", tail), paste0("ci.", format(100 - 100 * alpha / 2)), "se")
  check <- NULL
  if (rule == "math" && type != "score") {  # Woodruff by hand
    t <- qt(1 - alpha / 2, df); inv <- function(p) { o <- order(x); x[o][which(cumsum(w[o]) / sum(w) > p)[1]] }
    by <- t(sapply(probs, function(p) { q <- inv(p); m <- svymean(~below_, update(design, below_ = as.numeric(x <= q))); a <- as.numeric(coef(m)); se <- as.numeric(SE(m))
      n <- length(x); ne <- a * (1 - a) / se^2 * (qt(alpha / 2, n - 1) / qt(alpha / 2, df))^2
      e <- switch(type, mean = a + c(-t, t) * se, xlogit = plogis(qlogis(a) + c(-t, t) * se / (a * (1 - a))),
                  asin = sin(asin(sqrt(a)) + c(-t, t) * se / (2 * sqrt(a * (1 - a))))^2,
                  beta = c(qbeta(alpha / 2, ne * a, ne * (1 - a) + 1), qbeta(1 - alpha / 2, ne * a + 1, ne * (1 - a))))
      c(q, inv(e[1]), inv(e[2])) }))
    if (!anyNA(v)) check <- list(how = "hand Woodruff", diff = apart(v[, 1:3], by))
  }
  case(paste(c("quantileci", type, name, if (rule != "math") rule, if (alpha != .05) paste0("a", alpha), if (!is.null(domain)) "domain", var), collapse = "."),
       "quantile_ci", s$data,
       sprintf(paste0("Quantiles of %s with CI, interval.type='%s', qrule='%s', alpha=%s, df=degf(design). Method: CI for the proportion below the estimated ",
                      "quantile (%s), then mapped back by the quantile rule (Woodruff). se = CI width/(2*qt(1-alpha/2,df)).%s"), var, type, rule, format(alpha),
               how[[type]], if (is.null(domain)) "" else paste0(" Domain: ", text_of(domain), "; degf of the subset.")),
       c(list(var = var, probs = I(probs), interval_type = type, qrule = rule, alpha = alpha),
         if (!is.null(domain)) list(domain = text_of(domain), domain_terms = domain), list(design = design_args(name))),
       sprintf("svyquantile(~%s,d,c(%s),interval.type='%s',qrule='%s',alpha=%s,df=degf(d))", var, paste(probs, collapse = ", "), type, rule, format(alpha)),
       list(table = table_of(v), degf = df), check = check)
}
for (type in names(how)) {
  for (name in c("stratnf", "clus1nf", "srs", "n57", "n57post")) quantile_ci(name, if (name == "srs") "enroll" else "api00", type)
  for (name in c("clus2", "s2")) quantile_ci(name, "api99", type)
}
for (type in c("mean", "xlogit", "beta", "asin")) {
  quantile_ci("strat", "enroll", type, c(.1, .333, .9), "hf7"); quantile_ci("clus1", "meals", type, alpha = .1)
  quantile_ci("strat", "api00", type, domain = list(term("stype", "==", "M")), rule = "hf6")
}
quantile_ci("clus2", "enroll", "mean", rule = "hf8", domain = present("enroll")); quantile_ci("clus1", "api00", "xlogit", rule = "school")
quantile_ci("hos", "births", "xlogit", c(.3, .51, .7)); quantile_ci("fpc", "x", "asin", c(.35, .51, .7), "hf5")

quantile_by <- function(name, var, by, probs) {
  s <- designs[[name]]; design <- design_of(name); groups <- levels(design$variables[[by]])
  one <- lapply(groups, function(g) { d <- where(design, list(term(by, "==", g))); clear_of_hits(d$variables[[var]], weights(d), probs)
    v <- svyquantile(f_of(var), d, probs, interval.type = "mean", qrule = "math", df = degf(d))[[1]]; rownames(v) <- paste0("p", probs)
    colnames(v) <- c("quantile", "ci.2.5", "ci.97.5", "se"); list(table = table_of(v), degf = degf(d)) })
  case(paste("quantileci.by", name, var, by, sep = "."), "quantile_ci", s$data,
       paste0("Quantiles of ", var, " in each group of ", by, " (a domain: subset), interval.type='mean', qrule='math', df = degf of the subset."),
       list(var = var, probs = I(probs), interval_type = "mean", qrule = "math", by = by, design = design_args(name)),
       sprintf("svyquantile(~%s,subset(d,%s==G),c(%s),df=degf)", var, by, paste(probs, collapse = ", ")), setNames(one, groups))
}
quantile_by("strat", "api00", "stype", c(.253, .503, .747)); quantile_by("clus1", "enroll", "comp.imp", c(.253, .503, .747))
quantile_by("clus2", "api00", "sch.wide", c(.253, .503))

cdf_case <- function(name, var, points, domain = NULL) {
  s <- designs[[name]]; design <- where(design_of(name), domain); F <- svycdf(f_of(var), design)[[1]]
  x <- design$variables[[var]]; w <- weights(design)
  case(paste("cdf", name, var, sep = "."), "cdf", s$data, paste0("Weighted ECDF of ", var, " at points", if (!is.null(domain)) paste0(", domain ", text_of(domain))),
       c(list(var = var, points = I(points)), if (!is.null(domain)) list(domain = text_of(domain), domain_terms = domain), list(design = design_args(name))),
       sprintf("svycdf(~%s,d)", var), list(cdf = as.list(setNames(F(points), paste0("x", points)))),
       check = list(how = "hand", diff = apart(F(points), sapply(points, function(p) sum(w * (x <= p)) / sum(w)))))
}
cdf_case("clus1", "api00", c(410, 500, 642, 700, 850)); cdf_case("clus2", "api99", c(400, 555, 700)); cdf_case("srs", "enroll", c(200, 500, 1000))
cdf_case("n57", "meals", c(0, 10, 50, 99, 100)); cdf_case("hos", "births", c(480, 1999, 4700)); cdf_case("strat", "meals", c(20, 80), list(term("stype", "==", "H")))
cdf_case("clus2wr", "enroll", c(300, 600, 900), present("enroll"))
