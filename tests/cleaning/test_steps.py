"""The steps one by one. Oracles: small tables worked out by hand; traps that were run against pandas."""

import unicodedata

import pandas as pd
import pytest

from surveyanalysis.cleaning.recipe import Recipe, clean, read_recipe
from surveyanalysis.cleaning.steps import step
from surveyanalysis.codebook.questions import Binding, Choice, Question, Source
from surveyanalysis.errors import (
    ChoiceError,
    CodebookError,
    ColumnError,
    DataError,
    FormulaError,
    LevelError,
    RecipeError,
    SurveyError,
)
from tests.cleaning.builders import book, export, multi, number, single, text

BASIC = ("normalise_text", "map_values", "parse")


def recipe(*steps, key="id"):
    return Recipe([step(s) if isinstance(s, str) else s for s in steps], key)


def agree(name="q", **rest):
    return single(name, "Low", "Mid", "High", type_="likert", **rest)


def test_one_label_in_many_forms_of_unicode_is_one_answer():
    """Trap T072: decomposed Hangul, no-break and trailing spaces made four categories of one."""
    forms = ["기업", unicodedata.normalize("NFD", "기업"), "기업 ", "\u00a0기업", "\ufeff기업"]
    job = Question("job", "single", choices=(Choice("firm", {"ko": "기업"}),), binding=Binding(column="job"))
    survey = clean(export(Id="abcde", job=forms), book(job))
    assert survey.frame["job"].tolist() == ["firm"] * 5
    assert set(survey.ledger.changes["rule"]) == {"normalise_text", "map_values"}


def test_labels_that_the_codebook_lacks_are_all_listed_with_counts_and_the_nearest():
    """Trap T074: pandas makes them missing."""
    with pytest.raises(LevelError) as caught:
        clean(export(Id="abcd", q=["Lw", "Mid", "Lw", "???"]), book(agree()))
    assert "'Lw' (2 times). Nearest: 'Low'." in str(caught.value)
    assert "'???' (1 times)." in str(caught.value)
    assert "Step 'map_values'" in str(caught.value)


def test_unknown_answers_become_invalid_only_when_asked_to():
    survey = clean(export(Id="ab", q=["Lw", "Mid"]), book(agree()), recipe(step("map_values", unknown="invalid")))
    assert survey.reasons["q"].iloc[0] == "invalid"
    assert survey.ledger.changes[["before", "reason"]].iloc[0].tolist() == ["Lw", "invalid"]


def test_a_code_that_is_an_answer_is_never_a_reason_for_missing():
    """8 means don't know in general, but here somebody may have chosen option 8."""
    eight = Question("q", "single", choices=(Choice(8, {"en": "Eight"}),), binding=Binding(column="q"))
    assert clean(export(Id="a", q=["8"]), book(eight)).frame["q"].tolist() == [8]
    assert clean(export(Id="a", q=["8"]), book(agree())).reasons["q"].tolist() == ["dk"]


def test_numbers_that_mean_missing_count_in_number_questions_only_beyond_the_range():
    ages = book(number("age", range=(18, 99)), number("children", range=(0, 12)), number("score"))
    survey = clean(export(Id="a", age=["-99"], children=["8"], score=["-99"]), ages)
    assert survey.reasons["age"].tolist() == ["omitted"]
    assert survey.frame["children"].tolist() == [8.0]
    assert survey.frame["score"].tolist() == [-99.0]


def test_a_label_that_is_another_choices_code_is_not_guessed():
    children = (Choice(1, {"en": "0"}), Choice(2, {"en": "1"}))
    question = Question("q", "single", choices=children, binding=Binding(column="q"))
    with pytest.raises(LevelError, match="list it under `raw`"):
        clean(export(Id="a", q=["1"]), book(question))


def test_text_answers_keep_words_that_pandas_takes_for_missing():
    """Trap T068: NA is Namibia."""
    survey = clean(export(Id="abcd", t=["NA", "None", "8", "-99"]), book(text("t")))
    assert survey.frame["t"].tolist()[:3] == ["NA", "None", "8"]
    assert survey.reasons["t"].tolist()[3] == "omitted"


