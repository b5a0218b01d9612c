"""Multiple imputation by chained equations, with an equation for each type of question."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..analysis.bases import Data
from ..design.design import Design, as_design
from ..errors import ChoiceError, DataError, one_of
from ..estimators.chained import Chains, Incomplete, at_once, chained
from ..estimators.fit import Matrix
from ..survey import Survey
from ..threads import one_thread
from .answers import NOT_ASKED, Answers, check_answers, columns_named, imputable, owes, read_answers
from .columns import CARRIED, Carried, columns_of, equation_of
from .imputed import Equation, Imputed
from .progress import told

Scales = Literal["scores", "categories"]
LEAST = {"m": 2, "seed": 0}
"""Least values of arguments that are whole numbers; of the others 1."""
MANY = 20
"""Answers without an order above which a column is a list, such as of names."""


def impute(
    data: Data,
    questions: str | Sequence[str] | None = None,
    *,
    m: int = 20,
    iterations: int = 10,
    seed: int = 1,
    predictors: str | Sequence[str] = (),
    equations: Mapping[str, str] | None = None,
    scales: Scales = "scores",
    design: Sequence[Carried] = ("weights", "strata"),
    reasons: Sequence[str] | None = None,
    donors: int = 5,
    workers: int = 1,
    progress: bool = True,
) -> Imputed:
    """Fill missing answers m times by chained equations, so that every analysis can count what is not known.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample. In a domain its respondents only are used.
    questions
        Questions of which missing answers are filled, and which predict each other; complete ones only predict. All
        that can be in an equation where it is not given, but for lists of more than 20 answers without an order (with
        few respondents, name them).
    m
        Number of imputations: at least 100 times the largest fraction of missing information.
    iterations
        Rounds over the equations of each imputation.
    seed
        The same seed gives the same numbers, whatever the number of workers.
    predictors
        Further questions in every equation; all respondents must have answered them, or not have been asked.
    equations
        Question -> "matching", "ordered" or "nominal", where the type of the question should not decide.
    scales
        Answers of ordered scales predict by their "scores" (one column), or as "categories".
    design
        What of the design is in every equation: logarithm of "weights", "strata", "clusters" (an indicator each).
    reasons
        Reasons for missing that are filled ("" for none given); all but not asked where it is not given.
    donors
        Respondents with the nearest predictions, of whom matching takes one.
    workers
        Threads.
    progress
        Whether a terminal shows how far work of more than two seconds is.

    Returns
    -------
    Imputed
        `.fit(analysis)` pools any verb's estimates over the imputations; `.designs`, `.convergence`, `.plausibility`.

    Raises
    ------
    ColumnError
        There is no such question.
    ChoiceError
        `m`, `iterations`, `seed`, `donors` or `workers` is no whole number in its range; a question that cannot be in
        an equation (rankings, texts, dates, derived ones).
    DataError
        Nothing to fill; a question is missing everywhere, constant, or missing only for people who were not asked; a
        predictor is missing; more coefficients than answers.

    Notes
    -----
    Yes/no (options of several-choice questions each) and nominal answers: multinomial logit; scales: proportional odds;
    both by a normal draw around the mode, which is finite whatever is separated (Clogg et al. 1991). Numbers: matching
    by predicted means, so that only answers that somebody gave occur. Answers that nobody owed (by reason, or by the
    question's base in the codebook) stay missing; in other equations a column tells who was not asked. Weights enter as
    a covariate, not as weights of the equations. Derived questions are computed anew. Equations hold no interactions:
    impute groups apart where an analysis needs them.

    References
    ----------
    van Buuren (2018), Flexible Imputation of Missing Data; White, Royston and Wood (2011). R mice.

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.describe import mean
    >>> pay = [2.0, 3.1, None, 5.2, 6.1, None, 2.9, 4.6]
    >>> people = pd.DataFrame({"age": [20, 31, 44, 52, 60, 35, 28, 47], "pay": pay})
    >>> filled = impute(people, ["pay", "age"], m=5, iterations=3, seed=1)
    >>> found = filled.fit(lambda design: mean(design, "pay"))
    >>> len(filled.designs), int(found.frame["n"].iloc[0])
    (5, 8)
    """
    whole = as_design(data)
    _check_sizes(m=m, iterations=iterations, donors=donors, workers=workers, seed=seed)
    one_of(scales, ("scores", "categories"), "scales")
    for word in design:
        one_of(word, CARRIED, "design")
    answers, targets = _read(whole, questions, predictors, equations or {}, reasons)
    columns = columns_of(whole, answers, design, scales == "categories")
    start = _at_random(
        columns.matrix, [one for one in answers if one.name in targets], columns.blocks, whole.rows, seed
    )
    incomplete = [equation_of(one, columns, whole.rows, start) for one in answers if one.name in targets]
    chains = run(columns.matrix, incomplete, Plan(m, iterations, seed, donors, workers, progress))
    made = tuple(Equation(one, spec) for one, spec in zip((a for a in answers if a.name in targets), incomplete))
    return Imputed(whole, made, tuple(answers), chains, m, iterations, seed, donors, tuple(design))


@dataclass(frozen=True, slots=True)
class Plan:
    """How many chains of how many rounds, from which seed, by how many threads."""

    m: int
    iterations: int
    seed: int
    donors: int
    workers: int
    progress: bool


def run(matrix: Matrix, incomplete: Sequence[Incomplete], plan: Plan) -> Chains:
    """Run the chains, some at once, on one or several threads; who computes what does not change the numbers."""
    seeds = np.random.SeedSequence(plan.seed).spawn(plan.m)
    size = at_once(*matrix.shape)
    parts = [seeds[i : i + size] for i in range(0, plan.m, size)]

    def one(part: list[Any]) -> Chains:
        return chained(matrix, incomplete, part, plan.iterations, plan.donors)

    with one_thread():
        if plan.workers == 1 or len(parts) == 1:
            found = list(told(map(one, parts), len(parts), "imputation", plan.progress))
        else:
            with ThreadPoolExecutor(plan.workers) as pool:
                found = list(told(pool.map(one, parts), len(parts), "imputation", plan.progress))
    values = tuple(np.concatenate([part.values[j] for part in found]) for j in range(len(incomplete)))
    return Chains(values, np.concatenate([part.trace for part in found]))


def _check_sizes(**given: Any) -> None:
    for name, value in given.items():
        whole_number(value, name, LEAST.get(name, 1))


def whole_number(value: Any, name: str, least: int) -> int:
    """Return a whole number of at least `least`, or raise."""
    if isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= least:
        return int(value)
    example = {"m": "20", "seed": "1", "iterations": "10"}.get(name, str(max(least, 1)))
    raise ChoiceError(f"`{name}` is {value!r}; it must be a whole number of at least {least}, such as {example}.")


def _read(
    design: Design,
    questions: str | Sequence[str] | None,
    predictors: str | Sequence[str],
    equations: Mapping[str, str],
    reasons: Sequence[str] | None,
) -> tuple[list[Answers], list[str]]:
    """All answers in the equations, those with the fewest missing first, and the names of those to fill."""
    survey, rows = design.survey, design.rows
    names = _every(design) if questions is None else columns_named(survey, questions, "questions")
    more = [name for name in columns_named(survey, predictors, "predictors") if name not in names]
    stray = next((name for name in equations if name not in names), None)
    if stray is not None:
        raise ChoiceError(
            f"`equations` names {stray!r}, which is not among `questions`: {', '.join(map(repr, names))}."
        )
    _check_reasons(survey, reasons)
    found = {name: read_answers(survey, name, rows, equations.get(name), reasons) for name in (*names, *more)}
    if questions is None:
        found = {name: one for name, one in found.items() if len(np.unique(one.values[rows][one.given[rows]])) > 1}
    check_answers(found, rows)
    targets = [name for name in names if name in found and found[name].owed.any()]
    for name in found:
        if name not in targets and owes(survey, name)[rows].any():
            raise DataError(_incomplete_words(name, int(owes(survey, name)[rows].sum()), name in more))
    _refuse_nothing(design, found, names if questions is not None else [], targets)
    order = sorted(found, key=lambda name: int(found[name].owed.sum()))
    return [found[name] for name in order], targets


def _incomplete_words(name: str, count: int, predicts: bool) -> str:
    """What is wrong with a question that predicts and has missing answers."""
    if predicts:
        return f"`predictors`: {name!r} is missing for {count} respondent(s). Name it in `questions` too."
    return f"{name!r} is missing for {count} respondent(s) for reasons that are not among `reasons`. Leave it out."


def _every(design: Design) -> list[str]:
    """All columns that can be in an equation, but for those that describe the design."""
    asked = design.asked
    described: set[str] = set()
    for key in ("weights", "strata", "clusters", "population", "inclusion"):
        given = asked.get(key)
        listed = given if isinstance(given, list | tuple) else [given]
        described |= {one for one in listed if isinstance(one, str)}
    survey = design.survey
    return [
        name
        for name in survey.frame.columns
        if name not in described and imputable(survey, name) and not _long_list(survey, name)
    ]


def _long_list(survey: Survey, name: str) -> bool:
    """Whether a column holds very many answers without an order, such as names of respondents."""
    kind = survey.column(name).dtype
    return isinstance(kind, pd.CategoricalDtype) and not kind.ordered and len(kind.categories) > MANY


def _check_reasons(survey: Survey, reasons: Sequence[str] | None) -> None:
    """Reasons that do not occur are a slip of the pen."""
    if reasons is None:
        return
    known = {"", *survey.codebook.missing, *survey.reasons.stack().dropna().unique().tolist()}
    for reason in reasons:
        if reason in NOT_ASKED:
            raise ChoiceError(f"`reasons` holds {reason!r}: what nobody was asked is not imputed. Leave it out.")
        if reason not in known:
            raise ChoiceError(
                f"`reasons` holds {reason!r}. Reasons in the survey: {', '.join(map(repr, sorted(known)))}."
            )


def _refuse_nothing(design: Design, found: Mapping[str, Answers], named: Sequence[str], targets: Sequence[str]) -> None:
    """Somebody must owe an answer; a question that is missing only where it was not asked is named."""
    if targets:
        return
    unasked = [name for name in named if not found[name].given[design.rows].all()]
    if unasked:
        raise DataError(
            f"{unasked[0]!r} is missing only for respondents who were not asked: what nobody was asked is not imputed. "
            "Analyse it among those who were."
        )
    raise DataError("No answer is missing that should have been given: there is nothing to impute.")


def _at_random(
    matrix: Matrix, targets: Sequence[Answers], blocks: Mapping[str, Any], rows: NDArray[np.intp], seed: int
) -> Matrix:
    """The matrix with missing answers drawn from those given, to see which columns depend on others."""
    generator, out = np.random.default_rng(seed), matrix.copy()
    for one in targets:
        given, owed = np.flatnonzero(one.given[rows]), np.flatnonzero(one.owed[rows])
        own = blocks[one.name].own
        out[np.ix_(owed, own)] = matrix[np.ix_(generator.choice(given, len(owed)), own)]
    return out
