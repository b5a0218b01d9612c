# What R prints for the California schools under six designs: the strings that data/california_schools/published.yaml holds.
# Rscript tests/references/scripts/california.R   (R 4.2.2, Debian r-cran-survey 4.1-1)
suppressMessages(library(survey))
data(api)
designs <- list(
  "simple random sample" = svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = apisrs),
  "stratified" = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat),
  "one-stage clusters" = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1),
  "two-stage clusters" = svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2))
designs[["jackknife"]] <- as.svrepdesign(svydesign(id = ~dnum, weights = ~pw, data = apiclus1))
designs[["calibrated clusters"]] <- calibrate(designs[["one-stage clusters"]], ~api99, c(6194, 3914069))
for (name in names(designs)) {
  d <- designs[[name]]
  cat("==", name, "\n")
  print(svymean(~api00 + enroll, d, na.rm = TRUE))
  print(svytotal(~enroll, d, na.rm = TRUE))
  print(svymean(~stype, d))
  print(svyratio(~api.stu, ~enroll, subset(d, !is.na(enroll) & !is.na(api.stu))))
  print(svyquantile(~api00, d, c(.25, .5, .75)))
  print(svychisq(~sch.wide + stype, d))
  print(svyttest(api00 ~ awards, d))
}
