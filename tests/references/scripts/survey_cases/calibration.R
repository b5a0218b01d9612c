# Calibration, post-stratification, raking, trimming, standardisation; replicate designs too.
cal_words <- paste("values: calibrated weights in row order (or their sums of squares); svymean(api00), svytotal of args.total (missing rows out of the domain), svytotal(stype) (SE ~0 where calibrated),",
  "mean_two: means of api00 and meals; domain means by stype, of the domain args.domain, ratio api00/api99, quantile of api00; svyglm(api00 ~ x1 + x2). SEs use residuals from the regression of the linearised variable on the calibration",
  "variables with the weights BEFORE calibration, times the calibrated weight; in domains the variable is 0 outside and the regression is over all rows.")
small_schools <- list(term("comp.imp", "==", "Yes"), term("api99", ">", 550))
after <- function(d, x = c("ell", "meals"), total = "enroll", keep_weights = TRUE) {
  w <- weights(d); t <- svytotal(f_of(total), d, na.rm = TRUE); k <- svytotal(~stype, d); b <- svyby(~api00, ~stype, d, svymean); bt <- svyby(~api00, ~stype, d, svytotal)
  r <- svyratio(~api00, ~api99, d); s <- where(d, small_schools); g <- svyglm(as.formula(paste("api00 ~", paste(sprintf("`%s`", x), collapse = "+"))), d)
  probs <- c(.2533, .5037, .7463); clear_of_hits(d$variables$api00, w, probs)
  q <- svyquantile(~api00, d, probs, interval.type = "mean", df = degf(d))[[1]]; rownames(q) <- paste0("p", probs); colnames(q) <- c("quantile", "ci.2.5", "ci.97.5", "se")
  n <- gsub("`", "", names(coef(g))); m <- svymean(~api00, s); mt <- svytotal(~api00, s); named_by <- function(b) list(est = named(coef(b)), se = named(setNames(as.numeric(unlist(SE(b))), names(coef(b)))))
  c(if (keep_weights) list(weights = I(as.numeric(w))), list(sum_weights = sum(w), sum_weights_squared = sum(w^2), mean_api00 = pair(svymean(~api00, d)),
    mean_two = { m2 <- svymean(~api00 + meals, d); list(estimate = named(coef(m2)), vcov = covariance_of(vcov(m2), names(coef(m2)))) }, total_api00 = pair(svytotal(~api00, d)),
    total = pair(t), total_stype = named(coef(k)), mean_comp.imp = { k <- each(svymean(~comp.imp, d)); k$se <- lapply(k$se, function(v) if (v < 1e-12) 0 else v); k }, by_stype = named_by(b), total_by_stype = named_by(bt),
    by_comp.imp = named_by(svyby(~api00, ~comp.imp, d, svymean)), ratio = list(est = as.numeric(r$ratio), se = sqrt(as.numeric(r$var))), domain_mean = c(pair(m), list(degf = degf(s))),
    domain_total = pair(mt), quantile = table_of(q), glm = list(coef = named(setNames(coef(g), n)), se = named(setNames(as.numeric(SE(g)), n)), vcov = covariance_of(vcov(g), n)), degf = degf(d)))
}
# residual variance by hand: contributions w y less w x b, b from the old weights
residual_check <- function(name, full, before, after_d, X) {
  w0 <- weights(before); w <- weights(after_d); y <- full$api00; e <- function(y) y - X %*% solve(crossprod(X, w0 * X), crossprod(X, w0 * y))
  z <- as.numeric(w * e((y - sum(w * y) / sum(w)))) / sum(w); t <- as.numeric(w * e(y))
  apart(c(SE(svymean(~api00, after_d)), SE(svytotal(~api00, after_d)))^2, c(hand_of(z, name, full), hand_of(t, name, full)))
}
extra_of <- function(name) list(x = if (name %in% c("s2", "s2wr")) c("api99", "enroll") else c("ell", "meals"), total = "enroll")
cal_case <- function(tag, name, method, formula, population, words, bounds = NULL, ...) {
  s <- designs[[name]]; full <- load(s$data); before <- design_of(name); e <- extra_of(name)
  d <- quiet(if (method == "linear" && is.null(bounds)) calibrate(before, formula, population)
       else calibrate(before, formula, population, calfun = method, bounds = if (is.null(bounds)) c(-Inf, Inf) else bounds, epsilon = 1e-13, maxit = 500, ...))
  X <- model.matrix(formula, full); values <- after(d, e$x, e$total)
  case(paste(c("cal", method, name, tag), collapse = "."), "calibrate", s$data, paste(words, cal_words),
       c(list(design = design_args(name), method = method), if (!is.null(bounds)) list(bounds = I(bounds)),
         list(formula = paste(deparse(formula), collapse = ""), margins = as.list(population), total = e$total, glm = list(y = "api00", x = I(e$x)), domain = text_of(small_schools), domain_terms = small_schools)),
       sprintf("calibrate(%s,%s,c(..),calfun='%s'%s%s)", call_of(name), paste(deparse(formula), collapse = ""), method, if (is.null(bounds)) "" else sprintf(",bounds=c(%s,%s)", bounds[1], bounds[2]),
               if (method == "linear" && is.null(bounds)) "" else ",epsilon=1e-13"), values, rtol = 1e-8,
       check = list(how = "residuals from the regression with the old weights, by hand; and the totals are met", diff = max(residual_check(name, full, before, d, X), apart(population, colSums(weights(d) * X)))))
}
whole <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018); with_api <- c(whole, api99 = 3914069)
for (name in c("clus1", "clus1nf", "strat", "stratnf", "clus2", "srs", "s2", "s2wr")) {
  more <- if (name %in% c("s2", "s2wr")) 3914069 * .82 else 3914069; sizes <- if (name %in% c("s2", "s2wr")) c(`(Intercept)` = 5100, stypeH = 640, stypeM = 830) else whole
  cal_case("stype", name, "linear", ~stype, sizes, "Linear (GREG) calibration to the school types.")
  cal_case("stype_api99", name, "raking", ~stype + api99, c(sizes, api99 = more), "Raking (exponential) calibration to the school types and the total of api99.")
  cal_case("stype_api99", name, "linear", ~stype + api99, c(sizes, api99 = more), "Linear (GREG) calibration to the school types and the total of api99.", c(.3, 2.5))
  cal_case("stype_api99", name, "logit", ~stype + api99, c(sizes, api99 = more), "Logit calibration (bounds on g) to the school types and the total of api99.", c(.3, 2.5))
}
for (name in c("clus1nf", "stratnf", "srs")) cal_case("stype_api99_free", name, "linear", ~stype + api99, with_api, "Linear (GREG) calibration to the school types and the total of api99, unbounded.")
cal_case("tight", "clus1", "linear", ~stype + api99, with_api, "Bounded linear calibration; some weights lie on the bounds.", c(.6, 1.6))
cal_case("tight", "clus1", "raking", ~stype + api99, with_api, "Bounded raking; some weights lie on the bounds.", c(.5, 1.7))
cal_case("tight", "clus1", "logit", ~stype + api99, with_api, "Logit calibration with tight bounds.", c(.5, 1.7))
cal_case("enroll", "strat", "linear", ~enroll + comp.imp, c(`(Intercept)` = 6194, enroll = 3811472, comp.impYes = 4380), "Linear calibration to the total of enroll and the number with comp.imp.")
cal_case("enroll", "clus1", "logit", ~api99 + sch.wide, c(`(Intercept)` = 6194, api99 = 3914069, sch.wideYes = 5122), "Logit calibration to api99 and sch.wide.", c(.2, 3))
cal_case("noint", "srs", "raking", ~stype + comp.imp - 1, c(stypeE = 4421, stypeH = 755, stypeM = 1018, comp.impYes = 4380), "Raking calibration without an intercept column: all types and comp.imp.")
cal_case("ratio", "srs", "linear", ~api99 - 1, c(api99 = 3914069), "Linear calibration to a single total (no intercept), constant variance.")

