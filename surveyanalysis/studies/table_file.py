"""The shape of a file that describes one printed table: what was printed, of which data, by which call, cell by cell.

Besides the keys of a file of printed numbers (`reproduction.published`) it says how each cell is computed::

    published: 1
    id: my-table
    citation: "Long and Freese (2014), chapter 9"
    how_read: read in full
    known: printed                     # or memory: then nothing in it counts as printed
    file: bioChemists.csv              # beside this file
    answers: {fem: [Men, Women]}       # questions with answers, in their order; other columns are numbers
    ordered: [stage]                   # those of them whose order is a scale
    repeat: Freq                       # column of counts, where a row stands for several respondents
    derived: {young: "age < 40"}       # columns made of others
    designs: {drawn: {weights: pw}}    # how respondents were drawn, by names that results give as their `design`
    results:
      nb: {verb: negative_binomial, formula: "art ~ fem + phd", options: {variance: model}}
      ratios: {of: nb, then: exponentiate}
    rows:                              # what a row label stands for; labels are put together of these keys
      Female: {term: "fem[Women]"}
    columns:
      "Std. err.": {result: nb, take: se}
      "e^b": {result: ratios, take: estimate}
    cells:
      - {row: Female, column: "e^b", printed: "0.805"}
    differing: [{row: ..., column: ..., printed: ..., recomputed: 0.8}]
    why: "the source stops early"

A result may be a call for each answer of a question (`by`, whose answers are the `group` of a cell), or counts that
are themselves printed (`counts` with their `base`). A table whose method is not there yet says ``needs: "factor
analysis"`` in place of `results`; a row or column whose method is missing says so in its own `needs`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from ..reproduction.published import Known
from ..reproduction.published_file import Base, Count, PublishedShape, Shape, checked

VERBS = (
    "logit", "probit", "cloglog", "ordered", "multinomial", "firth", "bivariate_probit", "linear", "poisson",
    "negative_binomial", "truncated_count", "hurdle", "zero_inflated", "tobit", "truncated_regression",
    "interval_regression", "two_part", "fractional", "beta", "heckman", "two_stage", "quantile_regression", "mean",
    "total", "variance", "proportion", "frequencies", "crosstab", "quantile", "correlation", "alpha", "kappa",
)  # fmt: skip
METHODS = (
    "exponentiate", "effects", "profile_intervals", "test", "fit_measures", "predict", "marginal_means", "risk_ratios",
    "overdispersion",
    "rootogram", "vuong", "hurdle_test", "independence", "first_stage", "endogeneity", "overidentification",
    "parallel_lines", "goodness_of_fit", "of", "variance_inflation",
)  # fmt: skip


class DesignShape(Shape):
    """How respondents were drawn, and the arguments of what adjusts their weights; see `Design`."""

    weights: str | None = None
    strata: str | None = None
    clusters: str | None = None
    population: str | None = None
    post_stratified: dict[str, Any] | None = None
    raked: dict[str, Any] | None = None
    calibrated: dict[str, Any] | None = None

    @property
    def drawn(self) -> dict[str, Any]:
        """Columns that say how respondents were drawn."""
        return {name: value for name, value in self if isinstance(value, str)}

    @property
    def adjusted(self) -> dict[str, dict[str, Any]]:
        """Adjustment -> its arguments, in their order here."""
        return {name: value for name, value in self if isinstance(value, dict)}


class ResultShape(Shape):
    """One result: a verb on the data, once or `by` answer; a method of another result; or printed counts."""

    verb: Literal[VERBS] | None = None  # type: ignore[valid-type]
    formula: str | None = None
    asked: list[Any] = Field(default_factory=list)
    options: dict[str, Any] = Field(default_factory=dict)
    design: str | DesignShape = Field(default_factory=DesignShape)
    where: str | None = None
    by: str | None = None
    of: str | None = None
    then: Literal[METHODS] | None = None  # type: ignore[valid-type]
    counts: dict[str, Count] = Field(default_factory=dict)
    base: Base | None = None
    known: Known = "printed"

    @model_validator(mode="after")
    def _one_way(self) -> "ResultShape":
        ways = (self.verb is not None) + (self.of is not None) + bool(self.counts)
        if ways != 1 or (self.of is None) != (self.then is None) or bool(self.counts) != (self.base is not None):
            raise ValueError(
                "a result has a `verb`, or is `of` another result with a method named by `then`, or holds `counts` "
                "and their `base`"
            )
        many = next((level for level, count in self.counts.items() if count > (self.base or 0)), None)
        if many is not None:
            raise ValueError(f"the count of {many!r} is larger than its base {self.base}")
        return self


class NumberOf(Shape):
    """Which number of which result; rows and columns say parts of it.

    `take` is a column of the result's frame, `extra` a number of its fit, `detail` a list of numbers with it, of which
    `row` counts the one from 0, or a frame with it, of which `take` is the column and `term` the row; `term`,
    `component`, `level`, `outcome` and `where` pick the row, `group` the call of a result that has one for each answer.
    `compute` makes another number of it, called x: ``exp(x)``; or of several, named by `given`. `needs` names the
    method that is missing.
    """

    result: str | None = None
    group: Any = None
    needs: str = ""
    take: str | None = None
    extra: str | None = None
    compute: str | None = None
    detail: str | None = None
    row: int | None = None
    where: dict[str, Any] = Field(default_factory=dict)
    term: str | None = None
    component: str | None = None
    level: Any = None
    outcome: str | None = None
    given: "dict[str, NumberOf]" = Field(default_factory=dict)

    def merged(self, other: "NumberOf") -> "NumberOf":
        """Both parts together; the other's words go before."""
        said = {name: getattr(other, name) for name in other.model_fields_set}
        return self.model_copy(update={**said, "where": {**self.where, **other.where}})

    @property
    def keys(self) -> Mapping[str, Any]:
        """Columns that pick the row of the result, with what they hold."""
        named = {name: getattr(self, name) for name in ("term", "component", "level", "outcome")}
        return {**{name: value for name, value in named.items() if value is not None}, **self.where}


class TableShape(PublishedShape):
    """The whole file."""

    known: Literal["printed", "memory"] = "printed"
    needs: str = ""
    file: str = ""
    answers: dict[str, list[Any]] = Field(default_factory=dict)
    ordered: list[str] = Field(default_factory=list)
    repeat: str | None = None
    derived: dict[str, str] = Field(default_factory=dict)
    designs: dict[str, DesignShape] = Field(default_factory=dict)
    results: dict[str, ResultShape] = Field(default_factory=dict)
    rows: dict[str, NumberOf] = Field(default_factory=dict)
    columns: dict[str, NumberOf] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> "TableShape":
        if not self.needs and not self.results:
            raise ValueError("a table names its `file` and its `results`, or what it `needs` that is not there yet")
        for name, result in self.results.items():
            if result.of is not None and result.of not in list(self.results)[: list(self.results).index(name)]:
                raise ValueError(f"result {name!r} is of {result.of!r}, which is no result above it")
            if result.verb is not None and not self.file:
                raise ValueError(f"result {name!r} is of data; name their `file`")
            if isinstance(result.design, str) and result.design not in self.designs:
                raise ValueError(f"result {name!r} has the design {result.design!r}, which is none of `designs`")
            if result.by is not None and result.by not in self.answers:
                raise ValueError(f"result {name!r} is `by` {result.by!r}, whose answers `answers` does not list")
        return self


def read_table(path: Path) -> TableShape:
    """Read and check a table's file.

    Raises
    ------
    PublishedError
        The file does not exist or is no YAML; a key is unknown or missing, with its line.
    """
    return checked(TableShape, path)
