"""Recipes, functions and spellings that want to go wrong. Oracles: small tables worked out by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from surveyanalysis.cleaning.binding import bind
from surveyanalysis.cleaning.ledger import replay, undo
from surveyanalysis.cleaning.recipe import Recipe, clean, read_recipe
from surveyanalysis.cleaning.splitting import split
from surveyanalysis.cleaning.steps import step
from surveyanalysis.codebook.questions import Binding, Choice, Question, Source
from surveyanalysis.errors import CodebookError, LevelError, RecipeError
from tests.cleaning.builders import book, export, multi, number, single, text

BASIC = tuple(map(step, ("normalise_text", "map_values", "parse")))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("parse: {questions: n}", "'questions' is 'n'; it must be a list"),
        ("drop_status: {keep: ok}", "'keep' is 'ok'; it must be a list"),
        ("drop_duplicates: {on: 3}", "'on' is 3; it must be a text or a list"),
        ("drop_unfinished: {answered_share: '0.5'}", "it must be a number"),
        ("disposition: {complete: 0.8}", "it must be a mapping"),
        ("check: {assert: [1]}", "'assert' is [1]; it must be a text"),
        ("recode_other: {question: q, file: 3}", "'file' is 3; it must be a text"),
        ("parse: {line: 3}", "has no 'line'"),
        ("parse: {word: x}", "has no 'word'"),
    ],
)
def test_an_argument_of_the_wrong_kind_is_refused_with_its_line(tmp_path, written, said):
    path = tmp_path / "recipe.yaml"
    path.write_text(f"steps:\n- normalise_text\n- {written}\n", encoding="utf-8")
    with pytest.raises(RecipeError) as caught:
        read_recipe(path)
    assert said in str(caught.value) and "recipe.yaml, line 3" in str(caught.value)


def test_statuses_that_keep_nobody_are_told_with_those_of_the_file():
    file = export(Id="ab", St=["IP Address", "Spam"], q=["Low", "Low"])
    kept = step("drop_status", keep=[0])
    with pytest.raises(RecipeError, match=r"to keep \('0'\). The file has: 'IP Address', 'Spam'"):
        clean(file, book(single("q", "Low"), source=Source(id="Id", status="St")), Recipe([kept]))


def test_duplicates_on_nothing_are_refused():
    with pytest.raises(RecipeError, match="`on` is empty"):
        clean(export(Id="a", q=["Low"]), book(single("q", "Low")), Recipe([step("drop_duplicates", on=[])]))


def test_of_equally_complete_rows_the_finished_one_is_kept():
    source = Source(id="Id", external_id="Who", end="End", finished="Fin", finished_yes=("1",))
    file = export(Id="ab", Who="xx", End=["2020-01-01", "2020-01-02"], Fin="10", q=["Low", "Low"])
    steps = [step("drop_duplicates", on=["external_id"], keep="most_complete"), *BASIC]
    assert clean(file, book(single("q", "Low"), source=source), Recipe(steps)).frame.index.tolist() == ["a"]


def drawer(change):
    questions = book(single("q", "Low", "Mid", type_="likert"), number("n"), multi("m", "A", "B"), text("t"))
    file = export(Id="ab", q=["Low", "Mid"], n=["1", "2"], m_1=["A", ""], m_2=["", "B"], t=["x", "y"])
    return file, questions, Recipe([*BASIC, change])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.assign(q=f["q"].astype(object).where(f.index != "a", 77)), "'q' holds '77'"),
        (lambda f: f.assign(n="five"), "'n' holds 'five'"),
        (lambda f: f.assign(n=np.inf), "'n' holds 'Infinity'"),
        (lambda f: f.assign(m_1="no"), "'m_1' holds 'no'"),
        (lambda f: pd.concat([f, f[["q"]]], axis=1), "the same columns"),
        (lambda f: f.reset_index(drop=True), "not there, or twice: 0, 1"),
        (lambda f: None, "must return the frame"),
    ],
)
def test_what_a_function_must_not_return_is_refused_by_its_name(change, said):
    with pytest.raises(RecipeError) as caught:
        clean(*drawer(change))
    assert said in str(caught.value) and "Step '<lambda>'" in str(caught.value)


def in_place(frame):
    frame.loc["a", "n"] = 5
    return frame.iloc[::-1, ::-1]


def test_a_function_may_change_in_place_and_in_any_order():
    file, questions, steps = drawer(in_place)
    survey = clean(file, questions, steps)
    assert survey.frame["n"].tolist() == [5.0, 2.0] and survey.frame.index.tolist() == ["a", "b"]
    assert survey.ledger.frame.query("rule == 'in_place'")[["before", "after"]].values.tolist() == [["1", "5"]]
    raw = bind(file, questions)
    assert replay(survey.ledger, raw).equals(survey.frame) and undo(survey.ledger, survey.frame).equals(raw)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_a_coding_file_may_come_from_excel_but_not_contradict_itself(tmp_path, encoding):
    choices = (Choice(1, {"ko": "기업"}), Choice(9, {"ko": "기타"}, other="w"))
    questions = book(Question("job", "single", choices=choices, binding=Binding("job")), text("w", base="job == 9"))
    file = export(Id="ab", job=["기타", "기업"], w=["벤처", ""])
    (tmp_path / "r.yaml").write_text("steps: [map_values, recode_other: {question: job, file: c.csv}]\n")
    (tmp_path / "c.csv").write_bytes("text,code\n벤처,1\n".encode(encoding))
    assert clean(file, questions, tmp_path / "r.yaml").frame["job"].tolist() == [1, 1]
    (tmp_path / "c.csv").write_bytes("text,code\n벤처,1\n벤처 ,9\n".encode(encoding))
    with pytest.raises(RecipeError, match="'벤처' has several codes"):
        clean(file, questions, tmp_path / "r.yaml")


def test_peoples_own_words_keep_their_signs():
    """NFKC would make 10² into 102, ① into 1, and ㅠㅠ unreadable."""
    words = ["10² ㅠㅠ ①", "ＫＡＩＳＴ　의견 "]
    survey = clean(export(Id="ab", t=words), book(text("t")))
    assert survey.frame["t"].tolist() == ["10² ㅠㅠ ①", "KAIST 의견"]
    asked_for = clean(export(Id="ab", t=words), book(text("t")), Recipe([step("normalise_text", do=["nfkc"])]))
    assert asked_for.frame["t"].tolist()[0] == "102 ㅠㅠ 1"


@pytest.mark.parametrize("cells", [["아니오", "", "No"], ["1", "0", "1"], ["yes", "no", "yes"]])
def test_an_option_called_no_is_ticked_by_its_name(cells):
    no = (Choice(1, {"en": "No", "ko": "아니오"}), Choice(2, {"en": "Pay"}))
    questions = book(Question("m", "multi", choices=no, binding=Binding(columns="m_{code}")))
    found = clean(export(Id="abc", m_1=cells, m_2=["Pay"] * 3), questions).frame["m_1"]
    assert found.tolist() == [True, False, True]


def test_options_that_share_a_comma_are_told_apart():
    """The longest option first would take "A, B" of "A, B, C" and leave C over."""
    options = tuple(Choice(i, {"en": words}) for i, words in enumerate(("A", "A, B", "B, C"), start=1))
    question = Question("m", "multi", choices=options, binding=Binding("m", join=", "))
    assert split("A, B, C", question).codes == ("1", "3")
    assert split("A, B, B, C", question).codes == ("2", "3")
    assert split("A, B, D", question).leftover == "D"
    assert split(", ".join(["A"] * 5000), question).codes == ("1",)


def test_blanks_within_a_label_do_not_count_where_it_stays_clear():
    survey = clean(export(Id="ab", q=["VeryLow", "1.verylow"]), book(single("q", "Very low", "High")))
    assert survey.frame["q"].tolist() == [1, 1]
    with pytest.raises(LevelError):
        clean(export(Id="a", q=["no w here"]), book(single("q", "now here", "no where")))


def test_a_reason_may_bear_its_number():
    survey = clean(export(Id="abc", q=["8점", "8. 모름", "8) don't know"]), book(single("q", "Low")))
    assert survey.reasons["q"].tolist() == ["dk"] * 3


def test_words_beside_other_are_taken_out_of_the_cell():
    choices = (Choice(1, {"ko": "기업"}), Choice(9, {"ko": "기타"}, other="w"))
    bare = book(Question("job", "single", choices=choices, binding=Binding("job")), Question("w", "text"))
    survey = clean(export(Id="abc", job=["기타(컨설팅, 프리랜서)", "기타: 벤처", "병원"]), bare)
    assert survey.frame["job"].tolist() == [9, 9, 9]
    assert survey.frame["w"].tolist() == ["컨설팅, 프리랜서", "벤처", "병원"]


def test_columns_about_the_answering_that_the_file_lacks_are_told():
    source = Source(id="Id", finished="Finishd")
    survey = clean(export(Id="a", q=["Low"]), book(single("q", "Low"), source=source))
    assert survey.ledger.notes[0]["en"] == "Not in the file: Finishd (finished)."


def test_times_that_cannot_be_read_are_told():
    source = Source(id="Id", start="Begin")
    survey = clean(export(Id="abc", Begin=["07/14/2010", "2010-07-14 09:30:00", ""], q=["Low"] * 3),
                   book(single("q", "Low"), source=source))  # fmt: skip
    assert survey.ledger.answering["start"].notna().tolist() == [False, True, False]
    assert any(
        "`start`: 1 could not be read as a time (the first: '07/14/2010')" in n["en"] for n in survey.ledger.notes
    )


def test_personal_data_named_by_the_platforms_identifier_are_protected():
    file = replace(export(Id="a", Mail=["kim@y.org"], q=["Low"]), identifiers={"Mail": "recipientEmail"})
    source = Source(external_id="Mail", pii=("recipientEmail",))
    survey = clean(file, book(single("q", "Low"), source=source), Recipe(BASIC, key="external_id"))
    assert "kim" not in survey.ledger.frame.to_csv() + survey.frame.to_csv()
    with pytest.raises(CodebookError, match="personal data"):
        clean(file, book(single("q", "Low"), text("mail", "Mail"), source=source))
