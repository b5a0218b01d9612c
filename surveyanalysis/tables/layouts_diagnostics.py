"""Layouts of what judges a model: measures of fit, predictions, calibration, influence, variance inflation."""

from dataclasses import replace
from typing import Any

from ..language import say
from ..results import Estimates
from .bases import base_rows
from .grid import COUNT, PERCENT, P, grid, interval, number, records
from .layouts_models import fit_lines
from .table import Cell, Column, Format, Row, Table
from .words import foot, subtitle, title, word

TWO, THREE = Format("number", 2), Format("number", 3)
SHOWN = 10
GROUPS = {
    "likelihood": ("n", "n_weighted", "k", "loglik", "loglik_null", "deviance", "deviance_null", "likelihood_ratio"),
    "explained": ("mcfadden", "mcfadden_adjusted", "cox_snell", "nagelkerke", "tjur"),
    "predicted_answers": ("brier", "count_r2", "count_r2_adjusted"),
    "criteria": ("aic", "bic", "daic", "effective_parameters", "mean_deff"),
}
WHOLE = ("n", "k")
AS_WRITTEN = ("n", "daic")
SHARES = (*GROUPS["explained"], *GROUPS["predicted_answers"])


def fit_measures(result: Any, lang: str) -> Table:
    """Measures by what they say."""
    values = dict(zip(result.frame["measure"], result.frame["estimate"]))
    rows: list[Row] = []
    for group, names in GROUPS.items():
        if not any(name in values for name in names):
            continue
        rows.append(Row(word(group, lang), kind="group"))
        for name in names:
            if name in values and not (name == "n_weighted" and values[name] == values["n"]):
                form = COUNT if name in WHOLE else THREE if name in SHARES else TWO
                label = word(name, lang)
                label = label if name in AS_WRITTEN else label[:1].upper() + label[1:]
                rows.append(Row(label, (Cell(values[name], form),), indent=1))
    columns = (Column(word("value", lang)),)
    return Table(columns, tuple(rows), _what(result, lang), "", word("measure", lang), _foot(result, lang), lang)


def inflation(result: Any, lang: str) -> Table:
    """Terms with their factors."""
    heads = (("gvif", TWO), ("df", COUNT), ("gvif_scaled", TWO))
    rows = [
        Row(result.labels.column(record["term"], lang), tuple(Cell(record[name], form) for name, form in heads))
        for record in records(result.frame)
    ]
    columns = tuple(Column(word(name, lang)) for name, _ in heads)
    return Table(columns, tuple(rows), _what(result, lang), "", word("term", lang), _foot(result, lang), lang)


def regression_table(result: Any, lang: str) -> Table:
    """B, standard error, beta, t, p, tolerance, VIF by term; R2 and F at the foot."""
    heads = (("B", "estimate", THREE), ("se", "se", THREE), ("beta", "beta", THREE), ("t", "statistic", TWO),
             ("p", "p", P), ("tolerance", "tolerance", THREE), ("vif", "vif", TWO))  # fmt: skip
    rows = [
        Row(result.labels.column(record["term"], lang), tuple(Cell(record[name], form) for _, name, form in heads))
        for record in records(result.frame)
    ]
    columns = tuple(Column(word(head, lang)) for head, _, _ in heads)
    e = result.extra
    f = f"F({e['f_df']:g}, {e['f_df_denominator']:g})" if e["f_df_denominator"] < float("inf") else f"F({e['f_df']:g})"
    told = {"n": e["n"], "r2": e["r2"], "adjusted_r2": e["adjusted_r2"], "sigma": e["sigma"]}
    lines = fit_lines({**told, "f": e["f"], "f_p": e["f_p"], "durbin_watson": e["durbin_watson"]}, lang)
    notes = (*(line.replace("F =", f"{f} =") for line in lines), *_foot(result, lang))
    return Table(columns, tuple(rows), _what(result, lang), "", word("term", lang), notes, lang)


def tests_by_row(result: Any, lang: str) -> Table:
    """A test a row: of a term, or of an answer left out."""
    frame, by_level = result.frame, "level" in result.frame
    finite = bool(frame["df_denominator"].notna().any())
    heads = [
        (result.detail["statistic"], "statistic", TWO),
        ("df", "df", COUNT),
        *([("df_denominator", "df_denominator", Format())] if finite else []),
        ("p", "p", P),
    ]
    rows = [
        Row(_tested(result, record, lang), tuple(Cell(record[name], form) for _, name, form in heads))
        for record in records(frame)
    ]
    columns = tuple(Column(word(head, lang)) for head, _, _ in heads)
    stub = word("left_out" if by_level else "term", lang)
    return Table(columns, tuple(rows), _what(result, lang), "", stub, _foot(result, lang), lang)


