"""Layouts of specification grids, their joint test, and models without single respondents."""

from typing import Any

from ..language import say
from .formats import printed
from .grid import COUNT, PERCENT, P, records
from .table import Cell, Column, Format, Row, Table
from .words import foot, word

POINTS, ENDS, THREE = Format("signed", 1, percent=True), Format("interval", 1, True, ", "), Format("number", 3)
TWO = Format("number", 2)
HEADS = {"lowest": "without_lowest", "highest": "without_highest", "lowest_without": "without_whom",
         "highest_without": "without_whom"}  # fmt: skip
CHOICES = ("cut", "model", "covariates", "weights", "design", "missing", "where")


def chosen(result: Any, name: str, value: Any, lang: str) -> str:
    """Words of what was chosen."""
    return str(result.labels.level(name, value, lang))


def varied(result: Any) -> list[str]:
    """Choices of which there are several."""
    return [name for name in CHOICES if result.frame[name].nunique() > 1]


def alike(result: Any, lang: str) -> str:
    """What all specifications have in common; nothing where that goes without saying."""
    frame, shown = result.frame, varied(result)
    first = {name: frame[name].iloc[0] for name in CHOICES if name not in shown}
    usual = {"weights": True, "design": "design", "missing": "complete", "where": "", "cut": ""}
    said = [
        f"{result.labels.column(name, lang)} {chosen(result, name, value, lang)}"
        for name, value in first.items()
        if usual.get(name) != value
    ]
    return word("all_alike", lang, w="; ".join(said)) if said else ""


def told(result: Any, lang: str) -> str:
    """The curve in one line."""
    found = result.summary.iloc[0]
    median, low, high = (printed(Cell(found[name], POINTS), lang) for name in ("median", "lowest", "highest"))
    edge = f"{1 - result.plan.confidence:.2g}"
    return word("curve_summary", lang, m=median, low=low, high=high, same=int(found["same_sign"]),
                n=int(found["solved"]), sig=int(found["significant_same_sign"]), p=edge)  # fmt: skip


def specification_grid(result: Any, lang: str) -> Table:
    """A row a specification, the choices as columns, in the order in which they cross."""
    shown = varied(result)
    rows = []
    for i, record in enumerate(records(result.frame), 1):
        lacking = "" if record["status"] == "solved" else word(record["status"], lang)
        numbers = (
            Cell(record["estimate"], POINTS, blank=lacking),
            Cell((record["ci_low"], record["ci_high"]), ENDS),
            Cell(record["p"], P),
            Cell(record["n"], COUNT),
        )
        rows.append(Row(str(i), (*(Cell(chosen(result, name, record[name], lang)) for name in shown), *numbers)))
    heads = [Column(result.labels.column(name, lang), "left") for name in shown]
    percent = f"{100 * result.plan.confidence:g}%"
    heads += [
        Column(words) for words in (word("effect", lang), word("interval", lang, c=percent), word("p", lang), "n")
    ]
    notes = [line for line in (told(result, lang), alike(result, lang)) if line]
    return _table(result, heads, rows, lang, word("specification", lang), notes)


def specification_test(result: Any, lang: str) -> Table:
    """A row a statistic."""
    forms = {"median": (POINTS, PERCENT), "significant": (COUNT, COUNT), "stouffer": (Format("signed", 2), TWO)}
    rows = [
        Row(
            word(f"curve_{record['component']}", lang),
            (
                Cell(record["estimate"], forms[record["component"]][0]),
                Cell(record["under_null"], forms[record["component"]][1]),
                Cell(record["p"], P),
                Cell(record["monte_carlo_se"], THREE),
            ),
        )
        for record in records(result.frame)
    ]
    heads = [Column(word(name, lang)) for name in ("curve_observed", "under_null", "p", "simulation_error")]
    return _table(result, heads, rows, lang, word("statistic", lang), [])


def leave_one_out(result: Any, lang: str) -> Table:
    """A row a coefficient."""
    names = (("estimate", THREE), ("p", P), ("lowest", THREE), ("lowest_without", Format()), ("highest", THREE),
             ("highest_without", Format()), ("sign_changes", COUNT), ("significance_changes", COUNT))  # fmt: skip
    rows = [
        Row(
            term_of(result, record, lang),
            tuple(Cell(str(record[n]) if n.endswith("_without") else record[n], form) for n, form in names),
        )
        for record in records(result.frame)
    ]
    heads = [Column(word(HEADS.get(name, name), lang)) for name, _ in names]
    return _table(result, heads, rows, lang, word("term", lang), [])


def term_of(result: Any, record: dict[str, Any], lang: str) -> str:
    """A coefficient, with the level of the outcome where there are several."""
    term = str(result.labels.column(record["term"], lang))
    if "level" not in record or record["level"] is None or record["level"] != record["level"]:
        return term
    return f"{result.labels.level(record['outcome'], record['level'], lang)}: {term}"


def _table(result: Any, heads: list[Column], rows: list[Row], lang: str, stub: str, more: list[str]) -> Table:
    notes = (*more, *foot(result.origin, lang))
    return Table(tuple(heads), tuple(rows), say(result.origin.what, lang), "", stub, notes, lang)
