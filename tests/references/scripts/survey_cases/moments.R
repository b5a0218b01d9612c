# Means, totals, proportions, ratios, variances, design effects over all rows.
ci_words <- paste("ci95_normal uses the standard normal (R's confint default, df=Inf); ci95_t_degf uses Student t with df = degf",
                  "= (#PSU - #strata) of the design.")
moment <- function(kind, name, vars, na = FALSE) {
  fun <- if (kind == "mean") svymean else svytotal
  s <- designs[[name]]; d <- load(s$data); design <- design_of(name)
  m <- fun(f_of(vars), design, na.rm = na)
  names(m) <- gsub("`", "", names(m))
  w <- weights_of(name, d); inside <- complete.cases(d[vars])
  v <- sapply(vars, function(y) hand_of(contributions(kind, d[[y]], w, inside), name, d))
  case(paste(c(kind, name, if (na) "narm", paste(vars, collapse = "_")), collapse = "."), kind, s$data,
       paste0("Weighted ", kind, " of ", paste(vars, collapse = ", "), if (na) paste0("; rows with any of them missing are OUTSIDE THE DOMAIN",
         " (weight 0, PSUs and strata kept); degf counts the full design"), ". ", ci_words),
       c(list(vars = if (length(vars) > 1) I(vars) else vars, statistic = kind), if (na) list(na = "domain"), list(design = design_args(name))),
       sprintf("svy%s(~%s, %s%s)", kind, paste(vars, collapse = " + "), call_of(name), if (na) ", na.rm=TRUE" else ""),
       estimates(m, degf(design)), check = textbook(apart(diag(as.matrix(vcov(m))), v)))
}
api <- c("api00", "enroll", "meals")
for (name in c("strat", "stratnf", "clus1", "clus1nf", "srs", "srsnf", "n57", "n57nf", "n57post")) {
  moment("mean", name, api); moment("total", name, c("api99", "ell", "api.stu"))
}
for (name in c("clus2", "clus2wr")) { moment("mean", name, c("api00", "meals", "full")); moment("total", name, c("api99", "ell")) }
for (name in c("s2", "s2wr", "s2f1")) { moment("mean", name, c("api00", "api99")); moment("total", name, c("api00", "api99")) }
for (name in c("s2", "clus2wr")) { moment("mean", name, c("enroll", "api.stu"), TRUE); moment("total", name, c("enroll", "api.stu"), TRUE) }
for (name in c("n57", "strat", "clus1")) { moment("mean", name, "acs.core", TRUE); moment("total", name, "target", TRUE) }
for (name in c("fpc", "fpcwr")) { moment("mean", name, "x"); moment("total", name, "x") }
moment("total", "mu", "y1"); moment("total", "hos", "births"); moment("mean", "hosnf", "births")
moment("total", "nhanes", "HI_CHOL", TRUE); moment("mean", "nhanes", c("RIAGENDR", "SDMVPSU"))

factor_moment <- function(kind, name, formula, vars, make = NULL, na = FALSE, tag = paste(vars, collapse = "_")) {
  s <- designs[[name]]; d <- made(s$data, make); design <- design_of(name, make)
  m <- (if (kind == "mean") svymean else svytotal)(formula, design, na.rm = na)
  inside <- complete.cases(d[vars]); w <- weights_of(name, d)
  cells <- do.call(cbind, lapply(attr(terms(formula), "variables")[-1], function(v) {
    f <- eval(v, d); outer(f, levels(f), "==") + 0 }))
  v <- apply(cells, 2, function(y) hand_of(contributions(kind, ifelse(is.na(y), 0, y), w, inside), name, d))
  case(paste(kind, "factor", name, tag, sep = "."), kind, s$data,
       paste0(if (kind == "mean") "Proportions" else "Estimated counts", " of the levels (", deparse(formula), "): ", kind, "s of indicators.",
              if (na) " Missing rows are out of the domain (weight 0). " else " ", ci_words),
       c(list(vars = if (length(vars) > 1) I(vars) else vars, statistic = kind, interaction = grepl("interaction", deparse(formula))),
         if (!is.null(make)) list(make = make), if (na) list(na = "domain"), list(design = design_args(name))),
       sprintf("svy%s(%s, %s%s)", kind, deparse(formula), call_of(name), if (na) ", na.rm=TRUE" else ""),
       estimates(m, degf(design)), check = textbook(apart(diag(as.matrix(vcov(m))), v)))
}
factor_moment("mean", "strat", ~sch.wide, "sch.wide")
for (name in c("clus2", "srs", "s2")) factor_moment("mean", name, ~stype, "stype")
for (name in c("clus1nf", "n57nf", "s2wr")) factor_moment("total", name, ~stype, "stype")
factor_moment("mean", "stratnf", ~awards + comp.imp, c("awards", "comp.imp"))
factor_moment("mean", "clus2", ~interaction(sch.wide, comp.imp), c("sch.wide", "comp.imp"), tag = "cross")
factor_moment("total", "strat", ~interaction(stype, awards), c("stype", "awards"), tag = "cross")
factor_moment("mean", "nhanes", ~agecat, "agecat")
factor_moment("total", "nhanes", ~race, "race", list(factor_("race")))
factor_moment("mean", "nhanes", ~HI_CHOL, "HI_CHOL", list(factor_("HI_CHOL")), na = TRUE, tag = "chol")
factor_moment("mean", "clus1", ~band, "band", list(cut_("band", "api00", c(550, 650, 750), c("low", "some", "good", "high"))), tag = "band")

