"""Formulas in codebook names: read token by token against an allow-list, never run as code."""

import re
from collections.abc import Collection
from typing import Any

from ..errors import FormulaError, nearest
from ..estimators.spline import least_df
from .formula import SPLINES, Factor, Formula, Terms, Use, crossed, interacted, one_term, powered, term_name

GRAMMAR = (
    "names (`in backquotes` where they hold spaces or signs), + - : *, ^ with a whole number, parentheses, C(x), "
    "ref(x, 'level'), score(x), log(x), I(x^2), ns(x, 3), bs(x, 4), ns(x, knots = (30, 40))"
)
FUNCTIONS = ("C", "ref", "score", "log", "I", *SPLINES)
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<quoted>`[^`]+`)|(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<name>[^\W\d][\w.]*)|(?P<sign>\*\*|[~+\-*:^(),=])"
)
HIGHEST_POWER = 5
MOST_BENDS = 50
DEEPEST = 50


def read_formula(source: str, columns: Collection[str] = ()) -> Formula:
    """Read a formula such as ``interested ~ age + age^2 + employer*degree``.

    Parameters
    ----------
    source
        ``outcome ~ terms``. ``a:b`` is an interaction, ``a*b`` means ``a + b + a:b``, ``(a + b + c)^2`` all pairs,
        ``- a:b`` takes a term out. ``x^2`` (also ``x**2``, ``I(x^2)``) is the square of a number. ``C(x)`` makes
        categories of a number, ``ref(x, 'level')`` chooses the reference, ``score(x)`` enters a scale as a number,
        ``log(x)`` is the natural logarithm. ``ns(x, 3)`` is a smooth curve with 3 degrees of freedom: a natural cubic
        spline, a line beyond the lowest and highest x of the respondents used, its knots at their quantiles (without
        weights, as in R ``ns``). ``bs(x, 4)`` is a cubic B-spline, which has no value beyond them.
        ``ns(x, knots = (30, 40))`` names the knots. A function's name is a function only before a parenthesis: columns
        called C, Q or I are columns.
    columns
        Names to suggest in errors.

    Raises
    ------
    FormulaError
        Something outside the allow-list; the message names it. Nothing is ever run.

    Examples
    --------
    >>> [term_name(t) for t in read_formula("y ~ age + age^2 + 성별*`my column`").terms]
    ['age', 'age^2', '성별', 'my column', '성별:my column']
    """
    reader = _Reader(source, _tokens(source, columns), columns)
    outcome = reader.name("the outcome")
    if outcome in ("log", "I", "score", "C") and reader.text == "(":
        raise reader.refuse("stands where '~' is expected: an outcome is a question, not something made of one. "
                            "Add it to the data under a name of its own")  # fmt: skip
    reader.expect("~")
    found = reader.sum()
    if reader.kind != "end":
        raise reader.refuse()
    terms = sorted((t for t in found.values() if t), key=len)
    if any(f.question == outcome for t in terms for f in t):
        raise FormulaError(
            f"{outcome!r} is the outcome and a covariate at once in {source!r}. Leave it out on the right."
        )
    return Formula(source, outcome, tuple(terms))


def _tokens(source: str, columns: Collection[str]) -> list[tuple[str, str]]:
    """Split into (kind, text); a character that starts no token is refused."""
    if not isinstance(source, str):
        raise FormulaError(f"A formula is a text, such as 'y ~ x + z'; this is a {type(source).__name__}.")
    found, at = [], 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            word = source[at:].split()[0]
            raise FormulaError(
                f"{word!r} at position {at + 1} of the formula {source!r} is not allowed. Allowed: {GRAMMAR}."
                f"{nearest(word, columns)}"
            )
        if match.lastgroup != "space":
            found.append((str(match.lastgroup), match.group()))
        at = match.end()
    return [*found, ("end", "")]


class _Reader:
    """Recursive descent; each method reads one rule of the grammar and returns its terms."""

    def __init__(self, source: str, tokens: list[tuple[str, str]], columns: Collection[str]) -> None:
        self.source, self.tokens, self.columns, self.at, self.depth = source, tokens, columns, 0, 0

    @property
    def kind(self) -> str:
        return self.tokens[self.at][0]

    @property
    def text(self) -> str:
        return self.tokens[self.at][1]

    def refuse(self, why: str = "is not allowed here", word: str | None = None) -> FormulaError:
        shown = repr(self.text if word is None else word) if (word or self.kind != "end") else "The end"
        hint = nearest(word or self.text, self.columns) if self.columns else ""
        return FormulaError(f"{shown} {why} in the formula {self.source!r}. Allowed: {GRAMMAR}.{hint}")

    def take(self, *signs: str) -> str:
        """Step over one of these signs and return it, or return nothing."""
        if self.kind == "sign" and self.text in signs:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def expect(self, sign: str) -> None:
        if not self.take(sign):
            raise self.refuse(f"stands where {sign!r} is expected")

    def name(self, what: str = "a question") -> str:
        if self.kind not in ("name", "quoted"):
            raise self.refuse(f"stands where {what} is expected")
        self.at += 1
        return self.tokens[self.at - 1][1].strip("`")

    def whole(self) -> int:
        if self.kind != "number" or not self.text.isdecimal() or not 1 <= int(self.text) <= HIGHEST_POWER:
            raise self.refuse(f"is no power from 1 to {HIGHEST_POWER}")
        self.at += 1
        return int(self.tokens[self.at - 1][1])

    def sum(self) -> Terms:
        total = self.product()
        while sign := self.take("+", "-"):
            item = self.product()
            if sign == "+":
                total |= {key: term for key, term in item.items() if key not in total}
            else:
                self.drop(total, item)
        return total

    def drop(self, total: Terms, item: Terms) -> None:
        """Take terms out; there must be something to take out."""
        for key, term in item.items():
            if not term:
                raise self.no_intercept("- 1")
            if key not in total:
                raise self.refuse("is taken out but is no term before the minus sign", term_name(term))
            del total[key]

    def no_intercept(self, word: str) -> FormulaError:
        return self.refuse(
            "asks for a model without intercept, whose slopes would change their meaning: leave it out", word
        )

    def product(self) -> Terms:
        total = self.interaction()
        while self.take("*"):
            total = crossed(total, self.interaction())
        return total

    def interaction(self) -> Terms:
        total = self.power()
        while self.take(":"):
            total = interacted(total, self.power())
        return total

    def power(self) -> Terms:
        base = self.atom()
        if not self.take("^", "**"):
            return base
        degree = self.whole()
        terms = [t for t in base.values() if t]
        if len(terms) == 1 and len(terms[0]) == 1 and terms[0][0].use == "typed":
            return one_term(powered(terms[0][0], degree))
        if len(terms) < 2:
            raise self.refuse("cannot be raised to a power; only numbers, as in age^2, and sums, as in (a + b)^2, can",
                              term_name(terms[0]) if terms else "1")  # fmt: skip
        total = base
        for _ in range(degree - 1):
            total = crossed(total, base)
        return total

    def atom(self) -> Terms:
        if self.take("("):
            self.depth += 1
            if self.depth > DEEPEST:
                raise FormulaError(f"The formula nests more than {DEEPEST} parentheses. Take some away.")
            inside = self.sum()
            self.expect(")")
            self.depth -= 1
            return inside
        if self.kind == "number":
            return self.one()
        called = self.kind == "name" and self.tokens[self.at + 1] == ("sign", "(")
        return one_term(self.call() if called else Factor(self.name()))

    def one(self) -> Terms:
        if self.text == "0":
            raise self.no_intercept("0")
        if self.text != "1":
            raise self.refuse()
        self.at += 1
        return {frozenset(): ()}

    def call(self) -> Factor:
        function = self.name()
        if function not in FUNCTIONS:
            raise self.refuse("is no function of formulas", f"{function}(")
        self.expect("(")
        question = self.name()
        factor = self.argument(function, question)
        self.expect(")")
        return factor

    def argument(self, function: str, question: str) -> Factor:
        """What a function makes of its question."""
        if function == "I":
            return powered(Factor(question), self.whole() if self.take("^", "**") else 1)
        if function == "ref":
            self.expect(",")
            return Factor(question, "categories", self.level())
        if function in SPLINES:
            return self.spline(SPLINES[function], question)
        uses: dict[str, Use] = {"C": "categories", "score": "score", "log": "log"}
        return Factor(question, uses[function])

    def spline(self, use: Use, question: str) -> Factor:
        """Degrees of freedom or knots of a spline; R's names of its arguments may stand before them."""
        if self.text == ")":
            raise self.refuse(
                f"does not say how much the curve may bend: write {use}({question}, {least_df(use == 'ns') + 2})",
                f"{use}({question})",
            )
        self.expect(",")
        named = self.kind == "name" and self.tokens[self.at + 1] == ("sign", "=")
        if named and self.text not in ("df", "knots"):
            raise self.refuse("is no argument of a spline: it has df and knots")
        word = self.name() if named else "df"
        if named:
            self.expect("=")
        if word == "knots":
            return Factor(question, use, knots=self.knots())
        return Factor(question, use, df=self.degrees(use))

    def degrees(self, use: str) -> int:
        least = least_df(use == "ns")
        if self.kind != "number" or not re.fullmatch("[0-9]{1,4}", self.text):
            raise self.refuse(f"stands where a whole number of degrees of freedom is expected, as in {use}(age, 4)")
        if not least <= int(self.text) <= MOST_BENDS:
            raise self.refuse(f"is no number of degrees of freedom of {use}(), which has from {least} to {MOST_BENDS}")
        self.at += 1
        return int(self.tokens[self.at - 1][1])

    def knots(self) -> tuple[float, ...]:
        """One number, or several in parentheses, which may begin with R's c."""
        if self.text == "c" and self.tokens[self.at + 1] == ("sign", "("):
            self.at += 1
        several = self.take("(")
        found = [self.number()]
        while several and self.take(","):
            found.append(self.number())
        if several:
            self.expect(")")
        if len(set(found)) < len(found) or len(found) > MOST_BENDS:
            raise self.refuse(f"are no knots: give up to {MOST_BENDS} different numbers", f"knots = {found}")
        return tuple(sorted(found))

    def number(self) -> float:
        sign = -1 if self.take("-") else 1
        if self.kind != "number":
            raise self.refuse("stands where a number is expected, as in knots = (30, 40)")
        self.at += 1
        return sign * float(self.tokens[self.at - 1][1])

    def level(self) -> Any:
        kind, text = self.tokens[self.at]
        if kind not in ("text", "number"):
            raise self.refuse("stands where a level in quotes is expected, as in ref(employer, 'university')")
        self.at += 1
        return text[1:-1] if kind == "text" else float(text) if "." in text else int(text)
