"""How well a binary model predicts respondents whom it has not seen: cross-validation and the bootstrap's optimism."""

from typing import Any

import numpy as np
import pandas as pd

from ..design.replicated import FAILED
from ..errors import ChoiceError, DataError, DesignError
from ..estimators.fit import Matrix
from ..estimators.performance import MEASURES
from ..language import Text, both
from .diagnostic import Diagnostic, design_origin
from .draws import check_draws, check_seed
from .model import Model
from .roc import binary_event
from .trials import Trials

WHAT = both("Accuracy for respondents not seen", "새로운 응답자에 대한 예측 정확도")
FEW = 10  # events for each slope
SMALL = 200
SPLIT = both(
    "SD: over the repeats, of how respondents were split; it says nothing of another sample",
    "SD: 분할 방식에 따른 반복 간 표준편차이며, 표본 간 변동은 아님",
)


def validated(
    model: Model, *, folds: int = 10, repeats: int = 20, draws: int = 200, seed: int = 1, progress: bool = True
) -> Diagnostic:
    """Judge a binary model by respondents whom it has not seen.

    Parameters
    ----------
    model
        `logit`, `probit`, `cloglog` or `firth`.
    folds, repeats
        In how many parts the sample is split, and how often anew. Clusters stay together; strata, and answers within
        them, are spread evenly.
    draws
        Bootstrap samples, drawn by the design.
    seed
        Of splits and draws; the same seed gives the same numbers.
    progress
        Whether a terminal shows how far the work is, after two seconds.

    Returns
    -------
    Diagnostic
        Kind "validation", a row a measure: `apparent` (in the sample that fitted the model), `cross_validated` (mean
        over the repeats) with its `sd` over them, `optimism` (mean over the draws) and `corrected` = apparent -
        optimism. Measures: auc, brier, calibration_intercept, calibration_slope, correct (at 0.5). `extra`: events per
        slope, refits that failed. `detail` holds every repeat and every draw.

    Raises
    ------
    ChoiceError
        The model is not binary or has no terms; an argument is no whole number in its range; more folds than clusters.
    DataError
        More than a tenth of the refits give no estimates, or no repeat has all its folds.
    DesignError
        The design has replicate weights already.

    Notes
    -----
    All weighted. In a repeat every respondent is predicted by the model of the other folds, and measures are of all of
    them together; a repeat in which a fold has no solution is left out. Optimism: the model of a draw, judged by the
    draw, minus the same judged by the sample (Harrell, Lee and Mark 1996). Calibration: logit of the event on the
    log-odds predicted (Cox 1958); a slope below 1 tells of overfitting. Levels and knots are those of the sample.
    Checked against a loop with scikit-learn's metrics.

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.regression import logit
    >>> rng = np.random.default_rng(4)
    >>> people = pd.DataFrame({"x": rng.normal(size=80), "z": rng.normal(size=80)})
    >>> people["y"] = (people["x"] + rng.logistic(size=80) > 0).astype(int)
    >>> found = validated(logit(people, "y ~ x + z"), repeats=5, draws=50).frame.set_index("measure")
    >>> bool(found.loc["auc", "corrected"] < found.loc["auc", "apparent"])
    True
    """
    _refuse(model)
    asked = (_whole(folds, "folds", 2), _whole(repeats, "repeats", 1), check_draws(draws, least=2), check_seed(seed))
    setting = Trials(model, *asked, progress)
    crossed, lost = setting.crossed()
    moved, failed = setting.optimism()
    return _told(setting, crossed, lost, moved, failed)


def _whole(value: Any, name: str, least: int) -> int:
    """A whole number of at least `least`."""
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        raise ChoiceError(f"`{name}` is {value!r}; it must be a whole number of at least {least}.")
    return int(value)


