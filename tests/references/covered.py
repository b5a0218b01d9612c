"""What is expected of the cases in this folder, once all of a kind were tried.

`covered.txt` says what must stay covered (`python -m tests.references.covered` prints it anew), `differing.txt` what is
known to differ, and why.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from .adapters import adapter_of
from .reader import FOLDER, Library, library
from .verdicts import DIFFERS, Verdict, verdict

SCHEMA = "refs/1"


@dataclass(frozen=True)
class Expected:
    """At least `count` cases of a kind agree, but for the keys in `without`, which need not be produced yet."""

    kind: str
    count: int
    without: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Known:
    """Keys of cases (by a pattern of their ids) that are known to differ, and why."""

    cases: str
    keys: frozenset[str]
    why: str


def tried(held: Library) -> list[str]:
    """Every case of the common schema; of our own files in this folder those that an adapter reads, not a test."""
    own = {area["area"] for area in held.areas if area.get("schema") != SCHEMA} if held.folder == FOLDER else set()
    return [name for name, case in held.cases.items() if case.area not in own or adapter_of(case)]


def expected() -> list[Expected]:
    """The lines of covered.txt: "a.crosstab 3 without Wald saddlepoint"; what follows # is a remark."""
    lines = (FOLDER / "covered.txt").read_text("utf-8").splitlines()
    told = [words for line in lines if (words := line.partition("#")[0].split())]
    return [Expected(words[0], int(words[1]), frozenset(words[3:])) for words in told]


def known() -> list[Known]:
    """The lines of differing.txt: "a2.chisq.rep.* F,Chisq: why"."""
    lines = [line for line in (FOLDER / "differing.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]
    told = [(line.partition(":")[0].split(), line.partition(":")[2].strip()) for line in lines]
    return [Known(cases, frozenset(keys.split(",")), why) for (cases, keys), why in told]


def surprising(found: Verdict) -> bool:
    """Whether a case of this folder differs in a key that is not known to."""
    names = {key for line in known() if fnmatchcase(found.case, line.cases) for key in line.keys}
    return found.word == DIFFERS and not (found.wrong and set(found.wrong) <= names)


def shortfalls(found: Iterable[Verdict]) -> list[str]:
    """What falls short of covered.txt, and what differing.txt tells in vain, of kinds and patterns tried in whole."""
    by_case = {one.case: one for one in found}
    held = library(FOLDER)
    names = tried(held)
    whole = Counter(held.cases[name].kind for name in names)
    here = Counter(one.kind for one in by_case.values())
    short = [
        f"covered.txt expects {line.count} cases of {line.kind}; there are {count}"
        for line in expected()
        if here[line.kind] == whole[line.kind] and (count := covered(by_case.values(), line)) < line.count
    ]
    return short + [
        f"differing.txt: {line.cases} {','.join(sorted(line.keys))} differs no more; take the line out"
        for line in known()
        if (cases := fitting(names, line)) <= set(by_case) and not any(line.keys & set(by_case[c].wrong) for c in cases)
    ]


def fitting(names: Iterable[str], line: Known) -> set[str]:
    """Cases of which something is known to differ."""
    return {name for name in names if fnmatchcase(name, line.cases)}


def covered(found: Iterable[Verdict], line: Expected) -> int:
    """How many cases of a kind hold, with nothing missing but what need not be there."""
    own = [one for one in found if one.kind == line.kind]
    return sum(not surprising(one) and set(one.missing) <= line.without for one in own)


def lines() -> list[str]:
    """covered.txt as it could be now: kinds with cases that hold, and the exceptions of the file."""
    held, without = library(FOLDER), {line.kind: line.without for line in expected()}
    found = [verdict(held, name) for name in tried(held)]
    could = [Expected(kind, 0, without.get(kind, frozenset())) for kind in dict.fromkeys(one.kind for one in found)]
    told = [(line, covered(found, line), " ".join(sorted(line.without))) for line in could]
    return [f"{line.kind} {count}{keys and ' without '}{keys}" for line, count, keys in told if count]


if __name__ == "__main__":
    print("\n".join(lines()))
