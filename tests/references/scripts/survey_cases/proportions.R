# Proportions with every interval; two-way tables with every test.
methods <- c("logit", "likelihood", "asin", "beta", "mean", "xlogit")
ciprop_words <- paste("CI for the proportion %s by each svyciprop method; df=degf(design) everywhere. logit: from intercept-only quasibinomial svyglm,",
  "eta+-t*se(eta); xlogit: t interval on logit(p) with se(p)/(p(1-p)); asin: on asin(sqrt p); mean: p+-t*se; beta: Korn-Graubard,",
  "n_eff=p(1-p)/se^2*(qt(.025,n-1)/qt(.025,df))^2, Clopper-Pearson with n_eff; likelihood: Rao-Scott scaled likelihood of svyglm.")
ciprop <- function(name, event, domain = NULL, level = .95, tag = NULL, make = NULL, design = NULL, extra = NULL) {
  # event: one term
  s <- designs[[name]]; d <- where(design_of(name, make), domain); df <- degf(d)
  d <- update(d, hit_ = as.numeric(eval(parse(text = text_of(list(event))), d$variables)))
  values <- lapply(setNames(methods, methods), function(m) {
    r <- tryCatch(quiet(svyciprop(~hit_, d, method = m, level = level)), error = function(e) NULL)  # likelihood: profiling may fail
    if (is.null(r)) return(list(error = TRUE))
    ci <- as.numeric(attr(r, "ci"))
    list(p = as.numeric(r), low = ci[1], high = ci[2]) })
  m <- svymean(~hit_, d); p <- as.numeric(coef(m)); se <- as.numeric(SE(m)); n <- nrow(d); a <- 1 - level; t <- qt(1 - a / 2, df)
  ne <- p * (1 - p) / se^2 * (qt(a / 2, n - 1) / qt(a / 2, df))^2
  by <- c(plogis(qlogis(p) + c(-t, t) * se / (p * (1 - p))), qbeta(a / 2, ne * p, ne * (1 - p) + 1), qbeta(1 - a / 2, ne * p + 1, ne * (1 - p)))
  got <- c(values$xlogit$low, values$xlogit$high, values$beta$low, values$beta$high)
  case(paste(c("ciprop", name, tag), collapse = "."), "proportion_ci", s$data,
       paste0(sprintf(ciprop_words, text_of(list(event))), " Level ", level, ".", if (!is.null(domain)) paste0(" Domain ", text_of(domain), "; df = degf of the subset.")),
       c(list(event = text_of(list(event)), event_term = event, level = level), if (!is.null(make)) list(make = make),
         if (!is.null(domain)) list(domain = text_of(domain), domain_terms = domain), list(design = design_args(name))),
       sprintf("svyciprop(~I(%s),d,method=M,level=%s)", text_of(list(event)), level), c(values, list(degf = df)), rtol = 1e-7,
       check = list(how = "hand xlogit & beta", diff = apart(got, by)), note = "method 'likelihood' is solved by root finding in R: compare to 1e-4 only")
}
high <- term("api00", ">", 700)
for (name in c("stratnf", "clus1nf", "clus2", "clus2wr", "srs", "srsnf", "n57", "n57nf", "n57post", "s2", "s2wr")) ciprop(name, high, tag = "high")
ciprop("strat", term("api00", ">", 850), tag = "rare"); ciprop("clus1", term("meals", "<", 10), tag = "rare"); ciprop("n57", term("api00", ">", 830), tag = "rare")
ciprop("n57nf", term("sch.wide", "==", "Yes"), tag = "common"); ciprop("strat", term("comp.imp", "==", "Yes"), level = .9, tag = "level90")
ciprop("clus1", term("comp.imp", "==", "Yes"), level = .99, tag = "level99"); ciprop("hos", term("births", ">", 1000), tag = "big")
ciprop("fpc", term("x", ">", 4), tag = "big"); ciprop("mu", term("y1", ">", 40), tag = "big")
chol <- term("HI_CHOL", "==", 1)
for (race in 1:4) ciprop("nhanes", chol, list(term("HI_CHOL", "present", TRUE), term("race", "==", race)), tag = paste0("race", race))
ciprop("nhanes", chol, list(term("HI_CHOL", "present", TRUE), term("agecat", "==", "(0,19]"), term("RIAGENDR", "==", 2)), tag = "girls")
ciprop("strat", high, list(term("stype", "==", "H")), tag = "H"); ciprop("clus1", high, list(term("sch.wide", "==", "No")), tag = "nowide")
ciprop("clus2", high, list(term("comp.imp", "==", "Yes")), tag = "comp"); ciprop("n57", high, list(term("stype", "==", "E")), tag = "E", level = .9)