def _refuse(model: Any) -> None:
    """Refuse what is no binary model with terms under a design that can be drawn again."""
    if not isinstance(model, Model):
        raise ChoiceError(f"`model` is a {type(model).__name__}; fit a yes/no answer first: sa.logit(data, 'y ~ x').")
    binary_event(model, "validated")
    if len(model.model_frame.terms) < 2:
        raise ChoiceError("The model has no terms: it gives everybody the same probability. Name terms.")
    if model.model_frame.used.replicates is not None:
        raise DesignError("The design has replicate weights already; validate the model under the design itself.")


def _told(setting: Trials, crossed: Matrix, lost: int, moved: Matrix, failed: int) -> Diagnostic:
    """The measures side by side, with what a reader must know."""
    _refuse_failures(lost, setting.folds * setting.repeats, "folds")
    _refuse_failures(failed, setting.draws, "bootstrap draws")
    kept, drawn = crossed[np.isfinite(crossed).all(axis=1)], moved[np.isfinite(moved).all(axis=1)]
    if not len(kept):
        raise DataError(
            f"Each of the {setting.repeats} repeats has a fold without a solution ({lost} of them). Take fewer folds, "
            "leave out terms, merge rare levels, or use `firth`."
        )
    model = setting.model
    apparent, optimism = setting.judged(model.expected[:, 0], setting.weights), drawn.mean(axis=0)
    frame = pd.DataFrame(
        {
            "measure": MEASURES,
            "apparent": apparent,
            "cross_validated": kept.mean(axis=0),
            "sd": kept.std(axis=0, ddof=1) if len(kept) > 1 else np.nan,
            "optimism": optimism,
            "corrected": apparent - optimism,
        }
    )
    events = min(model.outcome.counts) / (len(model.model_frame.terms) - 1)
    left_out = len(crossed) - len(kept)
    extra = {"events_per_slope": events, "folds_failed": lost, "repeats_left_out": left_out, "draws_failed": failed}
    notes = _notes(setting, left_out, lost, failed, events)
    detail = {"repeats": pd.DataFrame(crossed, columns=MEASURES), "draws": pd.DataFrame(moved, columns=MEASURES)}
    origin = design_origin(model, WHAT, {}, *notes)
    return Diagnostic(frame, "validation", model.estimates.labels, origin, extra, detail)


def _refuse_failures(failed: int, count: int, what: str) -> None:
    """Refuse where more than a tenth of the refits have no solution."""
    if failed > FAILED * count:
        raise DataError(
            f"{failed} of {count} {what} ({failed / count:.0%}) give no estimates, more than {FAILED:.0%}: what is "
            "left would not stand for all. Leave out terms, merge rare levels, or use `firth`."
        )


def _notes(setting: Trials, repeats: int, lost: int, failed: int, events: float) -> tuple[Text, ...]:
    """How the model was tried, what failed, and how far to trust it."""
    n = len(setting.weights)
    how = both(
        "{f}-fold cross-validation, {r} repeats; optimism from {d} bootstrap samples; seed {s}",
        "{f}겹 교차검증 {r}회 반복; 부트스트랩 표본 {d}개로 낙관 편향 추정; 난수 시드 {s}",
        f=setting.folds, r=setting.repeats, d=setting.draws, s=setting.seed,
    )  # fmt: skip
    left = both(
        "{k} repeats left out, since {j} folds had no solution",
        "해가 없는 분할 {j}개로 반복 {k}회 제외",
        k=repeats,
        j=lost,
    )
    drawn = both("{k} bootstrap samples without a solution left out", "해가 없는 부트스트랩 표본 {k}개 제외", k=failed)
    trust = both(
        "{n} respondents, {e:.1f} events per slope: neither one split nor a small difference between models is to be "
        "trusted",
        "응답자 {n}명, 계수당 사건 {e:.1f}건: 한 번의 분할이나 모형 간 작은 차이는 신뢰하기 어려움",
        n=n,
        e=events,
    )
    said = ((left, lost > 0), (drawn, failed > 0), (SPLIT, setting.repeats > 1), (trust, n < SMALL or events < FEW))
    return (how, *(text for text, holds in said if holds))
