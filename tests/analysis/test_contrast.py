"""Functions of estimates: how rows are called, exact derivatives, what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.analysis.arithmetic import evaluated
from surveyanalysis.analysis.row_names import row_names
from surveyanalysis.errors import ChoiceError, DataError, FormulaError

from .designs import ASKED, BUILT, respondents

PLACES = {"a": 0, "b": 1, "c": 2}
NAMES = list(PLACES)


def design(asked="stratified clusters, finite"):
    frame = respondents()
    return BUILT[asked](frame) if asked in BUILT else sa.Design(frame, **ASKED[asked])


def value_of(source, values):
    return evaluated(source, np.asarray(values, float), PLACES, NAMES)


expressions = st.recursive(
    st.sampled_from(["a", "b", "c", "2", "0.5", "3e0"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" + ", "-", "*", " / "]), inner).map(lambda t: f"({''.join(t)})"),
        inner.map(lambda x: f"log(1 + exp({x}))"),
        inner.map(lambda x: f"sqrt(2 + {x} ** 2)"),
        inner.map(lambda x: f"-{x}"),
        inner.map(lambda x: f"exp(-abs(7 + {x}))"),
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=150)
@given(expressions, st.lists(st.floats(0.3, 2.5), min_size=3, max_size=3))
def test_derivatives_are_the_numerical_ones(source, values):
    try:
        found = value_of(source, values)
        step = 1e-6
        moved = [
            (
                value_of(source, np.add(values, step * unit)).value
                - value_of(source, np.subtract(values, step * unit)).value
            )
            / (2 * step)
            for unit in np.eye(3)
        ]
    except (DataError, FormulaError):
        return
    size = max(1.0, abs(found.value), np.abs(found.slope).max())
    if size < 1e4:
        assert_allclose(found.slope, moved, rtol=1e-4, atol=1e-5 * size**2)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("-a ** 2", -4.0),
        ("a ** -1 + b", 3.5),
        ("2 ** a ** b", 2.0**8),
        ("(-a) ** 3", -8.0),
        ("a - b - c", -6.0),
        ("a / b / c", 2 / 3 / 5),
        ("+a*.5", 1.0),
        ("a^b", 8.0),
        ("(b - 3) ** 2 + a", 2.0),
        ("abs(a - c)", 3.0),
    ],
)
def test_arithmetic_reads_as_in_python(source, value):
    assert_allclose(value_of(source, [2, 3, 5]).value, value, rtol=1e-15)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a / (b - 3)", "divides by zero"),
        ("log(a - b)", r"'log\(a - b\)' takes the logarithm of -1"),
        ("1 + sqrt(a - 2)", r"'sqrt\(a - 2\)' takes the square root of 0"),
        ("abs(a - 2)", "absolute value of zero"),
        ("(a - b) ** 0.5", "raises the negative -1 to the power 0.5"),
        ("(a - 2) ** 0.5", "raises zero"),
        ("exp(1000 * a)", "too large"),
        ("1e308 * 1e10 * a", "no finite value"),
    ],
)
def test_what_has_no_value_or_derivative_is_named(source, words):
    with pytest.raises(DataError, match=words):
        value_of(source, [2, 3, 5])


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a + d", r"'d' in 'a \+ d' is the name of no row.*There are: a, b, c"),
        ("a b", "'b' is not allowed where it stands"),
        ("a +", "The end is not allowed"),
        ("(a", "The end is not allowed"),
        ("a; import os", "';' at position 2"),
        ("__import__('os')", "not allowed|name of no row"),
        ("a.real", "name of no row"),
        ("sin(a)", "name of no row"),
        ("1 + 2", "names no row"),
        ("", "The end is not allowed"),
        (7, "this is a int"),
        ("(" * 80 + "a" + ")" * 80, "nests deeper"),
        ("-" * 80 + "a", "nests deeper"),
    ],
)
def test_what_is_outside_the_allow_list_is_refused(source, words):
    with pytest.raises(FormulaError, match=words):
        value_of(source, [2, 3, 5])


def test_rows_are_called_by_what_tells_them_apart():
    d = design("simple")
    assert row_names(sa.mean(d, ["y", "z"])).listed == ["y", "z"]
    assert row_names(sa.proportion(d, "g")).listed == ["firm", "lab", "office", "none"]
    assert row_names(sa.proportion(d, "q")).listed == ["q[1]", "q[2]", "q[3]", "q[4]", "q[5]"]
    assert row_names(sa.mean(d, "y", by="sex")).listed == ["m", "f"]
    assert row_names(sa.mean(d, ["y", "z"], by="sex")).listed == ["y|m", "y|f", "z|m", "z|f"]
    assert row_names(sa.proportion(d, "yes", by="sex")).listed == ["False|m", "True|m", "False|f", "True|f"]
    assert row_names(sa.variance(d, ["y", "z"])).listed == ["y:y", "y:z", "z:z"]
    assert row_names(sa.ratio(d, "y", "z")).listed == ["y"]
    assert row_names(sa.logit(d, "yes ~ z + sex").estimates).listed[1] == "z"


def test_every_row_has_its_full_name_too():
    d = design("simple")
    shares = sa.proportion(d, "yes", by="sex")
    found = sa.contrast(shares, {"x": "yes[True]|m + yes[False]|m", "y": "True|f"})
    assert_allclose(found.frame["estimate"], [1.0, shares.frame["estimate"].iloc[3]])
    assert_allclose(
        sa.contrast(sa.ratio(d, "y", "z"), {"r": "y:z"}).frame["estimate"], sa.ratio(d, "y", "z").frame["estimate"]
    )


def test_names_with_signs_or_spaces_stand_in_backquotes():
    frame = pd.DataFrame({"age": ["20 - 29", "30+", "30+"], "y": [1.0, 2.0, 4.0]})
    means = sa.mean(frame, "y", by="age")
    assert row_names(means).listed == ["`20 - 29`", "`30+`"]
    assert sa.contrast(means, {"gap": "`30+` - `y|20 - 29`"}).frame["estimate"].item() == 2.0


@pytest.mark.parametrize("asked", ["simple", "stratified clusters, finite", *BUILT])
def test_a_ratio_is_the_contrast_of_two_totals(asked):
    """Two roads to one number: delta method on totals against the ratio's own contributions."""
    d = design(asked).where("sex == 'f'")
    both = d.within(d.survey.frame[["y", "z"]].notna().all(axis=1).to_numpy())
    direct, derived = sa.ratio(both, "y", "z").frame, sa.contrast(sa.total(both, ["y", "z"]), {"r": "y / z"}).frame
    rtol = 2e-2 if "replicates" in asked or asked == "jackknife" else 1e-9  # replicates refit the ratio
    assert_allclose(derived[["estimate", "se"]], direct[["estimate", "se"]], rtol=rtol)


