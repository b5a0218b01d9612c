"""What the few R functions in cases mean: conditions and derived columns on a frame, vectors with names."""

import operator
import re
from typing import Any

import numpy as np
import pandas as pd

from .r_calls import Call, Constant, Name, Node, NotR, names, read, write

_COMPARE = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le,
            ">=": operator.ge}  # fmt: skip
_ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "^": operator.pow}
_WORDS = {"TRUE": True, "FALSE": False, "T": True, "F": False, "NA": np.nan, "Inf": np.inf}
_SAME = ("(", "I", "as.numeric", "c", "as.integer")


def value(node: Node | str, frame: pd.DataFrame) -> Any:
    """Value of an expression on a frame: a column, a number or a list.

    >>> value("I(x / 10 > 2) & !is.na(g)", pd.DataFrame({"x": [10, 30], "g": ["a", "b"]})).tolist()
    [False, True]
    """
    node = read(node) if isinstance(node, str) else node
    if isinstance(node, Constant):
        return node.value
    if isinstance(node, Name):
        if node.text in frame.columns:
            return frame[node.text]
        if node.text in _WORDS:
            return _WORDS[node.text]
        raise NotR(f"{node.text!r} is no column")
    return _called(node, frame)


def _called(node: Call, frame: pd.DataFrame) -> Any:
    parts = [value(part, frame) for _, part in node.arguments]
    function = node.function
    if function in _COMPARE:
        return _compared(function, *parts)
    if function in _ARITHMETIC:
        return _ARITHMETIC[function](*parts) if len(parts) == 2 else 0 - parts[0]
    if function in ("&", "&&", "|", "||"):
        both = [pd.Series(part).astype("boolean") for part in parts]
        return both[0] & both[1] if function[0] == "&" else both[0] | both[1]
    if function == "!":
        return ~pd.Series(parts[0]).astype("boolean")
    if function == "is.na":
        return parts[0].isna()
    if function == "%in%":
        return parts[0].astype("str").isin([_text(x) for x in np.ravel(parts[1])])
    if function == "c" and len(parts) != 1:
        return parts
    if function in _SAME:
        return parts[0]
    return _made(function, parts)


def _made(function: str, parts: list[Any]) -> Any:
    """A column that a function of R makes."""
    if function in ("factor", "as.factor", "ordered"):
        levels = sorted(pd.unique(parts[0].dropna()))
        return pd.Categorical(parts[0], categories=levels, ordered=function == "ordered")
    if function == "cut":
        breaks = parts[1]
        return pd.cut(parts[0], breaks, labels=list(range(1, len(breaks))), ordered=True)
    if function in ("log", "exp", "sqrt"):
        return getattr(np, function)(parts[0])
    if function == "ifelse":
        return pd.Series(np.where(parts[0].fillna(False), parts[1], parts[2])).mask(parts[0].isna())
    raise NotR(f"function {function!r}")


def _compared(sign: str, left: Any, right: Any) -> Any:
    """A comparison that is missing where an answer is, whatever type the column has."""
    if isinstance(right, str) and isinstance(left, pd.Series):
        found = _COMPARE[sign](left.astype("str"), right)
    else:
        found = _COMPARE[sign](left, right)
    absent = pd.isna(left) if isinstance(left, pd.Series) else np.zeros(len(found), bool)
    return pd.Series(found).astype("boolean").mask(absent)


def _text(x: Any) -> str:
    return f"{x:g}" if isinstance(x, float) else str(x)


def vector(node: Node | None) -> dict[str, float]:
    """A named vector of numbers, as in c(E=4421, H=755); numbers that are left out as `..` are missing from it.

    >>> vector(read("c(E=4421, `M`=-1018, H=..)"))
    {'E': 4421.0, 'M': -1018.0}
    """
    if not isinstance(node, Call) or node.function != "c":
        return {}
    return {name: part.value for name, part in node.arguments if isinstance(part, Constant) and name}


def pairs(words: str) -> dict[str, float]:
    """Numbers by name in words: "E=1877350,H=1013824".

    >>> pairs("known totals of x E=1877350,H=1013824 and (Yes=4477)")
    {'E': 1877350.0, 'H': 1013824.0, 'Yes': 4477.0}
    """
    return {name: float(number) for name, number in re.findall(r"\b([A-Za-z][\w.]*)=(-?\d+(?:\.\d+)?)", words)}


def as_expression(node: Node | str) -> str:
    """A condition in the package's own words.

    >>> as_expression("stype != 'H' & !(api99 > 500 | is.na(target))")
    "stype != 'H' and not (api99 > 500 or missing(target))"
    """
    node = read(node) if isinstance(node, str) else node
    if isinstance(node, Constant):
        return repr(node.value) if isinstance(node.value, str) else f"{node.value:g}"
    if isinstance(node, Name):
        return node.text
    parts = [as_expression(part) for part in node]
    if node.function in ("&", "&&", "|", "||"):
        return f" {'and' if node.function[0] == '&' else 'or'} ".join(parts)
    if node.function in _COMPARE or (node.function in _ARITHMETIC and len(parts) == 2 and node.function != "^"):
        return f" {node.function} ".join(parts)
    if node.function == "(":
        return f"({parts[0]})"
    if node.function == "!":
        return f"not {parts[0]}"
    if node.function == "is.na":
        return f"missing({parts[0]})"
    if node.function == "%in%":
        return f"{parts[0]} in {parts[1]}"
    if node.function == "c":
        return f"({', '.join(parts)},)"
    raise NotR(f"{write(node)} has no words of ours")


def mask(words: str, frame: pd.DataFrame) -> np.ndarray:
    """Rows of a domain told in R or in words: conditions joined by "or", or "first H row" (of the column just named).

    >>> mask("g!='b' or first b row", pd.DataFrame({"g": list("abb")})).tolist()
    [True, True, False]
    """
    found = np.zeros(len(frame), bool)
    parts = re.split(r"\s+or\s+", words)
    for part in parts:
        first = re.fullmatch(r"first (\S+) row", part.strip())
        if first:
            rows = np.flatnonzero(frame[_column_with(first[1], parts, frame)].astype("str") == first[1])[:1]
            found[rows] = True
        else:
            found |= pd.Series(value(part, frame)).astype("boolean").fillna(False).to_numpy(bool)
    return found


def _column_with(level: str, parts: list[str], frame: pd.DataFrame) -> str:
    """The column that conditions name, and that holds this answer."""
    named = [name for part in parts if not part.startswith("first ") for name in names(read(part))]
    return next(name for name in named if level in set(frame[name].dropna().astype("str")))
