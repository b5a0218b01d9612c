"""From a formula and a design to a model matrix: complete answers, types that decide, refusals that name the term."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..design.design import Design
from ..design.stages import taken
from ..errors import ChoiceError, DataError, FormulaError, unknown_column
from ..estimators.fit import Matrix, Vector
from ..estimators.whitening import blocks
from ..language import LANGUAGES, Text, say
from ..survey import Survey
from .dependence import refuse_terms
from .formula import SPLINES, Factor, Formula, Term, term_name
from .grammar import read_formula
from .groups import one_column
from .spline_words import spline_note
from .splines import spline_of
from .terms import Answers, Basis, Part, TermColumn, Variable
from .variables import categories, is_categorical, numbers


@dataclass(frozen=True)
class ModelFrame:
    """What a model rests on.

    Attributes
    ----------
    design, used
        The domain asked for, and its part with complete answers and a positive weight.
    answers
        Question -> values of the rows used, each shape (m,).
    x
        Model matrix of the rows used, shape (m, k), the intercept first.
    notes
        Levels left out, references moved.
    unasked
        Question -> rows used that have no answer and need none, each shape (m,); what `answers` and `x` hold there
        stands for nothing.
    """

    formula: Formula
    design: Design
    used: Design
    answers: Answers
    basis: Basis
    x: Matrix
    notes: tuple[Text, ...] = ()
    unasked: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)

    def weights_of(self, *names: str) -> Vector:
        """Weights of the rows used, 0 where one of these questions has no answer, shape (m,)."""
        weights = self.used.row_weights
        for name in self.unasked.keys() & set(names):
            weights = np.where(self.unasked[name], 0.0, weights)
        return weights

    @property
    def terms(self) -> tuple[TermColumn, ...]:
        """What each column of `x` is."""
        return self.basis.columns


def model_frame(design: Design, formula: str) -> ModelFrame:
    """Build the model matrix of a formula.

    Parameters
    ----------
    design
        The domain.
    formula
        See `read_formula`. The question's type decides: categories (likert too) enter by treatment contrasts against
        the first level of the codebook, options of a multiple-response question as yes/no, numbers as slopes. Splines
        learn knots and boundary from the respondents used, without weights; replicates, effects and predictions keep
        them.

    Returns
    -------
    ModelFrame
        Respondents with a missing answer are outside `used` but stay in the design.

    Raises
    ------
    FormulaError, ColumnError, LevelError
        Something in the formula does not exist or is not allowed.
    DataError
        Nobody answered everything, or a term is constant, empty or a combination of others; it is named.

    Examples
    --------
    >>> import pandas as pd
    >>> people = Design(pd.DataFrame({"y": [0, 1, 1, 0], "g": ["a", "b", "a", "b"], "age": [30, 41, 38, 52]}))
    >>> [column.name for column in model_frame(people, "y ~ age + g").terms]
    ['(intercept)', 'age', 'g[b]']
    """
    parsed = read(design.survey, formula)
    return frame_of(design, parsed, (parsed.outcome,), [parsed.terms])


def read(survey: Survey, formula: str) -> Formula:
    """Parse a formula whose names are questions of this survey."""
    known = [*survey.frame.columns, *survey.codebook.questions]
    parsed = read_formula(formula, known)
    for name in (parsed.outcome, *parsed.questions):
        if name not in survey:
            raise unknown_column(name, known, "formula")
        one_column(survey, name, "formula")
    return parsed


def frame_of(
    design: Design,
    parsed: Formula,
    outcomes: Sequence[str],
    equations: Sequence[tuple[Term, ...]],
    spared: Mapping[str, NDArray[np.bool_]] | None = None,
) -> ModelFrame:
    """Build the model matrix of a formula as read, of respondents who answered all `outcomes`.

    Parameters
    ----------
    equations
        Terms that stand beside each other in one formula: only these must be told apart.
    spared
        Question -> respondents (n,) who are used without an answer to it.
    """
    survey = design.survey
    found = {name: _variable(survey, name, parsed.factors) for name in parsed.questions}
    used = _complete(design, outcomes, {name: values for name, (_, values) in found.items()}, spared or {})
    answers = {name: taken(values, used.rows) for name, (_, values) in found.items()}
    unasked = {name: ~_known(answers[name]) for name in spared or {}}
    known = {name: values[~unasked[name]] if name in unasked else values for name, values in answers.items()}
    notes: list[Text] = []
    parts = {f: _part(f, found[f.question][0], known[f.question], notes) for f in parsed.factors}
    answers |= {name: np.where(rows, known[name][0], answers[name]) for name, rows in unasked.items()}
    basis = Basis(parsed.terms, parts, {name: variable for name, (variable, _) in found.items()})
    _refuse_transforms(basis, answers, used)
    x = basis.matrix(answers) if answers else np.ones((len(used.rows), 1))
    for terms in equations:
        _refuse_open_interactions(basis, terms)
        at = [0, *basis.positions(terms)]
        refuse_terms(x[:, at] if len(at) < x.shape[1] else x, tuple(basis.columns[j] for j in at))
    unasked = {name: rows for name, rows in unasked.items() if rows.any()}
    return ModelFrame(parsed, design, used, answers, basis, x, tuple(notes), unasked)


def _variable(survey: Survey, name: str, factors: tuple[Factor, ...]) -> tuple[Variable, NDArray[Any]]:
    """Read a question as categories if any factor needs them, else as a number; values of all rows."""
    uses = {f.use for f in factors if f.question == name}
    question = survey.question(name)
    categorical = is_categorical(survey, name)
    if categorical and uses & {"log", "power", *SPLINES}:
        raise FormulaError(
            f"{name!r} holds answer categories: it has no logarithm, no power and no spline. Write {name} or C({name})."
        )
    if "categories" in uses or (categorical and "typed" in uses):
        found = categories(survey, name)
        slopes = uses & {"score"} if categorical else uses - {"categories"}
        scores = _scores(survey, name) if slopes else None
        return Variable(name, question, categorical, found.levels, scores), found.codes
    if categorical:
        codes = categories(survey, name).codes
        return Variable(name, question, categorical), np.where(codes < 0, np.nan, _scores(survey, name)[codes])
    return Variable(name, question, categorical), numbers(survey, name)


def _scores(survey: Survey, name: str) -> NDArray[np.float64]:
    """Numbers that the levels of a scale stand for: their codes where these are numbers, else 1, 2, 3, ..."""
    found = categories(survey, name)
    if not found.ordered:
        raise ChoiceError(
            f"score({name}): the answers of {name!r} have no order ({', '.join(map(repr, found.levels[:4]))}). "
            f"Enter them as categories: {name}."
        )
    if all(isinstance(level, int | float | np.number) for level in found.levels):
        return np.array(found.levels, float)
    return np.arange(1.0, len(found.levels) + 1)


def _known(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Where there is an answer: a level, or a number."""
    return np.asarray(values >= 0 if values.dtype.kind == "i" else np.isfinite(values))


