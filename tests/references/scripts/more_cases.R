# The cases of more.R: other data, other designs, other variables than the files beside more.json hold.
api <- list(list(op = "above", new = "high", from = "api00", value = 700),
            list(op = "cut", new = "band", from = "api99", breaks = list(550, 650, 750), labels = list("d", "c", "b", "a")),
            list(op = "lose", column = "band", every = 11, first = 4),
            list(op = "levels", column = "stype", levels = list("H", "U", "E", "M")))
strat <- list(weights = "pw", strata = "stype", population = "fpc")
clus1 <- list(weights = "pw", clusters = "dnum", population = "fpc")
nh <- list(weights = "WTMEC2YR", strata = "SDMVSTRA", clusters = "SDMVPSU")
people <- list(list(op = "cut", new = "age3", from = "age", breaks = list(35, 60), labels = list("young", "middle", "old")),
               list(op = "every", new = "area", every = 37), list(op = "every", new = "region3", every = 3))
hold <- c(0.9, 0.99)
S <- "svymean, svyby(covmat = TRUE), svyciprop"
case("shares.strat", "shares", data = "apistrat", make = api, design = strat, question = "band", confidence = hold, r_call = S)
case("shares.strat.by2", "shares", data = "apistrat", make = api, design = strat, question = "band",
     by = c("sch_wide", "stype"), confidence = hold, r_call = S)
case("shares.strat.domain", "shares", data = "apistrat", make = api, design = strat, question = "awards", by = "band",
     where = "meals > 40", confidence = hold, r_call = S)
case("shares.clus1.domain", "shares", data = "apiclus1", make = api, design = clus1, question = "band", by = "awards",
     where = "stype != 'M' & dnum > 300", confidence = hold, r_call = S)
case("shares.clus1nf", "shares", data = "apiclus1", make = api, design = list(weights = "pw", clusters = "dnum"),
     question = "stype", by = "yr_rnd", confidence = hold, r_call = S)
case("shares.clus2.weights", "shares", data = "apiclus2", make = api, design = list(weights = "pw"), question = "awards",
     by = "stype", confidence = hold, r_call = S)
case("shares.nhanes", "shares", data = "nhanes", design = nh, question = "agecat", by = c("RIAGENDR", "HI_CHOL"),
     confidence = hold, r_call = S)
case("shares.nhanes.domain", "shares", data = "nhanes", design = nh, question = "race", where = "HI_CHOL == 1 & RIAGENDR == 2",
     confidence = hold, r_call = S)
case("shares.hospital", "shares", data = "hospital", make = list(list(op = "above", new = "busy", from = "births", value = 1500)),
     design = list(weights = "weighta", strata = "oblevel"), question = "busy", confidence = hold, r_call = S)
case("shares.beps.zero", "shares", data = "BEPS", make = list(list(op = "every", new = "town", every = 23),
     list(op = "zero", column = "age", every = 5, first = 2)), design = list(weights = "age", clusters = "town"),
     question = "vote", by = "political_knowledge", confidence = hold, r_call = S)
case("shares.extreme_weights", "shares", data = "apistrat", make = c(api, list(list(op = "scale", column = "pw", by = 1e12))),
     design = list(weights = "pw", strata = "stype"), question = "awards", confidence = hold, r_call = S)
M <- "svymean, svytotal, svyby(covmat = TRUE)"
for (verb in c("mean", "total")) {
  case(paste0(verb, ".strat"), verb, data = "apistrat", make = api, design = strat, questions = c("target", "acs_k3", "full"), r_call = M)
  case(paste0(verb, ".clus1.by2"), verb, data = "apiclus1", make = api, design = clus1, questions = "acs_46", by = c("stype", "awards"), r_call = M)
  case(paste0(verb, ".nhanes"), verb, data = "nhanes", design = nh, questions = "HI_CHOL", by = c("race", "agecat"), where = "RIAGENDR == 2", r_call = M)
  case(paste0(verb, ".fpc"), verb, data = "fpc", design = list(weights = "weight", strata = "stratid", clusters = "psuid", population = "Nh"), questions = "x", r_call = M)
  case(paste0(verb, ".srs.population"), verb, data = "apisrs", design = list(population = "fpc"), questions = c("acs_core", "emer"), r_call = M)
  case(paste0(verb, ".clus2.domain"), verb, data = "apiclus2", design = list(weights = "pw", clusters = "dnum"), questions = c("enroll", "target"), where = "stype == 'H'", r_call = M)
}
T <- "svychisq(statistic = F, Chisq)"
case("chisq.strat", "independence", data = "apistrat", make = api, design = strat, question = "band", by = "stype", r_call = T)
case("chisq.strat.domain", "independence", data = "apistrat", make = api, design = strat, question = "band", by = "awards", where = "meals < 60", r_call = T)
case("chisq.clus1.6x3", "independence", data = "apiclus1", make = c(api, list(list(op = "cut", new = "poor", from = "meals",
     breaks = list(20, 40, 60, 80), labels = list("1", "2", "3", "4", "5")))), design = clus1, question = "poor", by = "stype", r_call = T)
