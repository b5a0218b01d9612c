"""Files of printed numbers. Oracles: the files themselves, read by eye; PUBLISHED numbers of the studies."""

from pathlib import Path

import pandas as pd
import pytest

from surveyanalysis.errors import PublishedError
from surveyanalysis.reproduction.bases import feasible_counts
from surveyanalysis.reproduction.published import printed_number, read_published

ROOT = Path(__file__).parents[2]
KOREABIO = ROOT / "tests" / "references" / "koreabio_members_2024.yaml"
HOUSING = ROOT / "data" / "copenhagen_housing" / "published.yaml"
HEAD = "published: 1\nid: paper\ncitation: A paper\n"
NUMBER = '- {id: a, printed: "35.3%", question: job, answer: plan, base: 51, count: 18}\n'


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "published.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_every_word_of_the_file_arrives(written):
    paper = read_published(
        written(
            """
published: 1
id: stepi
citation: {en: An article, ko: 기사}
source: https://example.org
synthetic: true
numbers:
- id: planning
  says: {en: Prefer planning, ko: 기획 선호}
  printed: "35.3"
  unit: percent
  quote: 55 percent research and 35.3 percent planning
  place: paragraph 9
  question: job
  answer: [plan, both]
  among: {employer: company, degree: [phd, md]}
  base: 51
  base_known: inferred
  count: 18
  count_known: inferred
  value_known: printed
  readings: [{base: 34, count: 12, words: only by truncation of the other}]
  note: {en: Six did not answer., ko: 무응답 6명.}
  explained: {computed: "35.2", reason: {en: why}}
margins:
- {id: companies, question: employer, answer: company, count: 57, base: 214, known: printed}
assumptions: {age: {mean: 41}}
"""
        )
    )
    number = paper["planning"]
    assert (paper.id, paper.citation["ko"], paper.synthetic, paper.ids) == ("stepi", "기사", True, ("planning",))
    assert number.read.unit == "percent" and number.says["ko"] == "기획 선호" and number.place == "paragraph 9"
    assert number.answer == ("plan", "both") == number.codes
    assert number.among == {"employer": "company", "degree": ("phd", "md")}
    assert (number.base, number.base_known, number.count, number.count_known) == (51, "inferred", 18, "inferred")
    assert number.readings[0].base == 34 and number.readings[0].count == 12
    assert number.explained.computed == "35.2" and number.explained.reason == {"en": "why"}
    assert paper.margins[0].codes == ("company",) and paper.margins[0].known == "printed"
    assert paper.assumptions == {"age": {"mean": 41}}


def test_a_table_of_cells_is_read_with_row_and_column_as_id():
    table = read_published(KOREABIO)
    assert len(table) == 26
    other = table["outlook 2025: other | %"]
    assert (other.printed, other.read.unit) == ("10.4", "percent")
    assert other.explained.computed == "10.34483" and "sum to 100" in other.explained.reason[""]
    assert table["main issue: investor sentiment (multi) | %"].explained is None


def test_the_housing_file_holds_the_52_cells_and_says_what_was_not_read_in_print():
    paper = read_published(HOUSING)
    read = [n for n in paper.numbers if n.id.startswith(("logistic", "probit"))]
    assert len(read) == 52 and {n.value_known for n in read} == {"printed"}
    assert paper["logistic: TypeApartment | t value"].printed == "-4.80"
    rest = [n for n in paper.numbers if n.value_known == "inferred"]
    assert [n.printed for n in rest] == ["106.175", "4", ".1777", "5.140", "2", "60.286", "6"]
    assert all("not read in print" in n.place and "no source" in n.note["en"] for n in rest)


def test_the_recomputed_numbers_of_the_housing_file_follow_from_its_counts():
    """Pearson's chi-square by SciPy, without continuity correction."""
    from scipy.stats import chi2_contingency

    paper, counts = read_published(HOUSING), pd.read_csv(HOUSING.parent / "counts.csv")
    for name, column in {"influence": "Infl", "contact": "Cont", "type": "Type"}.items():
        table = counts.pivot_table("Freq", "Sat", column, aggfunc="sum").to_numpy()
        found = chi2_contingency(table, correction=False)
        assert f"{found.statistic:.3f}" == paper[f"satisfaction x {name} | chi-square"].printed
        assert str(found.dof) == paper[f"satisfaction x {name} | df"].printed
        if name == "influence":
            v = (found.statistic / table.sum() / 2) ** 0.5
            assert f"{v:.4f}".removeprefix("0") == paper[f"satisfaction x {name} | Cramer's V"].printed
    assert str(counts.Freq.sum()) == paper["residents"].printed


def test_counts_and_bases_of_a_file_can_print_its_percentages():
    """Every number of the 2011 article, on its stated or inferred base (GRIM)."""
    path = ROOT / "data" / "stepi_2011" / "published.yaml"
    shares = [n for n in read_published(path).numbers if n.read.unit == "percent"]
    assert len(shares) == 6
    for number in shares:
        assert number.count in feasible_counts(number.printed, base=number.base).counts


def test_an_unknown_number_names_the_nearest():
    with pytest.raises(PublishedError, match="Nearest: 'residents'"):
        read_published(HOUSING)["resident"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (HEAD + "numbers:\n- {id: a, printed: 35.30}\n", 5, "number 'a', `printed`.*quotes"),
        (HEAD + 'numbers:\n- {id: a, printed: "a third"}\n', 5, "number 'a', `printed`.*'a third' cannot be read"),
        (HEAD + 'numbers:\n- {id: a, printed: "5", bsae: 57}\n', 5, "number 'a', `bsae`: unknown key. Nearest: 'base'"),
        (HEAD + 'numbers:\n- {id: a, printed: "5", base: 57, count: 58}\n', 5, "58 is larger than its base 57"),
        (HEAD + 'numbers:\n- {id: a, printed: "5", base_known: perhaps}\n', 5, "`base_known`"),
        (HEAD + 'numbers:\n- {id: a, printed: "5%", unit: number}\n', 5, "`unit`: '5%' is a percentage"),
        (HEAD + "numbers:\n" + NUMBER + NUMBER, 6, "the id 'a' stands in line 5 already"),
        (HEAD + "numbers:\n" + NUMBER + "margins:\n- {id: m, question: q}\n", 7, "margin 'm', `count`: is missing"),
        ("id: paper\nnumbers:\n" + NUMBER, 1, "`citation`: is missing"),
        (HEAD + "numbers: [\n", 5, "no YAML"),
    ],
)
def test_a_wrong_file_is_told_with_line_and_number(written, text, line, said):
    path = written(text)
    with pytest.raises(PublishedError, match=said) as wrong:
        read_published(path)
    assert f"{path}, line {line}" in str(wrong.value)


def test_a_file_without_numbers_or_no_file_is_refused(written, tmp_path):
    with pytest.raises(PublishedError, match="nothing to compare"):
        read_published(written(HEAD))
    with pytest.raises(PublishedError, match="absent"):
        read_published(tmp_path / "absent.yaml")


def test_a_number_can_be_built_without_a_file():
    assert printed_number("a", "33.3", unit="percent").read.unit == "percent"
    with pytest.raises(PublishedError, match="percentage"):
        printed_number("a", "33.3%", unit="number")