ratio <- function(name, num, den, na = FALSE) {
  s <- designs[[name]]; d <- load(s$data); design <- design_of(name)
  r <- svyratio(f_of(num), f_of(den), design, na.rm = na); df <- degf(design)
  inside <- complete.cases(d[c(num, den)]); w <- weights_of(name, d)
  v <- hand_of(contributions("ratio", d[[num]], w, inside, d[[den]]), name, d)
  est <- as.numeric(r$ratio); se <- sqrt(as.numeric(r$var)); low_high <- function(df) list(low = est - qt(.975, df) * se, high = est + qt(.975, df) * se)
  case(paste("ratio", name, num, den, sep = "."), "ratio", s$data,
       paste0("Ratio of totals num/den, linearised variance, e_i=(num-R*den)/sum(w*den).", if (na) " Rows missing either are out of the domain."),
       c(list(num = num, den = den), if (na) list(na = "domain"), list(design = design_args(name))),
       sprintf("svyratio(~%s,~%s,%s%s)", num, den, call_of(name), if (na) ",na.rm=TRUE" else ""),
       list(ratio = est, se = se, ci95_normal = low_high(Inf), ci95_t_degf = low_high(df), degf = df), check = textbook(apart(se^2, v)))
}
for (name in c("stratnf", "clus1", "clus1nf", "srsnf", "n57", "n57post")) ratio(name, "api.stu", "enroll")
for (name in c("clus2", "clus2wr", "s2", "s2wr")) { ratio(name, "api00", "api99"); ratio(name, "api.stu", "enroll", TRUE) }
ratio("mu", "y1", "n2"); ratio("hosnf", "births", "tothosp"); ratio("fpc", "x", "nh"); ratio("nhanes", "HI_CHOL", "RIAGENDR", TRUE)
ratio("crowd", "person", "rooms")
separate <- function(name, num, den, total) {
  s <- designs[[name]]; design <- design_of(name)
  r <- svyratio(f_of(num), f_of(den), design, separate = TRUE)
  p <- quiet(predict(r, total = total))
  case(paste("ratio.separate", name, sep = "."), "ratio", s$data,
       paste0("SEPARATE ratio estimator: one ratio per stratum; total estimated with the known stratum totals of ", den, " in args.totals; variance: sum over strata"),
       list(num = num, den = den, separate = TRUE, totals = as.list(total), design = design_args(name)),
       sprintf("predict(svyratio(~%s,~%s,%s,separate=TRUE),total=..)", num, den, call_of(name)),
       list(ratios = as.list(setNames(sapply(r$ratios, function(x) as.numeric(x$ratio)), names(r$ratios))),
            se_ratios = as.list(setNames(sapply(r$ratios, function(x) sqrt(as.numeric(x$var))), names(r$ratios))),
            total = as.numeric(p$total), se = as.numeric(p$se)))
}
separate("stratnf", "api00", "api99", c(E = 2800000, H = 470000, M = 620000))
separate("s2", "api00", "api99", c(north = 1500000, middle = 1400000, south = 900000))

