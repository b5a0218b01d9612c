# Strata with a single PSU: every policy, one stage and two, in the design and in a domain only.
policy <- function(lonely, domain_too = FALSE, expr) {
  old <- options(survey.lonely.psu = lonely, survey.adjust.domain.lonely = domain_too); on.exit(options(old)); expr
}
policies <- c("fail", "remove", "certainty", "adjust", "average")
# mean, total, ratio and a domain's mean, total and ratio; R stops under "fail"
lonely_values <- function(d, var, den, domain) {
  one <- function(d, tag) {
    m <- svymean(f_of(var), d); t <- svytotal(f_of(var), d); r <- svyratio(f_of(var), f_of(den), d)
    v <- list(mean = as.numeric(coef(m)), se_mean = as.numeric(SE(m)), total = as.numeric(coef(t)), se_total = as.numeric(SE(t)),
              ratio = as.numeric(r$ratio), se_ratio = sqrt(as.numeric(r$var)), degf = degf(d))
    setNames(v, paste0(tag, names(v)))
  }
  by <- svyby(f_of(var), ~comp.imp, d, svymean, covmat = TRUE)
  c(one(d, ""), one(where(d, domain), "domain_"), list(by_comp.imp = c(each(by), list(vcov = covariance_of(vcov(by), names(coef(by)))))))
}
number_or_null <- function(v) if (is.list(v)) lapply(v, number_or_null) else if (is.numeric(v) && length(v) == 1 && is.nan(v)) NA else v
# the text-book variance under a policy (first stage): strata of one PSU apart
lonely_hand <- function(z, strata, psu, N, lonely) {
  parts <- sapply(split(seq_along(z), strata, drop = TRUE), function(h) {
    x <- tapply(z[h], psu[h], sum); n <- length(x); f <- if (is.null(N)) 1 else 1 - n / N[h][1]
    if (n > 1) f * n / (n - 1) * sum((x - mean(x))^2) else if (f == 0) 0 else switch(lonely, adjust = f * x^2, average = NA, 0) })
  sum(parts, na.rm = TRUE) * length(parts) / sum(!is.na(parts))
}
lonely_words <- paste("options(survey.lonely.psu='%s'). remove/certainty: a single-PSU stratum adds nothing; adjust: f*u^2, u NOT centred; average: sum over the other strata *",
  "H/H_ok. error=true means R stops. Values: mean, total, ratio to %s of %s; the same in the domain %s (whose n_h stay those of the design); means by comp.imp. Null: R gives NaN.")
