"""R's formulas as ours: terms, derived columns, and R's labels of coefficients."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

import surveyanalysis as sa

from .. import r_calls, r_values
from ..r_calls import Call, Constant, Name, Node
from ..reader import Case, Library
from .layout import same, square
from .samples import defined, numeric

VERBS = {
    ("binomial", "logit"): "logit",
    ("binomial", "probit"): "probit",
    ("binomial", "cloglog"): "cloglog",
    ("gaussian", "identity"): "linear",
    ("poisson", "log"): "poisson",
}
LINKS = {"binomial": "logit", "gaussian": "identity", "poisson": "log"}
OUTCOME = "outcome_"  # column that a computed outcome goes to


@dataclass(frozen=True)
class Asked:
    """A model as we are asked for it.

    Attributes
    ----------
    formula
        In our grammar.
    frame
        The data with derived columns.
    alias
        R's text of a term -> our derived column.
    """

    formula: str
    frame: pd.DataFrame
    alias: Mapping[str, str] = field(default_factory=dict)

    @property
    def questions(self) -> list[str]:
        """Columns that the formula names."""
        return [name for name in self.frame if re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", self.formula)]

    def label(self, theirs: str) -> str:
        """Our name of a coefficient: "gH" -> "g[H]", "I(x^2)" -> "x^2"."""
        if theirs == "(Intercept)":
            return "(intercept)"
        return ":".join(self._piece(piece) for piece in re.split(r":(?![^(]*\))", theirs))

    def _piece(self, theirs: str) -> str:
        if theirs in self.frame.columns or "|" in theirs:
            return theirs
        theirs = theirs.replace(" ", "")
        if theirs in self.alias:
            return self.alias[theirs]
        if power := re.fullmatch(r"I\(([\w.]+(?:\^\d)?)\)", theirs):
            return power[1]
        for text, column in {**self.alias, **{name: name for name in self.frame.columns}}.items():
            levels = self.frame[column].cat.categories if _is_factor(self.frame[column]) else (True,)
            for level in levels:
                if theirs == f"{text}{str(level).upper() if isinstance(level, bool) else level}".replace(" ", ""):
                    return f"{column}[{level}]"
        return theirs


def asked(
    formula: str, case: Case, library: Library, frame: pd.DataFrame, family: str, labels: Sequence[str] = ()
) -> Asked:
    """Prepare a formula of R and the data for it.

    Parameters
    ----------
    family
        "binomial", "ordinal", "nominal", or another: how the outcome is read.
    labels
        R's labels of the coefficients: a number column labelled with its values is a factor.
    """
    left, _ = r_calls.sides(formula)
    terms = [term for term in r_calls.terms(formula) if not isinstance(term, Constant)]
    for name in dict.fromkeys([*r_calls.names(left), *(n for term in terms for n in r_calls.names(term))]):
        if name not in frame.columns:
            frame = frame.assign(**{name: defined(name, frame, case, library)})
        elif numeric(frame, name) and name not in labels and _labelled(name, frame, labels):
            frame = frame.assign(**{name: r_values.value(f"factor({name})", frame)})
    outcome, frame = _outcome(left, frame, family)
    alias: dict[str, str] = {}
    written = []
    for term in terms:
        text, frame = _term(term, frame, alias)
        written.append(text)
    return Asked(f"{outcome} ~ {' + '.join(written) or 1}", frame, alias)


def _labelled(name: str, frame: pd.DataFrame, labels: Sequence[str]) -> bool:
    """Whether the labels of coefficients name levels of a number column."""
    pieces = {piece for label in labels for piece in label.split(":")}
    return bool(pieces & {f"{name}{level:g}" for level in frame[name].dropna().unique()})


def _outcome(node: Node, frame: pd.DataFrame, family: str) -> tuple[str, pd.DataFrame]:
    """Name of the outcome, with its column where it must be made: an event, a scale, a computed number."""
    if isinstance(node, Name) and (family not in ("binomial", "ordinal", "nominal") and numeric(frame, node.text)):
        return node.text, frame
    found = pd.Series(r_values.value(node, frame), index=frame.index)
    if family == "binomial":
        found = _event(found)
    elif family in ("ordinal", "nominal"):
        levels = found.cat.categories if _is_factor(found) else sorted(found.dropna().unique())
        found = pd.Series(pd.Categorical(found, categories=levels, ordered=family == "ordinal"), index=frame.index)
    return OUTCOME, frame.assign(**{OUTCOME: found})


def _event(column: pd.Series) -> pd.Series:
    """R's binomial outcome: numbers 0 and 1, true and false, or a factor whose first level is no event."""
    if _is_factor(column):
        return (column != column.cat.categories[0]).astype("boolean").mask(column.isna())
    return column.astype("float64").astype("boolean")


