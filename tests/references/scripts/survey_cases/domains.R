# Domains: svyby with covariances between groups, subsets with their own degrees of freedom.
by_words <- paste("the full design is kept (rows outside the domain have weight 0), so strata/PSU counts n_h are those of the full sample;",
                  "vcov includes covariances between domains. ci95_normal: estimate +- 1.96.. SE.")
grouped <- function(kind, name, vars, by, make = NULL, domain = NULL, den = NULL, tag = NULL) {
  s <- designs[[name]]; full <- made(s$data, make); design <- where(design_of(name, make), domain)
  plain <- sapply(vars, function(v) !is.factor(full[[v]]))
  m <- if (kind == "ratio") svyby(f_of(vars), f_of(by), design, svyratio, denominator = f_of(den), covmat = TRUE)
       else svyby(f_of(vars), f_of(by), design, if (kind == "mean") svymean else svytotal, covmat = TRUE)
  est <- coef(m); names(est) <- gsub("`", "", names(est)); se <- unlist(SE(m)); v <- as.matrix(vcov(m))
  # by hand: contributions from all rows, zero outside the group
  kept <- if (is.null(domain)) rep(TRUE, nrow(full)) else { k <- eval(parse(text = text_of(domain)), full); k & !is.na(k) }
  group <- as.character(do.call(interaction, full[by])); w <- weights_of(name, full)
  columns <- do.call(cbind, lapply(vars, function(q) if (is.factor(full[[q]])) outer(full[[q]], levels(full[[q]]), "==") + 0 else full[[q]]))
  groups <- unique(as.character(sub(":.*", "", names(est))))
  Z <- do.call(cbind, lapply(seq_len(ncol(columns)), function(j) sapply(groups, function(g)
    contributions(kind, columns[, j], w, kept & group == g & !is.na(group), if (!is.null(den)) full[[den]]))))
  check <- apply(Z, 2, function(z) hand_of(z, name, full))
  cross <- if (ncol(Z) > 1) (hand_of(Z[, 1] + Z[, 2], name, full) - check[1] - check[2]) / 2
  diff <- apart(diag(v), check)
  if (!is.null(cross)) diff <- max(diff, abs(cross - v[1, 2]) / sqrt(v[1, 1] * v[2, 2]))
  t <- qnorm(.975)
  case(paste(c("by", kind, name, if (is.null(tag)) paste(c(vars, by), collapse = "_") else tag), collapse = "."), "domain", s$data,
       paste0("Domain (subpopulation) ", kind, "s of ~", paste(vars, collapse = " + "), if (!is.null(den)) paste0(" / ", den), " by ~",
              paste(by, collapse = " + "), "; ", by_words, " Names: group, or group:variable (factor: group:variablelevel); of two `by` the first varies fastest."),
       c(list(vars = if (length(vars) > 1) I(vars) else vars), if (!is.null(den)) list(denominator = den),
         list(by = if (length(by) > 1) I(by) else by, statistic = kind, na = if (is.null(domain)) "none" else "domain"),
         if (!is.null(make)) list(make = make), if (!is.null(domain)) list(domain = text_of(domain), domain_terms = domain),
         list(design = design_args(name))),
       sprintf("svyby(~%s,~%s,%s,svy%s,covmat=TRUE%s)", paste(vars, collapse = " + "), paste(by, collapse = " + "),
               if (is.null(domain)) call_of(name) else paste0("subset(", call_of(name), ", ", text_of(domain), ")"), kind,
               if (!is.null(den)) paste0(",denominator=~", den) else ""),
       list(estimate = named(est), se = named(setNames(se, names(est))), vcov = covariance_of(v, names(est)),
            ci95_normal = table_of(cbind(est - t * se, est + t * se), names(est), c("low", "high"))), check = textbook(diff))
}
for (name in c("strat", "stratnf", "clus1", "srs", "n57", "n57post")) {
  grouped("mean", name, "api00", "comp.imp"); grouped("total", name, "enroll", "comp.imp")
  grouped("mean", name, "sch.wide", "stype", tag = "wide"); grouped("ratio", name, "api.stu", "comp.imp", den = "enroll")
}
for (name in c("clus2", "clus2wr", "s2", "s2wr")) {
  grouped("mean", name, c("api00", "api99"), "stype", tag = "two"); grouped("total", name, "api00", "sch.wide")
  grouped("mean", name, "enroll", "comp.imp", domain = present("enroll")); grouped("ratio", name, "api00", "stype", den = "api99")
}
grouped("mean", "s2", "stype", "region", tag = "stype_region"); grouped("total", "s2", "stype", "comp.imp", tag = "stype")
grouped("mean", "clus2", "stype", "awards", tag = "stype")
grouped("mean", "strat", "meals", c("stype", "comp.imp")); grouped("total", "clus1", "meals", c("sch.wide", "comp.imp"))
grouped("mean", "clus1nf", "api00", c("stype", "awards")); grouped("total", "srs", "api.stu", c("stype", "sch.wide"))
grouped("mean", "strat", "sch.wide", c("comp.imp", "poor"), list(cut_("poor", "meals", 50, c("no", "yes"))), tag = "wide_cross")
grouped("mean", "nhanes", "HI_CHOL", c("agecat", "RIAGENDR"), domain = present("HI_CHOL"), tag = "age_sex")
grouped("total", "nhanes", "HI_CHOL", "race", domain = present("HI_CHOL"), tag = "race")
grouped("mean", "nhanes", "agecat", "race", tag = "agecat_race")
grouped("mean", "fpc", "x", "big", list(above_("big", "x", 4))); grouped("total", "fpcwr", "x", "big", list(above_("big", "x", 4)))
grouped("mean", "hos", "births", "oblevel"); grouped("total", "hos", "births", "big", list(above_("big", "births", 1000)))
grouped("total", "mu", "y1", "big", list(above_("big", "y1", 45))); grouped("mean", "mu", "y1", "id1")
grouped("mean", "strat", "api00", "stype")
grouped("total", "nhanes", "RIAGENDR", "agecat")
grouped("mean", "clus1", "api00", "band", list(cut_("band", "meals", c(25, 50, 75), c("1", "2", "3", "4"))))
grouped("mean", "strat", c("api00", "enroll", "meals"), "awards", tag = "three")