case("chisq.nhanes.4x4", "independence", data = "nhanes", design = nh, question = "race", by = "agecat", r_call = T)
case("chisq.beps.tail", "independence", data = "BEPS", make = list(list(op = "every", new = "town", every = 101)),
     design = list(weights = "age", clusters = "town"), question = "Blair", by = "vote", r_call = T)
case("chisq.weights", "independence", data = "WVS", design = list(weights = "age"), question = "poverty", by = "country", rtol = 1e-8, r_call = T)
C <- "chisq.test(correct = FALSE), fisher.test"
case("fisher.womenlf", "classical", data = "Womenlf", question = "partic", by = "region", rtol = 1e-6, r_call = C)
case("fisher.wine", "classical", data = "wine", question = "rating", by = "temp", rtol = 1e-6, r_call = C)
case("fisher.apis57", "classical", data = "apisrs_n57", make = api, question = "band", by = "stype", rtol = 1e-6, r_call = C)
case("fisher.birthwt", "classical", data = "birthwt", question = "ftv", by = "race", rtol = 1e-6, r_call = C)
P <- "mcnemar.test(correct = FALSE), binom.test, wilcox.test(paired = TRUE, correct = FALSE), svymean of the sign"
case("pairs.birthwt", "pairs", data = "birthwt", first = "smoke", second = "ui", r_call = P)
case("pairs.apisrs", "pairs", data = "apisrs", first = "growth", second = "mobility", exact = FALSE, r_call = P)
case("pairs.hospital", "pairs", data = "hospital", first = "births", second = "hospno", exact = TRUE, r_call = P)
case("pairs.beps", "pairs", data = "BEPS", make = list(list(op = "every", new = "town", every = 47), list(op = "lose", column = "Blair", every = 9, first = 1)),
     design = list(weights = "age", clusters = "town"), first = "Blair", second = "Hague", r_call = P)
case("pairs.apistrat", "pairs", data = "apistrat", make = api, design = strat, first = "acs_k3", second = "acs_46", r_call = P)
case("likert.beps", "likert", data = "BEPS", make = list(list(op = "every", new = "town", every = 31),
     list(op = "lose", column = "Hague", every = 7, first = 2), list(op = "lose", column = "Blair", every = 10, first = 3)),
     design = list(weights = "age", clusters = "town"), questions = c("Blair", "Hague", "Kennedy"), scale = 1:5, where = "Europe > 3",
     r_call = "svytotal of the influence functions of the indicators; svymean of the scores")
case("several.birthwt", "several", data = "birthwt", make = list(list(op = "lose", column = "ui", every = 8, first = 3)),
     design = list(weights = "bwt", strata = "smoke"), questions = c("low", "ht", "ui"), by = "race", r_call = "svyby(covmat = TRUE)")
G <- "svyglm(quasibinomial, epsilon = 1e-14), regTermTest(Wald), predict(se.fit = TRUE)"
case("logit.strat", "logit", data = "apistrat", make = api, design = strat, r = "high ~ ell * stype + log(enroll)",
     formula = "high ~ ell*stype + log(enroll)", columns = c("high", "ell", "stype", "enroll"),
     tests = list(list(r = "ell:stype", ours = "ell:stype"), list(r = "stype + ell:stype", ours = "stype"), list(r = "log(enroll)", ours = "enroll")),
     grid = list(ell = c(5, 40), stype = c("M", "H"), enroll = c(300, 900)), confidence = 0.9, rtol = 1e-8, r_call = G)
case("logit.clus1.square", "logit", data = "apiclus1", make = api, design = clus1, r = "high ~ meals + I(meals^2) + relevel(factor(stype), 'M')",
     formula = "high ~ meals + meals^2 + ref(stype, 'M')", columns = c("high", "meals", "stype"),
     tests = list(list(r = "meals + I(meals^2)", ours = "meals")), effect = "meals", rtol = 1e-8, r_call = G)
