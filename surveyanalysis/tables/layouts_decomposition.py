"""Layout of a gap taken apart."""

from dataclasses import replace

from ..results import Estimates
from .formats import printed
from .grid import COUNT, Measure, P, grid, interval, number
from .layouts_estimates import decimals_of
from .table import Cell, Format, Table
from .words import word

TWO = Format("number", 2)


def decomposition(result: Estimates, lang: str) -> Table:
    """The groups' means and their gap, then the parts with their terms; tests are of the gap and its parts."""
    points = result.scale == "probability"
    decimals = 1 if points else decimals_of(result)
    plain = Format("percent" if points else "number", decimals)
    frame = result.frame.assign(share=result.detail["shares"])
    means = frame["term"].str.startswith("mean[")
    frame.loc[means, ["statistic", "p", "share"]] = float("nan")
    measures = [
        number(word("n", lang), "n", COUNT),
        number(word("gap_points" if points else "gap", lang), "estimate", plain),
        number(word("se", lang), "se", plain),
        number(word("t", lang), "statistic", TWO),
        number(word("p", lang), "p", P),
        interval(result, lang, Format("interval", decimals, percent=points, between=", ")),
        Measure(word("of_gap", lang), lambda record: _share(record["share"])),
    ]
    return grid(replace(result, _frame=frame), ("component", "term"), measures, lang)


def _share(share: float) -> Cell:
    """A part of the gap in percent, with its sign; nothing where there is no gap."""
    cell = Cell(share, Format("percent", 1))
    return cell if share == share and printed(cell) else Cell()