post_case <- function(tag, name, make_design, args, words, r_call, rtol = 1e-8, check = NULL) {
  s <- designs[[name]]; e <- extra_of(name); d <- quiet(make_design(design_of(name)))
  case(paste(tag, name, sep = "."), "calibrate", s$data, paste(words, cal_words),
       c(list(design = design_args(name)), args, list(total = e$total, glm = list(y = "api00", x = I(e$x)), domain = text_of(small_schools), domain_terms = small_schools)), r_call,
       after(d, e$x, e$total), rtol = rtol, check = if (!is.null(check)) check(design_of(name), d, load(s$data)))
}
stypes <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018)); cells <- data.frame(expand.grid(stype = c("E", "H", "M"), comp.imp = c("No", "Yes")), Freq = c(1100, 330, 400, 3321, 425, 618))
as_cells <- function(p) lapply(seq_len(nrow(p)), function(i) c(lapply(p[i, -ncol(p), drop = FALSE], as.character), list(count = p$Freq[i])))
hand_cells <- function(name, vars) function(before, d, full) list(how = "residuals from the cell means with the old weights, by hand",
  diff = residual_check(name, full, before, d, model.matrix(~0 + do.call(interaction, c(full[vars], drop = TRUE)))))
for (name in c("clus1nf", "strat", "stratnf", "clus2", "srs", "s2")) {
  post_case("poststrat", name, function(d) postStratify(d, ~stype, stypes), list(method = "poststratify", margins = as.list(setNames(stypes$Freq, stypes$stype))), "Post-stratification on stype.",
            "postStratify(d,~stype,data.frame(stype=c('E','H','M'),Freq=c(4421,755,1018)))", check = hand_cells(name, "stype"))
}
for (name in c("clus1", "strat", "srs")) {
  post_case("poststrat.two", name, function(d) postStratify(d, ~stype + comp.imp, cells), list(method = "poststratify", by = I(c("stype", "comp.imp")), cells = as_cells(cells)), "Post-stratification on stype x comp.imp.",
            "postStratify(d,~stype+comp.imp,data.frame(stype,comp.imp,Freq))", check = hand_cells(name, c("stype", "comp.imp")))
}
margins <- list(comp.imp = data.frame(comp.imp = c("No", "Yes"), Freq = c(1717, 4477)), sch.wide = data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122)), stype = stypes)
rake_args <- function(m, control) c(list(method = "ipf"), setNames(lapply(margins[m], function(x) as.list(setNames(x$Freq, x[[1]]))), paste0("margin", seq_along(m))), list(margin_columns = I(m), control = control))
raked <- function(m, control) function(d) rake(d, lapply(m, function(v) reformulate(v)), margins[m], control = control)
tight <- list(maxit = 500, epsilon = 1e-12)
for (name in c("clus1", "strat", "srs", "clus2", "s2")) post_case("rake.three", name, raked(c("comp.imp", "sch.wide", "stype"), tight), rake_args(c("comp.imp", "sch.wide", "stype"), tight),
  "IPF on three margins, to convergence. SE: ten cycles over the margins of z - w * (unweighted mean of z/w in the category), w = weights after that margin's last step.", "rake(d,list(~comp.imp,~sch.wide,~stype),list(..),control=list(maxit=500,epsilon=1e-12))", 1e-7)
