"""Which counts and bases print a percentage.

Oracles: the complete lists, written out, for the six percentages of the 2011 article (bases to 57, and those of one
decimal to 214), the counts of the KoreaBIO survey of 2024, and a search through all fractions.
"""

import time
from fractions import Fraction
from itertools import product
from math import ceil, floor

import numpy as np
import pytest

from surveyanalysis.errors import ChoiceError, PublishedError
from surveyanalysis.reproduction.bases import feasible_bases, feasible_counts
from surveyanalysis.reproduction.rounding import MODES

TO_57 = {
    "33.3": "1/3 2/6 3/9 4/12 5/15 6/18 7/21 8/24 9/27 10/30 11/33 12/36 13/39 14/42 15/45 16/48 17/51 18/54 19/57",
    "28.1": "9/32 16/57",
    "35.3": "6/17 12/34 18/51",
    "55": "6/11 11/20 12/22 16/29 17/31 18/33 21/38 22/40 23/42 24/44 26/47 27/49 28/51 29/53 30/55 31/56",
    "60": "3/5 6/10 9/15 12/20 15/25 18/30 21/35 24/40 25/42 26/43 27/45 28/47 29/48 30/50 31/52 32/53 33/55 34/57",
    "75": "3/4 6/8 9/12 12/16 15/20 18/24 21/28 24/32 27/36 30/40 33/44 36/48 38/51 39/52 40/53 41/55 42/56 43/57",
}
TO_214 = {
    "28.1": "9/32 16/57 18/64 25/89 27/96 32/114 34/121 36/128 38/135 39/139 41/146 43/153 45/160 47/167 48/171 50/178 "
    "52/185 54/192 55/196 56/199 57/203 59/210",
    "35.3": "6/17 12/34 18/51 24/68 30/85 36/102 41/116 42/119 47/133 48/136 49/139 53/150 54/153 55/156 59/167 60/170 "
    "61/173 65/184 66/187 67/190 71/201 72/204 73/207",
    "33.3": " ".join(f"{k}/{3 * k}" for k in range(1, 72)),
}
ROUND = {
    "half_up": lambda x: floor(x + Fraction(1, 2)),
    "half_even": round,
    "truncate": floor,
    "ceil": ceil,
}


def pairs(listed):
    return tuple(tuple(map(int, pair.split("/"))) for pair in listed.split())


@pytest.mark.parametrize("printed", TO_57)
def test_every_count_and_base_up_to_57_is_listed(printed):
    found = feasible_counts(printed, base_max=57)
    assert found.pairs == pairs(TO_57[printed])
    assert repr(found) == TO_57[printed].replace(" ", ", ")


@pytest.mark.parametrize("printed", TO_214)
def test_every_count_and_base_up_to_214_is_listed(printed):
    assert feasible_counts(printed, base_max=214).pairs == pairs(TO_214[printed])


@pytest.mark.parametrize(("printed", "number"), [("33.3", 71), ("55", 230), ("60", 232), ("75", 232)])
def test_whole_percentages_say_little_about_a_base_up_to_214(printed, number):
    assert len(feasible_counts(printed, base_max=214)) == number


@pytest.mark.parametrize(
    ("base", "counts"),
    [
        (57, {"35.3": [], "55": [], "33.3": [19], "28.1": [16], "60": [34], "75": [43]}),
        (214, {"33.3": [], "28.1": [], "35.3": [], "55": [117, 118], "60": [128, 129], "75": [160, 161]}),
        (157, {"33.3": [], "28.1": [], "35.3": [], "55": [86, 87], "60": [94], "75": [117, 118]}),
    ],
)
def test_one_base_prints_these_counts_and_no_others(base, counts):
    assert {printed: feasible_counts(printed, base=base).counts.tolist() for printed in counts} == counts


@pytest.mark.parametrize("printed", ["Sixty percent", "60%", "60퍼센트", "60"])
def test_the_printed_words_do_not_matter(printed):
    assert feasible_counts(printed, base=57).pairs == ((34, 57),)


@pytest.mark.parametrize("printed", ["35.3", "55", "0", "100", "12.5", "12.50", "0.5", "37.5", "62.5", "62.4", "99.9"])
def test_every_mode_agrees_with_a_search_through_all_fractions(printed):
    decimals = len(printed.partition(".")[2])
    target = int(printed.replace(".", ""))
    found = feasible_counts(printed, base_max=120, rounding=MODES)
    expected = {
        (c, n): tuple(m for m in MODES if ROUND[m](Fraction(c * 100 * 10**decimals, n)) == target)
        for n in range(1, 121)
        for c in range(n + 1)
    }
    assert dict(zip(found.pairs, found.modes)) == {pair: modes for pair, modes in expected.items() if modes}


