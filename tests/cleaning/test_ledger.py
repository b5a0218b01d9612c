"""The ledger: replaying it gives the clean frame, undoing it the raw one, a second cleaning changes nothing."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from surveyanalysis.cleaning.binding import bind, wanted_columns
from surveyanalysis.cleaning.canonical import untyped
from surveyanalysis.cleaning.ledger import replay, undo
from surveyanalysis.cleaning.recipe import Recipe, clean, read_recipe
from surveyanalysis.cleaning.steps import step
from surveyanalysis.codebook.questions import Source
from surveyanalysis.errors import DataError
from surveyanalysis.reading.export import Export, read_export
from tests.cleaning.builders import book, export, multi, number, single, text
from tests.cleaning.one_survey import EXPORTS, LAYOUTS, RECIPE, SPLIT, codebook


@pytest.fixture(scope="module", params=LAYOUTS)
def cleaned(request):
    book_ = codebook(LAYOUTS[request.param])
    file = read_export(EXPORTS / request.param)
    return file, book_, clean(file, book_, RECIPE)


def test_replaying_the_ledger_on_the_raw_frame_gives_the_clean_frame(cleaned):
    file, book_, survey = cleaned
    assert_frame_equal(replay(survey.ledger, bind(file, book_)), survey.frame)


def test_undoing_the_ledger_gives_the_raw_frame(cleaned):
    file, book_, survey = cleaned
    assert_frame_equal(undo(survey.ledger, survey.frame), bind(file, book_))


def test_rows_in_less_drops_are_rows_out(cleaned):
    *_, survey = cleaned
    steps = survey.ledger.steps
    drops = survey.ledger.frame.query("action == 'drop'").groupby("step", observed=True).size()
    assert (steps["rows_in"] - steps["step"].map(drops).fillna(0) == steps["rows_out"]).all()
    assert (steps["rows_in"].iloc[1:].to_numpy() == steps["rows_out"].iloc[:-1].to_numpy()).all()
    sets = survey.ledger.frame[survey.ledger.frame["action"].isin(["set", "add"])].groupby("step", observed=True).size()
    assert steps["cells_changed"].tolist() == steps["step"].map(sets).fillna(0).tolist()


def as_export(survey, file):
    """The clean answers written back into the columns of the file, as text."""
    frame = untyped(survey.frame, survey.codebook)
    columns = {}
    for question in survey.codebook:
        if question.derived or not question.binding.in_file:
            continue
        for column, (_, place) in zip(question.columns, wanted_columns(question).items(), strict=True):
            columns[place] = frame[column].fillna("").tolist()
    dropped = survey.ledger.frame.query("action == 'drop'")["file_row"]
    kept = file.frame[~file.frame.index.isin(dropped)]
    about = {c: kept[c].tolist() for c in ("ExternalReference", "Status", "Finished", "ResponseId")}
    frame = pd.DataFrame({**about, **columns}, dtype="str")
    return Export(frame.set_axis(pd.RangeIndex(2, len(kept) + 2, name="file_row")))


def test_cleaning_what_is_clean_changes_nothing():
    file = read_export(EXPORTS / SPLIT)
    first = clean(file, codebook(), RECIPE)
    steps = [s for s in read_recipe(RECIPE).steps if s.word != "drop_status"]
    second = clean(as_export(first, file), codebook(), Recipe(steps, "external_id"))
    assert len(second.ledger.changes) == 0
    assert_frame_equal(second.frame, first.frame)
    assert_frame_equal(
        second.reasons.fillna("").replace("dk", "omitted"), first.reasons.fillna("").replace("dk", "omitted")
    )


def test_the_same_input_gives_the_same_ledger_and_inputs_never_change():
    file = read_export(EXPORTS / SPLIT)
    before = file.frame.copy()
    one, two = (clean(file, codebook(), RECIPE).ledger for _ in range(2))
    assert_frame_equal(one.frame, two.frame)
    assert one.header == two.header
    assert_frame_equal(file.frame, before)


def test_the_header_names_what_went_in():
    ledger = clean(EXPORTS / SPLIT, codebook(), RECIPE).ledger
    assert ledger.header["file"] == SPLIT
    assert {len(ledger.header[f"{part}_sha256"]) for part in ("file", "codebook", "recipe")} == {64}


def test_an_entry_says_what_was_done_where_and_why():
    ledger = clean(EXPORTS / SPLIT, codebook(), RECIPE).ledger
    entry = ledger.frame.query("row_key == 'R014' and question == 'q1'").iloc[0]
    assert entry[["rule", "action", "before", "reason"]].tolist() == ["labels_to_codes", "set", "모름", "dk"]
    drop = ledger.frame.query("action == 'drop'").iloc[0]
    assert drop[["rule", "reason", "why"]].tolist() == [
        "test_rows",
        "status 설문 조사 미리 보기",
        "Preview and spam rows",
    ]


def test_the_methods_sentence_counts_what_the_step_table_counts():
    ledger = clean(EXPORTS / SPLIT, codebook(), RECIPE).ledger
    assert "The file held 64 responses. Left out: 2 (Preview and spam rows); 1 (" in ledger.sentence("en")
    assert "60 respondents were analysed." in ledger.sentence("en")
    assert "원자료에는 응답 64건이 있었다. 제외: 2 (미리보기와 스팸)" in ledger.sentence("ko")
    assert ledger.table("ko").rows[0].cells[0].value == 64


def test_a_raw_frame_that_is_not_the_ledgers_is_refused():
    file = read_export(EXPORTS / SPLIT)
    ledger, raw = clean(file, codebook(), RECIPE).ledger, bind(file, codebook())
    with pytest.raises(DataError, match="not they"):
        replay(ledger, raw.iloc[1:])
    other = raw.copy()
    other.loc[10, "q1"] = "보통 이상"
    with pytest.raises(DataError, match="Row 10, 'q1' holds '보통 이상'"):
        replay(ledger, other)


ANSWERS = st.sampled_from(["Low", "low ", "Mid", "HIGH", "3", "모름", "-99", ""])
NUMBERS = st.sampled_from(["1", "1,200", "１２", "999", "3.50", "", "모름", "2천"])
TEXTS = st.sampled_from(["a", " a ", "ａ", "", "no\u00a0way", "-99"])
TICKS = st.sampled_from(["", "1", "-99", "0"])
ROWS = st.lists(
    st.tuples(st.sampled_from("abcd"), ANSWERS, ANSWERS, NUMBERS, TEXTS, TICKS, TICKS, st.booleans()),
    min_size=1,
    max_size=12,
)


def random_case(rows):
    who, q, r, n, t, one, two, done = zip(*rows, strict=True)
    file = export(
        Id=[f"{w}{i}" for i, w in enumerate(who)], Who=who, Fin=["1" if d else "0" for d in done],
        q=q, r=r, n=n, t=t, m_1=one, m_2=two,
    )  # fmt: skip
    source = Source(id="Id", external_id="Who", finished="Fin", finished_yes=("1",))
    questions = book(
        single("q", "Low", "Mid", "High", type_="likert"), single("r", "Low", "Mid", "High", base="q >= 2"),
        number("n", unit="만원", to="KRW", range=(0, 2000)), text("t"), multi("m", "One", "Two"), source=source,
    )  # fmt: skip
    steps = Recipe(
        [
            step("drop_duplicates", on=["external_id"], keep="most_complete"),
            step("normalise_text"),
            step("map_values"),
            step("parse"),
            step("set_missing", name="range", where="out_of_range"),
            step("set_missing", name="base", where="base_false_but_answered"),
        ]
    )
    return file, questions, steps


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_replay_undo_and_reasons_hold_for_any_answers(rows):
    file, questions, steps = random_case(rows)
    survey = clean(file, questions, steps)
    raw = bind(file, questions)
    assert_frame_equal(replay(survey.ledger, raw), survey.frame)
    assert_frame_equal(undo(survey.ledger, survey.frame), raw)
    assert (survey.frame.isna() == survey.reasons.notna()).all(axis=None)
    assert survey.ledger.steps["rows_out"].iloc[-1] == len(survey) == len({row[0] for row in rows})


def test_order_of_rows_does_not_matter():
    """Permuting the rows of the file permutes the clean frame."""
    file = read_export(EXPORTS / SPLIT)
    mixed = file.frame.sample(frac=1, random_state=7)
    shuffled = replace(file, _frame=mixed.set_axis(pd.RangeIndex(2, len(mixed) + 2, name="file_row")))
    one, two = clean(file, codebook(), RECIPE).frame, clean(shuffled, codebook(), RECIPE).frame
    assert_frame_equal(one, two.loc[one.index])