for (name in c("clus1", "stratnf")) post_case("rake.two", name, raked(c("comp.imp", "sch.wide"), tight), rake_args(c("comp.imp", "sch.wide"), tight), "IPF on two binary margins, to convergence.", "rake(d,list(~comp.imp,~sch.wide),list(..),control=list(maxit=500,epsilon=1e-12))", 1e-7)
for (name in c("clus1", "strat")) post_case("rake.default", name, raked(c("comp.imp", "sch.wide"), list(maxit = 10, epsilon = 1)), rake_args(c("comp.imp", "sch.wide"), list(maxit = 10, epsilon = 1)),
  "IPF on two binary margins with R's default control: stop when no cell of the joint table changes by 1 or more in a round, at most 10 rounds.", "rake(d,list(~comp.imp,~sch.wide),list(..))", 1e-8)
for (name in c("clus1", "strat")) {
  post_case("poststrat_then_linear", name, function(d) calibrate(postStratify(d, ~stype, stypes), ~api99, c(`(Intercept)` = 6194, api99 = 3914069)),
    list(steps = list(list(method = "poststratify", margins = as.list(setNames(stypes$Freq, stypes$stype))), list(method = "linear", formula = "~api99", margins = list(`(Intercept)` = 6194, api99 = 3914069)))),
    "Post-stratification on stype, then linear calibration to api99 (the types are no longer met exactly). Residuals: first the post-strata, then the regression, each with its own weights.", "calibrate(postStratify(d,~stype,..),~api99,c(6194,3914069))")
  post_case("linear_then_raking", name, function(d) calibrate(calibrate(d, ~api99, c(`(Intercept)` = 6194, api99 = 3914069)), ~stype, whole, calfun = "raking", epsilon = 1e-13),
    list(steps = list(list(method = "linear", formula = "~api99", margins = list(`(Intercept)` = 6194, api99 = 3914069)), list(method = "raking", formula = "~stype", margins = as.list(whole)))),
    "Linear calibration to api99, then raking to the types.", "calibrate(calibrate(d,~api99,..),~stype,..,calfun='raking')")
}

