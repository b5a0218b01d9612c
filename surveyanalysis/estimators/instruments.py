"""Whether instruments are strong and valid, and whether they were needed."""

from dataclasses import dataclass

import numpy as np

from ..errors import DataError
from .fit import Matrix, Vector
from .two_stage import stages_of, two_stage_rows
from .whitening import constant_column


@dataclass(frozen=True, slots=True)
class Statistic:
    """A test statistic, its degrees of freedom (numerator, denominator; infinite for chi-squared), and p."""

    value: float
    df: tuple[float, float]
    p: float


@dataclass(frozen=True, slots=True)
class Instruments:
    """Diagnostics of two-stage least squares.

    Attributes
    ----------
    first_stage
        For every endogenous covariate, the F test of the excluded instruments in its first stage; below 10 they are
        weak (Staiger and Stock 1997).
    wu_hausman
        F test that the endogenous covariates are exogenous: of their first-stage residuals in the regression.
    sargan
        Test that the instruments beyond the needed ones are valid, n R^2 of the residuals on all instruments; None
        where there are no more instruments than coefficients.
    """

    first_stage: tuple[Statistic, ...]
    wu_hausman: Statistic
    sargan: Statistic | None


def instruments(x: Matrix, z: Matrix, y: Vector, weights: Vector, endogenous: list[int]) -> Instruments:
    """Test the instruments of a two-stage least squares fit.

    Parameters
    ----------
    x, z, y, weights
        As for `two_stage_fit`.
    endogenous
        Columns of x, counted from 0, that are endogenous; the other columns of x must be among those of z.

    Raises
    ------
    DataError
        As for `two_stage_fit`, and if an exogenous covariate is no instrument.

    Notes
    -----
    As R ``summary(AER::ivreg(...), diagnostics = TRUE)``: model-based tests, with weights of mean 1. Checked against it
    (l.iv.*).

    References
    ----------
    Hausman 1978, Econometrica 46: 1251-1271; Sargan 1958, Econometrica 26: 393-415; Staiger and Stock 1997,
    Econometrica 65: 557-586.

    Examples
    --------
    >>> z = np.column_stack([np.ones(8), [0.0, 0, 0, 0, 1, 1, 1, 1], [0.0, 1, 0, 1, 0, 1, 0, 1]])
    >>> x = np.column_stack([np.ones(8), [1.0, 2, 3, 2, 3, 4, 5, 4]])
    >>> found = instruments(x, z, np.array([1.0, 2, 2, 3, 4, 5, 6, 5]), np.ones(8), [1])
    >>> round(found.first_stage[0].value, 4), found.sargan.df[0]
    (5.0, 1)
    """
    used = two_stage_rows(x, z, y, weights)
    x, z, y, w = x[used], z[used], np.asarray(y[used], float), weights[used] / weights[used].mean()
    exogenous = np.delete(x, endogenous, axis=1)
    stages = stages_of(x, z, y, w)
    if _loss(z, exogenous, w).max(initial=0.0) > 1e-14 * float((w[:, None] * exogenous**2).sum()):
        raise DataError("An exogenous covariate is not among the instruments. Add it to them.")
    n, k, tools = len(y), x.shape[1], z.shape[1]
    first = tuple(
        _f_test(_loss(exogenous, x[:, j], w), _loss(z, x[:, j], w), tools - exogenous.shape[1], n - tools)
        for j in endogenous
    )
    left = _residuals(z, x[:, endogenous], w)
    both = np.column_stack([x, left])
    hausman = _f_test(_loss(x, y, w), _loss(both, y, w), len(endogenous), n - k - len(endogenous))
    over = tools - k
    return Instruments(first, hausman, _sargan(stages.errors, z, w, over) if over else None)


def cragg_donald(x: Matrix, z: Matrix, weights: Vector, endogenous: list[int]) -> float:
    """Smallest eigenvalue of the first stages' F matrix; of one endogenous covariate its F.

    Parameters
    ----------
    x, z, weights, endogenous
        As for `instruments`.

    Notes
    -----
    Y and the excluded instruments less what the exogenous covariates give: the smallest eigenvalue of
    S^-1/2 Y'P Y S^-1/2 / q, S the residual covariance of the first stages, q the number of excluded instruments (Cragg
    and Donald 1993, Econometric Theory 9: 222-240).

    Examples
    --------
    >>> z = np.column_stack([np.ones(8), [0.0, 0, 0, 0, 1, 1, 1, 1], [0.0, 1, 0, 1, 0, 1, 0, 1]])
    >>> x = np.column_stack([np.ones(8), [1.0, 2, 3, 2, 3, 4, 5, 4]])
    >>> round(cragg_donald(x, z, np.ones(8), [1]), 4)
    5.0
    """
    w = weights / weights[weights > 0].mean()
    exogenous, n = np.delete(x, endogenous, axis=1), int((weights > 0).sum())
    whole, left = _residuals(exogenous, x[:, endogenous], w), _residuals(z, x[:, endogenous], w)
    excluded = z.shape[1] - exogenous.shape[1]
    spread = left.T @ (w[:, None] * left) / (n - z.shape[1])
    gained = whole.T @ (w[:, None] * whole) - left.T @ (w[:, None] * left)
    root = np.linalg.inv(np.linalg.cholesky(spread))
    return float(np.linalg.eigvalsh(root @ gained @ root.T)[0] / excluded)


def _sargan(errors: Vector, z: Matrix, w: Vector, df: int) -> Statistic:
    """n times the share of the residuals' squares that the instruments explain."""
    from scipy.special import chdtrc

    origin = float(w @ errors / w.sum()) if constant_column(z) is not None else 0.0
    whole = float(w @ (errors - origin) ** 2)
    value = len(errors) * (1 - float(_loss(z, errors, w)[0]) / whole)
    return Statistic(value, (df, np.inf), float(chdtrc(df, value)))


def _f_test(narrow: Vector, wide: Vector, df: int, rest: int) -> Statistic:
    """F test of a larger against a smaller regression, by their squared residuals."""
    from scipy.special import fdtrc

    value = float((narrow[0] - wide[0]) / df / (wide[0] / rest))
    return Statistic(value, (df, rest), float(fdtrc(df, rest, max(value, 0.0))))


def _residuals(x: Matrix, y: Matrix, w: Vector) -> Matrix:
    """What least squares of the columns of y on x leaves."""
    root = np.sqrt(w)[:, None]
    scale = np.sqrt((x**2).mean(axis=0))
    return y - (x / scale) @ np.linalg.lstsq(root * x / scale, root * y, rcond=None)[0]


def _loss(x: Matrix, y: "Matrix | Vector", w: Vector) -> Vector:
    """Weighted squared residuals of each column of y on x."""
    columns = y[:, None] if y.ndim == 1 else y
    return w @ _residuals(x, columns, w) ** 2
