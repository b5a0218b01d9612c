"""Permutation tests: would groups differ as much if answers had nothing to do with them?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..design.design import Design, as_design
from ..errors import ChoiceError, DesignError, one_of
from ..estimators.fit import Vector
from ..estimators.permutation import Arranged, arranged, between_groups, group_differences, share_as_far
from ..language import LANGUAGES, Text, both, say
from ..results import Test
from .bases import Data
from .compared import CONSTANT, DIFFERENCE, Compared, compared, ranked, shared_variance
from .draws import check_draws, check_seed
from .groups import one_column
from .origins import origin_of
from .rank_scores import rank_shares
from .variables import numbers

Codes = NDArray[np.intp]
Own = Callable[[Vector, Codes], float]
STATISTICS = ("mean", "rank")
WHOLES = both("clusters are permuted as wholes", "집락 단위로 순열")
INSIDE = both(
    "groups differ within clusters: answers are permuted within each cluster",
    "집락 안에서 집단이 다름: 집락 내에서 순열",
)
STRATA = both("answers are permuted within strata", "층 안에서 순열")
WEIGHTED = both("weights stay with the answers", "가중치는 응답과 함께 이동")


def permutation_test(
    data: Data,
    outcome: str,
    *,
    by: str,
    statistic: Literal["mean", "rank"] | Own = "mean",
    draws: int = 9999,
    seed: int = 1,
) -> Test:
    """Test whether groups differ, by giving the answers to the groups anew in every way.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    outcome
        Number question, likert scale with numeric codes, or yes/no; for ranks any answers with an order.
    by
        Question whose answers are the groups, two or more.
    statistic
        "mean": means of the groups; "rank": means of their ranks (Wilcoxon, Kruskal-Wallis); or a function of values
        and group codes (0, 1, ...) that returns a number, of which large absolute values speak against no difference.
    draws, seed
        Of a random sample of the arrangements, taken where there are more than 100,000; else all are counted.

    Returns
    -------
    Test
        p: share of arrangements with a statistic at least as far from zero, ties included; of a sample (1 + as far) /
        (1 + draws). Two groups: the statistic and the effect are the difference of the later group from the earlier;
        more: eta squared. `extra` holds the number of arrangements, and the standard error of a drawn p.

    Raises
    ------
    ChoiceError
        The outcome is no number (or has no order); `draws` or `seed` is no whole number in its range.
    ColumnError, DataError, DesignError
        A question does not exist; only one group answered; the design has replicate weights.

    Notes
    -----
    Strata of the design are respected: values count from their stratum's mean, and stay in it. In clusters, labels go
    to whole clusters where each lies in one group, and move within clusters where they do not. Weights stay with the
    answers. Two groups compare by the difference in means of these values, several by the sum of squares between them.

    References
    ----------
    R ``coin::oneway_test(distribution = "exact")``, and arrangements listed one by one (f.permutation.*).

    Examples
    --------
    >>> import pandas as pd
    >>> staff = pd.DataFrame({"pay": [3.0, 4, 5, 6, 7, 9], "sex": list("mmmfff")})
    >>> test = permutation_test(staff, "pay", by="sex")
    >>> round(test.effect, 3), test.p, test.extra["arrangements"]
    (3.333, 0.1, 20)
    """
    if not callable(statistic):
        one_of(statistic, STATISTICS, "statistic")
    count, drawn_from = check_draws(draws), check_seed(seed)
    design = as_design(data)
    if design.replicates is not None:
        raise DesignError(
            "A design with replicate weights does not say which answers could change places. Use `t_test`."
        )
    read = (
        ranked(design, outcome) if statistic == "rank" else numbers(design.survey, one_column(design.survey, outcome))
    )
    groups = compared(design, read, outcome, by)
    values = (
        rank_shares(groups.values, groups.used.row_weights, "midpoint")[0] if statistic == "rank" else groups.values
    )
    units = _units(groups)
    moved = arranged(units.group, units.block, count, drawn_from)
    observed, found = _statistics(groups, values, units, moved, statistic if callable(statistic) else None)
    p, error = share_as_far(observed, found, moved.every)
    return _result(
        design, groups, values, units, _Moved(moved, p, error, drawn_from, observed), statistic, (outcome, by)
    )


@dataclass(frozen=True)
class _Units:
    """What changes places: respondents, or clusters.

    Attributes
    ----------
    unit
        Unit of each row used, shape (m,).
    group, block
        Of each unit; labels change places within blocks.
    stratum
        Of each row used.
    notes
        How they were moved.
    """

    unit: Codes
    group: Codes
    block: Codes
    stratum: Codes
    notes: tuple[Text, ...]


@dataclass(frozen=True)
class _Moved:
    """Arrangements, and what they gave."""

    arranged: Arranged
    p: float
    error: float
    seed: int
    observed: float


def _units(groups: Compared) -> _Units:
    """Respondents or clusters, and the blocks within which they change places."""
    stage, rows = groups.used.sample.first, groups.used.rows
    owner = np.unique(stage.owners(rows), return_inverse=True)
    stratum = np.unique(stage.stratum[owner[0]], return_inverse=True)[1]
    of_row = stratum[owner[1]]
    notes: tuple[Text, ...] = (STRATA,) if stratum.max() > 0 else ()
    if np.ptp(groups.used.row_weights) > 0:
        notes = (*notes, WEIGHTED)
    alone = np.arange(len(rows))
    if stage.cluster is None:
        return _Units(alone, groups.group, of_row, of_row, notes)
    low, high = np.full(len(stratum), groups.count), np.full(len(stratum), -1)
    np.minimum.at(low, owner[1], groups.group)
    np.maximum.at(high, owner[1], groups.group)
    if (low == high).all():
        return _Units(owner[1], low, stratum, of_row, (*notes, WHOLES))
    return _Units(alone, groups.group, owner[1], owner[1], (*notes, INSIDE))


def _statistics(
    groups: Compared, values: Vector, units: _Units, moved: Arranged, own: Own | None
) -> tuple[float, Vector]:
    """The statistic of the sample, and of every arrangement."""
    if own is not None:
        found = [_number(own(values, labels[units.unit].astype(np.intp))) for part in moved.labels() for labels in part]
        return _number(own(values, groups.group)), np.array(found)
    w = groups.used.row_weights
    base = np.bincount(units.stratum, w)
    centred = values - (np.bincount(units.stratum, w * values) / base)[units.stratum]
    sums, sizes = (np.bincount(units.unit, part).astype(float) for part in (w * centred, w))

    def given(labels: NDArray[np.int8]) -> Vector:
        if groups.count == 2:
            return group_differences(labels, sums, sizes)
        return between_groups(labels, sums, sizes, groups.count)

    observed = float(given(units.group[None, :].astype(np.int8))[0])
    return observed, np.concatenate([given(part) for part in moved.labels()])


def _number(value: Any) -> float:
    """What the researcher's own statistic returned."""
    if isinstance(value, int | float | np.number) and np.isfinite(value):
        return float(value)
    raise ChoiceError(f"`statistic` returned {value!r}; it must return a finite number for every arrangement.")