trim_case <- function(tag, name, adjust, words, lower, upper, strict, adjustment, rtol = 1e-8) {
  s <- designs[[name]]; d <- quiet(trimWeights(adjust(design_of(name)), upper = upper, lower = lower, strict = strict)); w <- weights(d)
  case(paste("trim", name, tag, paste0("strict", strict), sep = "."), "trim", s$data,
       paste0(words, " Then trimWeights(lower=", lower, ",upper=", upper, ",strict=", strict, "): weights outside are set to the bound and the excess spread EQUALLY (additively) over the untrimmed rows; ",
              "strict=TRUE repeats until all are within bounds. SEs keep the earlier adjustments' projections (old g and weights), with the trimmed weights in the contributions."),
       list(lower = lower, upper = upper, strict = strict, design = design_args(name), after = adjustment, var = "api00"), "trimWeights(adjusted,lower=..,upper=..,strict=..)",
       list(weights = I(as.numeric(w)), sum = sum(w), mean_api00 = as.numeric(coef(svymean(~api00, d))), se = as.numeric(SE(svymean(~api00, d))), total_api00 = pair(svytotal(~api00, d)),
            by_stype = { b <- svyby(~api00, ~stype, d, svymean); list(est = named(coef(b)), se = named(setNames(as.numeric(unlist(SE(b))), names(coef(b))))) }), rtol = rtol)
}
for (strict in c(FALSE, TRUE)) {
  trim_case("none", "strat", identity, "Design weights.", 17, 40, strict, list(method = "none"))
  trim_case("none", "s2", identity, "Design weights of a two-stage design.", 30, 60, strict, list(method = "none"))
  trim_case("linear", "strat", function(d) calibrate(d, ~stype + api99, with_api), "Linear calibration to types and api99.", 15, 44.5, strict, list(method = "linear", formula = "~stype+api99", margins = as.list(with_api)))
  trim_case("raking", "clus1", function(d) calibrate(d, ~stype + api99, with_api, calfun = "raking", epsilon = 1e-13), "Raking calibration to types and api99.", 22, 44, strict, list(method = "raking", formula = "~stype+api99", margins = as.list(with_api)))
  trim_case("ipf", "clus1", raked(c("comp.imp", "sch.wide", "stype"), tight), "IPF on three margins, to convergence.", 20, 50, strict, rake_args(c("comp.imp", "sch.wide", "stype"), tight), 1e-7)
  trim_case("poststrat", "clus2", function(d) postStratify(d, ~stype, stypes), "Post-stratification on stype.", 20, 110, strict, list(method = "poststratify", margins = as.list(setNames(stypes$Freq, stypes$stype))))
}
trim_case("upper", "clus2", identity, "Design weights.", 0, 80, TRUE, list(method = "none"))

