"""Printed tables by their file alone: every table of the gallery, changed prints, files that are wrong."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import surveyanalysis as sa
from surveyanalysis.cli import app
from surveyanalysis.errors import PublishedError
from surveyanalysis.report.tables_page import report_tables
from surveyanalysis.studies import gallery_files
from surveyanalysis.studies.table import printed_table

FILES = {path.stem: path for path in gallery_files()}
COMPUTED = [name for name, path in FILES.items() if not printed_table(path).needs]
SMALL = "women_labour_nested_logit"


@pytest.mark.parametrize("name", COMPUTED)
def test_a_printed_table_comes_out_again(name):
    found = sa.reproduce(FILES[name])
    assert found.holds, [row.number.id for row in found.rows if row.verdict == "differs"]
    reasons = {row.number.id for row in found.rows if row.verdict == "explained" and not row.note}
    assert not reasons


def test_the_gallery_holds_27_tables_and_says_what_the_others_wait_for():
    assert len(FILES) == 27 and len(COMPUTED) == 21
    waiting = printed_table(FILES["holzinger_cfa"])
    assert "factor analysis" in waiting.needs and len(waiting.shape.cells) > 0
    with pytest.raises(PublishedError, match="needs confirmatory factor analysis"):
        waiting.reproduce()


def test_printed_counts_that_no_print_was_read_for_are_the_only_ones_that_give_the_shares():
    rows = sa.reproduce(FILES["koreabio_members_2024"]).rows
    for row in rows:
        found = sa.feasible_counts(f"{row.number.printed}%", base=row.computed.base)
        assert found.counts.tolist() == ([] if row.verdict == "explained" else [row.computed.count]), row.number.id
        assert row.base_inferred or row.verdict == "explained"


@pytest.fixture
def changed(tmp_path):
    """A table of the gallery with parts of its file replaced."""

    def write(*changes, name=SMALL):
        text = FILES[name].read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        data = printed_table(FILES[name]).shape.file
        if data:
            shutil.copy(FILES[name].parent / data, tmp_path)
            text = text.replace(f"file: {data}", f"file: {Path(data).name}")
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, "utf-8")
        return path

    return write


def test_a_changed_print_differs_and_the_command_fails(changed, tmp_path):
    right, wrong = changed(), changed(('printed: "1.3358"', 'printed: "1.3368"'), ('printed: "356"', 'printed: "366"'))
    result = CliRunner().invoke(app, ["reproduce", str(wrong), "--out", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "366" in result.output and "differs" in result.output
    assert sa.reproduce(right).counts["differs"] == 2  # the same path: it holds what was written last
    page = (tmp_path / "out" / "gallery" / "gallery.html").read_text("utf-8")
    assert SMALL in page and "Friendly" in page


def test_an_explanation_that_no_longer_fits_fails(changed):
    path = changed(("recomputed: 0.04283682", "recomputed: 0.0429"), name="mroz_wage_heckman")
    found = sa.reproduce(path)
    assert [row.number.id for row in found.rows if row.verdict == "differs"] == ["ML wage: exper | Coef."]


def test_a_table_of_no_cells_holds_nothing(changed):
    path = changed()
    path.write_text(path.read_text("utf-8").split("cells:")[0], "utf-8")
    with pytest.raises(PublishedError, match="nothing to compare with"):
        sa.reproduce(path)


def test_a_cell_told_twice_is_named(changed):
    text = FILES[SMALL].read_text("utf-8")
    first = next(line for line in text.splitlines() if line.startswith("  - {row:"))
    with pytest.raises(PublishedError, match=r"line \d+.*already"):
        sa.reproduce(changed((first + "\n", f"{first}\n{first}\n")))


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('{row: nowhere, column: x, printed: "1", recomputed: 2, why: odd}', "'nowhere | x' is none of the `cells`"),
        ("{row: ROW, column: COLUMN, printed: '9.9', recomputed: 2, why: odd}", "in `cells`, '9.9' here"),
        ("{row: ROW, column: COLUMN, printed: PRINTED, recomputed: 2}", "differs without a reason"),
    ],
)
def test_a_known_difference_is_founded_on_a_cell_and_a_reason(changed, entry, words):
    cell = printed_table(FILES[SMALL]).shape.cells[0]
    for name, said in (("ROW", cell.row), ("COLUMN", cell.column), ("PRINTED", cell.printed)):
        entry = entry.replace(name, repr(said))
    with pytest.raises(PublishedError, match=rf"line \d+.*{words}"):
        sa.reproduce(changed(("cells:", f"differing:\n  - {entry}\ncells:")))


def test_a_cell_has_its_own_reason(changed):
    old = "recomputed: 0.04283682}"
    found = sa.reproduce(changed((old, old[:-1] + ", why: its own reason}"), name="mroz_wage_heckman"))
    told = [row.number.id for row in found.rows if row.number.explained and "own" in str(row.number.explained.reason)]
    assert found.holds and told == ["ML wage: exper | Coef."]


def test_what_is_remembered_counts_as_nothing_printed(changed):
    found = sa.reproduce(changed(("file: womenlf.csv", "known: memory\nfile: womenlf.csv")))
    assert all(row.not_printed for row in found.rows)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("verb: logit", "verb: logits", r"line \d+.*'logit'"),
        ("file: womenlf.csv", "fle: womenlf.csv", r"fle"),
        ("file: womenlf.csv", "file: women.csv", "women.csv.*does not lie beside"),
        ("of: work,", "of: works,", "no result above"),
        ('formula: "partic ~ hincome + children", options', 'formula: "partic ~ income", options', "'work'.*'income'"),
        ("{term: hincome}", "{term: income}", "picks 0 rows.*hincome"),
        ("AIC: {extra: aic}", "AIC: {extra: aicc}", "no number 'aicc'.*aic"),
        ("AIC: {extra: aic}", "AICC: {extra: aic}", "`rows` does not say what 'work: AIC'.*stands for"),
        ("children: [absent, present]", "children: [absent, some]", "'present'.*not among"),
        ("compute: a + b", "compute: __import__", "import"),
        ("variance: model}", "varance: model}", "varance"),
    ],
)
def test_wrong_files_are_named(changed, old, new, words):
    with pytest.raises(PublishedError, match=f"(?s){words}"):
        sa.reproduce(changed((old, new)))


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("berkeley_admissions_stratified", "by: Dept", "by: Department", r"line \d+.*'Department'.*does not list"),
        ("berkeley_admissions_stratified", "F: {group: F}", "F: {group: G}", "`group` is 'G'.*A, B, C, D, E, F"),
        ("koreabio_members_2024", "{increase: 26,", "{increase: 66,", "line .*'increase' is larger than its base 59"),
        ("koreabio_members_2024", "base: 57, ", "", "line .*`counts` and their `base`"),
        ("api_cluster_sample", "design: drawn}", "design: draw}", "line .*'draw', which is none of `designs`"),
        ("api_cluster_sample", "margins: {api99", "margins: {api98", "'calibrated means'.*api98"),
        ("api_cluster_sample", "calibrated: {margins", "calibrated: {margin", "calibrated.*margin"),
        ("api_cluster_sample", 'stypeM: "stype ==', 'stypeM: "type ==', "`derived`.*'type'"),
    ],
)
def test_wrong_groups_counts_and_designs_are_named(changed, name, old, new, words):
    with pytest.raises(PublishedError, match=f"(?s){words}"):
        sa.reproduce(changed((old, new), name=name))


def test_a_cell_whose_method_is_missing_waits_with_its_reason(changed):
    found = sa.reproduce(changed(("AIC: {extra: aic}", "AIC: {needs: a criterion}")))
    waiting = [row for row in found.rows if row.verdict == "waits"]
    assert found.holds and [row.number.id for row in waiting] == ["work: AIC | value", "full: AIC | value"]
    assert {row.note["en"] for row in waiting} == {"waits for a criterion"}
    assert "waits for a criterion" in found.table().to_html()


def test_the_page_names_each_missing_method_once_with_the_number_of_its_cells(tmp_path):
    report = report_tables([printed_table(FILES["berkeley_admissions_stratified"])], tmp_path)
    assert "not yet: 5 cells: Mantel-Haenszel tests; 2 cells: Woolf's test" in report.table().to_text().replace(
        "\n", " "
    )


def test_the_page_speaks_korean_and_lists_what_waits(tmp_path):
    tables = [printed_table(FILES[name]) for name in (SMALL, "holzinger_cfa")]
    report = report_tables(tables, tmp_path, lang="ko")
    page = report.page.read_text("utf-8")
    assert report.holds and "인쇄된 표의 재현" in page and "미구현" in page
    assert (tmp_path / "gallery" / f"{SMALL}.csv").exists()
    assert "28" in str(report.table())


def test_nothing_asked_is_told():
    result = CliRunner().invoke(app, ["reproduce"])
    assert result.exit_code != 0 and "--all" in str(result.exception)