def test_a_tie_is_told_by_its_mode():
    assert repr(feasible_counts("12", base=8)) == "1/8 (half_even)"
    assert repr(feasible_counts("13", base=8)) == "1/8 (half_up)"


def test_no_base_up_to_57_gives_35_3_by_truncation():
    assert len(feasible_counts("35.3", base_max=57, rounding=["truncate"])) == 0
    assert repr(feasible_counts("35.3", base_max=57, rounding=["truncate"])) == "none of the bases 1 to 57"


def test_55_of_34_is_reached_by_truncation_only():
    assert feasible_counts("55", base=34, rounding=MODES).modes == (("truncate",),)


def test_an_impossible_base_is_told_with_its_neighbours():
    words = feasible_counts("35.3", base=57).words
    assert words["en"] == "35.3% cannot be printed from 57 people: 20 are 35.1%, 21 are 36.8%."
    assert "57명" in words["ko"] and "36.8" in words["ko"]


def test_the_frame_has_one_row_a_solution():
    frame = feasible_counts("35.3", base_max=57).frame
    assert frame.columns.tolist() == ["count", "base", "percent", "rounding"]
    assert frame.rounding.tolist() == ["half_up, half_even"] * 3 and frame.percent.round(2).tolist() == [35.29] * 3


def test_ten_thousand_bases_take_well_under_a_second():
    start = time.perf_counter()
    assert len(feasible_counts("55", base_max=10_000)) > 400_000
    assert len(feasible_bases(["58.6", "31.0", "10.4"], base_max=10_000, forced_to=100)) > 9_000
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    ("printed", "base_max", "bases"),
    [
        (["33.3", "28.1"], 57, [57]),
        (["33.3", "28.1"], 214, [57, 96, 114, 135, 153, 171, 192, 210]),
        (["60", "75"], 57, [20, 40, 48, 52, 53, 55, 57]),
        (["35.3", "55"], 57, [51]),
        (["35.3", "55.0"], 214, []),
    ],
)
def test_joint_bases_of_the_article(printed, base_max, bases):
    assert feasible_bases(printed, base_max=base_max).bases.tolist() == bases


def test_joint_bases_carry_the_counts_of_each_percentage():
    assert feasible_bases(["60", "75"], base_max=57).counts(57) == ((34,), (43,))
    assert feasible_bases(["33.3", "28.1"], base_max=57, answers="one").counts(57) == ((19,), (16,))
    assert feasible_bases(["55", "35.3"], base_max=57).counts(51) == ((28,), (18,))


def test_a_reading_that_mixes_rounding_modes_is_told():
    """The rival reading: 12 and 19 of the 34 interested, one rounded and the other cut off."""
    found = feasible_bases(["35.3", "55"], base=34, rounding=MODES)
    assert found.mixed.tolist() == [True] and found.counts(34) == ((12,), (19,))
    assert "mixes rounding modes" in repr(found)
    assert found.frame.rounding.tolist() == ["half_up, half_even, ceil", "truncate"]
    assert feasible_bases(["35.3", "55"], base=51, rounding=MODES).mixed.tolist() == [False]


@pytest.mark.parametrize(
    ("printed", "base", "counts"),
    [
        (["71.2", "32.2", "28.8"], 59, (42, 19, 17)),
        (["44.1", "32.2", "23.7"], 59, (26, 19, 14)),
        (["50.8", "25.4"], 59, (30, 15)),
        (["55.9", "15.3", "13.6", "8.5"], 59, (33, 9, 8, 5)),
        (["40.7", "23.7", "18.6", "6.8", "5.1"], 59, (24, 14, 11, 4, 3)),
        (["42.5", "35.0"], 40, (17, 14)),
        (["63.2", "56.1", "42.1"], 57, (36, 32, 24)),
    ],
)
def test_the_bases_of_the_koreabio_survey_show_in_its_percentages(printed, base, counts):
    """KoreaBIO 2024, 59 members: 40 gave reasons although 34 were positive, 57 needs although 18 were negative."""
    found = feasible_bases(printed, base_max=59)
    assert found.bases.tolist() == [base]
    assert found.counts(base) == tuple((count,) for count in counts)


