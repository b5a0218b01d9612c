"""Does a conclusion survive other reasonable choices? One effect under every combination of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..design.design import as_design
from ..errors import DataError
from ..intervals import check_confidence
from ..language import LANGUAGES, Text, both, say
from ..results import Labels, Origin, _Shown
from .bases import Data
from .origins import interval_words, origin_of
from .specification_choices import planned
from .specification_effects import Solved, solve
from .specifications import Drawn, Filled, Missing, ModelName, Plan
from .variables import categories

if TYPE_CHECKING:
    from .diagnostic import Diagnostic
    from .specification_permutations import Shuffled

EFFECT: Text = {
    "en": "average marginal effect of {en} on the probability of the event, in every specification",
    "ko": "{ko}의 사건 확률에 대한 평균 한계효과(모든 명세)",
}
WITHOUT: Text = {
    "en": "{k} of {n} specifications without an estimate: {why}",
    "ko": "명세 {n}개 중 추정치 없음 {k}개: {why}",
}
STATUS_WORDS: dict[str, Text] = {
    "separated": both("separation", "분리"),
    "unsolved": both("no solution", "해 없음"),
    "no_answers": both("too few different answers", "비교할 응답 부족"),
}


def specification_grid(
    data: Data,
    outcome: str,
    focus: str,
    *,
    cuts: Sequence[Any] | None = None,
    models: Sequence[ModelName] = ("logit",),
    covariates: Sequence[Sequence[str]] | None = None,
    controls: Sequence[str] | None = None,
    weights: Sequence[bool] = (True,),
    designs: Sequence[Drawn] = ("design",),
    missing: Sequence[Missing] = ("complete",),
    imputed: "Filled | None" = None,
    where: Sequence[str | None] | None = None,
    focus_level: Any = None,
    step: float | None = None,
    confidence: float = 0.95,
) -> "SpecificationGrid":
    """Estimate one effect under every combination of reasonable choices.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    outcome, focus
        Question that is explained, and the question whose effect is meant: a number, or answers of which one is
        compared with the codebook's first.
    cuts
        Sets of answers of the outcome that are the event: ``[[4, 5], [3, 4, 5], [5]]``; none for a yes/no outcome.
    models
        "logit", "probit", "cloglog", "firth" of the event; "ordered", "ordered_probit", "multinomial" of all answers,
        whose effects are summed over those of the event.
    covariates
        Sets of terms beside the focus: ``[[], ["age"], ["age", "log(pay)"]]``.
    controls
        Instead: terms of which every subset is taken.
    weights
        True: with the design's weights; False: without.
    designs
        "design": strata and clusters as drawn; "simple": as if everybody had been drawn alone.
    missing
        "complete": respondents who answered the questions of the specification; "common": those who answered all
        questions of the grid, the same for every specification; "imputed": everybody, with missing answers filled.
    imputed
        Of "imputed": the filled answers, as `impute` returns them; their effects are pooled by Rubin's rules.
    where
        Conditions in codebook names, each a domain; None for everybody.
    focus_level
        The answer of the focus that is compared with the first, where there are more than two.
    step
        Difference of a number that the effect is for, such as 10 years; the derivative where it is not given.
    confidence
        Level of the intervals; significant is what has p below 1 - confidence.

    Returns
    -------
    SpecificationGrid
        `.frame`: a row a specification; `.summary`; `.table()`; `.plot()`, the specification curve;
        `.permutation_test()`.

    Raises
    ------
    ChoiceError, ColumnError, LevelError, FormulaError, DesignError
        A choice is none, is made twice, or leaves nothing to cross; the focus is among the covariates.
    DataError
        No specification has an estimate.

    Notes
    -----
    The effect is `Model.effects` of the focus with design-based errors that count the averaging; so that codings and
    links share one scale. A specification without a solution is a row of its own with NaN and the reason, and no part
    of the summary. What equals another specification by construction (the common base where a model asks all
    questions) is listed once. Report the choices that you would defend, before you look: a grid of indefensible ones
    proves nothing.

    References
    ----------
    Simonsohn, Simmons and Nelson (2020), Specification curve analysis, Nature Human Behaviour 4, 1208-1214; Steegen,
    Tuerlinckx, Gelman and Vanpaemel (2016).

    Examples
    --------
    >>> import pandas as pd
    >>> q = pd.Categorical([1, 3, 2, 3, 1, 2, 3, 2, 1, 3, 2, 2], categories=[1, 2, 3], ordered=True)
    >>> people = pd.DataFrame({"q": q, "years": [1, 6, 4, 9, 5, 2, 7, 8, 3, 4, 6, 3]})
    >>> grid = specification_grid(people, "q", "years", cuts=[[2, 3], [3]], models=["logit", "ordered"])
    >>> grid.frame[["cut", "model", "estimate"]].round(3).values.tolist()
    [['2, 3', 'logit', 0.087], ['2, 3', 'ordered', 0.081], ['3', 'logit', 0.091], ['3', 'ordered', 0.09]]
    """
    check_confidence(confidence)
    asked = {"cuts": cuts, "models": models, "covariates": covariates, "controls": controls, "weights": weights,
             "designs": designs, "missing": missing, "imputed": imputed, "where": where}  # fmt: skip
    plan = planned(as_design(data), (outcome, focus), asked, focus_level=focus_level, step=step, confidence=confidence)
    solved = solve(plan)
    if all(one.effect is None for one in solved):
        raise DataError(f"None of the {len(solved)} specifications has an estimate. The first: {solved[0].reason}")
    return SpecificationGrid(plan, solved, _origin(plan, solved))


@dataclass(frozen=True, eq=False, repr=False)
class SpecificationGrid(_Shown):
    """One effect under every combination of choices.

    Attributes
    ----------
    plan
        What was asked.
    solved
        Every specification with its model and effect, or why there is none.
    """

    plan: Plan
    solved: tuple[Solved, ...]
    origin: Origin
    kind: str = "specification_grid"

    def __len__(self) -> int:
        return len(self.solved)

    @property
    def labels(self) -> Labels:
        """What readers see for questions, choices, and what was chosen."""
        return self.plan.labels

    @property
    def frame(self) -> pd.DataFrame:
        """A row a specification: its choices, estimate, se, statistic, df, p, ci_low, ci_high, n, status, reason."""
        return pd.DataFrame([_row(one, self.plan.confidence) for one in self.solved]).astype({"n": "Int64"})

    @property
    def summary(self) -> pd.DataFrame:
        """One row: specifications, solved, median, lowest, highest, same_sign, significant, significant_same_sign.

        `same_sign` counts estimates with the sign of the median, `significant_same_sign` those of them with p below
        1 - confidence.
        """
        found = self.curve
        significant = found["p"] < 1 - self.plan.confidence
        same = np.sign(found["estimate"]) == np.sign(found["estimate"].median())
        estimate = found["estimate"]
        return pd.DataFrame(
            {
                "specifications": [len(self)],
                "solved": [len(found)],
                "median": [estimate.median()],
                "lowest": [estimate.min()],
                "highest": [estimate.max()],
                "same_sign": [int(same.sum())],
                "significant": [int(significant.sum())],
                "significant_same_sign": [int((significant & same).sum())],
            }
        )

    @cached_property
    def curve(self) -> pd.DataFrame:
        """Specifications with an estimate, the lowest first."""
        frame = self.frame
        return frame[frame["estimate"].notna()].sort_values("estimate", kind="stable", ignore_index=True)

    def permutation_test(
        self, *, shuffled: "Shuffled" = "focus", draws: int = 499, seed: int = 1, progress: bool = True
    ) -> "Diagnostic":
        """Test all specifications together: would the curve look like this if the focus had nothing to do with it?

        Parameters
        ----------
        shuffled
            "focus": its answers change places, so that it is related neither to the outcome nor to the covariates.
            "outcome": the outcome's do, so that nothing explains it, while focus and covariates stay related.
        draws, seed
            Of the rearrangements; the same seed gives the same numbers.
        progress
            Whether a line tells how far it is, where it takes long.

        Returns
        -------
        Diagnostic
            Kind "specification_test", a row a statistic: "median" effect (its absolute value), "significant" (how many
            specifications are significant with the sign of the median), "stouffer" (sum of z over the root of their
            number): observed, the median under rearrangement, p with its simulation error. `detail["draws"]` holds
            every draw.

        Raises
        ------
        ChoiceError, DesignError, DataError
            `draws` or `seed` is no whole number in its range; a specification rests on imputations; the design has
            replicate weights; nothing can change places.

        Notes
        -----
        Specifications share respondents, so that their p-values are not independent: all are computed again on every
        rearrangement, and p = (1 + as far) / (1 + draws). Answers change places within strata; whole clusters do where
        each has one answer, else respondents within their cluster. Weights, and who is missing, stay. Where focus and
        covariates are related, rearranged focus loses that relation too: compare with ``shuffled="outcome"``. A
        specification without a solution in a draw is left out of that draw.

        References
        ----------
        Simonsohn, Simmons and Nelson (2020).

        Examples
        --------
        >>> import pandas as pd
        >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1] * 3, "age": list(range(20, 44))})
        >>> grid = specification_grid(people, "y", "age", models=["logit", "probit"])
        >>> grid.permutation_test(draws=39).frame["p"].between(0.025, 1).all()
        np.True_
        """
        from .specification_permutations import permuted

        return permuted(self, shuffled, draws, seed, progress)


def _row(one: Solved, confidence: float) -> dict[str, Any]:
    """A row of the frame."""
    nan = float("nan")
    effect, keys = one.effect, one.specification.keys
    if effect is None or one.model is None:
        numbers = dict.fromkeys(("estimate", "se", "statistic", "df", "p", "ci_low", "ci_high"), nan) | {"n": pd.NA}
    else:
        low, high = effect.interval(confidence)
        numbers = {"estimate": effect.estimate, "se": effect.se, "statistic": effect.statistic, "df": effect.df,
                   "p": effect.p, "ci_low": low, "ci_high": high, "n": one.model.n}  # fmt: skip
    return {**keys, **numbers, "status": one.status, "reason": one.reason}


def _origin(plan: Plan, solved: Sequence[Solved]) -> Origin:
    """What is shown, of whom, and what has no estimate."""
    answered = plan.design.within(plan.design.survey.frame[[plan.outcome, plan.focus]].notna().to_numpy(bool).all(1))
    focus, asked = (plan.labels.columns[name] for name in (plan.focus, plan.outcome))
    said = {lang: _focus_words(plan, say(focus, lang), lang) for lang in LANGUAGES}
    what = {
        "en": f"{say(asked)}: {EFFECT['en'].format(**said)}",
        "ko": f"{say(asked, 'ko')}: {EFFECT['ko'].format(**said)}",
    }
    return origin_of(
        what, plan.design, answered, plan.outcome, plan.focus, interval=interval_words("t", plan.confidence),
        notes=_lacking(solved), grouped=True,
    )  # fmt: skip


def _focus_words(plan: Plan, label: str, lang: str) -> str:
    """The focus with the answers compared, or the step."""
    if plan.level is None:
        return label if plan.step is None else f"{label} ({plan.step:+g})"
    found = categories(plan.design.survey, plan.focus)
    words = {choice.code: choice.label for choice in found.question.choices}
    first, other = (say(words.get(found.levels[i], str(found.levels[i])), lang) for i in (0, plan.level))
    return f"{label} ({other} − {first})"


def _lacking(solved: Sequence[Solved]) -> tuple[Text, ...]:
    """How many specifications have no estimate, and why."""
    lost = [one for one in solved if one.effect is None]
    if not lost:
        return ()
    counts = pd.Series([one.status for one in lost]).value_counts(sort=False)
    why = {lang: ", ".join(f"{STATUS_WORDS[s][lang]} {n}" for s, n in counts.items()) for lang in LANGUAGES}
    return ({lang: WITHOUT[lang].format(k=len(lost), n=len(solved), why=why[lang]) for lang in LANGUAGES},)