lonely_case <- function(id, data, strata, psu, weights, fpc, lonely, var, den, domain, words, d, design, ssu = NULL, certainty = FALSE, nest = FALSE, call) {
  values <- policy(lonely, expr = tryCatch(number_or_null(quiet(lonely_values(design, var, den, domain))), error = function(e) list(error = TRUE)))
  check <- NULL
  if (is.null(values$error) && is.null(ssu)) {
    w <- d[[weights]]; all <- rep(TRUE, nrow(d)); h <- function(kind) sqrt(lonely_hand(contributions(kind, d[[var]], w, all, d[[den]]), d[[strata]],
      if (is.null(psu)) seq_len(nrow(d)) else d[[psu]], if (is.null(fpc)) NULL else d[[fpc[1]]], lonely))
    check <- list(how = "hand: remove/certainty drop the term; adjust (1-f)*u^2; average H/H_ok",
                  diff = apart(c(values$se_mean, values$se_total, values$se_ratio), c(h("mean"), h("total"), h("ratio"))))
  }
  case(id, "lonely_psu", data, paste(words, sprintf(lonely_words, lonely, den, var, text_of(domain))),
       c(list(var = var, den = den, weights = weights, strata = strata, psu = psu), if (!is.null(ssu)) list(ssu = ssu),
         list(fpc = if (length(fpc) > 1) I(fpc) else fpc, nest = nest, lonely_psu = lonely, certainty_fpc_override = certainty, domain = text_of(domain), domain_terms = domain)),
       call, values, check = check)
}
not_E <- list(term("stype", "!=", "E"))
for (lonely in policies) for (kind in c("nofpc", "fpc", "certainty")) {
  d <- load("apistrat_lonely"); if (kind == "certainty") d$fpc[d$stype == "H"] <- 1
  fpc <- if (kind != "nofpc") "fpc"
  lonely_case(paste("lonely", kind, lonely, "more", sep = "."), "apistrat_lonely", "stype", NULL, "pw", fpc, lonely, "enroll", "api.stu", list(term("comp.imp", "==", "Yes")),
    paste0("Stratum H has a single row. ", c(nofpc = "No fpc.", fpc = "fpc = stratum sizes.", certainty = "fpc of H set to 1: a certainty stratum, adds 0 under every policy.")[[kind]]),
    d, svydesign(~1, strata = ~stype, weights = ~pw, fpc = tilde(fpc), data = d), certainty = kind == "certainty",
    call = paste0("svydesign(id=~1,strata=~stype,weights=~pw", if (!is.null(fpc)) ",fpc=~fpc", ",data=apistrat_lonely)"))
}
for (lonely in policies) {
  d <- load("clus2lonely")
  go <- function(tag, fpc, ssu, words) lonely_case(paste("lonely.clus2", tag, lonely, sep = "."), "clus2lonely", "region", "dnum", "w", fpc, lonely, "api00", "api99", not_E, words, d,
    svydesign(if (is.null(ssu)) ~dnum else ~dnum + snum, strata = ~region, weights = ~w, fpc = tilde(fpc), data = d), ssu,
    call = sprintf("svydesign(id=~dnum%s,strata=~region,weights=~w%s,data=clus2lonely)", if (is.null(ssu)) "" else "+snum", if (is.null(fpc)) "" else paste0(",fpc=~", paste(fpc, collapse = "+"))))
  go("nofpc", NULL, NULL, "Clusters: region far has a single district. No fpc.")
  go("fpc", "N1", NULL, "Clusters: region far has a single district of N1.")
  go("certainty", "N1c", NULL, "Clusters: region far has a single district, which is all there is (N1c=1): adds 0 under every policy.")
  go("stages", c("N1", "N2"), "snum", "Two stages: region far has a single district; district 15 has one school sampled of one.")
  go("stages_certainty", c("N1c", "N2"), "snum", "Two stages: region far has one district of one (certainty) and adds its second stage only; district 15 has one school of one.")
  go("stages_second", c("N1c", "N2b"), "snum", "Two stages: district 15 has one school sampled of N2b=3, a single unit at the second stage; far is a certainty at the first.")
}
# a stratum that has several PSUs, but one in the domain
first_H <- function(d) d$stype != "H" | seq_len(nrow(d)) == which(d$stype == "H")[1]
for (lonely in c("remove", "certainty", "adjust", "average")) for (too in c(TRUE, FALSE)) for (kind in c("nofpc", "fpc")) {
  if (lonely == "adjust" && too && kind == "nofpc") next
  d <- design_of(if (kind == "fpc") "strat" else "stratnf"); s <- d[which(first_H(d$variables)), ]
  values <- policy(lonely, too, quiet({ m <- svymean(~api00, s); t <- svytotal(~api00, s); r <- svyratio(~api00, ~api99, s)
    list(mean = as.numeric(coef(m)), se = as.numeric(SE(m)), degf = degf(s), total = as.numeric(coef(t)), se_total = as.numeric(SE(t)),
         ratio = as.numeric(r$ratio), se_ratio = sqrt(as.numeric(r$var))) }))
  case(paste("lonely.domain", lonely, too, kind, sep = "."), "lonely_psu", "apistrat",
       paste0("Domain in which stratum H has one sampled row left (first H row of the file); lonely.psu='", lonely, "', survey.adjust.domain.lonely=", too,
              ": FALSE = n_h of the full design is used, zero rows padded and centred; TRUE = adjust: the single domain PSU is not centred; average: its stratum is averaged over."),
       list(var = "api00", den = "api99", design = design_args(if (kind == "fpc") "strat" else "stratnf"), domain = "stype!='H' or first H row", lonely_psu = lonely, adjust_domain_lonely = too),
       "svymean(~api00,subset(dstrat,...)); svytotal; svyratio(.,~api99)", values)
}
# clusters: region north has all its districts but one out of the domain
for (lonely in c("adjust", "average")) for (too in c(TRUE, FALSE)) for (name in c("s2", "s2wr", "s2f1")) {
  d <- design_of(name); domain <- list(term("dnum", "in", I(c(198, unique(d$variables$dnum[d$variables$region != "north"])))))
  s <- where(d, domain)
  values <- policy(lonely, too, quiet({ m <- svymean(~api00, s); t <- svytotal(~api00, s); b <- svyby(~api00, ~stype, s, svymean, covmat = TRUE)
    number_or_null(list(mean = as.numeric(coef(m)), se = as.numeric(SE(m)), degf = degf(s), total = as.numeric(coef(t)), se_total = as.numeric(SE(t)), by_stype = each(b))) }))
  case(paste("lonely.domain", name, lonely, too, sep = "."), "lonely_psu", "clus2strat",
       paste0("Domain: of region north only district 198, all of the other regions; lonely.psu='", lonely, "', survey.adjust.domain.lonely=", too, "; by_stype: means within the domain by stype. Null: R gives NaN."),
       list(var = "api00", design = design_args(name), domain = "region!='north' or dnum==198", domain_terms = domain, lonely_psu = lonely, adjust_domain_lonely = too),
       sprintf("s<-subset(%s,region!='north'|dnum==198); svymean(~api00,s); svytotal(~api00,s); svyby(~api00,~stype,s,svymean)", call_of(name)), values)
}
# strata 2 and 3 of crowd have two PSUs each; in the domain one of stratum 2 is left
for (lonely in c("fail", "certainty", "adjust")) {
  d <- design_of("crowd")
  values <- policy(lonely, expr = { m <- svymean(~rooms + person, d); t <- svytotal(~rooms, d); r <- svyratio(~person, ~rooms, d)
    list(mean = named(coef(m)), se = named(setNames(as.numeric(SE(m)), names(coef(m)))), total_rooms = as.numeric(coef(t)), se_total_rooms = as.numeric(SE(t)),
         ratio = as.numeric(r$ratio), se_ratio = sqrt(as.numeric(r$var)), degf = degf(d)) })
  case(paste("crowd", lonely, sep = "."), "lonely_psu", "crowd", paste0("crowd data; PSU ids nested in strata (nest=TRUE); lonely.psu='", lonely, "'; no stratum is single"),
       list(weights = "weight", strata = "stratum", psu = "cluster", nest = TRUE, lonely_psu = lonely), "svydesign(id=~cluster,strata=~stratum,weights=~weight,nest=TRUE,data=crowd)", values)
}
