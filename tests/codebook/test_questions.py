"""Expected values are the documented rules for names, labels and order."""

import pytest

from surveyanalysis.codebook.questions import Choice, Codebook, Question
from surveyanalysis.errors import ColumnError

CHOICES = (Choice(2, {"en": "Yes", "ko": "예"}), Choice(1, {"en": "No", "ko": "아니오"}))
BOOK = Codebook(
    {
        "sex": Question("sex", "single", {"en": "Your sex?"}, choices=CHOICES),
        "barriers": Question("barriers", "multi", {"en": "Which?"}, {"en": "Barriers"}, choices=CHOICES),
        "need": Question("need", "grid", choices=CHOICES, items={"a": {"ko": "후원"}, "b": {"en": "Database"}}),
        "rank": Question("rank", "rank", choices=CHOICES),
    },
    id="demo",
)


def test_columns_are_named_by_question_and_code_in_the_order_of_the_scale():
    assert BOOK["sex"].columns == ("sex",)
    assert BOOK["barriers"].columns == ("barriers_2", "barriers_1")
    assert BOOK["need"].columns == ("need_a", "need_b")
    assert BOOK["rank"].columns == ("rank_2", "rank_1")


def test_a_column_has_the_label_of_its_option_or_item():
    assert BOOK["barriers"].column_label("barriers_1") == {"en": "No", "ko": "아니오"}
    assert BOOK["need"].column_label("need_a") == {"ko": "후원"}
    assert BOOK["sex"].column_label("sex") == {"en": "Your sex?"}


def test_the_label_is_the_short_one_or_the_wording_or_the_id():
    assert BOOK["barriers"].label == {"en": "Barriers"}
    assert BOOK["sex"].label == {"en": "Your sex?"}
    assert BOOK["rank"].label == {"": "rank"}


def test_an_answer_without_a_label_shows_its_code():
    assert BOOK["sex"].level_label(1) == {"en": "No", "ko": "아니오"}
    assert BOOK["sex"].level_label(9) == {"": "9"}


def test_the_question_of_a_column_is_found_and_of_nothing_is_none():
    assert BOOK.question_of("need_b") is BOOK["need"]
    assert BOOK.question_of("sex") is BOOK["sex"]
    assert BOOK.question_of("need_c") is None


def test_words_are_looked_for_in_wordings_labels_and_items_of_every_language():
    assert [q.id for q in BOOK.look_for("database")] == ["need"]
    assert [q.id for q in BOOK.look_for("아니오")] == ["sex", "barriers", "need", "rank"]
    assert BOOK.look_for("nowhere") == []


def test_an_unknown_question_names_the_nearest():
    with pytest.raises(ColumnError, match="Nearest: 'barriers'"):
        BOOK["barrier"]


def test_a_codebook_is_iterated_and_counted_by_question_and_prints_itself():
    assert [q.id for q in BOOK] == ["sex", "barriers", "need", "rank"]
    assert len(BOOK) == 4
    assert "sex" in BOOK
    assert "need_a" not in BOOK
    assert repr(BOOK).splitlines()[0] == "Codebook demo: 4 questions"
