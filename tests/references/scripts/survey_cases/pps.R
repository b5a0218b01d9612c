# Unequal probabilities without replacement: Brewer, Overton, Hartley-Rao; Horvitz-Thompson and Yates-Grundy forms.
pps_designs <- function(d, strata = NULL) list(
  brewer = svydesign(~1, fpc = ~p, strata = strata, pps = "brewer", data = d),
  overton = svydesign(~1, fpc = ~p, strata = strata, pps = "overton", data = d),
  HR = svydesign(~1, fpc = ~p, strata = strata, pps = HR(), data = d),
  overton_YG = svydesign(~1, fpc = ~p, strata = strata, pps = "overton", variance = "YG", data = d),
  HR_YG = svydesign(~1, fpc = ~p, strata = strata, pps = HR(), variance = "YG", data = d),
  wr = svydesign(~1, weights = ~wt, strata = strata, data = d))
pps_hand <- function(z, p, method, strata) sum(sapply(split(seq_along(z), strata), function(h) {
  z <- z[h]; p <- p[h]; n <- length(h)
  if (method == "brewer") return(n / (n - 1) * sum((1 - p) * (z - mean(z))^2))
  if (method == "wr") return(n / (n - 1) * sum((z - mean(z))^2))
  s <- outer(p, p, "+"); D <- if (grepl("overton", method)) 1 - (n - s / 2) / (n - 1) else 1 - (n - s + mean(p)) / (n - 1)
  diag(D) <- 1 - p; v <- drop(z %*% D %*% z); if (grepl("YG", method)) v - sum(D %*% z^2) else v
}))
pps_words <- paste("PPS without replacement, inclusion probability p (=1/wt). brewer: Brewer's approximation to fpc; overton: Overton's joint probability approximation (HT);",
  "HR: Hartley-Rao approximation with the sample mean of p; *_YG: the same joint probabilities in the Yates-Grundy form; wr: with-replacement approximation.")
pps_case <- function(tag, words, get, z, r_call, args = list(), strata = NULL, domain = NULL) {
  d <- load("election_pps"); d$group <- ifelse(d$votes > 200000, 1, 2); diff <- 0
  inside <- if (is.null(domain)) rep(TRUE, nrow(d)) else eval(parse(text = text_of(domain)), d)
  values <- lapply(pps_designs(d, if (!is.null(strata)) ~group), function(x) get(where(x, domain)))
  for (m in names(values)) diff <- max(diff, apart(unlist(values[[m]]$se)[1]^2, pps_hand(z(d, inside), d$p, m, if (is.null(strata)) rep(1, nrow(d)) else d$group)))
  case(paste("pps.election", tag, sep = "."), "pps", "election_pps", paste(pps_words, words),
       c(list(incl_prob = "p", methods = I(names(values)), strata = strata), if (!is.null(strata)) list(make = list(list(op = "cut", new = "group", from = "votes", breaks = I(200000), labels = I(c("2", "1"))))),
         if (!is.null(domain)) list(domain = text_of(domain), domain_terms = domain), args), r_call, values, check = list(how = "hand: quadratic form in y/p", diff = diff))
}
with_cov <- function(m, what) { b <- coef(m); V <- as.matrix(vcov(m)); c(setNames(list(named(b)), what), list(se = named(setNames(as.numeric(SE(m)), names(b))), vcov = covariance_of(V, names(b)))) }
for (strata in list(NULL, "group")) {
  at <- if (is.null(strata)) "" else "strata."; said <- if (is.null(strata)) "" else "Strata: more than 200,000 votes, or fewer. "
  pps_case(paste0(at, "total"), paste0(said, "Totals."), function(x) with_cov(svytotal(~Bush + Kerry + Nader, x), "total"), function(d, i) d$wt * d$Bush, "svytotal(~Bush+Kerry+Nader,svydesign(id=~1,fpc=~p,pps=M,data=election_pps))",
           list(vars = I(c("Bush", "Kerry", "Nader")), statistic = "total"), strata)
  pps_case(paste0(at, "mean"), paste0(said, "Means."), function(x) with_cov(svymean(~Bush + Kerry + Nader, x), "mean"), function(d, i) contributions("mean", d$Bush, d$wt, i), "svymean(~Bush+Kerry+Nader,.)",
           list(vars = I(c("Bush", "Kerry", "Nader")), statistic = "mean"), strata)
  pps_case(paste0(at, "ratio"), paste0(said, "Ratio Bush/votes."), function(x) { r <- svyratio(~Bush, ~votes, x); list(ratio = as.numeric(r$ratio), se = sqrt(as.numeric(r$var))) },
           function(d, i) contributions("ratio", d$Bush, d$wt, i, d$votes), "svyratio(~Bush,~votes,.)", list(num = "Bush", den = "votes", statistic = "ratio"), strata)
  small <- list(term("TotPrecincts", "<", 150))
  for (kind in c("mean", "total", "ratio")) pps_case(paste0(at, "domain.", kind), paste0(said, "In a domain."), function(x) switch(kind,
      mean = with_cov(svymean(~Bush + Kerry, x), "mean"), total = with_cov(svytotal(~Bush + Kerry, x), "total"),
      ratio = { r <- svyratio(~Bush, ~votes, x); list(ratio = as.numeric(r$ratio), se = sqrt(as.numeric(r$var))) }),
      function(d, i) contributions(kind, d$Bush, d$wt, i, d$votes), sprintf("svy%s(.,subset(.,TotPrecincts<150))", kind),
      if (kind == "ratio") list(num = "Bush", den = "votes", statistic = kind) else list(vars = I(c("Bush", "Kerry")), statistic = kind), strata, small)
}
