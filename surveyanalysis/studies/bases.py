"""Tables about printed percentages: which bases can print them, and what paired margins leave open."""

from collections.abc import Callable
from dataclasses import dataclass

from ..language import Text, both, say
from ..reproduction.bases import feasible_counts
from ..reproduction.paired_margins import PairedBounds
from ..reproduction.published import Published
from ..tables.table import Cell, Column, Format, Row, Table


@dataclass(frozen=True)
class Tabulated:
    """A table that is made in the language asked for."""

    make: Callable[[str], Table]

    def table(self, lang: str = "en") -> Table:
        """Return the table in a language."""
        return self.make(lang)


def base_table(published: Published, base_max: int) -> Tabulated:
    """Tabulate, for every printed percentage, the counts and bases up to `base_max` that can print it."""
    return Tabulated(lambda lang: _bases(published, base_max, lang))


def _bases(published: Published, base_max: int, lang: str) -> Table:
    percentages = [number for number in published.numbers if number.read.unit == "percent"]
    rows = []
    for number in percentages:
        found = feasible_counts(number.printed, base_max)
        pairs = ", ".join(f"{count}/{base}" for count, base in found.pairs)
        stated = f"{number.count}/{number.base}" if number.count is not None else ""
        rows.append(Row(say(number.says, lang), (Cell(number.printed), Cell(stated), Cell(pairs))))
    heads = both("Printed|Taken here|Every count and base that prints it", "인쇄된 값|채택|가능한 모든 빈도/기준수")
    printed, taken, possible = say(heads, lang).split("|")
    return Table(
        columns=(Column(printed), Column(taken), Column(possible, "left")),
        rows=tuple(rows),
        title=say(both("Which bases can print these percentages", "각 비율이 나올 수 있는 기준수"), lang),
        subtitle=say(
            both("bases up to {n}; halves rounded up or to even", "기준수 {n} 이하, 반올림 또는 오사오입", n=base_max),
            lang,
        ),
        lang=lang,
    )


def bounds_table(bounds: PairedBounds, first: Text, second: Text) -> Tabulated:
    """Tabulate every paired table that two margins allow.

    Parameters
    ----------
    bounds
        From `paired_bounds`.
    first, second
        Names of the two answers.
    """
    return Tabulated(lambda lang: _bounds(bounds, say(first, lang), say(second, lang), lang))


def _bounds(bounds: PairedBounds, first: str, second: str, lang: str) -> Table:
    heads = both("{a} only|{b} only|Neither|Exact McNemar p", "{a}만|{b}만|둘 다 아님|정확 맥니마 p", a=first, b=second)
    whole = Format("integer")
    formats = (whole, whole, whole, Format("p", 4))
    rows = tuple(
        Row(f"{together:,}", tuple(Cell(value, form) for value, form in zip(rest, formats)))
        for together, *rest in bounds.frame.itertuples(index=False)
    )
    return Table(
        columns=tuple(Column(head) for head in say(heads, lang).split("|")),
        rows=rows,
        title=say(both("Every paired table that the two margins allow", "두 주변합이 허용하는 모든 짝지은 표"), lang),
        stub_head=say(both("Both", "둘 다"), lang),
        notes=(say(bounds.words, lang),),
        lang=lang,
    )
