# Replicate weights: given ones of every kind, and those that as.svrepdesign makes.
for (name in c("rep_jk1_clus1", "rep_jkn_strat50", "rep_boot_clus1", "rep_brr_scd", "rep_fay_scd"))
  if (!file.exists(file.path(refs, "data", paste0(name, ".csv")))) stop(name, ".csv is missing")
clear_probs <- function(r, var, probs) { clear <- function(w) tryCatch({ clear_of_hits(r$variables[[var]], w, probs); TRUE }, error = function(e) FALSE)
  clear(weights(r, "sampling")) && all(apply(weights(r, "analysis"), 2, clear)) }
rep_hand <- function(r, theta) {
  W <- weights(r, "analysis"); t <- t(apply(W, 2, theta)); if (nrow(t) == 1) t <- t(t); full <- theta(weights(r, "sampling"))
  centre <- if (r$mse) full else colMeans(t[r$rscales > 0, , drop = FALSE])
  r$scale * colSums(r$rscales * sweep(t, 2, centre)^2)
}
rep_values <- function(r, y, x, by, probs = c(.2531, .5031, .7469)) {
  df <- degf(r); m <- svymean(f_of(y), r); t <- svytotal(f_of(c(y, x)), r); ratio <- svyratio(f_of(y), f_of(x), r)
  values <- list(mean = estimates(m, df), total = estimates(t, df), ratio = list(est = as.numeric(ratio$ratio), se = sqrt(as.numeric(ratio$var))), degf = df)
  v <- svyvar(f_of(c(y, x)), r); values$var <- list(cov = table_of(as.matrix(v)[1:2, 1:2], c(y, x), c(y, x)), se = table_of(matrix(sqrt(diag(attr(v, "var"))), 2), c(y, x), c(y, x)))
  values$deff_mean_wr <- as.numeric(deff(svymean(f_of(y), r, deff = "replace")))
  if (clear_probs(r, y, probs)) for (type in c("quantile", "mean", "xlogit", "beta")) {
    q <- quiet(svyquantile(f_of(y), r, probs, interval.type = type, df = df))[[1]]
    rownames(q) <- paste0("p", probs); colnames(q) <- c("quantile", "ci.2.5", "ci.97.5", "se")
    values[[if (type == "quantile") "quantile_by_replicates" else paste0("quantile_", type)]] <- table_of(q)
  }
  if (!is.null(by)) {
    b <- quiet(svyby(f_of(y), f_of(by), r, svymean, covmat = TRUE)); g <- names(coef(b))
    values[[paste0("by_", by)]] <- list(estimate = named(coef(b)), se = named(setNames(unlist(SE(b)), g)), vcov = covariance_of(vcov(b), g))
    bt <- quiet(svyby(f_of(y), f_of(by), r, svytotal, covmat = TRUE))
    values[[paste0("total_by_", by)]] <- list(estimate = named(coef(bt)), se = named(setNames(unlist(SE(bt)), g)))
    k <- svymean(f_of(by), r); values[[paste0("mean_", by)]] <- list(estimate = named(coef(k)), se = named(setNames(as.numeric(SE(k)), names(coef(k)))))
    fit <- svyglm(as.formula(sprintf("`%s` ~ `%s` + `%s`", y, x, by)), r); n <- gsub("`", "", names(coef(fit)))
    values$glm <- list(coef = named(setNames(coef(fit), n)), vcov = covariance_of(vcov(fit), n), df_residual = fit$df.residual)
  }
  values
}
rep_words <- paste("V = scale*sum_r rscales_r*(theta_r-center)(.)' ; center = mean of replicate estimates (mse=FALSE) or full-sample estimate (mse=TRUE).",
  "degf(replicate design) = rank of the analysis replicate weight matrix - 1. mean, total, ratio y/x, var (svyvar, recomputed in each replicate), deff_mean_wr;",
  "quantile_by_replicates: quantile recomputed on each replicate (interval.type='quantile'), the other quantile_* are Woodruff intervals; by_*, total_by_*: domains; mean_*: proportions; glm: gaussian svyglm y ~ x + by, covariance from refits.")
