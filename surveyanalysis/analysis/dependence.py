"""Columns of a model matrix that cannot be estimated, named by their terms."""

import numpy as np

from ..errors import DataError
from ..estimators.fit import Matrix
from ..threads import on_one_thread
from .terms import TermColumn

DEPENDENT = 1e-9  # what is left of a column beside the others, below which it is one of their combinations
MANY = 20_000  # rows above which some of them are looked at first
SOME = 8_000
CLEAR = 1e-6  # curvature of columns of size one above which they are independent beyond doubt


@on_one_thread
def refuse_terms(x: Matrix, columns: tuple[TermColumn, ...]) -> None:
    """Refuse constant, empty and dependent columns, and more of them than respondents."""
    m, k = x.shape
    if m <= k:
        raise DataError(
            f"{m} respondents used, {k} coefficients ({', '.join(c.name for c in columns[:6])}, ...): a model needs "
            "more respondents than coefficients. Leave out terms."
        )
    if m > MANY and _independent(x[:: m // SOME]):
        return
    centre = x[:, 1:].mean(axis=0)
    moved = x[:, 1:] - centre
    scale = np.sqrt(np.einsum("ij,ij->j", moved, moved) / m)
    for j in np.flatnonzero(scale <= 1e-13 * np.abs(centre)):
        value = x[0, j + 1]
        if columns[j + 1].kind == "spline":
            raise _empty_spline(columns[j + 1].term)
        where = "nobody is in this cell" if value == 0 and columns[j + 1].kind == "interaction" else f"always {value:g}"
        raise DataError(f"The term {columns[j + 1].name!r} does not vary ({where}). Leave it out, or merge levels.")
    moved /= scale
    if k > 1 and np.linalg.eigvalsh(moved.T @ moved / m)[0] < 1e-10:
        _refuse_dependent(moved, columns[1:])


def _independent(x: Matrix) -> bool:
    """Whether these rows show that no column depends on others: then none does in more of them."""
    whole = x.T @ x
    size = np.sqrt(np.diag(whole))
    return bool((size > 0).all() and np.linalg.eigvalsh(whole / np.outer(size, size))[0] > CLEAR)


def _refuse_dependent(z: Matrix, columns: tuple[TermColumn, ...]) -> None:
    """Name the first column that is a combination of those before it, and those."""
    corner = np.linalg.qr(z)[1]
    left = np.abs(np.diag(corner)) / np.sqrt(len(z))
    found = np.flatnonzero(left < DEPENDENT)
    if len(found):
        j = int(found[0])
        shares = np.linalg.solve(corner[:j, :j], corner[:j, j])
        named = [_name(columns[i]) for i in np.flatnonzero(np.abs(shares) > 1e-6)]
        name = _name(columns[j])
        others = [other for other in dict.fromkeys(named) if other != name]
        if name in named and not others:
            raise _empty_spline(name)
        if not others:
            raise DataError(
                f"The term {name!r} cannot be told from the intercept: its values are too large for their "
                "differences to show. Give it in a larger unit, or as a difference from a typical value."
            )
        raise DataError(
            f"The term {name!r} {'holds' if columns[j].kind == 'spline' else 'is'} a linear combination of "
            f"{', '.join(map(repr, others))}: their coefficients cannot be told apart. Leave one of them out."
        )


def _empty_spline(term: str) -> DataError:
    return DataError(
        f"The columns of {term!r} cannot be told apart: too few different values lie between its knots. Take fewer "
        "degrees of freedom, or other knots."
    )


def _name(column: TermColumn) -> str:
    """What a column is known by: splines as a whole, since no column of theirs stands for itself."""
    return column.term if column.kind == "spline" else column.name