def test_reverse_coding_by_a_function_leaves_missing_answers_missing():
    """Trap T075: 6 - 99 is -93, and chained replacements collapse the scale."""

    def reverse(frame):
        """Item is worded the other way round"""
        codes = frame["q"].astype("Float64")
        return frame.assign(q=(4 - codes))

    file = export(Id="abcd", q=["Low", "Mid", "High", "모름"])
    survey = clean(file, book(agree()), Recipe([*recipe(*BASIC).steps, reverse]))
    assert survey.frame["q"].tolist()[:3] == [3, 2, 1]
    assert survey.reasons["q"].tolist()[3] == "dk"
    entries = survey.ledger.frame[survey.ledger.frame["rule"] == "reverse"]
    assert entries[["row_key", "before", "after"]].values.tolist() == [["a", "1", "3"], ["c", "3", "1"]]
    assert set(entries["why"]) == {"Item is worded the other way round"}


def test_a_function_may_drop_rows_but_not_add_rows_or_columns():
    steps = recipe(*BASIC).steps
    file, questions = export(Id="abc", q=["Low", "Mid", "High"]), book(agree())
    kept = clean(file, questions, Recipe([*steps, lambda frame: frame[frame["q"] > 1]]))
    assert kept.frame.index.tolist() == ["b", "c"]
    with pytest.raises(RecipeError, match="same columns"):
        clean(file, questions, Recipe([*steps, lambda frame: frame.assign(new=1)]))
    with pytest.raises(RecipeError, match="not there, or twice"):
        clean(file, questions, Recipe([*steps, lambda frame: pd.concat([frame, frame])]))


def test_status_rows_are_dropped_by_the_codebook_or_the_recipe():
    source = Source(id="Id", status="Status", status_keep=("IP Address", "0"))
    file = export(Id="abcd", Status=["IP Address", "Survey Preview", "0", ""], q=["Low"] * 4)
    survey = clean(file, book(agree(), source=source), recipe("drop_status", *BASIC))
    assert survey.frame.index.tolist() == ["a", "c"]
    drops = survey.ledger.frame[survey.ledger.frame["action"] == "drop"]
    assert drops["reason"].tolist() == ["status Survey Preview", "status (none)"]
    with pytest.raises(RecipeError, match="no 'status'"):
        clean(export(Id="a", q=["Low"]), book(agree()), recipe(step("drop_status", keep=["0"])))


def test_the_same_answers_alone_do_not_make_the_same_person():
    """Trap T089: drop_duplicates on anonymous answers deletes real respondents."""
    file = export(q=["Low", "Low", "Low"])
    with pytest.raises(RecipeError, match="different people"):
        clean(file, book(agree(), source=Source()), recipe(step("drop_duplicates", on="all_answers"), *BASIC))
    assert len(clean(file, book(agree(), source=Source()))) == 3


def test_emails_count_as_the_same_whatever_their_case_and_spaces():
    source = Source(id="Id", external_id="Mail", pii=("Mail",))
    file = export(Id="abcd", Mail=["x@y.org", " X@Y.org", "", ""], q=["Low", "High", "Mid", "Mid"])
    dropped = step("drop_duplicates", on=["external_id"], keep="last")
    survey = clean(file, book(agree(), source=source), recipe(dropped, *BASIC))
    assert survey.frame.index.tolist() == ["b", "c", "d"]
    assert "y.org" not in survey.ledger.frame.to_csv().lower()


def test_keys_that_are_emails_are_hashed():
    source = Source(external_id="Mail")
    file = export(Mail=["x@y.org", "z@y.org"], q=["Low", "High"])
    survey = clean(file, book(agree(), source=source), recipe(*BASIC, key="external_id"))
    assert all(name.startswith("id:") for name in survey.frame.index)
    assert "y.org" not in survey.ledger.frame.to_csv()


