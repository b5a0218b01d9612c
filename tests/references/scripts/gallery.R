# Makes tests/studies/gallery_reasons.csv: Rscript tests/references/scripts/gallery.R
# R 4.2 with Debian's r-cran-pscl, r-cran-sandwich, r-cran-mass and r-cran-aer. Nothing is random.
# Errors of printed tables in two ways: as their source computes them, and as the reason in the table's file says that they are
# computed here (dispersion estimated with the slopes, exact derivatives, degrees of freedom: companies less parameters).
suppressPackageStartupMessages({library(pscl); library(sandwich); library(MASS); library(AER)})
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
out <- file.path(dirname(dirname(here)), "studies", "gallery_reasons.csv")
rows <- list()
told <- function(table, row, column, source, exact)
  rows[[length(rows) + 1]] <<- data.frame(table, row, column, source = signif(source, 10), exact = signif(exact, 10), row.names = NULL)
root <- function(v) sqrt(diag(v))

# NB2 with its dispersion, truncated at zero or not: errors from the joint observed information, and the scores
joint <- function(x, y, start, truncated) {
  k <- ncol(x)
  each <- function(p) {
    mu <- exp(drop(x %*% p[1:k])); theta <- exp(p[k + 1])
    dnbinom(y, size = theta, mu = mu, log = TRUE) - truncated * log1p(-(1 + mu / theta)^(-theta))
  }
  total <- function(p) -sum(each(p))
  p <- optim(start, total, method = "BFGS", control = list(reltol = 1e-15, maxit = 500))$par
  slope <- function(j) {
    up <- down <- p; step <- 1e-5 * max(1, abs(p[j])); up[j] <- up[j] + step; down[j] <- down[j] - step
    (each(up) - each(down)) / (2 * step)
  }
  list(v = solve(optimHess(p, total, control = list(ndeps = rep(1e-4, k + 1)))), scores = sapply(1:(k + 1), slope), par = p)
}

# ---- hurdle of citations, errors by companies ------------------------------------------------------------------------
data("InstInnovation", package = "sandwich")
firms <- InstInnovation; firms$cited <- firms$cites > 0
right <- ~ institutions + log(capital / employment) + log(sales)
h <- hurdle(update(right, cites ~ .), data = firms, dist = "negbin")
names_of <- names(coef(h))
G <- length(unique(firms$company)); cluster <- function(v, s, by) v %*% crossprod(rowsum(s, as.character(by))) %*% v * G / (G - 1)
zero <- glm(update(right, cited ~ .), data = firms, family = binomial, control = glm.control(epsilon = 1e-14))
x <- model.matrix(zero); some <- firms$cited
j <- joint(x[some, ], firms$cites[some], c(coef(h, "count"), log(h$theta)), TRUE)
exact <- list(
  "SE standard" = c(root(j$v)[1:4], root(vcov(zero))),
  "SE basic (sandwich)" = c(root(j$v %*% crossprod(j$scores) %*% j$v)[1:4], root(sandwich(zero))),
  "SE CL-1 (company)" = c(root(cluster(j$v, j$scores, firms$company[some]))[1:4], root(vcovCL(zero, firms$company, type = "HC0"))))
source_ <- list("SE standard" = root(vcov(h)), "SE basic (sandwich)" = root(sandwich(h)), "SE CL-1 (company)" = root(vcovCL(h, firms$company)))
for (column in names(exact)) told("innovation_hurdle_clustered", names_of, column, source_[[column]], exact[[column]])
p_of <- function(b, se, df) 2 * pt(-abs(b / se), df)
told("innovation_hurdle_clustered", names_of, "Pr(>|t|)", p_of(coef(h), source_[[3]], nrow(firms) - 8),
     p_of(c(j$par[1:4], coef(zero)), exact[[3]], G - 9))

# ---- NB2 by glm.nb ---------------------------------------------------------------------------------------------------
data("RecreationDemand"); data("NMES1988")
nb <- function(table, model, y, label, column) {
  wanted <- joint(model.matrix(model), y, c(coef(model), log(model$theta)), FALSE)
  told(table, label(names(coef(model))), column, summary(model)$coefficients[, 2], root(wanted$v)[seq_along(coef(model))])
}
nb("recreation_poisson_nb", glm.nb(trips ~ ., data = RecreationDemand), RecreationDemand$trips, function(n) paste0("NB2: ", n), "Std. Error")
visits <- glm.nb(visits ~ hospital + health + chronic + gender + school + insurance, data = NMES1988)
nb("nmes_count_models", visits, NMES1988$visits, function(n) ifelse(n == "hospital", "count: hosp, s.e.", n), "NB ML")

found <- do.call(rbind, rows)
names(found) <- c("table", "row", "column", "source", "exact")
write.csv(found[found$row %in% names_of | grepl(":", found$row), ], out, row.names = FALSE)