# P(sum of a_i chi2_1 - x/ddf chi2_floor(ddf) > 0): Imhof's integral for the F-type distribution of `lincom`
imhof <- function(lambda, h, x = 0) {
  theta <- function(u) .5 * sum(h * atan(lambda * u)) - .5 * x * u
  f <- Vectorize(function(u) if (u == 0) .5 * (sum(h * lambda) - x) else sin(theta(u)) / (u * exp(.25 * sum(h * log1p((lambda * u)^2)))))
  .5 + integrate(f, 0, Inf, rel.tol = 1e-11, abs.tol = 1e-13, subdivisions = 2000L)$value / pi
}
table_test <- function(d, rows, cols, N = nrow(d), replicate = FALSE) {
  f <- f_of(c(rows, cols)); take <- function(s) { t <- tryCatch(quiet(svychisq(f, d, statistic = s)), error = function(e) NULL); if (is.null(t)) return(list(error = TRUE)); p <- as.list(t$parameter)
    c(list(statistic = as.numeric(t$statistic)), if (length(p)) setNames(lapply(p, as.numeric), c("df1", "df2")[seq_along(p)]), list(p = as.numeric(t$p.value))) }
  tests <- lapply(setNames(nm = c("F", "Chisq", "Wald", "adjWald", "saddlepoint")), take)
  # second computation: Delta from the covariance of the cell shares, by double centring in place of QR
  x <- factor(d$variables[[rows]]); y <- factor(d$variables[[cols]]); r <- nlevels(x); k <- nlevels(y)
  cells <- model.matrix(~interaction(x, y) - 1); m <- svymean(cells, d); p <- as.numeric(coef(m)); V <- as.matrix(vcov(m))
  P <- matrix(p, r); E <- outer(rowSums(P), colSums(P)); X2 <- N * sum((P - E)^2 / E)
  J <- kronecker(contr.sum(k), contr.sum(r)); D <- diag(ifelse(p == 0, 0, 1 / p))
  delta <- solve(t(J) %*% (D / N) %*% J, t(J) %*% D %*% V %*% D %*% J)
  lambda <- Re(eigen(delta, only.values = TRUE)$values); d0 <- sum(lambda)^2 / sum(lambda^2); nu <- tests$F$df2 / tests$F$df1
  exact <- tryCatch(if (!replicate) imhof(c(lambda, -X2 / (d0 * nu)), c(rep(1, length(lambda)), floor(d0 * nu)))
    else if (length(lambda) == 1) pchisq(X2 / lambda, 1, lower.tail = FALSE)
    else imhof(lambda, rep(1, length(lambda)), X2), error = function(e) 0)
  if (exact > 1e-6) tests$lincom <- list(statistic = X2, p = exact)  # the integral is good to 1e-12 absolutely
  diff <- apart(c(tests$F$statistic, tests$F$df1, tests$F$df2, tests$F$p, tests$Chisq$statistic, tests$Chisq$p),
                c(X2 / sum(lambda), d0, d0 * nu, pf(X2 / sum(lambda), d0, d0 * nu, lower.tail = FALSE), X2,
                  pchisq(X2 / mean(lambda), length(lambda), lower.tail = FALSE)))
  list(tests = tests, diff = diff)
}
chisq_words <- paste("Two-way table: weighted counts and tests of independence. Pearson X2 = n*sum (p-e)^2/e (n = number of rows of the (sub)design, weighted",
  "proportions p). F: Rao-Scott second order (Thomas-Rao): F=X2/trace(Delta), df1=tr(Delta)^2/tr(Delta^2), df2=df1*degf; Chisq: statistic printed is the raw X2,",
  "p = P(chi2_k > X2/mean(diag(Delta))), k=(r-1)(c-1); Wald, adjWald: Koch et al with df and with the adjustment (k-df+1); saddlepoint: p of X2 against",
  "sum of lambda_i*chi2_1 over chi2_ddf/ddf, ddf=df2 (lambda = eigenvalues of Delta), Lugannani-Rice saddlepoint; lincom: the same distribution exactly",
  "(Imhof's integral by hand, with floor(ddf) as CompQuadForm takes it).")