@pytest.mark.parametrize(
    ("keep", "then", "kept"),
    [("first", "latest", 2), ("last", "latest", 5), ("most_complete", "latest", 4), ("most_complete", "first", 3)],
)
def test_which_of_several_rows_is_kept(keep, then, kept):
    source = Source(id="Id", external_id="Who", end="End")
    ends = ["2020-01-01 10:00", "2020-01-02 10:00", "2020-01-03 10:00", "2020-01-04 10:00"]
    file = export(Id="abcd", Who=["x"] * 4, End=ends, q=["", "Low", "Low", "-99"], t=["a", "a", "a", "a"])
    dropped = step("drop_duplicates", on=["external_id"], keep=keep, then=then)
    survey = clean(file, book(agree(), text("t"), source=source), recipe(dropped, *BASIC))
    assert survey.ledger.keys[survey.ledger.keys.isin(survey.frame.index)].index.tolist() == [kept]


def test_a_respondent_who_is_there_twice_with_different_answers_is_an_error():
    file = export(Id=["a", "b", "a"], q=["Low", "Mid", "High"])
    with pytest.raises(DataError, match="'a' is in rows 2, 4 of the file, with different answers"):
        clean(file, book(agree()))
    survey = clean(file, book(agree()), recipe(step("drop_duplicates", on=["id"], keep="last"), *BASIC))
    assert survey.frame["q"].tolist() == [2, 3]


def test_a_key_that_the_file_lacks_is_an_error():
    with pytest.raises(ColumnError, match="external_id"):
        clean(export(Id="a", q=["Low"]), book(agree()), recipe(*BASIC, key="external_id"))


def test_the_same_response_twice_is_dropped_and_logged_by_default():
    survey = clean(export(Id=["a", "a"], q=["Low", "Low"]), book(agree()))
    assert len(survey) == 1
    assert survey.ledger.changes["reason"].iloc[0] == "duplicate of row 2"


def test_who_broke_off_early_is_dropped_and_who_finished_is_not():
    source = Source(id="Id", finished="Fin", finished_yes=("TRUE",))
    file = export(
        Id="abcd",
        Fin=["TRUE", "FALSE", "FALSE", "FALSE"],
        q=["", "Low", "Low", ""],
        r=["", "", "Mid", ""],
        t=["", "", "", ""],
    )
    questions = book(agree(), agree("r"), text("t"), source=source)
    until = step("drop_unfinished", answered_until="r")
    assert clean(file, questions, recipe(*BASIC, until)).frame.index.tolist() == ["a", "c"]
    share = step("drop_unfinished", answered_share=0.3)
    assert clean(file, questions, recipe(*BASIC, share)).frame.index.tolist() == ["a", "b", "c"]
    everybody = step("drop_partials", answered_share=0.3)
    assert clean(file, questions, recipe(*BASIC, everybody)).frame.index.tolist() == ["b", "c"]


def test_reasons_tell_not_asked_from_left_out_from_broken_off():
    source = Source(id="Id", finished="Fin", finished_yes=("1",))
    questions = book(agree("a"), agree("b", base="a == 1"), agree("c"), source=source)
    file = export(
        Id="wxyz", Fin="1100", a=["Low", "High", "Low", "High"], b=["", "", "", ""], c=["모름", "", "", "Low"]
    )
    reasons = clean(file, questions).reasons
    assert reasons["b"].tolist() == ["omitted", "na", "notreached", "na"]
    assert reasons["c"].fillna("").tolist() == ["dk", "omitted", "notreached", ""]


