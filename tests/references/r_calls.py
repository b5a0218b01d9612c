"""A reader of the little R that cases are written in: calls, formulas, conditions, vectors.

Nothing is run as R: text becomes a tree, and `r_values.py` knows what the few functions in it mean.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Name:
    """A column, an object or a word such as TRUE."""

    text: str


@dataclass(frozen=True)
class Constant:
    """A number or a text."""

    value: float | str


@dataclass(frozen=True)
class Call:
    """A function, or an operator, with its arguments: (name or "", node)."""

    function: str
    arguments: tuple[tuple[str, "Node"], ...]

    def __iter__(self) -> Iterator["Node"]:
        return (node for _, node in self.arguments)

    def get(self, name: str = "", position: int | None = None) -> "Node | None":
        """Argument by its name, or by its position among those without one."""
        for given, node in self.arguments:
            if name and given == name:
                return node
        unnamed = [node for given, node in self.arguments if not given]
        return unnamed[position] if position is not None and position < len(unnamed) else None


Node = Name | Constant | Call
_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|(?P<text>'[^']*'|"[^"]*")|(?P<quoted>`[^`]+`)"""
    r"|(?P<name>[A-Za-z.][\w.]*(?:::[A-Za-z.][\w.]*)?)"
    r"|(?P<sign>%\w+%|<=|>=|==|!=|&&|\|\||[-+*/^:~!<>&|(),=$])"
)
_BINDS = [("~",), ("|", "||"), ("&", "&&"), ("!",), ("==", "!=", "<", ">", "<=", ">="), ("+", "-"), ("*", "/"),
          ("%in%",), (":",)]  # fmt: skip


class NotR(LookupError):
    """Words, or an R that the reader does not know."""


@cache
def read(text: str) -> Node:
    """The tree of one expression.

    >>> read("mean(x, na.rm=TRUE)")
    Call(function='mean', arguments=(('', Name(text='x')), ('na.rm', Name(text='TRUE'))))
    """
    reader = _Reader(_tokens(text))
    node = reader.level(0)
    if reader.token[0] != "end":
        raise NotR(f"{reader.token[1]!r} in {text!r}")
    return node


def calls(text: str, *functions: str) -> list[Call]:
    """Every readable call of these functions in a text that may hold words and three dots besides.

    >>> [write(call) for call in calls("options(a='b'); median/total(~x,d), and mean(~y, ...)", "mean", "total")]
    ['total(~x,d)', 'mean(~y,...)']
    """
    found = []
    for match in re.finditer(r"(?<![\w.])([A-Za-z.][\w.]*)\(", text):
        if match[1] in functions and (end := _closing(text, match.end())) is not None:
            try:
                node = read(text[match.start() : end])
            except NotR:
                continue
            if isinstance(node, Call):
                found.append(node)
    return found


def _closing(text: str, start: int) -> int | None:
    """Position after the parenthesis that closes the one before `start`."""
    depth, quote = 1, ""
    for at in range(start, len(text)):
        sign = text[at]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        else:
            depth += {"(": 1, ")": -1}.get(sign, 0)
        if not depth:
            return at + 1
    return None


def sides(formula: Node | str) -> tuple[Node | None, Node]:
    """Left (None where there is none) and right side of a formula."""
    node = read(formula) if isinstance(formula, str) else formula
    if not (isinstance(node, Call) and node.function == "~"):
        raise NotR(f"no formula: {write(node)}")
    parts = list(node)
    return (parts[0], parts[1]) if len(parts) == 2 else (None, parts[0])


def terms(formula: Node | str) -> list[Node]:
    """Terms of the right side, between the plus signs.

    >>> [write(term) for term in terms("y ~ a + I(b^2) + c:d")]
    ['a', 'I(b^2)', 'c:d']
    """
    return list(_summands(sides(formula)[1]))


def _summands(node: Node) -> Iterator[Node]:
    if isinstance(node, Call) and node.function == "+" and len(node.arguments) == 2:
        for part in node:
            yield from _summands(part)
    else:
        yield node


def names(node: Node) -> list[str]:
    """Names in the order of appearance, each once, functions left out."""
    if isinstance(node, Name):
        return [node.text]
    if isinstance(node, Constant):
        return []
    return list(dict.fromkeys(name for part in node for name in names(part)))


def write(node: Node) -> str:
    """R text of a tree, without needless blanks, as R labels coefficients.

    >>> write(read("y ~ log( income )+I(age ^ 2)"))
    'y~log(income)+I(age^2)'
    """
    if isinstance(node, Name):
        return node.text
    if isinstance(node, Constant):
        return f'"{node.value}"' if isinstance(node.value, str) else f"{node.value:g}"
    parts = [f"{name}={write(part)}" if name else write(part) for name, part in node.arguments]
    if node.function == "(":
        return f"({parts[0]})"
    if node.function[0].isalpha() or node.function[0] == ".":
        return f"{node.function}({','.join(parts)})"
    return parts[0] and (node.function + parts[0] if len(parts) == 1 else node.function.join(parts))


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotR(f"{text[at:]!r}")
        if match.lastgroup != "space":
            found.append((str(match.lastgroup), match.group()))
        at = match.end()
    return [*found, ("end", "")]


class _Reader:
    """Recursive descent by binding strength."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at = tokens, 0

    @property
    def token(self) -> tuple[str, str]:
        return self.tokens[self.at]

    def take(self, *signs: str) -> str:
        kind, text = self.token
        if kind != "sign" or text not in signs:
            return ""
        self.at += 1
        return text

    def expect(self, sign: str) -> None:
        if not self.take(sign):
            raise NotR(f"{self.token[1]!r} where {sign!r} is expected")

    def level(self, depth: int) -> Node:
        if depth == len(_BINDS):
            return self.signed()
        signs = _BINDS[depth]
        if signs in (("~",), ("!",)) and (sign := self.take(*signs)):
            return _call(sign, self.level(depth if sign == "!" else depth + 1))
        node = self.level(depth + 1)
        while signs != ("!",) and (sign := self.take(*signs)):
            node = _call(sign, node, self.level(depth + 1))
        return node

    def signed(self) -> Node:
        if sign := self.take("-", "+"):
            node = self.signed()
            return Constant(-node.value) if sign == "-" and isinstance(node, Constant) else _call(sign, node)
        base = self.atom()
        return _call("^", base, self.signed()) if self.take("^") else base

    def atom(self) -> Node:
        kind, text = self.token
        if self.take("("):
            inside = self.level(0)
            self.expect(")")
            return _call("(", inside)
        if kind not in ("number", "text", "quoted", "name"):
            raise NotR(f"{text!r} is no beginning")
        self.at += 1
        if kind == "number":
            return Constant(float(text))
        if kind == "text":
            return Constant(text[1:-1])
        name = text.strip("`")
        return Call(name, self.arguments()) if kind == "name" and self.take("(") else Name(name)

    def arguments(self) -> tuple[tuple[str, Node], ...]:
        found = []
        while not self.take(")"):
            name = ""
            if self.token[0] in ("name", "quoted", "text") and self.tokens[self.at + 1] == ("sign", "="):
                name = self.token[1].strip("`'\"")
                self.at += 2
            found.append((name, self.level(0)))
            if self.token != ("sign", ")"):
                self.expect(",")
        return tuple(found)


def _call(function: str, *parts: Node) -> Call:
    return Call(function, tuple(("", part) for part in parts))
