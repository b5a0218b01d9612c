# Makes tests/references/selection_values.json: Rscript tests/references/scripts/selection.R
# R 4.2 with Debian's r-cran-survey, r-cran-aer, r-cran-quantreg, r-cran-sandwich and r-cran-jsonlite. Nothing is random.
# Instruments under a design by svyivreg, where there are as many as endogenous covariates (with more, it leaves out what a
# respondent does to the first stage); first stages under a design and with HC0 by svyglm, regTermTest and vcovHC; Cragg
# and Donald's statistic, Wooldridge's robust score and Hansen's J by their definitions; equal slopes of quantiles by anova.rq.
suppressPackageStartupMessages({library(survey); library(AER); library(quantreg); library(sandwich); library(jsonlite)})
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
refs <- dirname(here)
d <- read.csv(file.path(refs, "data", "PSID1976.csv"), na.strings = "")
d <- d[d$s == 1, ]
d$w_ <- 1 + (d$age %% 7) / 3
d$stratum <- (seq_len(nrow(d)) - 1) %% 3
d$cluster <- (seq_len(nrow(d)) - 1) %% 60
design <- svydesign(~cluster, strata = ~stratum, weights = ~w_, data = d)
found <- list()
case <- function(id, topic, args, values, r_call, rtol)
  found[[length(found) + 1]] <<- list(id = paste0("u.", id), topic = topic, data = list("PSID1976"), spec = "", args = args,
                                      r_call = r_call, values = values, rtol = rtol, note = "")
named <- function(x) as.list(setNames(as.numeric(x), names(x)))
square <- function(v) list(rows = rownames(v), cols = colnames(v), matrix = unname(as.matrix(v)))

# ---- instruments -----------------------------------------------------------------------------------------------------
# vcov() of survey 4.1-1 multiplies what is a covariance already, cov.unscaled, by the residual variance: ivreg's method
just <- svyivreg(lwage ~ education + experience | feducation + experience, design)
case("iv.design", "iv", list(endogenous = "education", instruments = c("feducation", "experience")),
     list(coef = named(coef(just)), vcov = square(just$cov.unscaled)), "survey::svyivreg(...)$cov.unscaled", 1e-7)
first <- svyglm(education ~ experience + meducation + feducation, design)
wald <- regTermTest(first, ~meducation + feducation)
plain <- lm(education ~ experience + meducation + feducation, d)
at <- c("meducation", "feducation")
f0 <- drop(coef(plain)[at] %*% solve(vcovHC(plain, type = "HC0")[at, at], coef(plain)[at])) / 2
case("iv.first", "iv_first", list(), list(design = list(F = wald$Ftest[1], df1 = wald$df, df2 = wald$ddf, p = wald$p[1]), hc0 = f0),
     "survey::regTermTest(svyglm); sandwich::vcovHC(lm, type = 'HC0')", 1e-7)
# the control function under the design
d$left <- residuals(first, "response"); control <- svydesign(~cluster, strata = ~stratum, weights = ~w_, data = d)
need <- svyglm(lwage ~ education + experience + left, control)
case("iv.need", "iv_need", list(), list(F = (coef(need)["left"] / SE(need)["left"])^2), "survey::svyglm with residuals of the first stage", 1e-7)
# two endogenous covariates: the smallest eigenvalue of the first stages' F
x <- cbind(1, d$experience); z <- cbind(d$meducation, d$feducation, d$heducation, d$hwage); y <- cbind(d$education, d$nwi)
out <- function(a, b) a - b %*% solve(crossprod(b), crossprod(b, a))
yz <- out(y, x); zz <- out(z, x); left <- out(yz, zz)
s <- crossprod(left) / (nrow(d) - ncol(x) - ncol(z))
eig <- Re(eigen(solve(s, crossprod(yz) - crossprod(left)))$values)
case("iv.cragg", "cragg_donald", list(), list(statistic = min(eig) / ncol(z)), "by definition (Cragg and Donald 1993)", 1e-8)
# Wooldridge's robust score of the instrument beyond the needed one
both <- ivreg(lwage ~ education + experience | meducation + feducation + experience, data = d)
e <- residuals(both); fitted <- cbind(1, predict(lm(education ~ meducation + feducation + experience, d)), d$experience)
k <- drop(e * out(cbind(d$feducation), fitted))
case("iv.over", "iv_over", list(), list(statistic = sum(k)^2 / sum(k^2)), "by definition (Wooldridge 1995)", 1e-8)
# Hansen's J by its definition: an efficient second step under the covariance of the moments at the two-stage estimate
hansen <- function(weights, covariance) {
  x <- cbind(1, d$education, d$experience); z <- cbind(1, d$experience, d$meducation, d$feducation, d$heducation)
  zx <- crossprod(z, weights * x); zy <- crossprod(z, weights * d$lwage); gram <- solve(crossprod(z, weights * z))
  b1 <- solve(t(zx) %*% gram %*% zx, t(zx) %*% gram %*% zy)
  s <- solve(covariance(z * drop(d$lwage - x %*% b1)))
  b2 <- solve(t(zx) %*% s %*% zx, t(zx) %*% s %*% zy)
  g <- zy - zx %*% b2
  drop(t(g) %*% s %*% g)
}
moments <- function(rows) vcov(svytotal(rows, design))
case("iv.hansen", "iv_hansen", list(), list(hc0 = hansen(rep(1, nrow(d)), crossprod), design = hansen(d$w_, moments)),
     "by definition (Hansen 1982), the covariance of moments by crossprod and by survey::svytotal", 1e-8)

# ---- quantiles -------------------------------------------------------------------------------------------------------
taus <- c(0.1, 0.5, 0.9)
fits <- lapply(taus, function(t) rq(lwage ~ education + experience, tau = t, data = d))
joint <- anova(fits[[1]], fits[[2]], fits[[3]])$table
each <- anova(fits[[1]], fits[[2]], fits[[3]], joint = FALSE)$table
case("rq.equal", "equal_slopes", list(taus = taus),
     list(joint = list(F = joint$Tn, df = joint$ndf), each = setNames(as.list(each$Tn), rownames(each))),
     "quantreg::anova.rq", 1e-6)

made <- paste(R.version.string, "survey", packageVersion("survey"), "AER", packageVersion("AER"), "quantreg", packageVersion("quantreg"))
write_json(list(schema = 1, area = "selection", made_with = made, datasets = setNames(list(), character()), cases = found),
           file.path(refs, "selection_values.json"), auto_unbox = TRUE, digits = 15, pretty = TRUE, null = "null")