rep_case <- function(id, data, r, y, x, by, args, r_call, words, extra = NULL) {
  check <- rep_hand(r, function(w) c(sum(w * r$variables[[y]]) / sum(w), sum(w * r$variables[[y]])))
  values <- rep_values(r, y, x, by)
  case(paste0("rep.", id), "replicate", data, paste(words, rep_words), c(args, list(vars = y, x = x, by = by)), r_call, c(values, extra),
       check = list(how = "hand", diff = apart(c(unlist(values$mean$se), unlist(values$total$se)[1])^2, check)))
}
given <- function(id, data, weights, type, words, y = "api00", x = "api99", by = "stype", combined = TRUE, mse = c(FALSE, TRUE), ...) {
  d <- load(data); rw <- d[grep("^rw[0-9]+$", names(d))]
  for (m in mse) {
    r <- quiet(svrepdesign(weights = d[[weights]], repweights = rw, type = type, combined.weights = combined, data = d, mse = m, ...))
    more <- list(...)
    args <- list(weights = weights, repweights = "rw*", type = type, combined_weights = combined, scale = r$scale, rscales = I(rep_len(r$rscales, ncol(rw))), mse = m)
    if (!is.null(more$rho)) args$rho <- more$rho
    if (!is.null(more$fpc)) args <- c(args, list(fpc = I(more$fpc), fpctype = more$fpctype, scale_given = more$scale))
    rep_case(paste0(id, if (m) ".mse"), data, r, y, x, by, args, sprintf("svrepdesign(weights=~%s,repweights='rw[0-9]+',type='%s',combined.weights=%s,mse=%s,..)", weights, type, combined, m),
             paste0(words, if (type %in% c("BRR", "Fay", "bootstrap", "ACS", "successive-difference", "JK2")) " (scale and rscales follow from the type)", "."))
  }
}
given("JK1.clus1", "rep_jk1_clus1", "pw", "JK1", "JK1, analysis weights", y = "enroll", x = "api.stu", scale = 14 / 15)
given("JK1.clus1.fpc", "rep_jk1_clus1", "pw", "JK1", "JK1, analysis weights, with finite population fractions (rscales already corrected)", scale = 14 / 15, fpc = rep(15 / 757, 15), fpctype = "fraction", mse = FALSE)
given("JKn.strat50", "rep_jkn_strat50", "pw", "JKn", "JKn, analysis weights", y = "enroll", x = "api.stu", by = "sch.wide", rscales = rep(c(.96, 14 / 15, .9), c(25, 15, 10)))
given("boot.clus1", "rep_boot_clus1", "pw", "bootstrap", "Bootstrap, analysis weights, scale 1/(R-1)")
given("boot.clus1.other", "rep_boot_clus1", "pw", "other", "Bootstrap, analysis weights, scale and uneven rscales given", mse = FALSE, scale = .05, rscales = rep(c(1, .5, .25), 10))
given("BRR.scd", "rep_brr_scd", "pw", "BRR", "BRR, 3 strata x 2 PSU", y = "alive", x = "arrests", by = NULL)
given("Fay.scd", "rep_fay_scd", "pw", "Fay", "Fay, 3 strata x 2 PSU, rho=0.3", y = "alive", x = "arrests", by = NULL, rho = .3)
given("BRR.pairs", "rep_brr_pairs", "w", "BRR", "BRR, 12 pairs of districts, weights are factors", combined = FALSE)
given("Fay.pairs", "rep_fay_pairs", "w", "Fay", "Fay rho=0.3, 12 pairs of districts, weights are factors", combined = FALSE, rho = .3)
given("JK2.pairs", "rep_jk2_pairs", "w", "JK2", "JK2, 12 pairs of districts, weights are factors", combined = FALSE)
given("canty.clus1", "rep_canty_clus1", "pw", "other", "Canty-Davison bootstrap, weights are factors", combined = FALSE, scale = 15 / (14 * 23), rscales = rep(1, 24))
given("sub.strat50", "rep_sub_strat50", "pw", "bootstrap", "Rao-Wu (n-1) bootstrap, analysis weights, scale 1/(R-1)", by = "sch.wide")
given("mrb.s2", "rep_mrb_s2", "w", "other", "Preston's multistage bootstrap, analysis weights", scale = 1, rscales = rep(1 / 19, 20), y = "api99", x = "enroll")
given("ACS.n57", "rep_acs_n57", "w", "ACS", "ACS: successive differences, scale 4/R")
given("SDR.n57", "rep_acs_n57", "w", "successive-difference", "Successive differences, scale 4/R", y = "enroll", x = "api.stu", mse = TRUE)

