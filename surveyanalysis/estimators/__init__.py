"""Numpy in, `Fit` out: estimators as functions of the weights. Nothing here knows of surveys or designs."""