def test_percentages_forced_to_100_show_their_base():
    """KoreaBIO 2024: 6 of 58 are 10.34, printed 10.4 so that 58.6, 31.0 and it sum to 100."""
    printed = ["58.6", "31.0", "10.4"]
    assert feasible_bases(printed, base_max=59, answers="complete").bases.tolist() == []
    found = feasible_bases(printed, base_max=59, forced_to=100)
    assert found.bases.tolist() == [29, 58] and found.forced.all() and not found.mixed.any()
    assert found.counts(58) == ((34,), (18,), (6,))
    assert found.frame.rounding.unique().tolist() == ["largest remainder"]


def prints_by_largest_remainder(counts, whole):
    """Every set of prints that the largest-remainder rule allows, ties broken in every way."""
    shares = [Fraction(c * whole, sum(counts)) for c in counts]
    floors = [floor(x) for x in shares]
    left = whole - sum(floors)
    for extra in product((0, 1), repeat=len(counts)):
        rests = [x - f for x, f in zip(shares, floors)]
        given = [r for r, e in zip(rests, extra) if e]
        kept = [r for r, e in zip(rests, extra) if not e]
        if sum(extra) == left and (not given or not kept or min(given) >= max(kept)):
            yield tuple(f + e for f, e in zip(floors, extra))


@pytest.mark.parametrize("printed", [(33, 33, 34), (58, 31, 11), (50, 25, 25), (1, 1, 98), (14, 29, 57), (0, 40, 60)])
def test_forced_bases_agree_with_a_search_through_all_counts(printed):
    expected = [
        n
        for n in range(1, 41)
        if any(
            printed in prints_by_largest_remainder((a, b, n - a - b), 100)
            for a in range(n + 1)
            for b in range(n - a + 1)
        )
    ]
    rounded = feasible_bases([str(p) for p in printed], base_max=40, answers="complete").bases.tolist()
    found = feasible_bases([str(p) for p in printed], base_max=40, forced_to=100)
    assert found.bases.tolist() == sorted({*expected, *rounded})
    assert found.bases[found.forced].tolist() == sorted({*expected} - {*rounded})


@pytest.mark.parametrize("answers", ["several", "one", "complete"])
def test_joint_bases_agree_with_a_search_through_all_counts(answers):
    printed = ["34", "29", "38"]
    fits = {
        "several": lambda total, n: True,
        "one": lambda total, n: total <= n,
        "complete": lambda total, n: total == n,
    }
    expected = {}
    for n in range(1, 91):
        each = [feasible_counts(p, base=n).counts.tolist() for p in printed]
        solutions = [c for c in product(*each) if fits[answers](sum(c), n)]
        if solutions:
            expected[n] = tuple(tuple(sorted({s[j] for s in solutions})) for j in range(3))
    found = feasible_bases(printed, base_max=90, answers=answers)
    assert {int(n): found.counts(n) for n in found.bases} == expected


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "base_max"),
        ({"base": 57, "base_max": 57}, "base_max"),
        ({"base_max": 0}, "at least 1"),
        ({"base_max": 10, "base_min": 11}, "from 11 to 10"),
        ({"base": 57, "rounding": ["half_upp"]}, "Nearest: 'half_up'"),
        ({"base": 57, "rounding": []}, "empty"),
    ],
)
def test_a_search_that_cannot_be_made_says_what_to_give(arguments, said):
    with pytest.raises(ChoiceError, match=said):
        feasible_counts("35.3", **arguments)


@pytest.mark.parametrize("printed", ["<5%", "101", "-3", "abc", "0.123456789012345"])
def test_what_is_no_percentage_is_refused(printed):
    with pytest.raises(PublishedError):
        feasible_counts(printed, base_max=1000)


def test_percentages_that_do_not_sum_to_100_were_not_forced_to_it():
    with pytest.raises(PublishedError, match=r"sum to 99\.9"):
        feasible_bases(["58.6", "31.0", "10.3"], base_max=59, forced_to=100)
    with pytest.raises(ChoiceError, match="empty"):
        feasible_bases([], base_max=59)
    with pytest.raises(ChoiceError, match="Nearest: 'complete'"):
        feasible_bases(["50"], base_max=59, answers="completely")


def test_a_base_that_does_not_fit_has_no_counts():
    with pytest.raises(PublishedError, match="51"):
        feasible_bases(["35.3", "55"], base_max=57).counts(57)


def test_arrays_have_the_stated_shapes():
    found = feasible_bases(["60", "75"], base_max=57, rounding=MODES)
    b = len(found)
    assert found.low.shape == found.high.shape == (b, 2)
    assert found.together.shape == (b, 4) and found.each.shape == (b, 4, 2)
    assert np.all(found.low <= found.high) and len(found.frame) == 2 * b