# Rao-Scott tests, intervals and t tests after post-stratification and raking: weight-0 rows stay, so n is that of the whole design in a domain
for (how_ in c("poststrat", "rake")) for (name in c("clus1", "strat")) local({
  s <- designs[[name]]; d <- quiet(if (how_ == "poststrat") postStratify(design_of(name), ~stype, stypes) else raked(c("comp.imp", "stype"), tight)(design_of(name)))
  adjusted <- if (how_ == "poststrat") list(method = "poststratify", margins = as.list(setNames(stypes$Freq, stypes$stype))) else rake_args(c("comp.imp", "stype"), tight)
  rt <- if (how_ == "rake") 1e-7 else 1e-8
  pairs_ <- list(c("sch.wide", "comp.imp"), c("sch.wide", "awards"), c("stype", "comp.imp")); if (how_ == "rake") pairs_ <- pairs_[2]
  for (v in pairs_) {
    t <- table_test(d, v[1], v[2]); tab <- svytable(f_of(v), d)
    case(paste("chisq", how_, name, v[1], v[2], sep = "."), "crosstab", s$data, paste(chisq_words, "After", how_), list(vars = I(v), after = adjusted, design = design_args(name)), sprintf("svychisq(~%s+%s,adjusted,statistic=S)", v[1], v[2]),
         c(list(table = table_of(unclass(tab)[, ], rownames(tab), colnames(tab))), t$tests), rtol = rt, check = list(how = "Delta with other contrasts; X2, F, Chisq by hand", diff = t$diff), note = lax)
  }
  t <- svyttest(api00 ~ sch.wide, d); ci <- as.numeric(confint(t)); r <- svyranktest(api00 ~ sch.wide, d)
  case(paste("ttest", how_, name, sep = "."), "ttest", s$data, paste("Design-based t test after", how_, "(df=degf-1), and the Wilcoxon rank test"), list(formula = "api00 ~ sch.wide", y = "api00", group = "sch.wide", after = adjusted, design = design_args(name)),
       "svyttest(api00~sch.wide,adjusted); svyranktest", list(t = as.numeric(t$statistic), df = as.numeric(t$parameter), p = as.numeric(t$p.value), difference = as.numeric(t$estimate), ci95 = list(low = ci[1], high = ci[2]),
       wilcoxon = list(statistic = as.numeric(r$statistic), df = as.numeric(r$parameter), estimate = as.numeric(r$estimate), p = as.numeric(r$p.value))), rtol = rt)
  d <- update(d, hit_ = as.numeric(api00 > 700))
  values <- lapply(setNames(nm = methods), function(m) { x <- tryCatch(quiet(svyciprop(~hit_, d, method = m)), error = function(e) NULL); if (is.null(x)) return(list(error = TRUE)); ci <- as.numeric(attr(x, "ci")); list(p = as.numeric(x), low = ci[1], high = ci[2]) })
  case(paste("ciprop", how_, name, sep = "."), "proportion_ci", s$data, paste(sprintf(ciprop_words, "api00>700"), "After", how_), list(event = "api00>700", event_term = term("api00", ">", 700), level = .95, after = adjusted, design = design_args(name)),
       "svyciprop(~I(api00>700),adjusted,method=M)", c(values, list(degf = degf(d))), rtol = 1e-7, note = "method 'likelihood' is solved by root finding in R: compare to 1e-4 only")
})

# replicate designs: every replicate is calibrated to the same totals
# (compress = FALSE: calibrate stops on plain replicate weights with its default)
rep_totals <- list(all = list(x = with_api, types = stypes, margins = margins[c("comp.imp", "sch.wide")]),
  sub = list(x = c(`(Intercept)` = 1400, stypeH = 230, stypeM = 310, api99 = 884800), types = data.frame(stype = c("E", "H", "M"), Freq = c(860, 230, 310)),
             margins = list(comp.imp = data.frame(comp.imp = c("No", "Yes"), Freq = c(450, 950)), sch.wide = data.frame(sch.wide = c("No", "Yes"), Freq = c(260, 1140)))))
