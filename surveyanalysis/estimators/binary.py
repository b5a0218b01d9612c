"""Binary outcomes: logit, probit and other links by weighted maximum likelihood."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ..errors import DataError, one_of
from ..threads import on_one_thread
from .contributions import Contributions
from .fit import Fit, Matrix, Vector
from .likelihood import check_rows, linear_map, present, spread
from .link import Link
from .links import LinkName, link_named
from .newton import Function, beside, maximise, maximise_many
from .turned import products, turned
from .whitening import BLOCK, blocks

Information = Literal["observed", "expected"]


@on_one_thread
def binary_fit(x: Matrix, y: Vector, weights: Vector, link: LinkName, *, information: Information = "observed") -> Fit:
    """Regression of a binary outcome.

    Parameters
    ----------
    x
        Covariates with the intercept's column, shape (m, k); no missing values.
    y
        0 or 1, or a share between them, shape (m,).
    weights
        Shape (m,), not negative; rows of weight 0 count as absent.
    link
        "logit", "probit", "cloglog", "loglog" or "cauchit": P(y = 1) = F(x b).
    information
        Which information the scores are divided by, and `Fit.information` holds. "observed" makes the scores the exact
        derivative by weight. "expected" is what R's glm, svyglm and sandwich use; for the logit they are the same.

    Returns
    -------
    Fit
        `params` (k,) in the columns' order.

    Raises
    ------
    DataError
        If the outcome is constant or outside [0, 1], a column is dependent on others, or values are missing.

    Notes
    -----
    Maximises sum w [y log F + (1 - y) log(1 - F)] by Newton's method on whitened columns, from the model of the
    intercept alone. Where no finite maximum exists, `converged` is False and `separation.separating` names the columns.
    Checked against R ``glm`` (c.binary.*) and ``svyglm`` (b.glm.logit.*, b.glm.cloglog.strat).

    Examples
    --------
    >>> x = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
    >>> binary_fit(x, np.array([0.0, 1.0, 1.0, 1.0]), np.array([1.0, 1.0, 3.0, 0.0]), "logit").converged
    False
    >>> binary_fit(x, np.array([0.0, 1.0, 1.0, 0.0]), np.array([1.0, 1.0, 3.0, 1.0]), "logit").params.round(4)
    array([0.    , 1.0986])
    """
    one_of(information, ("observed", "expected"), "information")
    model = link_named(link)
    check_rows(x, y, weights)
    used = present(weights)
    x_used, y_used, w = x[used], np.asarray(y[used], float), weights[used]
    size = w.sum()
    share = _inner_share(y_used, w, size)
    place = turned(x_used)
    rows = _Rows(place.rows, y_used, w, model)
    whole = place.through(rows.function)
    start = model.quantile(np.array(share)) * place.start
    if len(place.some) < len(y_used):
        some = _Rows(place.some, y_used[place.picked], w[place.picked], model)
        solution = maximise_many(whole, place.through(some.function), start, concave=model.concave)
    else:
        solution = maximise(whole.evaluate, start, size, concave=model.concave)
    raw, bread = place.inner @ solution.params, solution.information
    if information == "expected" and link != "logit":  # of the logit they are the same
        bread = place.inner.T @ products(place.rows, w * model.expected(place.rows @ raw)) @ place.inner
    slopes = Contributions(place.rows, rows.slopes_at(raw), np.eye(x.shape[1]))
    return spread(linear_map(solution.params, slopes, bread, place.back, solution, place.inner), used, len(x))


def binary_mean(eta: Vector, link: LinkName) -> Vector:
    """P(y = 1) at linear predictors `eta`, same shape.

    Examples
    --------
    >>> binary_mean(np.array([0.0]), "probit")
    array([0.5])
    """
    return link_named(link).cdf(np.asarray(eta, float))


def binary_slope(eta: Vector, link: LinkName) -> Vector:
    """Derivative of `binary_mean` by the linear predictor, same shape.

    Examples
    --------
    >>> binary_slope(np.array([0.0]), "logit")
    array([0.25])
    """
    return link_named(link).pdf(np.asarray(eta, float))


def binary_curvature(eta: Vector, link: LinkName) -> Vector:
    """Second derivative of `binary_mean` by the linear predictor, same shape.

    Examples
    --------
    >>> binary_curvature(np.array([1.0]), "probit").round(4)
    array([-0.242])
    """
    return link_named(link).bend(np.asarray(eta, float))


def _inner_share(y: Vector, w: Vector, size: float) -> float:
    """Weighted share of ones; refuse outcomes without variation or outside [0, 1]."""
    low, high = y.min(), y.max()
    if low < 0 or high > 1:
        raise DataError(f"A binary outcome must lie between 0 and 1; it runs from {low:g} to {high:g}. Recode it.")
    if high == 0 or low == 1:
        raise DataError(f"The outcome is {low:g} in all {len(y)} rows: there is nothing to explain. Widen the domain.")
    return float(w @ y / size)


@dataclass(slots=True)
class _Rows:
    """The log-likelihood of these rows, block by block; it keeps the slopes of the last point where it was evaluated.

    Attributes
    ----------
    slopes
        Weighted derivative of each row's log-likelihood by its predictor at the parameters `at`, shape (n,).
    """

    z: Matrix
    y: Vector
    w: Vector
    link: Link
    slopes: Vector = field(init=False)
    at: Vector | None = None

    def __post_init__(self) -> None:
        self.slopes = np.empty(len(self.y))

    @property
    def function(self) -> Function:
        """What Newton's method needs."""
        return Function(self.evaluate, self.score, float(self.w.sum()))

    def evaluate(self, params: Vector) -> tuple[float, Vector, Matrix]:
        """Log-likelihood, gradient and observed information."""
        k = len(params)
        value, score, information = 0.0, np.zeros(k), np.zeros((k, k))
        held = np.empty((BLOCK, k), order="F")
        for rows in blocks(len(self.z)):
            part, weight = self.z[rows], self.w[rows]
            left = held[: len(part)]
            log_p, first, second = self.link.outcome(part @ params, self.y[rows])
            value += float(weight @ log_p)
            score += np.multiply(weight, first, out=self.slopes[rows]) @ part
            bends = np.multiply(weight, -second, out=second)
            if self.link.concave:  # the product of a matrix with itself takes two thirds of the time of any other
                np.multiply(np.sqrt(np.maximum(bends, 0.0, out=bends), out=bends)[:, None], part, out=left)
                information += left.T @ left
            else:
                information += np.multiply(bends[:, None], part, out=left).T @ part
        self.at = params
        return value, score, information

    def score(self, params: Vector) -> Vector:
        """The gradient alone."""
        total = np.zeros(len(params))
        for rows in blocks(len(self.z)):
            part = self.z[rows]
            total += (self.w[rows] * self.link.rise(part @ params, self.y[rows])) @ part
        return total

    def slopes_at(self, params: Vector) -> Vector:
        """The slopes at a solution: those kept where it lies beside the last point, as `newton.beside` has it."""
        if self.at is None or not beside(params - self.at, params):
            self.evaluate(params)
        return self.slopes