def _complete(
    design: Design, outcomes: Sequence[str], values: Answers, spared: Mapping[str, NDArray[np.bool_]]
) -> Design:
    """The domain with complete answers; refuse infinite numbers and an empty domain."""
    known = np.ones(len(design.survey), bool)
    for name in outcomes:
        known &= design.survey.column(name).notna().to_numpy(bool)
    for name, found in values.items():
        answered = _known(found)
        if not answered.all():
            if found.dtype.kind == "f":
                _refuse_respondents(design, np.isinf(found) & design.inside, f"{name!r} is infinite")
            known &= answered | spared[name] if name in spared else answered
    used = design.within(known)
    if not len(used.rows) or not all(_known(values[name][used.rows]).any() for name in spared):
        raise DataError(
            f"Nobody of the {len(design)} in the domain answered all of {', '.join((*outcomes, *values))}. Leave out "
            "the question that few were asked, or widen the domain."
        )
    return used


def _refuse_respondents(
    design: Design, wrong: NDArray[np.bool_], what: str, cure: str = "Correct or leave them out."
) -> None:
    """Raise with the labels of up to five rows."""
    if wrong.any():
        labels = [str(label) for label in design.survey.frame.index[wrong]]
        more = f" and {len(labels) - 5} more" if len(labels) > 5 else ""
        raise DataError(f"{what} for {len(labels)} respondent(s): {', '.join(labels[:5])}{more}. {cure}")