def test_answers_of_people_who_were_not_asked_are_flagged_and_can_be_set_missing():
    questions = book(agree("a"), agree("b", base="a == 1"))
    file = export(Id="wxy", a=["Low", "High", "Low"], b=["Low", "Low", ""])
    survey = clean(file, questions)
    flags = survey.ledger.frame[survey.ledger.frame["action"] == "flag"]
    assert flags[["row_key", "question", "reason"]].values.tolist() == [
        ["x", "b", "answered though not asked"],
        ["y", "b", "asked but not answered"],
    ]
    assert [n["en"] for n in survey.ledger.notes] == ["Answered though not asked: b 1.", "Asked but not answered: b 1."]
    silenced = step("set_missing", where="base_false_but_answered", question="b")
    survey = clean(file, questions, recipe(*BASIC, silenced))
    assert survey.reasons["b"].fillna("").tolist() == ["", "na", "omitted"]


def test_out_of_range_numbers_are_flagged_or_set_missing_with_both_ends_in():
    """Trap T092: values on the edges belong."""
    questions = book(number("age", range=(18, 70)))
    file = export(Id="abcd", age=["18", "70", "71", "17.9"])
    survey = clean(file, questions)
    assert survey.ledger.frame["reason"].tolist() == ["out of range", "out of range"]
    cleaned = clean(file, questions, recipe(*BASIC, step("set_missing", where="out_of_range")))
    assert cleaned.frame["age"].tolist()[:2] == [18, 70]
    assert cleaned.reasons["age"].fillna("").tolist() == ["", "", "invalid", "invalid"]


def test_ranges_are_in_the_unit_of_the_question_and_answers_in_the_other():
    pay = number("pay", unit="만원", to="KRW", range=(0, 100_000))
    survey = clean(export(Id="ab", pay=["1억 1900만원", "70000000"]), book(pay))
    assert survey.frame["pay"].tolist() == [119_000_000, 700_000_000_000]
    assert survey.ledger.frame.query("action == 'flag'")["row_key"].tolist() == ["b"]


def test_chosen_values_and_conditions_can_be_set_missing():
    questions = book(agree("a"), agree("b"))
    file = export(Id="xyz", a=["Low", "Mid", "High"], b=["Low", "Low", "Mid"])
    by_value = step("set_missing", name="v", question="a", values=["Mid"], reason="refused")
    by_condition = step("set_missing", name="c", question="a", where="b == 2", reason="dk")
    survey = clean(file, questions, recipe(*BASIC, by_value, by_condition))
    assert survey.reasons["a"].fillna("").tolist() == ["", "refused", "dk"]
    with pytest.raises(RecipeError, match="which answers"):
        clean(file, questions, recipe(*BASIC, step("set_missing", question="a")))
    with pytest.raises(ChoiceError, match="`reason`"):
        clean(file, questions, recipe(*BASIC, step("set_missing", where="out_of_range", reason="oops")))


def test_a_fix_needs_to_find_what_it_corrects():
    questions = book(number("born", integer=True), agree())
    file = export(Id="ab", born=["19970", "1970"], q=["Low", "Mid"])
    right = step("fix", name="typo", row="a", question="born", from_="19970", to=1970, why="typed one 0 too many")
    survey = clean(file, questions, recipe(*BASIC, right))
    assert survey.frame["born"].tolist() == [1970, 1970]
    assert survey.ledger.frame.iloc[-1][["rule", "before", "after", "why"]].tolist() == [
        "typo",
        "19970",
        "1970",
        "typed one 0 too many",
    ]
    with pytest.raises(RecipeError, match="holds '1970'"):
        clean(file, questions, recipe(*BASIC, step("fix", row="b", question="born", from_="19970", to=1970)))
    label = step("fix", row=2, question="q", from_="Low", to="High")
    assert clean(file, questions, recipe(*BASIC, label)).frame["q"].tolist() == [3, 2]
    gone = step("fix", row=2, question="q", from_="Low", to=None)
    assert clean(file, questions, recipe(*BASIC, gone)).reasons["q"].tolist()[0] == "invalid"


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"row": "zz", "question": "q", "from_": "Low", "to": "High"}, RecipeError, "no such respondent"),
        ({"row": "a", "question": "nope", "from_": "Low", "to": "High"}, ColumnError, "nope"),
        ({"row": "a", "question": "q", "from_": "Low", "to": "Hgh"}, RecipeError, "Nearest: 'High'"),
        ({"row": "a", "question": "m", "from_": "1", "to": "0"}, RecipeError, "Name one: m_1, m_2"),
    ],
)
def test_a_fix_that_cannot_be_is_refused(options, error, said):
    file = export(Id="a", q=["Low"], m_1=["A"], m_2=[""])
    with pytest.raises(error, match=said):
        clean(file, book(agree(), multi("m", "A", "B")), recipe(*BASIC, step("fix", **options)))


