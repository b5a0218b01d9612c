# Hausman and McFadden's test of the independence of irrelevant alternatives, by its definition on VGAM fits.
# Rscript tests/references/scripts/alternatives.R writes tests/references/alternatives_values.json
suppressPackageStartupMessages({library(VGAM); library(jsonlite)})
here <- dirname(dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))))
fit <- function(formula, data) {
  vglm(formula, multinomial(refLevel = 1), data = data, epsilon = 1e-13, maxit = 60)
}
hausman <- function(formula, data, outcome, without) {
  whole <- fit(formula, data)
  rest <- data[data[[outcome]] != without, ]
  rest[[outcome]] <- droplevels(rest[[outcome]])
  small <- fit(formula, rest)
  # VGAM numbers the levels but the reference: those of the whole model that the smaller one has
  levels <- levels(data[[outcome]])
  others <- levels[-1]
  left <- which(others != without)
  keep <- unlist(lapply(seq_len(ncol(model.matrix(formula, data))), function(j) (j - 1) * length(others) + left))
  gap <- coef(small) - coef(whole)[keep]
  spread <- vcov(small) - vcov(whole)[keep, keep]
  size <- sqrt(diag(vcov(small)))
  parts <- eigen(spread / outer(size, size), symmetric = TRUE)
  real <- abs(parts$values) > 1e-9  # where the models cannot differ, nothing is tested
  along <- drop(crossprod(parts$vectors, gap / size))[real]
  statistic <- sum(along^2 / parts$values[real])
  df <- sum(real)
  list(statistic = statistic, df = df, p = if (statistic >= 0) pchisq(statistic, df, lower.tail = FALSE) else NULL)
}
beps <- read.csv(file.path(here, "data/BEPS.csv"), stringsAsFactors = FALSE)
beps$vote <- factor(beps$vote, c("Conservative", "Labour", "Liberal Democrat"))
women <- read.csv(file.path(here, "data/Womenlf.csv"), stringsAsFactors = FALSE)
women$partic <- factor(women$partic, c("not.work", "fulltime", "parttime"))
cases <- list()
for (level in c("Labour", "Liberal Democrat"))
  cases[[length(cases) + 1]] <- list(data = "BEPS", formula = "vote ~ age + economic.cond.national + Europe", without = level,
    values = hausman(vote ~ age + economic.cond.national + Europe, beps, "vote", level))
for (level in c("fulltime", "parttime"))
  cases[[length(cases) + 1]] <- list(data = "Womenlf", formula = "partic ~ hincome + children", without = level,
    values = hausman(partic ~ hincome + children, women, "partic", level))
write(toJSON(list(R = R.version.string, packages = list(VGAM = as.character(packageVersion("VGAM"))), cases = cases),
  auto_unbox = TRUE, digits = NA, null = "null", pretty = TRUE), file.path(here, "alternatives_values.json"))
