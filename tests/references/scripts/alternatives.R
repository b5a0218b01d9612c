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
add <- function(data, formula, without, values)
  cases[[length(cases) + 1]] <<- list(id = paste("i", data, gsub(" ", "_", without), sep = "."), topic = "alternatives", data = list(data),
    spec = "", args = list(data = data, formula = formula, without = without), r_call = "vglm, then by definition", values = values,
    rtol = 2e-4)
for (level in c("Labour", "Liberal Democrat"))
  add("BEPS", "vote ~ age + economic.cond.national + Europe", level,
      hausman(vote ~ age + economic.cond.national + Europe, beps, "vote", level))
for (level in c("fulltime", "parttime"))
  add("Womenlf", "partic ~ hincome + children", level, hausman(partic ~ hincome + children, women, "partic", level))
write_json(list(schema = 1, area = "i_alternatives", made_with = paste(R.version.string, "VGAM", packageVersion("VGAM")),
                datasets = setNames(list(), character()), cases = cases),
           file.path(here, "alternatives_values.json"), auto_unbox = TRUE, digits = I(16), null = "null", na = "null")
