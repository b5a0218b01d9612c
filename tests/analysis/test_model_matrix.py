"""Model matrices against formulaic's, and against what surveys break."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.analysis.model_matrix import model_frame
from surveyanalysis.codebook.questions import Choice, Codebook, Question
from surveyanalysis.design.design import Design
from surveyanalysis.errors import ChoiceError, ColumnError, DataError, FormulaError, LevelError
from surveyanalysis.language import say
from surveyanalysis.survey import Survey


@pytest.fixture
def people() -> pd.DataFrame:
    """Synthetic respondents."""
    rng = np.random.default_rng(5)
    n = 80
    frame = pd.DataFrame(
        {"y": rng.integers(0, 2, n), "age": rng.integers(25, 65, n), "income": rng.exponential(3, n) + 0.1}
    )
    frame["g"] = pd.Categorical(rng.choice(["m", "a", "z"], n), ["m", "a", "z"])
    frame["h"] = pd.Categorical(rng.choice(["u", "v"], n), ["v", "u"])
    frame["outlook"] = pd.Categorical(rng.integers(1, 6, n), [1, 2, 3, 4, 5], ordered=True)
    frame["wave"] = rng.choice([2011, 2015, 2020], n)
    return frame


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("age + g", "age + g"),
        ("age*g", "age*g"),
        ("g*h + age", "g*h + age"),
        ("age + age^2 + log(income)", "age + I(age**2) + np.log(income)"),
        ("g*h*age", "g*h*age"),
        ("C(wave) + outlook", "C(wave) + outlook"),
        ("wave + score(outlook)", "wave + outlook.astype(float)"),
        ("ref(g, 'z')", "C(g, contr.treatment(base='z'))"),
    ],
)
def test_columns_are_those_of_formulaic(people, ours, theirs):
    """formulaic.model_matrix spans and holds the same columns (in its own order)."""
    from formulaic import model_matrix

    expected = np.asarray(model_matrix(theirs, people, context={"np": np}), float)
    found = model_frame(Design(people), f"y ~ {ours}").x
    assert found.shape == expected.shape
    order = [np.lexsort(m[:8]) for m in (found, expected)]
    assert_allclose(found[:, order[0]], expected[:, order[1]])


def test_categories_compare_with_the_first_level_of_the_codebook_never_of_the_alphabet(people):
    """T024: order of the codebook, not of the alphabet or of the answers."""
    names = [t.name for t in model_frame(Design(people), "y ~ g + h").terms]
    assert names == ["(intercept)", "g[a]", "g[z]", "h[u]"]


def test_nominal_codes_are_never_a_slope():
    """T024: 1, 2, 3 of a single-choice question make two columns."""
    book = Codebook({
        "y": Question("y", "number"),
        "g": Question("g", "single", choices=tuple(Choice(i, {"en": f"Level {i}"}) for i in (1, 2, 3))),
    })  # fmt: skip
    frame = pd.DataFrame({"y": [0, 1] * 6, "g": pd.Categorical([1, 2, 3] * 4, [1, 2, 3])})
    found = model_frame(Design(Survey.from_frame(frame, book)), "y ~ g")
    assert [say(t.label) for t in found.terms[1:]] == ["g: Level 2 (ref. Level 1)", "g: Level 3 (ref. Level 1)"]


def test_options_of_a_multiple_response_question_enter_as_yes_no():
    book = Codebook({
        "y": Question("y", "number"),
        "barriers": Question("barriers", "multi", choices=(Choice(1, {"en": "Visa", "ko": "비자"}), Choice(2, {}))),
    })  # fmt: skip
    frame = pd.DataFrame({"y": [0, 1, 1, 0, 1], "barriers_1": [True, False, True, True, False],
                          "barriers_2": [False, False, True, False, True]})  # fmt: skip
    design = Design(Survey.from_frame(frame, book))
    found = model_frame(design, "y ~ barriers_1")
    assert_allclose(found.x[:, 1], frame["barriers_1"].astype(float))
    assert found.terms[1].label == {"en": "Visa: yes (ref. no)", "ko": "비자: 예 (기준: 아니요)"}
    with pytest.raises(ChoiceError, match="barriers_1, barriers_2"):
        model_frame(design, "y ~ barriers")


def test_a_scale_enters_as_a_number_only_when_asked(people):
    levels = model_frame(Design(people), "y ~ outlook")
    assert levels.x.shape[1] == 5
    score = model_frame(Design(people), "y ~ score(outlook)")
    assert_allclose(score.x[:, 1], people["outlook"].astype(float))
    words = people.assign(outlook=people["outlook"].cat.rename_categories(list("abcde")))
    assert_allclose(model_frame(Design(words), "y ~ score(outlook)").x, score.x)
    with pytest.raises(ChoiceError, match="have no order"):
        model_frame(Design(people), "y ~ score(g)")


def test_unused_levels_and_references_nobody_chose_are_told(people):
    """T025: the first level that was chosen becomes the reference."""
    frame = people.assign(g=people["g"].cat.set_categories(["new", "m", "a", "z", "old"]))
    found = model_frame(Design(frame), "y ~ g")
    assert [t.name for t in found.terms] == ["(intercept)", "g[a]", "g[z]"]
    said = [say(n) for n in found.notes]
    assert said == ["g: nobody chose new, old; left out", "g: m is the reference, since nobody chose new"]
    assert all(n["ko"] for n in found.notes)


def test_a_domain_has_levels_of_its_own(people):
    found = model_frame(Design(people).where("g != 'm'"), "y ~ g")
    assert [t.name for t in found.terms] == ["(intercept)", "g[z]"]


def test_rows_with_missing_answers_leave_the_domain_but_not_the_design(people):
    frame = people.assign(age=people["age"].astype(float).mask(people.index < 5))
    frame.loc[10, "g"] = np.nan
    frame["y"] = frame["y"].astype("Int64").mask(frame.index == 20)
    found = model_frame(Design(frame), "y ~ age + g")
    assert len(found.used.rows) == 73
    assert len(found.used.survey) == 80
    assert len(found.x) == 73


def test_terms_that_cannot_be_estimated_are_named(people):
    """T026 and its kin."""
    frame = people.assign(twice=2 * people["age"] + 3, same=7.0, mix=people["age"] + people["income"],
                          one=pd.Categorical(["only"] * len(people)))  # fmt: skip
    design = Design(frame)
    with pytest.raises(DataError, match="'twice' is a linear combination of 'age'"):
        model_frame(design, "y ~ age + twice")
    with pytest.raises(DataError, match="'mix' is a linear combination of 'age', 'income'"):
        model_frame(design, "y ~ age + g + income + mix")
    with pytest.raises(DataError, match="'same' does not vary"):
        model_frame(design, "y ~ age + same")
    with pytest.raises(DataError, match="'one' is 'only' for everybody"):
        model_frame(design, "y ~ one")
    nested = people.assign(h=people["h"].mask(people["g"] == "z", "v"))
    with pytest.raises(DataError, match=r"'g\[z\]:h\[u\]' does not vary \(nobody is in this cell\)"):
        model_frame(Design(nested), "y ~ g*h")
    with pytest.raises(DataError, match="6 respondents used, 7 coefficients"):
        model_frame(Design(people.iloc[[0, 1, 2, 3, 4, 5]]), "y ~ (age + income + wave)^2")


def test_a_year_is_no_dependent_column(people):
    """T020: large means and small spreads are no collinearity."""
    frame = people.assign(year=2_000_000 + people["age"] % 7)
    assert model_frame(Design(frame), "y ~ year + age").x.shape == (80, 3)


def test_logarithms_of_zero_name_the_respondents(people):
    frame = people.assign(income=people["income"].mask(people.index.isin([3, 17]), 0.0))
    with pytest.raises(DataError, match=r"log\(income\).*2 respondent\(s\): 3, 17"):
        model_frame(Design(frame), "y ~ log(income)")
    with pytest.raises(FormulaError, match="'g' holds answer categories"):
        model_frame(Design(frame), "y ~ log(g)")
    with pytest.raises(FormulaError, match="no power"):
        model_frame(Design(frame), "y ~ outlook^2")
    with pytest.raises(DataError, match="infinite for 1 respondent"):
        model_frame(Design(people.assign(income=people["income"].mask(people.index == 4, np.inf))), "y ~ income")


def test_an_interaction_needs_its_parts(people):
    with pytest.raises(FormulaError, match=r"'g:h' needs the term 'h' too.*g\*h"):
        model_frame(Design(people), "y ~ g + g:h")
    assert model_frame(Design(people), "y ~ age + age:g").x.shape[1] == 4


def test_names_that_do_not_exist_get_the_nearest(people):
    with pytest.raises(ColumnError, match="Nearest: 'income'"):
        model_frame(Design(people), "y ~ incme")
    with pytest.raises(LevelError, match="no answer 'q'"):
        model_frame(Design(people), "y ~ ref(g, 'q')")
    with pytest.raises(ColumnError, match="'yy'"):
        model_frame(Design(people), "yy ~ age")


def test_many_valued_numbers_are_no_categories_and_free_text_no_covariate(people):
    with pytest.raises(ChoiceError, match="different values, not a set of answer"):
        model_frame(Design(people), "y ~ C(income)")
    book = Codebook({"y": Question("y", "number"), "why": Question("why", "text")})
    frame = pd.DataFrame({"y": [0, 1, 0], "why": ["a", "b", "c"]})
    with pytest.raises(ChoiceError, match="text question"):
        model_frame(Design(Survey.from_frame(frame, book)), "y ~ why")


def test_nobody_with_complete_answers_is_an_error(people):
    frame = people.assign(age=people["age"].astype(float).mask(people["g"] == "m"))
    with pytest.raises(DataError, match="Nobody of the"):
        model_frame(Design(frame).where(g="m"), "y ~ age")


def test_the_reference_may_be_named_by_its_label():
    choices = (
        Choice("company", {"en": "Company", "ko": "기업"}),
        Choice("university", {"en": "University", "ko": "대학"}),
    )
    book = Codebook({"y": Question("y", "number"), "g": Question("g", "single", choices=choices)})
    frame = pd.DataFrame(
        {"y": [0, 1, 1, 0], "g": pd.Categorical(["company", "university"] * 2, ["company", "university"])}
    )
    for word in ("university", "University", "대학"):
        found = model_frame(Design(Survey.from_frame(frame, book)), f"y ~ ref(g, '{word}')")
        assert found.terms[1].name == "g[company]"
