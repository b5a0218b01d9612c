"""Spellings: what a cell of the file says, as the code of an answer or the reason for a missing one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from ..codebook.questions import Choice, Codebook, Missing, Question
from ..errors import nearest
from .parsing import number, plain, read_date, read_number, tidy

CHOSEN = ("single", "likert", "grid")
SAID = frozenset({"dk", "refused"})
"""Reasons that are answers of a kind: the person was there and said so."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says: an answer as canonical text, or the reason why there is none; neither where unknown."""

    answer: str | None = None
    reason: str | None = None
    hint: str = ""

    @property
    def known(self) -> bool:
        """Whether the cell could be read."""
        return self.answer is not None or self.reason is not None


@dataclass(frozen=True)
class Spellings:
    """All that the answers to one question may look like.

    Attributes
    ----------
    answers
        Spelling -> code as text.
    missing
        Spelling -> reason.
    ambiguous
        Spellings that stand for several codes -> what they stand for.
    """

    question: Question
    answers: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    ambiguous: dict[str, str] = field(default_factory=dict)

    @cached_property
    def longest(self) -> int:
        """Length beyond which no text is the spelling of a reason, however it is written."""
        return 2 * max(map(len, self.missing), default=0) + 8

    def is_answer(self, text: str) -> bool:
        """Whether a cell holds an answer; "don't know" and a refusal are answers of a kind."""
        return len(text) > self.longest or self.missing.get(key(text), "dk") in SAID

    def read(self, text: str) -> Reading:
        """Read a cell; own answers come before reasons for missing."""
        if self.question.type == "text" and len(text) > self.longest:
            return Reading(answer=text)
        spelling = key(text)
        value = self._answer(text, spelling)
        if value is not None:
            return Reading(answer=value)
        if spelling in self.missing:
            return Reading(reason=self.missing[spelling])
        if spelling in self.ambiguous:
            return Reading(hint=f" It is {self.ambiguous[spelling]}: list it under `raw` of the one that is meant.")
        known = [label for c in self.question.choices for label in (*c.label.values(), *c.raw)]
        return Reading(hint=nearest(tidy(text), known))

    def _answer(self, text: str, spelling: str) -> str | None:
        read = _BY_TYPE.get(self.question.type)
        if read is not None:
            if self.question.type != "text" and spelling in self.missing:
                return None
            return None if spelling in self.missing else read(text, self.question)
        if spelling in self.answers or spelling in self.ambiguous:
            return self.answers.get(spelling)
        value = number(text)
        if value is None:
            return None if spelling in self.missing else self.without_blanks.get(spelling.replace(" ", ""))
        return self.answers.get(plain(value))

    @cached_property
    def without_blanks(self) -> dict[str, str]:
        """Answers by their spelling without blanks, as Korean is often written, where it stands for one answer only."""
        found: dict[str, set[str]] = {}
        for spelling, code in self.answers.items():
            found.setdefault(spelling.replace(" ", ""), set()).add(code)
        unclear = {spelling.replace(" ", "") for spelling in self.ambiguous}
        return {text: next(iter(codes)) for text, codes in found.items() if len(codes) == 1 and text not in unclear}


def key(text: str) -> str:
    """What two spellings of the same words have in common: one Unicode form, single spaces, no case.

    Examples
    --------
    >>> key(" Ｃompany\\u00a0") == key("company")
    True
    """
    return tidy(text).casefold()


def spellings(question: Question, codebook: Codebook) -> Spellings:
    """Collect the spellings of a question's answers and of its reasons for missing."""
    answers, ambiguous = _answers(question)
    return Spellings(question, answers, _reasons(question, codebook), ambiguous)


def spelled(choice: Choice) -> list[str]:
    """Texts that stand for one choice: labels in every language, raw spellings, the code."""
    return [*choice.label.values(), *choice.raw, str(choice.code)]


def _answers(question: Question) -> tuple[dict[str, str], dict[str, str]]:
    """Spelling -> code, and the spellings that could be several; `raw` decides between a code and a label."""
    if question.type == "multi":
        return {"1": "1", "0": "0"}, {}
    if question.type == "rank":
        ranks = range(1, (question.top or len(question.choices)) + 1)
        return {k: str(r) for r in ranks for k in (str(r), f"{r}순위")}, {}
    explicit = _collected(question, lambda c: c.raw)
    implied = _collected(question, _implied)
    implied |= explicit
    answers = {k: next(iter(codes)) for k, codes in implied.items() if len(codes) == 1}
    unclear = {k: " or ".join(map(repr, codes)) for k, codes in implied.items() if len(codes) > 1}
    return answers, unclear


def _implied(choice: Choice) -> list[str]:
    code, labels = str(choice.code), [*choice.label.values()]
    return [code, f"{code}점", *labels, *_with_number(code, labels)]


def _with_number(code: str, labels: list[str]) -> list[str]:
    return [f"{code}{dot}{label}" for label in labels for dot in (". ", ".", ") ")]


def _numbered(reason: Missing) -> list[str]:
    """A reason as an answer with its number: "8점", "8. 모름"."""
    codes = [text for text in reason.raw if text.isdecimal()]
    words = [*reason.label.values(), *(text for text in reason.raw if not text.isdecimal())]
    return [spelling for code in codes for spelling in (f"{code}점", *_with_number(code, words))]


def _collected(question: Question, texts: "Callable[[Choice], list[str] | tuple[str, ...]]") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for choice in question.choices:
        for spelling in {key(text) for text in texts(choice) if text}:
            found.setdefault(spelling, []).append(str(choice.code))
    return found


def _reasons(question: Question, codebook: Codebook) -> dict[str, str]:
    """Spelling -> reason; those of the question itself before those of the codebook."""
    found: dict[str, str] = {}
    for reason in codebook.missing.values():
        chosen = question.type not in ("text", "number", "date")
        labels = tuple(reason.label.values()) if chosen else ()
        for text in (*reason.raw, *labels, *(_numbered(reason) if chosen else ())):
            if text and _may_mean_missing(text, reason.id, question):
                found.setdefault(key(text), reason.id)
    return found | {key(text): reason for text, reason in question.missing.items() if text}


def _may_mean_missing(text: str, reason: str, question: Question) -> bool:
    """Whether a spelling of the whole codebook counts in this question.

    Numbers do not count in number questions unless they lie outside the range; in text questions, where "8" or "DK" may
    be what somebody wrote, only the spellings of `omitted` count, and marks such as ``{question_not_shown}``.
    """
    if question.type == "text":
        return reason == "omitted" or text.startswith("{")
    if question.type == "number" and (value := number(text)) is not None:
        limits = question.range
        return limits is not None and not float(limits[0]) <= float(value) <= float(limits[1])
    return True


_BY_TYPE: dict[str, Callable[[str, Question], str | None]] = {
    "number": read_number,
    "date": lambda text, question: read_date(text, question.formats),
    "text": lambda text, question: text,
}