def _result(
    design: Design, groups: Compared, values: Vector, units: _Units, moved: _Moved, statistic: Any,
    names: tuple[str, str],
) -> Test:  # fmt: skip
    """The test as readers see it."""
    ranks = statistic == "rank"
    effect, effect_name, notes = _effect(groups, values, ranks)
    left_out = tuple(note for note in groups.notes if "left out" in note["en"])
    constant = (CONSTANT,) if groups.constant else ()
    origin = origin_of(
        _name(moved, ranks), design, groups.used, *names, variance=None,
        notes=(*notes, *left_out, *units.notes, *constant),
    )  # fmt: skip
    extra: dict[str, float] = {"arrangements": moved.arranged.count}
    if not moved.arranged.every:
        extra |= {"monte_carlo_se": moved.error, "seed": moved.seed}
    shown = effect if not callable(statistic) else moved.observed
    return Test(
        _name(moved, ranks), shown, moved.p, effect=effect, effect_name=effect_name, n=len(values), origin=origin,
        extra=extra,
    )  # fmt: skip


def _effect(groups: Compared, values: Vector, ranks: bool) -> tuple[float, str, tuple[Text, ...]]:
    """Size of the difference in words of its own."""
    w = groups.used.row_weights
    if groups.count > 2:
        return shared_variance(values, w, groups.group, groups.count)[1], "eta squared", ()
    mean = np.bincount(groups.group, w * values) / np.bincount(groups.group, w)
    earlier, later = groups.names
    told: Text = {lang: f"{DIFFERENCE[lang]}: {say(later, lang)} − {say(earlier, lang)}" for lang in LANGUAGES}
    return float(mean[1] - mean[0]), "difference in mean rank score" if ranks else "difference in means", (told,)


def _name(moved: _Moved, ranks: bool) -> Text:
    """The test in words."""
    of = both("ranks", "순위") if ranks else both("means", "평균")
    if moved.arranged.every:
        return both("permutation test ({en}, all {k:,} arrangements)", "순열검정({ko}, 배열 {k:,}개 전부)",
                    k=moved.arranged.count, **of)  # fmt: skip
    return both(
        "permutation test ({en}, {k:,} draws, seed {s}, standard error of p {e:.2g})",
        "순열검정({ko}, {k:,}회, 시드 {s}, p의 표준오차 {e:.2g})",
        k=moved.arranged.count, s=moved.seed, e=moved.error, **of,
    )  # fmt: skip