def _term(node: Node, frame: pd.DataFrame, alias: dict[str, str]) -> tuple[str, pd.DataFrame]:
    """A term in our grammar; what it does not have becomes a column."""
    if isinstance(node, Name):
        return node.text, frame
    if (
        isinstance(node, Call)
        and node.function in ("I", "(")
        and isinstance(inner := node.get(position=0), Name | Call)
    ):
        plain = isinstance(inner, Name)
        if plain or (inner.function == "^" and isinstance(inner.get(position=0), Name)):
            return r_calls.write(inner), frame
    if isinstance(node, Call) and node.function == "log" and isinstance(node.get(position=0), Name):
        return r_calls.write(node), frame
    if isinstance(node, Call) and node.function in (":", "*"):
        parts = []
        for part in node:
            text, frame = _term(part, frame, alias)
            parts.append(text)
        return node.function.join(parts), frame
    column, text = f"made_{len(alias) + 1}", r_calls.write(node)
    alias[text] = column
    return column, frame.assign(**{column: r_values.value(node, frame)})


def family_of(text: str) -> tuple[str, str]:
    """Family and link: "quasibinomial(cloglog)" -> ("binomial", "cloglog").

    >>> family_of("quasipoisson()"), family_of("binomial(link='probit')")
    (('poisson', 'log'), ('binomial', 'probit'))
    """
    name, _, link = text.replace("quasi", "").replace(" ", "").partition("(")
    link = link.rstrip(")").removeprefix("link=").strip("'\"")
    return name, link or LINKS.get(name, "")


def fitted(design: sa.Design, formula: str, family: tuple[str, str], variance: str = "design") -> Any:
    """A model by the public verb of its family and link."""
    return getattr(sa, VERBS[family])(design, formula, variance=variance)


def coefficients(model: Any, labels: Sequence[str], asked: Asked) -> dict[str, Any]:
    """Coefficients, errors, statistics, intervals and covariance under R's labels."""
    order = [asked.label(label) for label in labels]
    positions = {term: i for i, term in enumerate(model.frame["term"])}
    rows = [positions[term] for term in order]
    frame = model.frame.iloc[rows].set_axis(list(labels), axis=0)
    return {
        "coef": frame["estimate"],
        "se": frame["se"],
        "t": frame["statistic"],
        "z": frame["statistic"],
        "p": frame["p"],
        "p_normal": frame["p"],
        "ci95": frame[["ci_low", "ci_high"]].set_axis(["low", "high"], axis=1),
        "vcov": square(model.covariance[rows][:, rows], labels),
        "df_residual": lambda: same(model.frame["df"]),
        "k": lambda: float(len(model.frame)),
    }


def fitted_by_name(design: sa.Design, key: str, labels: Sequence[str] = ()) -> dict[str, Any]:
    """A gaussian regression that a key names: glm_y_x_z, glm_gaussian_y_on_x_z."""
    columns = _columns_in(key.removeprefix("glm_").removeprefix("gaussian_").replace("_on_", "_"), design.survey.frame)
    return fitted_gaussian(design, columns[0], columns[1:], labels)


def fitted_gaussian(design: sa.Design, outcome: str, covariates: list[str], labels: Sequence[str]) -> dict[str, Any]:
    """Coefficients of a linear regression."""
    formula = f"{outcome} ~ {' + '.join(covariates)}"
    model = fitted(design, formula, ("gaussian", "identity"))
    return coefficients(model, labels, Asked(formula, design.survey.frame))


def _columns_in(words: str, frame: pd.DataFrame) -> list[str]:
    """Split joined names of columns: the longest that is a column, again and again."""
    found: list[str] = []
    while words:
        name = max((c for c in frame.columns if words == c or words.startswith(f"{c}_")), key=len)
        found.append(name)
        words = words[len(name) + 1 :]
    return found


def _is_factor(column: Any) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype)