subset_case <- function(tag, name, domain, var, den, make = NULL) {
  s <- designs[[name]]; full <- made(s$data, make); whole <- design_of(name, make); d <- where(whole, domain); df <- degf(d)
  out <- function(m) { e <- estimates(m, df); list(est = as.numeric(coef(m)), se = as.numeric(SE(m)), ci95_normal = e$ci95_normal, ci95_t_degf = e$ci95_t_degf) }
  m <- svymean(f_of(var), d); t <- svytotal(f_of(var), d); r <- svyratio(f_of(var), f_of(den), d)
  names(m) <- names(t) <- gsub("`", "", names(m))
  keep <- eval(parse(text = text_of(domain)), full); keep <- keep & !is.na(keep); w <- weights_of(name, full)
  checks <- c(apart(SE(m)^2, hand_of(contributions("mean", full[[var]], w, keep), name, full)),
              apart(SE(t)^2, hand_of(contributions("total", full[[var]], w, keep), name, full)),
              apart(as.numeric(r$var), hand_of(contributions("ratio", full[[var]], w, keep, full[[den]]), name, full)))
  values <- c(estimates(m, df), list(total = out(t), ratio = list(est = as.numeric(r$ratio), se = sqrt(as.numeric(r$var))),
              degf_full = degf(whole), rows = nrow(d)))
  case(paste("subset", name, tag, sep = "."), "domain", s$data,
       paste0("Mean (estimate, se, vcov, ci), total and ratio to ", den, " of ", var, " in domain ", text_of(domain),
              ". degf of a subset in R = #PSU present - #strata present in the domain (differs from Stata, which uses the full design)."),
       c(list(vars = var, statistic = "mean", den = den, domain = text_of(domain), domain_terms = domain), if (!is.null(make)) list(make = make),
         list(design = design_args(name))),
       sprintf("d<-subset(%s,%s); svymean(~%s,d); svytotal; svyratio(.,~%s)", call_of(name), text_of(domain), var, den), values,
       check = textbook(max(checks)))
}
small_high <- list(term("stype", "!=", "E"), term("api99", ">", 600))
for (name in c("strat", "stratnf", "clus1", "clus1nf", "clus2", "clus2wr", "srs", "n57", "s2", "s2wr"))
  subset_case("high", name, small_high, "api00", "api99")
subset_case("south", "s2", list(term("region", "in", I(c("north", "south")))), "api00", "api99")
subset_case("wide", "clus1", list(term("sch.wide", "==", "No")), "meals", "ell")
subset_case("E", "strat", list(term("stype", "==", "E")), "api.stu", "enroll")
subset_case("low", "clus2", list(term("api00", "<", 500)), "api00", "api99")
subset_case("young", "nhanes", list(term("agecat", "==", "(0,19]"), term("HI_CHOL", "present", TRUE)), "HI_CHOL", "RIAGENDR")
subset_case("women4", "nhanes", list(term("RIAGENDR", "==", 2), term("race", "==", 4), term("HI_CHOL", "present", TRUE)), "HI_CHOL", "race")
subset_case("one_stratum", "fpc", list(term("stratid", "==", 1), term("x", ">", 3)), "x", "nh")
subset_case("levels", "hos", list(term("oblevel", ">", 1), term("births", "<", 3000)), "births", "tothosp")
subset_case("psus", "mu", list(term("y1", ">", 35)), "y1", "n2")
subset_case("three_psus", "clus1", list(term("dnum", "in", I(c(61, 135, 716)))), "api00", "api99")
subset_case("two_psus", "clus2", list(term("dnum", "in", I(c(198, 679)))), "api00", "api99")

# correlated domains in one total: deff by group
deff_by <- function(name, var, by) {
  s <- designs[[name]]; design <- design_of(name)
  m <- svyby(f_of(var), f_of(by), design, svymean, deff = TRUE); r <- svyby(f_of(var), f_of(by), design, svymean, deff = "replace")
  g <- as.character(m[[by]])
  case(paste("deff.by", name, var, by, sep = "."), "deff", s$data,
       "Design effects of domain means: as for a mean, with n and sum(w) of the rows of the domain.",
       list(vars = var, by = by, design = design_args(name)), sprintf("svyby(~%s,~%s,%s,svymean,deff=TRUE); deff='replace'", var, by, call_of(name)),
       list(deff_mean_wor = named(setNames(m[[ncol(m)]], g)), deff_mean_wr = named(setNames(r[[ncol(r)]], g))))
}
for (name in c("strat", "clus1", "srs", "clus2")) deff_by(name, "api00", "comp.imp")