case("logit.nhanes.domain", "logit", data = "nhanes", design = nh, r = "HI_CHOL ~ factor(race) * RIAGENDR + agecat",
     formula = "HI_CHOL ~ C(race)*RIAGENDR + agecat", columns = c("HI_CHOL", "race", "RIAGENDR", "agecat"),
     where = "agecat != '(0,19]'", tests = list(list(r = "factor(race):RIAGENDR", ours = "race:RIAGENDR"), list(r = "agecat", ours = "agecat")), rtol = 1e-8, r_call = G)
case("logit.clus2.missing", "logit", data = "apiclus2", make = api, design = list(weights = "pw", clusters = "dnum"),
     r = "high ~ target + mobility", formula = "high ~ target + mobility", columns = c("high", "target", "mobility"),
     tests = list(list(r = "target + mobility", ours = c("target", "mobility"))), effect = "target", grid = list(target = c(2, 15), mobility = c(5, 60)), confidence = 0.99, rtol = 1e-8, r_call = G)
case("logit.birthwt.weights", "logit", data = "birthwt", make = list(list(op = "zero", column = "bwt", every = 6, first = 5)), design = list(weights = "bwt"),
     r = "low ~ smoke * age + I(lwt^3) + ht + factor(race)", formula = "low ~ smoke*age + lwt^3 + ht + C(race)", columns = c("low", "smoke", "age", "lwt", "ht", "race"),
     effect = "smoke", discrete = TRUE, tests = list(list(r = "factor(race)", ours = "race")), rtol = 1e-8, r_call = G)
O <- "clm(gradTol = 1e-13) and its sandwich by svytotal of the influence function"
case("ordered.strat", "ordered", data = "apistrat", make = api, design = strat, outcome = "band", r = "band ~ ell + stype + log(enroll)", formula = "band ~ ell + stype + log(enroll)", link = "logit", columns = c("band", "ell", "stype", "enroll"), effect = "enroll", confidence = 0.99, rtol = 1e-7, r_call = O)
case("ordered.clus1.probit.domain", "ordered", data = "apiclus1", make = api, design = clus1, outcome = "band", r = "band ~ ell + mobility + I(mobility^2)", formula = "band ~ ell + mobility + mobility^2", link = "probit", columns = c("band", "ell", "mobility"), effect = "mobility", confidence = 0.9, where = "stype == 'E'", rtol = 1e-7, r_call = O)
case("ordered.wvs", "ordered", data = "WVS", make = c(people, list(list(op = "ordered", column = "poverty", levels = list("Too Little", "About Right", "Too Much")))), design = list(weights = "age", strata = "region3", clusters = "area"), outcome = "poverty", r = "poverty ~ gender * country + religion", formula = "poverty ~ gender*country + religion", link = "logit", columns = c("poverty", "gender", "country", "religion"), rtol = 1e-7, r_call = O)
case("ordered.housing.probit", "ordered", data = "housing", make = list(list(op = "ordered", column = "Sat", levels = list("Low", "Medium", "High"))), design = list(weights = "Freq"), outcome = "Sat", r = "Sat ~ Infl + Type * Cont", formula = "Sat ~ Infl + Type*Cont", link = "probit", columns = c("Sat", "Infl", "Type", "Cont"), rtol = 1e-7, r_call = O)
B <- "glm(binomial, epsilon = 1e-14), weights scaled to mean 1"
for (link in c("logit", "probit")) case(paste0("glm.", link, ".birthwt"), "glm", data = "birthwt", make = list(list(op = "zero", column = "bwt", every = 6, first = 5)), design = list(weights = "bwt"), link = link, r = "low ~ age + lwt + factor(race) * smoke", formula = "low ~ age + lwt + C(race)*smoke", columns = c("low", "age", "lwt", "race", "smoke"), where = "age < 35", rtol = 1e-8, r_call = B)
case("glm.logit.womenlf", "glm", data = "Womenlf", make = list(list(op = "above", new = "well", from = "hincome", value = 14)), link = "logit", r = "well ~ children + relevel(factor(region), 'Ontario')", formula = "well ~ children + ref(region, 'Ontario')", columns = c("well", "children", "region"), rtol = 1e-8, r_call = B)