lax <- "saddlepoint: R finds its root to 1e-8 only, compare p to 1e-6; lincom: to 1e-6"
crosstab <- function(name, rows, cols, domain = NULL, make = NULL, tag = NULL) {
  s <- designs[[name]]; d <- where(design_of(name, make), domain); t <- table_test(d, rows, cols)
  w <- svytable(f_of(c(rows, cols)), d); to <- function(w) table_of(unclass(w)[, ], rownames(w), colnames(w))
  case(paste(c("chisq", name, if (is.null(tag)) paste(rows, cols, sep = "_") else tag), collapse = "."), "crosstab", s$data,
       paste0(chisq_words, if (!is.null(domain)) paste0(" Domain: ", text_of(domain), ".")),
       c(list(vars = I(c(rows, cols))), if (!is.null(make)) list(make = make), if (!is.null(domain)) list(domain = text_of(domain), domain_terms = domain),
         list(design = design_args(name))),
       sprintf("svychisq(~%s + %s,d,statistic=S); svytable(~%s + %s,d)", rows, cols, rows, cols),
       c(list(table = to(w), table_shares = to(w / sum(w)), table_ntotal100 = to(svytable(f_of(c(rows, cols)), d, Ntotal = 100))), t$tests),
       rtol = 1e-8, check = list(how = "Delta with other contrasts; X2, F, Chisq by hand", diff = t$diff), note = lax)
}
bands <- cut_("band", "api99", c(550, 650, 750), c("d", "c", "b", "a")); thirds <- cut_("poor", "meals", c(25, 60), c("few", "some", "many"))
for (name in c("strat", "stratnf", "clus1", "clus1nf", "clus2", "srs", "n57", "s2", "s2wr")) crosstab(name, "sch.wide", "comp.imp")
for (name in c("strat", "clus1", "clus1nf", "clus2wr", "srs", "n57nf", "s2")) crosstab(name, "stype", "comp.imp")
for (name in c("strat", "clus1", "srs", "clus2")) crosstab(name, "poor", "band", make = list(bands, thirds), tag = "3x4")
crosstab("strat", "band", "comp.imp", make = list(bands), tag = "4x2"); crosstab("srs", "stype", "poor", make = list(thirds), tag = "3x3")
crosstab("clus2", "stype", "poor", make = list(thirds), tag = "3x3"); crosstab("s2", "region", "stype"); crosstab("hos", "oblevel", "big", make = list(above_("big", "births", 1500)))
crosstab("nhanes", "agecat", "race"); crosstab("nhanes", "RIAGENDR", "HI_CHOL", present("HI_CHOL")); crosstab("nhanes", "agecat", "HI_CHOL", present("HI_CHOL"))
crosstab("nhanes", "race", "HI_CHOL", list(term("HI_CHOL", "present", TRUE), term("RIAGENDR", "==", 1), term("agecat", "!=", "(0,19]")), tag = "men")
crosstab("strat", "sch.wide", "comp.imp", list(term("stype", "!=", "M")), tag = "domain"); crosstab("clus1", "sch.wide", "poor", list(term("stype", "==", "E")), list(thirds), "domain")
local({  # missing answers left in: X2 on all rows, missing ones counted; F and p do not change
  d <- design_of("nhanes"); f <- svychisq(~HI_CHOL + race, d, statistic = "F"); x <- svychisq(~HI_CHOL + race, d, statistic = "Chisq")
  case("chisq.nhanes.missing_left_in", "crosstab", "nhanes",
       "As a.chisq.nhanes but the rows without HI_CHOL are not taken out first: n of X2 is then all 8591 rows; F and the p-values are free of n.",
       list(vars = I(c("HI_CHOL", "race")), na = "counted in n", design = design_args("nhanes")), "svychisq(~HI_CHOL+race,dnh,statistic='Chisq'); 'F'",
       list(F = list(statistic = as.numeric(f$statistic), df1 = f$parameter[[1]], df2 = f$parameter[[2]], p = as.numeric(f$p.value)),
            Chisq = list(statistic = as.numeric(x$statistic), df1 = x$parameter[[1]], p = as.numeric(x$p.value))), rtol = 1e-8)
})