def other_question():
    choices = (Choice(1, {"en": "Firm"}), Choice(9, {"en": "Other"}, other="job_other"))
    return Question("job", "single", choices=choices, binding=Binding(column="job"))


def test_other_answers_take_the_codes_of_a_csv(tmp_path):
    (tmp_path / "codes.csv").write_text("text,code,by\nStart-up,1,kim\n", encoding="utf-8")
    path = tmp_path / "recipe.yaml"
    path.write_text("steps:\n- map_values\n- recode_other: {question: job, file: codes.csv}\n", encoding="utf-8")
    file = export(Id="abc", job=["Other", "Other", "Firm"], words=["start-up ", "Circus", ""])
    survey = clean(file, book(other_question(), text("job_other", "words", base="job == 9")), path)
    assert survey.frame["job"].tolist() == [1, 9, 1]
    assert survey.frame["job_other"].fillna("").tolist() == ["", "Circus", ""]
    assert survey.ledger.notes[0]["en"] == "1 other answers to job have no code in codes.csv."
    (tmp_path / "codes.csv").write_text("text,code\nStart-up,7\n", encoding="utf-8")
    with pytest.raises(LevelError, match="'7' is no code"):
        clean(file, book(other_question(), text("job_other", "words")), path)
    (tmp_path / "codes.csv").unlink()
    with pytest.raises(RecipeError, match="Cannot read the coding file"):
        clean(file, book(other_question(), text("job_other", "words")), path)


def derived(name, expression, *codes, **rest):
    choices = tuple(Choice(code, {"en": str(code)}) for code in codes)
    kind = "single" if codes else "number"
    return Question(name, kind, choices=choices, derived=expression, binding=Binding(in_file=False), **rest)


def test_derived_answers_are_missing_where_what_they_need_is():
    """Traps T062, T066: NaN >= 4 is False, bool(NaN) is True."""
    questions = book(agree(), derived("high", "q >= 3", "no", "yes"), derived("double", "q * 2"))
    survey = clean(export(Id="abcd", q=["High", "Low", "모름", ""]), questions)
    assert survey.frame["high"].tolist()[:2] == ["yes", "no"]
    assert survey.frame["high"].isna().tolist() == [False, False, True, True]
    assert survey.reasons["high"].fillna("").tolist() == ["", "", "dk", "omitted"]
    assert survey.frame["double"].tolist()[:2] == [6.0, 2.0]
    assert set(survey.ledger.frame.query("rule == 'derived'")["action"]) == {"add"}


def test_the_event_of_a_derived_question_stands_for_true():
    questions = book(agree(), derived("high", "q >= 3", "yes", "no", event="yes"))
    assert clean(export(Id="ab", q=["High", "Low"]), questions).frame["high"].tolist() == ["yes", "no"]


def test_a_condition_needs_two_codes():
    with pytest.raises(CodebookError, match="two choices"):
        clean(export(Id="a", q=["Low"]), book(agree(), derived("high", "q >= 3", "a", "b", "c")))


def test_checks_flag_or_stop():
    questions, file = book(number("age"), agree()), export(Id="abc", age=["20", "200", ""], q=["Low", "Mid", "모름"])
    survey = clean(file, questions, recipe(*BASIC, step("check", name="age", assert_="age < 120")))
    flags = survey.ledger.frame.query("action == 'flag'")
    assert flags["row_key"].tolist() == ["b"]
    with pytest.raises(RecipeError, match="does not hold for 1 respondents: b"):
        clean(file, questions, recipe(*BASIC, step("check", assert_="age < 120", level="error")))
    with pytest.raises(FormulaError):
        clean(file, questions, recipe(*BASIC, step("check", assert_="__import__('os')")))


