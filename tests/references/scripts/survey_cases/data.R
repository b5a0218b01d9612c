# Data sets that are made: parts of apiclus2, apistrat and apiclus1 with new strata and replicate weights.
keep_data <- function(name, d, note) {
  write.csv(format_exact(d), file.path(refs, "data", paste0(name, ".csv")), row.names = FALSE, na = "", quote = FALSE)
  f <- Filter(is.factor, d)
  made_here[[name]] <<- list(file = paste0("data/", name, ".csv"), rows = nrow(d), cols = ncol(d),
    source = "R package survey 4.1-1 (GPL-2|GPL-3)", note = note,
    factor_levels = if (length(f)) lapply(f, function(x) I(levels(x))) else setNames(list(), character()),
    missing = "empty field = missing")
}
format_exact <- function(d) {
  d[] <- lapply(d, function(x) if (is.double(x)) ifelse(is.na(x), NA, shortest(x)) else as.character(x)); d
}
shortest <- function(x) { s <- sprintf("%.15g", x); ifelse(as.numeric(s) == x, s, sprintf("%.17g", x)) }
short <- c("stype", "snum", "dnum", "api00", "api99", "comp.imp", "sch.wide", "enroll", "api.stu")

# apiclus2, its districts put into three regions; N1 = districts of the region, N2 = schools of the district
local({
  d <- load("apiclus2")[c(short, "meals", "fpc2")]
  d$region <- cut(d$dnum, c(0, 300, 600, 1000), labels = c("north", "middle", "south"))
  d$N1 <- c(north = 290, middle = 270, south = 197)[as.character(d$region)]
  names(d)[names(d) == "fpc2"] <- "N2"
  n1 <- tapply(d$dnum, d$region, function(x) length(unique(x)))
  d$w <- d$N1 / n1[as.character(d$region)] * d$N2 / ave(d$dnum, d$dnum, FUN = length)
  keep_data("clus2strat", d, "apiclus2 with districts in three regions (strata); N1, N2 = population counts at both stages; w = weight")
  # four regions, "far" with one district; district 15 has one school sampled of N2b = 3
  d <- d[d$dnum %in% c(15, 63, 83, 132, 198, 200, 302, 456, 480, 534, 549, 638, 639, 679, 687), c(short, "N2")]
  d$region <- cut(d$dnum, c(0, 170, 480, 670, 680, 1000), labels = c("a", "b", "c", "far", "c2"))
  levels(d$region)[5] <- "c"
  d$N1 <- c(a = 60, b = 45, c = 40, far = 12)[as.character(d$region)]
  d$N1c <- ifelse(d$region == "far", 1, d$N1)
  d$N2b <- ifelse(d$dnum == 15, 3, d$N2)
  n1 <- tapply(d$dnum, d$region, function(x) length(unique(x)))
  d$w <- d$N1 / n1[as.character(d$region)] * d$N2b / ave(d$dnum, d$dnum, FUN = length)
  keep_data("clus2lonely", d, paste("15 districts of apiclus2 in four regions; region far has a single district; N1c: its population",
            "count set to 1 (a certainty PSU); N2b: district 15 with one school sampled of three, N2 as in apiclus2; w = weight"))
})
# 12 pairs of districts, for balanced repeated replication
local({
  d <- load("apiclus2")[c(short, "pw")]; d <- d[!is.na(d$enroll), ]
  n <- table(d$dnum); kept <- as.integer(names(n))[n >= 1][1:24]; d <- d[d$dnum %in% kept, ]
  d$pair <- (match(d$dnum, kept) + 1) %/% 2
  d <- d[order(d$pair, d$dnum, d$snum), ]; d$w <- round(d$pw / 4) + d$pair %% 3; d$pw <- NULL
  keep_data("brr_pairs", d, "24 districts of apiclus2 in 12 pairs (strata of two PSUs); w = weight, made up")
  with_weights <- function(name, type, note, ...) {
    r <- quiet(as.svrepdesign(svydesign(~dnum, strata = ~pair, weights = ~w, data = d), type = type, compress = FALSE, ...))
    m <- weights(r, "replication"); colnames(m) <- paste0("rw", seq_len(ncol(m))); class(m) <- "matrix"
    keep_data(name, cbind(d, as.data.frame(m)), note)
  }
  with_weights("rep_brr_pairs", "BRR", "brr_pairs with BRR factors 0/2 (16 replicates; analysis weight = w * rw)")
  first <- !duplicated(d$pair) | d$dnum == ave(d$dnum, d$pair, FUN = min)
  m <- sapply(1:12, function(r) ifelse(d$pair == r, ifelse(first, 0, 2), 1)); colnames(m) <- paste0("rw", 1:12)
  keep_data("rep_jk2_pairs", cbind(d, m), "brr_pairs with JK2 factors: the first district of one pair dropped, the second doubled (12 replicates; analysis weight = w * rw)")
  with_weights("rep_fay_pairs", "Fay", "brr_pairs with Fay factors, rho = 0.3 (16 replicates; analysis weight = w * rw)", fay.rho = .3)
})
# random replicates: the numbers are kept in the file, so that the cases do not depend on the generator
local({
  # 24 replicates in which the schools of two districts are at times not drawn at all
  d <- load("apiclus1")[c(short, "pw")]
  set.seed(1)
  r <- as.svrepdesign(svydesign(~dnum, weights = ~pw, data = d), type = "bootstrap", replicates = 24, compress = FALSE)
  m <- as.matrix(as.data.frame(unclass(r$repweights))); colnames(m) <- paste0("rw", 1:24)
  keep_data("rep_canty_clus1", cbind(d, m), "apiclus1 with 24 Canty-Davison bootstrap factors (analysis weight = pw * rw)")
  d <- load("apistrat")[c(1:20, 101:115, 151:165), c(short, "pw")]
  set.seed(2)
  r <- as.svrepdesign(svydesign(~1, strata = ~stype, weights = ~pw, data = d), type = "subbootstrap", replicates = 30, compress = FALSE)
  m <- as.matrix(as.data.frame(unclass(r$repweights))) * d$pw; colnames(m) <- paste0("rw", 1:30)
  keep_data("rep_sub_strat50", cbind(d, m), "50 rows of apistrat with 30 Rao-Wu (n-1) bootstrap weights; rw are analysis weights")
  d <- load("clus2strat"); d <- d[!is.na(d$enroll), ]
  set.seed(3)
  r <- as.svrepdesign(design_of("s2", data = d), type = "mrbbootstrap", replicates = 20, compress = FALSE)
  m <- as.matrix(as.data.frame(unclass(r$repweights))) * d$w; colnames(m) <- paste0("rw", 1:20)
  keep_data("rep_mrb_s2", cbind(d[c(short, "region", "w")], m),
            "clus2strat without the rows that lack enroll, with 20 Preston multistage bootstrap weights; rw are analysis weights")
  # successive differences along the file: rows of a Hadamard matrix, as the ACS does
  d <- load("apisrs_n57")[c(short, "w")]
  H <- matrix(1, 1, 1); for (i in 1:4) H <- rbind(cbind(H, H), cbind(H, -H))
  i <- seq_len(nrow(d)); first <- 2 + (i - 1) %% 15; second <- 2 + i %% 15
  m <- d$w * (1 + 2^-1.5 * H[first, ] - 2^-1.5 * H[second, ]); colnames(m) <- paste0("rw", 1:16)
  keep_data("rep_acs_n57", cbind(d, m), "apisrs_n57 with 16 successive-difference replicate weights 1 + 2^-1.5 (h_i - h_j); rw are analysis weights")
})