made_reps <- function(id, name, type, y, x, by, mse = FALSE, rho = 0, data = NULL, lonely = "fail", design = NULL, args = NULL, call = NULL) {
  d <- if (is.null(design)) design_of(name) else design
  r <- policy(lonely, expr = quiet(as.svrepdesign(d, type = type, fay.rho = rho, compress = lonely == "adjust", mse = mse)))
  s <- if (is.null(design)) designs[[name]] else list(data = data)
  W <- weights(r, "analysis"); W <- matrix(as.numeric(W), nrow(W))
  extra <- list(scale = r$scale, rscales = I(rep_len(r$rscales, ncol(W))), replicates = ncol(W), replicate_weight_sums = I(colSums(W)))
  if (length(W) <= 240) extra$replicate_weights <- list(rows = I(as.character(seq_len(nrow(W)))), cols = I(paste0("rw", seq_len(ncol(W)))), matrix = unname(W))
  rep_case(paste0("made.", id, if (mse) ".mse"), s$data, r, y, x, by,
           c(list(made = c(list(type = type), if (type == "Fay") list(rho = rho)), mse = mse, lonely_psu = lonely), if (is.null(args)) list(design = design_args(name)) else args),
           sprintf("as.svrepdesign(%s,type='%s'%s,mse=%s)", if (is.null(call)) call_of(name) else call, type, if (type == "Fay") paste0(",fay.rho=", rho) else "", mse),
           paste0(type, " replicates made from the design (strata and PSUs in order of appearance; ", c(JK1 = "scale (n-1)/n times 1-n/N", JKn = "rscales (n_h-1)/n_h times 1-n_h/N_h",
             BRR = "R's Hadamard matrix: replicate order and, for ratios and means, values depend on it; fpc dropped", Fay = "R's Hadamard matrix; fpc dropped")[[type]],
             ")", if (lonely != "fail") paste0("; lonely.psu='", lonely, "': remove and certainty make no replicate, average none but scale = PSUs/replicates, adjust one: 0 in that stratum and H/(H-1) elsewhere, rscale (H-1)/H"), "."), extra)
}
for (mse in c(FALSE, TRUE)) {
  made_reps("JK1.clus1", "clus1", "JK1", "api00", "api99", "stype", mse); made_reps("JK1.n57", "n57", "JK1", "api00", "enroll", "stype", mse)
  made_reps("JKn.s2f1", "s2f1", "JKn", "api00", "api99", "stype", mse); made_reps("JKn.hos", "hos", "JKn", "births", "hospno", NULL, mse)
  made_reps("JKn.fpc", "fpc", "JKn", "x", "psuid", NULL, mse); made_reps("BRR.pairs", "pairs", "BRR", "api00", "enroll", "comp.imp", mse)
}
made_reps("JK1.clus1nf", "clus1nf", "JK1", "enroll", "api.stu", "comp.imp"); made_reps("JK1.mu", "mu", "JK1", "y1", "n2", NULL); made_reps("JK1.clus2wr", "clus2wr", "JK1", "api00", "api99", "stype")
made_reps("JKn.fpcwr", "fpcwr", "JKn", "x", "psuid", NULL); made_reps("JKn.crowd", "crowd", "JKn", "person", "rooms", NULL); made_reps("BRR.crowd", "crowd", "BRR", "person", "rooms", NULL)
made_reps("Fay.crowd", "crowd", "Fay", "person", "rooms", NULL, rho = .5); made_reps("JKn.s2", "s2", "JKn", "api00", "api99", "comp.imp"); made_reps("JKn.n57post", "n57post", "JKn", "api00", "enroll", "comp.imp")
made_reps("Fay.pairs", "pairs", "Fay", "api00", "enroll", "comp.imp", rho = .3)
for (lonely in c("remove", "certainty", "average", "adjust")) for (fpc in list(NULL, "N1")) {
  d <- load("clus2lonely")
  made_reps(paste0("JKn.lonely.", lonely, if (!is.null(fpc)) ".fpc"), NULL, "JKn", "api00", "api99", "stype", data = "clus2lonely", lonely = lonely,
            design = svydesign(~dnum, strata = ~region, weights = ~w, fpc = tilde(fpc), data = d),
            args = list(design = list(weights = I("w"), strata = I("region"), psu = I("dnum"), fpc = boxed(fpc), nest = I(FALSE), variance = I("Taylor linearization"))),
            call = paste0("svydesign(id=~dnum,strata=~region,weights=~w", if (!is.null(fpc)) ",fpc=~N1", ",data=clus2lonely)"))
}
# a domain that is not drawn at all in some replicates: they are left out, scale as it was
for (mse in c(FALSE, TRUE)) local({
  d <- load("rep_canty_clus1"); rw <- d[grep("^rw", names(d))]
  r <- quiet(svrepdesign(weights = ~pw, repweights = rw, type = "other", combined.weights = FALSE, data = d, mse = mse, scale = 15 / (14 * 23), rscales = rep(1, 24)))
  domain <- list(term("dnum", "in", I(c(61, 197, 510)))); s <- where(r, domain); lost <- sum(colSums(weights(s, "analysis")) == 0)
  if (!lost) stop("no replicate is lost")
  m <- quiet(svymean(~api00 + enroll, s)); q <- quiet(svyratio(~api00, ~api99, s)); t <- svytotal(~api00, s)
  case(paste0("rep.lost", if (mse) ".mse"), "replicate", "rep_canty_clus1",
       paste("Domain of which some replicates draw nothing (weights sum to 0): means and ratios of these are NaN; R leaves them out with a warning, scale unchanged; totals are 0 there and stay in.",
             "degf: rank of the domain's analysis weights - 1."),
       list(weights = "pw", repweights = "rw*", type = "other", combined_weights = FALSE, scale = r$scale, rscales = I(rep(1, 24)), mse = mse, vars = I(c("api00", "enroll")), domain = text_of(domain), domain_terms = domain),
       "s<-subset(svrepdesign(..),dnum %in% c(61,197,510)); svymean(~api00+enroll,s); svyratio(~api00,~api99,s); svytotal(~api00,s)",
       list(mean = estimates(m, degf(s)), ratio = list(est = as.numeric(q$ratio), se = sqrt(as.numeric(q$var))), total = pair(t), replicates_lost = lost, degf = degf(s)))
})
# tests and intervals on replicate weights
rep_designs <- list(jk1 = list(data = "rep_jk1_clus1", weights = "pw", combined = TRUE, type = "JK1", more = list(scale = 14 / 15)),
                    brr = list(data = "rep_brr_pairs", weights = "w", combined = FALSE, type = "BRR", more = list()),
                    sub = list(data = "rep_sub_strat50", weights = "pw", combined = TRUE, type = "bootstrap", more = list()))