def test_dispositions_follow_the_share_of_questions_answered():
    questions = book(agree("a"), agree("b"), agree("c", base="a == 1"))
    file = export(Id="xyz", a=["High", "Low", ""], b=["Low", "Low", ""], c=["", "", ""])
    ranked = step("disposition", complete={"answered_share": 0.9}, partial={"answered_share": 0.5})
    survey = clean(file, questions, recipe(*BASIC, ranked))
    assert survey.ledger.answering["disposition"].tolist() == ["complete", "partial", "break-off"]
    assert "disposition" not in survey.frame
    with pytest.raises(RecipeError, match="0 to 1"):
        clean(file, questions, recipe(*BASIC, step("disposition", complete={"answered_share": 80})))


def test_more_options_than_allowed_and_ranks_given_twice_are_flagged():
    choices = tuple(Choice(i, {"en": f"P{i}"}) for i in (1, 2))
    ranks = Question("r", "rank", choices=choices, top=2, binding=Binding(columns="r_{code}"))
    file = export(Id="ab", m_1=["A", "A"], m_2=["B", ""], r_1=["1", "1"], r_2=["1", "2"])
    survey = clean(file, book(multi("m", "A", "B", max_choices=1), ranks))
    flags = survey.ledger.frame.query("action == 'flag'")
    assert flags[["row_key", "reason"]].values.tolist() == [
        ["a", "more options than allowed"],
        ["a", "rank given twice"],
    ]


def test_nobody_left_is_an_error():
    with pytest.raises(DataError, match="No rows are left"):
        steps = [*recipe(*BASIC).steps, lambda frame: frame[frame["q"] > 2]]
        clean(export(Id="a", q=["Low"]), book(agree()), Recipe(steps))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("steps:\n- drop_statos: {name: x}\n", "line 2: There is no step 'drop_statos'. Nearest: 'drop_status'"),
        (
            "steps:\n- parse: {}\n- map_values: {unknwn: error}\n",
            "line 3: Step 'map_values' has no 'unknwn'. Nearest: 'unknown'",
        ),
        ("steps:\n- fix: {row: 1}\n", "line 2: Step 'fix' needs 'question', 'from', 'to'"),
        ("steps:\n- parse: 3\n", "line 2: the arguments of 'parse'"),
        ("steps:\n- {parse: {}, map_values: {}}\n", "line 2: a step is one word"),
        ("stps: []\n", "list of `steps:`"),
        ("steps: []\nkee: id\n", "line 2: unknown key 'kee'. Nearest: 'key'"),
        ("steps: []\nkey: name\n", "`key` is 'name'"),
        ("steps:\n- parse: {name: a}\n- map_values: {name: a}\n", "Two steps are called 'a'"),
    ],
)
def test_a_wrong_recipe_names_file_line_and_cure(tmp_path, content, said):
    path = tmp_path / "recipe.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SurveyError) as caught:
        read_recipe(path)
    assert said in str(caught.value)


def test_a_recipe_can_be_tied_to_one_file(tmp_path):
    path = tmp_path / "recipe.yaml"
    path.write_text(f"input: {{sha256: '{'1' * 64}'}}\nsteps: [normalise_text, map_values, parse]\n", encoding="utf-8")
    with pytest.raises(RecipeError, match="sha256 differs"):
        clean(export(Id="a", q=["Low"]), book(agree()), path)


def test_a_step_that_needs_clean_answers_says_what_must_come_first():
    questions = book(agree("a"), agree("b", base="a == 1"))
    early = step("set_missing", where="base_false_but_answered", question="b")
    with pytest.raises(LevelError, match="map_values and parse come first"):
        clean(export(Id="a", a=["Low"], b=["Low"]), questions, recipe(early, *BASIC))
