"""What is expected of the cases in this folder.

`covered.txt` says what must stay covered (`python -m tests.references.covered` prints it anew), `differing.txt` what is
known to differ, and why.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from .reader import FOLDER, library
from .verdicts import DIFFERS, Verdict, verdict


@dataclass(frozen=True)
class Expected:
    """At least `count` cases of a kind agree, but for the keys in `without`, which need not be produced yet."""

    kind: str
    count: int
    without: frozenset[str] = frozenset()


def expected() -> list[Expected]:
    """The lines of covered.txt: "a.crosstab 3 without Wald saddlepoint"; what follows # is a remark."""
    lines = (FOLDER / "covered.txt").read_text("utf-8").splitlines()
    told = [words for line in lines if (words := line.partition("#")[0].split())]
    return [Expected(words[0], int(words[1]), frozenset(words[3:])) for words in told]


@dataclass(frozen=True)
class Known:
    """Keys of cases (by a pattern of their ids) that are known to differ, and why."""

    cases: str
    keys: frozenset[str]
    why: str

    def holds(self, found: Verdict, key: str) -> bool:
        """Whether it is of this key of this case."""
        return key in self.keys and fnmatchcase(found.case, self.cases)


def known() -> list[Known]:
    """The lines of differing.txt: "a2.chisq.rep.* F,Chisq: why"."""
    lines = [line for line in (FOLDER / "differing.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]
    told = [(line.partition(":")[0].split(), line.partition(":")[2].strip()) for line in lines]
    return [Known(cases, frozenset(keys.split(",")), why) for (cases, keys), why in told]


def surprising(found: Verdict) -> list[str]:
    """Keys of a case of this folder that differ, and are not known to."""
    return [key for key in found.wrong if not any(line.holds(found, key) for line in known())]


def still_differs(line: Known) -> bool:
    """Whether something that is known to differ does."""
    own = library(FOLDER)
    cases = [name for name in own.cases if fnmatchcase(name, line.cases)]
    return any(line.holds(found, key) for name in cases for found in [verdict(own, name)] for key in found.wrong)


def covered(kind: str, without: frozenset[str]) -> list[str]:
    """Cases of a kind of which nothing differs, and nothing is missing but these keys."""
    return [found.case for found in _verdicts(kind) if _holds(found, without)]


def _verdicts(kind: str) -> list[Verdict]:
    own = library(FOLDER)
    return [verdict(own, name) for name, case in own.cases.items() if case.kind == kind]


def _holds(found: Verdict, without: frozenset[str]) -> bool:
    return found.word != DIFFERS and set(found.missing) <= without


def lines() -> list[str]:
    """covered.txt as it could be now: kinds with cases that agree, and those of the file with their exceptions."""
    without = {line.kind: line.without for line in expected()}
    kinds = dict.fromkeys(case.kind for case in library(FOLDER).cases.values())
    counts = {kind: len(covered(kind, without.get(kind, frozenset()))) for kind in kinds}
    exceptions = {kind: f" without {' '.join(sorted(keys))}" for kind, keys in without.items() if keys}
    return [f"{kind} {count}{exceptions.get(kind, '')}" for kind, count in counts.items() if count]


if __name__ == "__main__":
    print("\n".join(lines()))