for (name in names(rep_designs)) local({
  s <- rep_designs[[name]]; d <- makers$cut(load(s$data), bands); rw <- d[grep("^rw", names(d))]
  r <- quiet(do.call(svrepdesign, c(list(weights = d[[s$weights]], repweights = rw, type = s$type, combined.weights = s$combined, data = d, mse = FALSE), s$more)))
  args <- list(weights = s$weights, repweights = "rw*", type = s$type, combined_weights = s$combined, scale = r$scale, rscales = I(rep_len(r$rscales, ncol(rw))), mse = FALSE)
  w <- weights(r, "sampling"); df <- degf(r)
  for (v in list(c("sch.wide", "comp.imp"), c("stype", "band"))) {
    t <- table_test(r, v[1], v[2], replicate = TRUE); tab <- svytable(f_of(v), r)
    case(paste("chisq.rep", name, v[1], v[2], sep = "."), "crosstab", s$data, paste(chisq_words, "On replicate weights: covariance from the replicates, degf of the replicate design;",
         "saddlepoint and lincom are P(sum lambda_i chi2_1 > X2) here, not over a chi2_ddf."), c(args, list(vars = I(v), make = list(bands))),
         sprintf("svychisq(~%s+%s,r,statistic=S)", v[1], v[2]), c(list(table = table_of(unclass(tab)[, ], rownames(tab), colnames(tab))), t$tests), rtol = 1e-8,
         check = list(how = "Delta with other contrasts; X2, F, Chisq by hand", diff = t$diff), note = lax)
  }
  r <- update(r, hit_ = as.numeric(api00 > 650), growth_ = api00 - api99)
  values <- lapply(setNames(methods, methods), function(m) { x <- quiet(svyciprop(~hit_, r, method = m)); ci <- as.numeric(attr(x, "ci")); list(p = as.numeric(x), low = ci[1], high = ci[2]) })
  if (anyNA(unlist(values$likelihood))) values$likelihood <- NULL  # R gives NA
  case(paste("ciprop.rep", name, sep = "."), "proportion_ci", s$data, paste(sprintf(ciprop_words, "api00>650"), "On replicate weights: logit refits the model in each replicate."), c(args, list(event = "api00>650", event_term = term("api00", ">", 650))),
       "svyciprop(~I(api00>650),r,method=M)", c(values, list(degf = df)), rtol = 1e-7, note = "method 'likelihood' is solved by root finding in R: compare to 1e-4 only")
  for (f in list(api00 ~ comp.imp, growth_ ~ 0)) {
    t <- svyttest(f, r); ci <- as.numeric(confint(t)); one <- f[[3]] == 0
    case(paste("ttest.rep", name, if (one) "growth" else "comp.imp", sep = "."), "ttest", s$data, "Design-based t test on replicate weights; two-sample: slope of svyglm, df=degf-1; one-sample: df=degf-1",
         c(args, list(formula = deparse(f), y = as.character(f[[2]])), if (one) list(make = list(minus_("growth_", "api00", "api99"))) else list(group = "comp.imp")), "svyttest(f,r)",
         c(list(t = as.numeric(t$statistic), df = as.numeric(t$parameter), p = as.numeric(t$p.value)), setNames(list(as.numeric(t$estimate)), if (one) "mean" else "difference"), list(ci95 = list(low = ci[1], high = ci[2]))))
  }
  values <- lapply(setNames(names(scores), names(scores)), function(test) { t <- svyranktest(api00 ~ comp.imp, r, test = test)
    list(statistic = as.numeric(t$statistic), df = as.numeric(t$parameter), df2 = NULL, estimate = as.numeric(t$estimate), p = as.numeric(t$p.value)) })
  case(paste("ranktest.rep", name, sep = "."), "ranktest", s$data, paste(rank_words, "On replicate weights: ranks from the full weights, variance of the total of the influence function by the replicates."),
       c(args, list(y = "api00", group = "comp.imp")), "svyranktest(api00~comp.imp,r,test=T)", values)
  m <- svymean(~api00 + api99, r); k <- svycontrast(m, c(api00 = 1, api99 = -1)); l <- svycontrast(m, quote(log(api00 / api99))); kp <- svykappa(~sch.wide + comp.imp, r)
  case(paste("contrast.rep", name, sep = "."), "contrast", s$data, "Contrasts of means on replicate weights (delta method on the replicate covariance)", c(args, list(vars = I(c("api00", "api99")), linear = list(diff = list(api00 = 1, api99 = -1)), nonlinear = list(logratio = "log(api00/api99)"))),
       "svycontrast(svymean(~api00+api99,r),..)", list(diff = pair(k), logratio = pair(l)))
  case(paste("kappa.rep", name, sep = "."), "kappa", s$data, "Cohen's kappa on replicate weights (delta method on the replicate covariance)", c(args, list(vars = I(c("sch.wide", "comp.imp")))), "svykappa(~sch.wide+comp.imp,r)", list(kappa = as.numeric(coef(kp)), se = as.numeric(SE(kp))))
})
