"""A case, tried: agrees, differs, or not covered, with the reason."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from surveyanalysis.errors import SurveyError

from .adapters import adapter_of
from .comparing import UNKNOWN, Finding, compared, done, said
from .reader import Case, Library

AGREES, DIFFERS, NOT_COVERED = "agrees", "differs", "not covered"


@dataclass(frozen=True)
class Verdict:
    """What became of a case.

    Attributes
    ----------
    word
        "agrees": every number that the case holds was produced and lies within its bound. "differs": a produced number
        does not. "not covered": some were not produced, and none is wrong.
    why
        The numbers that differ, worst first; else the keys that were not produced, and why.
    missing, wrong
        Keys of the case of which something was not produced, or differs.
    """

    case: str
    kind: str
    word: str
    why: str = ""
    missing: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.case} {self.word}" + (f": {self.why}" if self.why else "")


@cache
def verdict(library: Library, name: str) -> Verdict:
    """Try a case of a library."""
    case = library.case(name)
    adapter = adapter_of(case)
    if adapter is None:
        return Verdict(case.id, case.kind, NOT_COVERED, f"no adapter for {case.kind}", tuple(case.values))
    if case.values.get("error") is True:
        return _refusal(case, lambda: _everything(adapter(case, library)))
    try:
        produced = adapter(case, library)
    except UNKNOWN as wrong:
        return Verdict(case.id, case.kind, NOT_COVERED, said(wrong), tuple(case.values))
    except Exception as wrong:
        return Verdict(case.id, case.kind, DIFFERS, f"crashed with {said(wrong)}", tuple(case.values))
    return _judged(case, compared(case, produced))


def _judged(case: Case, findings: list[Finding]) -> Verdict:
    wrong = sorted((f for f in findings if f.wrong), key=lambda f: f.off / f.bound, reverse=True)
    absent = [f for f in findings if not f.produced]
    missing = tuple(dict.fromkeys(f.path[0] for f in absent))
    if wrong:
        more = f" (and {len(wrong) - 3} more of {len(findings)})" if len(wrong) > 3 else ""
        keys = tuple(dict.fromkeys(f.path[0] for f in wrong))
        return Verdict(case.id, case.kind, DIFFERS, "; ".join(map(str, wrong[:3])) + more, missing, keys)
    if absent:
        return Verdict(case.id, case.kind, NOT_COVERED, f"not produced: {_listed(absent)}", missing)
    return Verdict(case.id, case.kind, AGREES)


def _listed(absent: list[Finding]) -> str:
    """Keys that were not produced, by reason."""
    keys: dict[str, list[str]] = {}
    for finding in absent:
        keys.setdefault(finding.why, []).append(finding.path[0])
    return "; ".join(f"{', '.join(dict.fromkeys(named))} ({why})" for why, named in keys.items())


def _refusal(case: Case, attempt: Callable[[], object]) -> Verdict:
    """R stops here; so must we, with an error of ours."""
    try:
        attempt()
    except SurveyError:
        return Verdict(case.id, case.kind, AGREES)
    except UNKNOWN as wrong:
        return Verdict(case.id, case.kind, NOT_COVERED, said(wrong), ("error",))
    return Verdict(case.id, case.kind, DIFFERS, "R stops with an error; numbers were returned", ("error",))


def _everything(produced: object) -> None:
    """Compute every part of what an adapter offers."""
    found = done(produced)
    for part in found.values() if isinstance(found, dict) else ():
        _everything(part)