def _tested(result: Any, record: dict[str, Any], lang: str) -> str:
    """The term, or the answer, that a test is of."""
    if "level" in record:
        return str(result.labels.level(result.detail["outcome"], record["level"], lang))
    if record["term"] == "(all)":
        return word("all_terms", lang)
    return str(result.labels.column(record["term"], lang))


def influence(result: Any, lang: str) -> Table:
    """The most influential respondents."""
    frame = result.frame
    weighted = frame["weight"].nunique() > 1
    heads = [
        ("answer_probability", "probability", PERCENT),
        *([("weight", "weight", TWO)] if weighted else []),
        ("leverage", "leverage", THREE),
        ("distance", "distance", THREE),
        ("moves", "term", Format()),
        ("shift", "shift", Format("signed", 2)),
    ]
    rows = []
    for record in records(frame.head(SHOWN)):
        record["term"] = result.labels.column(record["term"], lang)
        rows.append(Row(str(record["respondent"]), tuple(Cell(record[name], form) for _, name, form in heads)))
    columns = tuple(Column(word(head, lang), "left" if head == "moves" else "right") for head, _, _ in heads)
    notes = _foot(result, lang)
    if len(frame) > SHOWN:
        notes = (word("first_rows", lang, k=SHOWN, n=len(frame)), *notes)
    return Table(columns, tuple(rows), _what(result, lang), "", word("respondent", lang), notes, lang)


def roc(result: Estimates, lang: str) -> Table:
    """The area under the curve with its interval."""
    measures = [
        number(word("estimate", lang), "estimate", THREE),
        number(word("se", lang), "se", THREE),
        interval(result, lang, Format("interval", 3)),
    ]
    return _by_component(result, measures, lang, 3)


def classification(result: Estimates, lang: str) -> Table:
    """Parts of right predictions; the two-by-two table at the foot."""
    measures = [
        number(word("n", lang), "n", COUNT),
        number(word("right", lang), "count", COUNT),
        number(word("percent", lang), "estimate", PERCENT),
        interval(result, lang, Format("interval", 1, percent=True)),
    ]
    n = result.detail["cells"].set_index(["event", "predicted"])["n"]
    cells = {"tp": n[True, True], "fp": n[False, True], "fn": n[True, False], "tn": n[False, False]}
    made = grid(result, ("component",), measures, lang, notes=[word("cell", lang, **cells)])
    return replace(made, title=title(result, lang), subtitle=subtitle(result, lang))


def _by_component(result: Estimates, measures: list[Any], lang: str, width: int) -> Table:
    return grid(
        result,
        ("component",),
        measures,
        lang,
        lambda rows: base_rows(rows, 0, width, lang),
        fit_lines(result.extra, lang),
    )


def calibration(result: Estimates, lang: str) -> Table:
    """Groups with predicted and observed shares."""
    whole = replace(result, _frame=result.frame.assign(predicted=result.detail["predicted"]))
    measures = [
        number(word("n", lang), "n", COUNT),
        number(word("predicted_share", lang), "predicted", PERCENT),
        number(word("observed_share", lang), "estimate", PERCENT),
        interval(result, lang, Format("interval", 1, percent=True)),
    ]
    return grid(whole, ("outcome", "level", "group"), measures, lang)


def rootogram(result: Estimates, lang: str) -> Table:
    """Counts with observed and expected shares."""
    whole = replace(result, _frame=result.frame.assign(predicted=result.detail["predicted"]))
    measures = [
        number(word("n", lang), "count", COUNT),
        number(word("observed_share", lang), "estimate", PERCENT),
        interval(result, lang, Format("interval", 1, percent=True)),
        number(word("expected_share", lang), "predicted", PERCENT),
    ]
    return replace(grid(whole, ("level",), measures, lang), stub_head=word("count_axis", lang))


def _what(result: Any, lang: str) -> str:
    return say(result.origin.what, lang)


def _foot(result: Any, lang: str) -> tuple[str, ...]:
    return tuple(foot(result.origin, lang))