rep_adjust <- list(
  linear = list(f = function(r, t) calibrate(r, ~stype + api99, t$x, compress = FALSE), args = function(t) list(method = "linear", formula = "~stype+api99", margins = as.list(t$x)), words = "linear calibration to types and api99"),
  raking = list(f = function(r, t) calibrate(r, ~stype + api99, t$x, calfun = "raking", epsilon = 1e-12, maxit = 200, compress = FALSE), args = function(t) list(method = "raking", formula = "~stype+api99", margins = as.list(t$x)), words = "raking to types and api99"),
  logit = list(f = function(r, t) calibrate(r, ~stype + api99, t$x, calfun = "logit", bounds = c(.05, 8), epsilon = 1e-12, maxit = 500, compress = FALSE), args = function(t) list(method = "logit", bounds = I(c(.05, 8)), formula = "~stype+api99", margins = as.list(t$x)),
               words = "logit calibration (bounds .05, 8) to types and api99"),
  poststratify = list(f = function(r, t) postStratify(r, ~stype, t$types), args = function(t) list(method = "poststratify", margins = as.list(setNames(t$types$Freq, t$types$stype))), words = "post-stratification on stype"),
  ipf = list(f = function(r, t) rake(r, lapply(names(t$margins), reformulate), t$margins, control = tight),
             args = function(t) c(list(method = "ipf", margin_columns = I(names(t$margins)), control = tight), setNames(lapply(t$margins, function(x) as.list(setNames(x$Freq, x[[1]]))), c("margin1", "margin2"))), words = "IPF on comp.imp and sch.wide"))
sources <- list(
  jk1 = function() quiet(as.svrepdesign(design_of("clus1"), type = "JK1", compress = FALSE)), jk1mse = function() quiet(as.svrepdesign(design_of("clus1"), type = "JK1", compress = FALSE, mse = TRUE)),
  boot = function() { d <- load("rep_boot_clus1"); quiet(svrepdesign(weights = d$pw, repweights = d[grep("^rw", names(d))], type = "bootstrap", combined.weights = TRUE, data = d)) },
  canty = function() { d <- load("rep_canty_clus1"); quiet(svrepdesign(weights = d$pw, repweights = d[grep("^rw", names(d))], type = "other", combined.weights = FALSE, data = d, scale = 15 / (14 * 23), rscales = rep(1, 24))) },
  sub = function() { d <- load("rep_sub_strat50"); quiet(svrepdesign(weights = d$pw, repweights = d[grep("^rw", names(d))], type = "bootstrap", combined.weights = TRUE, data = d)) })
source_args <- list(
  jk1 = list(data = "apiclus1", args = list(made = list(type = "JK1"), mse = FALSE, design = design_args("clus1"))), jk1mse = list(data = "apiclus1", args = list(made = list(type = "JK1"), mse = TRUE, design = design_args("clus1"))),
  boot = list(data = "rep_boot_clus1", args = list(weights = "pw", repweights = "rw*", type = "bootstrap", combined_weights = TRUE, scale = 1 / 29, rscales = I(rep(1, 30)), mse = FALSE)),
  canty = list(data = "rep_canty_clus1", args = list(weights = "pw", repweights = "rw*", type = "other", combined_weights = FALSE, scale = 15 / (14 * 23), rscales = I(rep(1, 24)), mse = FALSE)),
  sub = list(data = "rep_sub_strat50", args = list(weights = "pw", repweights = "rw*", type = "bootstrap", combined_weights = TRUE, scale = 1 / 29, rscales = I(rep(1, 30)), mse = FALSE)))
for (from in names(sources)) for (how_ in names(rep_adjust)) local({
  totals <- rep_totals[[if (from == "sub") "sub" else "all"]]
  r <- tryCatch(quiet(rep_adjust[[how_]]$f(sources[[from]](), totals)), error = function(e) { message("skipped ", from, " ", how_, ": ", conditionMessage(e)); NULL })
  if (is.null(r)) return()
  W <- weights(r, "analysis"); w <- weights(r, "sampling"); m <- svymean(~api00, r); t <- svytotal(~enroll, r); ratio <- svyratio(~api00, ~api99, r); b <- svyby(~api00, ~stype, r, svymean, covmat = TRUE)
  s <- where(r, small_schools); k <- svytotal(~stype, r)
  case(paste("cal.rep", from, how_, sep = "."), "calibrate", source_args[[from]]$data,
       paste0("Replicate design after ", rep_adjust[[how_]]$words, ": the full weights and the analysis weights of every replicate are calibrated to the same totals. weights: full calibrated weights; replicate_weight_sums_squared: ",
              "sum of squares of each replicate's analysis weights; svymean(api00), svytotal(enroll), svytotal(stype), means by stype, ratio api00/api99, mean of the domain. degf: as R keeps it (recomputed for linear, poststratify, ipf)."),
       c(source_args[[from]]$args, list(after = rep_adjust[[how_]]$args(totals), domain = text_of(small_schools), domain_terms = small_schools)), paste0("adjusted replicate design (", how_, ")"),
       list(weights = I(as.numeric(w)), replicate_weight_sums_squared = I(as.numeric(colSums(W^2))), mean_api00 = pair(m), total_enroll = pair(t), total_stype = named(coef(k)), by_stype = list(est = named(coef(b)), se = named(setNames(as.numeric(unlist(SE(b))), names(coef(b)))), vcov = covariance_of(vcov(b), names(coef(b)))),
            ratio = list(est = as.numeric(ratio$ratio), se = sqrt(as.numeric(ratio$var))), domain_mean = pair(svymean(~api00, s)), degf = degf(r)), rtol = if (how_ %in% c("raking", "logit", "ipf")) 1e-7 else 1e-8,
       check = list(how = "hand", diff = apart(c(SE(m), SE(t))^2, rep_hand(r, function(w) c(sum(w * r$variables$api00) / sum(w), sum(w * r$variables$enroll))))))
})