def test_a_shift_changes_no_error_and_a_scale_changes_it_alike():
    means = sa.mean(design(), ["y", "z"])
    se = sa.contrast(means, {"plain": "y - z", "shifted": "y - z + 12", "scaled": "-3 * (y - z)"}).frame["se"]
    assert_allclose(se, se[0] * np.array([1, 1, 3]), rtol=1e-12)


def test_what_is_constant_has_no_error_and_no_test():
    shares = sa.proportion(design(), "yes")
    found = sa.contrast(shares, {"all": "yes[True] + yes[False]"})
    assert found.frame["se"].item() == 0
    assert found.frame[["statistic", "p"]].isna().all(axis=None)
    assert any("no variance" in note["en"] for note in found.origin.notes)


def test_the_smallest_degrees_of_freedom_are_taken_and_told():
    means = sa.mean(design(), "y", by="sex")
    found = sa.contrast(means, {"gap": "f - m"})
    assert found.frame["df"].item() == means.frame["df"].min()
    assert any("degrees of freedom differ" in note["en"] for note in found.origin.notes) == (
        means.frame["df"].nunique() > 1
    )
    assert found.frame["n"].item() == means.frame["n"].min()


def test_a_model_s_coefficients_can_be_combined():
    model = sa.logit(design(), "yes ~ z + sex")
    found = sa.contrast(model.estimates, {"odds": "exp(z)"}).frame
    row = model.estimates.frame.set_index("term").loc["z"]
    assert_allclose(found[["estimate", "se"]].iloc[0], [np.exp(row["estimate"]), np.exp(row["estimate"]) * row["se"]])
    assert found["df"].item() == row["df"]


def test_rows_of_nobody_and_unknown_covariances_are_refused():
    means = sa.mean(design(), "y", by="g")
    with pytest.raises(DataError, match=r"'none'.*holds no number"):
        sa.contrast(means, {"x": "firm - none"})
    with pytest.raises(DataError, match=r"No covariance is known of 'y'.*design_effect"):
        sa.contrast(sa.design_effect(design(), ["y", "z"], replacement=True), {"x": "y - z"})


@pytest.mark.parametrize("asked", [{}, "y - z", ["y"]])
def test_expressions_must_be_named(asked):
    with pytest.raises(ChoiceError, match="must name"):
        sa.contrast(sa.mean(design(), ["y", "z"]), asked)