variance <- function(name, vars, na = FALSE) {
  s <- designs[[name]]; design <- design_of(name); v <- svyvar(f_of(vars), design, na.rm = na)
  p <- length(vars); cov <- as.matrix(v); V <- attr(v, "var"); se <- matrix(sqrt(diag(V)), p)
  if (p == 1) cov <- matrix(as.numeric(v))
  d <- load(s$data); w <- weights_of(name, d); inside <- complete.cases(d[vars]); n <- nrow(d)
  dev <- sapply(vars, function(y) ifelse(inside, d[[y]] - weighted.mean(d[[y]][inside], w[inside]), 0))
  check <- sqrt(sapply(seq_len(p), function(j) hand_of(contributions("mean", dev[, j]^2 * n / (n - 1), w, inside), name, d)))
  values <- list(cov = table_of(cov, vars, vars), se = table_of(se, vars, vars))
  if (p > 1) {
    # correlation, with the delta method on R's covariance of the p x p products
    values$cor <- table_of(cov2cor(cov), vars, vars)
    r <- matrix(0, p, p)
    for (i in seq_len(p)) for (j in seq_len(p)) if (i != j) {
      g <- numeric(p * p); at <- function(a, b) (b - 1) * p + a; rho <- cov2cor(cov)[i, j]
      g[at(i, j)] <- 1 / sqrt(cov[i, i] * cov[j, j]); g[at(i, i)] <- -rho / (2 * cov[i, i]); g[at(j, j)] <- -rho / (2 * cov[j, j])
      r[i, j] <- sqrt(drop(g %*% V %*% g))
    }
    values$se_cor_delta <- table_of(r, vars, vars)
  }
  case(paste("var", name, paste(vars, collapse = "_"), sep = "."), "variance", s$data,
       paste("Population variance-covariance matrix: estimate = n/(n-1) * sum w (y-ybar)(z-zbar)/sum w (n = number of sampled rows with w>0,",
             "rows with missing values included); SE: variance of the mean of the products n/(n-1)*(y-ybar)(z-zbar), ybar treated as fixed.",
             "cor: correlations from it; se_cor_delta: delta method on the covariance of the products (by hand).",
             if (na) "Rows with any of the questions missing are out of the domain."),
       c(list(vars = if (p > 1) I(vars) else vars), if (na) list(na = "domain"), list(design = design_args(name))),
       sprintf("svyvar(~%s,%s%s); cov2cor", paste(vars, collapse = "+"), call_of(name), if (na) ",na.rm=TRUE" else ""), values,
       check = textbook(apart(diag(se), check)))
}
for (name in c("stratnf", "clus1nf", "srs", "n57", "n57post")) variance(name, c("api00", "enroll", "meals"))
for (name in c("clus2", "s2", "clus2wr")) variance(name, c("api00", "api99"))
for (name in c("clus2", "s2")) variance(name, c("api00", "enroll"), TRUE)
variance("fpc", "x"); variance("mu", "y1"); variance("hos", "births"); variance("strat", "full")

deffs <- function(name, vars, formula = f_of(vars), na = FALSE) {
  s <- designs[[name]]; design <- design_of(name)
  if (na) design <- where(design, do.call(c, lapply(vars, present)))
  get <- function(f, how) { m <- quiet(f(formula, design, deff = how)); x <- deff(m); if (is.matrix(x)) x <- diag(x); named(setNames(x, gsub("`", "", names(coef(m))))) }
  m <- svymean(formula, design)
  case(paste("deff", name, paste(vars, collapse = "_"), sep = "."), "deff", s$data,
       paste("Design effects of means and totals. deff_*_wor compares with SRS WITHOUT replacement: Vsrs=(1-n/sum(w))*S2/n (total: times sum(w)^2);",
             "deff_*_wr ('replace') with SRS WITH replacement: Vsrs=S2/n; S2=n/(n-1)*sum w(y-ybar)^2/sum(w).",
             if (na) "The domain is the rows that answered (subset)."),
       c(list(vars = if (length(vars) > 1) I(vars) else vars), if (na) list(na = "domain"), list(design = design_args(name))),
       sprintf("svymean(%s,d,deff=TRUE); svymean(.,deff='replace'); svytotal(.,deff=TRUE); svytotal(.,deff='replace'); d=%s", deparse(formula), call_of(name)),
       list(deff_mean_wor = get(svymean, TRUE), deff_mean_wr = get(svymean, "replace"), deff_total_wor = get(svytotal, TRUE),
            deff_total_wr = get(svytotal, "replace")),
       check = list(how = "SE^2/(S2/n)", diff = apart(unlist(get(svymean, "replace")), {
         x <- model.matrix(update(formula, ~ . - 1), model.frame(formula, design$variables)); if (length(vars) == 1 && is.factor(design$variables[[vars]])) NULL
         w <- weights(design); n <- sum(w > 0); S2 <- colSums(w * sweep(x, 2, colSums(w * x) / sum(w))^2) / sum(w) * n / (n - 1)
         diag(as.matrix(vcov(m))) / (S2 / n) })))
}
for (name in c("strat", "stratnf", "clus1", "clus1nf", "srs", "n57", "n57post")) deffs(name, c("api00", "enroll"))
for (name in c("clus2", "clus2wr", "s2")) deffs(name, c("api00", "api99"))
for (name in c("clus2", "nhanes")) deffs(name, if (name == "nhanes") "HI_CHOL" else "enroll", na = TRUE)
deffs("strat", "comp.imp"); deffs("clus1", "stype"); deffs("hos", "births"); deffs("fpc", "x"); deffs("mu", "y1")