# age standardisation
ages <- c(55901, 77670, 72816, 45364); age_names <- c("(0,19]", "(19,39]", "(39,59]", "(59,Inf]")
std_case <- function(tag, over, excluding, population, domain, var = "HI_CHOL", by = over, words, make = list(factor_("race"))) {
  d <- design_of("nhanes", make); f <- if (length(over)) reformulate(over) else ~1
  s <- quiet(svystandardize(d, by = ~agecat, over = f, population = population, excluding.missing = if (excluding) ~HI_CHOL)); s <- where(s, domain)
  total <- quiet(svymean(f_of(var), s, na.rm = TRUE))
  values <- list(mean = pair(total), degf = degf(s), sum_weights = sum(weights(s)), sum_weights_squared = sum(weights(s)^2))
  if (length(by)) { b <- quiet(svyby(f_of(var), reformulate(by), s, svymean, na.rm = TRUE)); values$by <- list(est = named(coef(b)), se = named(setNames(as.numeric(unlist(SE(b))), names(coef(b))))) }
  case(paste("standardize.nhanes", tag, sep = "."), "standardize", "nhanes",
       paste(words, "Direct age standardisation: within every level of `over` the weights are post-stratified so that the age groups have the shares of population/sum(population) and the level keeps its weighted total;",
             "excluding_missing: rows without HI_CHOL are taken out first (rows removed). Then means of", var, "in the domain, by the groups in args.by_groups (svyby: names by `interaction`, first varies fastest). SE: post-stratification residuals."),
       list(by = "agecat", over = I(over), population = as.list(setNames(population, age_names)), excluding_missing = if (excluding) "HI_CHOL", vars = var, by_groups = I(by), domain = if (!is.null(domain)) text_of(domain), domain_terms = domain,
            na = "domain", make = make, design = design_args("nhanes")),
       sprintf("s<-svystandardize(dnh,by=~agecat,over=%s,population=popage%s); svyby(~%s,~%s,svymean,design=%s)", deparse(f), if (excluding) ",excluding.missing=~HI_CHOL" else "", var, paste(by, collapse = "+"),
               if (is.null(domain)) "s" else paste0("subset(s,", text_of(domain), ")")), values)
}
adults <- list(term("agecat", "!=", "(0,19]"))
std_case("help", c("race", "RIAGENDR"), TRUE, ages, adults, words = "As on the help page.")
std_case("race", "race", TRUE, ages, NULL, words = "Over race, everybody.")
std_case("sex", "RIAGENDR", TRUE, ages, adults, words = "Over sex, adults.")
std_case("none", character(), TRUE, ages, NULL, words = "Over nothing: the whole sample to one age distribution.")
std_case("kept", "race", FALSE, ages, NULL, words = "Missing answers not taken out first.")
std_case("equal", c("race", "RIAGENDR"), TRUE, c(1, 1, 1, 1), NULL, by = "race", words = "Equal shares of the age groups; groups coarser than `over`.")
std_case("women", "race", TRUE, ages, list(term("RIAGENDR", "==", 2)), words = "A domain after standardisation.")