def _refuse_transforms(basis: Basis, answers: Answers, used: Design) -> None:
    """Logarithms need positive numbers."""
    for factor in basis.parts:
        if factor.use == "log":
            wrong = np.zeros(len(used.survey), bool)
            wrong[used.rows] = answers[factor.question] <= 0
            _refuse_respondents(
                used,
                wrong,
                f"{factor}: the logarithm does not exist, {factor.question!r} is zero or less",
                f'Nobody is left out unseen: leave them out with a domain, such as "{factor.question} > 0", or add '
                "log(x + 1) to the data.",
            )


def _part(factor: Factor, variable: Variable, values: NDArray[Any], notes: list[Text]) -> Part:
    """Bind a factor to the levels that respondents chose, or to the knots among them; say what was learned."""
    if factor.use in SPLINES:
        spline = spline_of(factor, variable.numbers(values))
        notes.append(spline_note(str(factor), spline, placed=bool(factor.knots)))
        return Part(factor, variable, spline=spline)
    if not (factor.use == "categories" or (factor.use == "typed" and variable.categorical)):
        return Part(factor, variable)
    chosen = _chosen(values, len(variable.levels))
    wanted = 0 if factor.reference is None else variable.position(factor.reference)
    if len(chosen) < 2:
        raise DataError(
            f"{variable.name!r} is {variable.levels[chosen[0]]!r} for everybody used ({len(values)}): it explains "
            "nothing. Leave it out, or widen the domain."
        )
    reference = wanted if wanted in chosen else int(chosen[0])
    notes += [n for n in _level_notes(variable, wanted, reference, set(chosen.tolist())) if n not in notes]
    return Part(factor, variable, reference, tuple(int(c) for c in chosen if c != reference))


def _chosen(codes: NDArray[np.intp], levels: int) -> NDArray[np.intp]:
    """Levels that anybody chose; the rows are read until all have been."""
    seen = np.zeros(levels, bool)
    for rows in blocks(len(codes)):
        seen[codes[rows]] = True
        if seen.all():
            break
    return np.flatnonzero(seen)


def _level_notes(variable: Variable, wanted: int, reference: int, chosen: set[int]) -> list[Text]:
    """Notes on unused levels and on a reference that nobody chose."""
    empty = [i for i in range(len(variable.levels)) if i not in chosen]
    if not empty:
        return []

    def listed(positions: list[int], lang: str) -> str:
        return ", ".join(say(variable.level_label(i), lang) for i in positions)

    notes: list[Text] = [{"en": f"{variable.name}: nobody chose {listed(empty, 'en')}; left out",
              "ko": f"{variable.name}: {listed(empty, 'ko')} 응답자 없음, 제외"}]  # fmt: skip
    if reference != wanted:
        new, old = ({lang: listed([i], lang) for lang in LANGUAGES} for i in (reference, wanted))
        notes.append(
            {
                "en": f"{variable.name}: {new['en']} is the reference, since nobody chose {old['en']}",
                "ko": f"{variable.name}: {old['ko']} 응답자가 없어 기준 범주는 {new['ko']}",
            }
        )
    return notes


def _refuse_open_interactions(basis: Basis, terms: tuple[Term, ...]) -> None:
    """A category within an interaction needs the term without it, or its contrasts would not be against a reference."""
    known: set[frozenset[Factor]] = {frozenset(term) for term in terms} | {frozenset()}
    for term in terms:
        for factor in term:
            rest = frozenset(term) - {factor}
            if not basis.parts[factor].is_slope and rest not in known:
                absent = term_name(tuple(f for f in term if f != factor))
                raise FormulaError(
                    f"The interaction {term_name(term)!r} needs the term {absent!r} too, or its coefficients are not "
                    f"differences from a reference. Write {'*'.join(map(str, term))}."
                )
