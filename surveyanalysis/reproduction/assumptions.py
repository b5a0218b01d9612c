"""What synthetic respondents assume beyond the numbers that stand fixed.

Per question (or column of a grid), in the file of printed numbers or as a dict; every entry may say `why`::

    assumptions:
      willing_korea:                      # single, likert, grid, multi: expected share of each answer
        why: the longer abroad, the less inclined to return (literature on return intentions)
        shares: {1: .1, 2: .15, 3: .25, 4: .3, 5: .2}
        missing: {dk: .02}                # shares of those asked, by reason
        leans_on: {years_abroad: -.06}    # likert, number: change of the latent answer per unit of an expression
      preferred_job:
        leans_on: {research: {degree == 'doctorate': .8}}       # single, multi, rank: utility by answer
      policies: {worths: {networks: 3, offices: 1}}             # rank: Plackett-Luce worths
      birth_year: {distribution: normal, mean: 1968, sd: 8}     # number: also lognormal (median, sigma), uniform
      years_abroad: {distribution: lognormal, median: 11, sigma: .6, range: [0, 50], at_most: age - 22}
      comments: {share: .15, texts: [...]}                      # text: how many write, and what
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, cast

from ..codebook.questions import Code, Codebook, Question
from ..errors import PublishedError, nearest

Distribution = Literal["normal", "lognormal", "uniform"]
DISTRIBUTIONS = ("normal", "lognormal", "uniform")
_KEYS_OF = {
    "single": {"shares", "leans_on"},
    "likert": {"shares", "leans_on"},
    "grid": {"shares", "leans_on"},
    "multi": {"shares", "leans_on"},
    "rank": {"worths", "leans_on"},
    "number": {"distribution", "mean", "sd", "median", "sigma", "range", "at_most", "leans_on"},
    "date": {"range"},
    "text": {"share", "texts"},
}
_NEEDS = {"normal": ("mean", "sd"), "lognormal": ("median", "sigma"), "uniform": ()}
_BY_ANSWER = ("single", "multi", "rank")


@dataclass(frozen=True, slots=True)
class Assumption:
    """What is assumed of one question; the module's first lines show the words.

    Attributes
    ----------
    shares, worths
        Answer -> expected share of those who answer (or tick), or Plackett-Luce worth.
    missing
        Reason -> expected share of those asked.
    leans_on
        Expression -> change of the latent answer; by answer for single, multi and rank.
    distribution, mean, sd, median, sigma, range, at_most
        Of a number, in the unit of the cleaned frame: its distribution, cut to `range`, and an expression that no
        answer exceeds.
    share, texts
        Of a text: how many of those asked write something, and what.
    why
        The reason, for a reader.
    """

    shares: Mapping[Code, float] = field(default_factory=dict)
    worths: Mapping[Code, float] = field(default_factory=dict)
    missing: Mapping[str, float] = field(default_factory=dict)
    leans_on: Mapping[Any, Any] = field(default_factory=dict)
    distribution: Distribution = "uniform"
    mean: float = 0.0
    sd: float = 1.0
    median: float = 1.0
    sigma: float = 1.0
    range: tuple[Any, Any] | None = None
    at_most: str | None = None
    share: float = 0.0
    texts: tuple[str, ...] = ()
    why: str = ""

    def leans(self, code: Code | None = None) -> Mapping[str, float]:
        """Expressions and coefficients, of one answer where they differ by answer."""
        return cast("Mapping[str, float]", self.leans_on if code is None else self.leans_on.get(code, {}))

    @property
    def expressions(self) -> Iterator[str]:
        """Every expression that the assumption uses."""
        for key, value in self.leans_on.items():
            yield from value if isinstance(value, Mapping) else (key,)
        if self.at_most:
            yield self.at_most


def read_assumptions(raw: Mapping[str, Any], codebook: Codebook) -> Mapping[str, Assumption]:
    """Check assumptions against the codebook.

    Parameters
    ----------
    raw
        Question id (or column of a grid) -> its assumption; see the module's first lines.
    codebook
        What was asked.

    Raises
    ------
    PublishedError
        An unknown question, word, answer or reason, a share outside 0 to 1, or a number that lacks its parameters.

    Examples
    --------
    >>> book = Codebook({"age": Question("age", "number")})
    >>> read_assumptions({"age": {"distribution": "normal", "mean": 44, "sd": 8}}, book)["age"].mean
    44
    """
    return {name: _assumption(name, words, codebook) for name, words in raw.items()}


def _assumption(name: str, words: Any, codebook: Codebook) -> Assumption:
    question = codebook.question_of(name)
    if question is None:
        raise _wrong(name, f"there is no such question.{nearest(name, codebook.questions)}")
    if question.derived:
        raise _wrong(name, f"it is derived ({question.derived}); state the questions that it is computed from.")
    if not isinstance(words, Mapping):
        raise _wrong(name, f"it is {words!r}; a mapping such as {{shares: {{...}}}} is needed.")
    allowed = {"why", "missing"} | _KEYS_OF[question.type]
    for key in words:
        if key not in allowed:
            listed = ", ".join(sorted(allowed))
            raise _wrong(name, f"a {question.type} question has no {key!r}.{nearest(key, allowed)} It has: {listed}.")
    _check_answers(name, words, question)
    _check_shares(name, words, codebook)
    _check_distribution(name, words)
    known = {f.name for f in fields(Assumption)}
    given: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in words.items() if key in known
    }
    return Assumption(**given)


def _check_answers(name: str, words: Mapping[str, Any], question: Question) -> None:
    keys = [*words.get("shares", {}), *words.get("worths", {})]
    leans = words.get("leans_on", {})
    keys += list(leans) if question.type in _BY_ANSWER else []
    for key in keys:
        if key not in question.codes:
            listed = ", ".join(map(repr, question.codes))
            raise _wrong(name, f"{key!r} is no answer.{nearest(key, question.codes)} It has: {listed}.")
    for key, value in leans.items():
        if isinstance(value, Mapping) != (question.type in _BY_ANSWER):
            shape = "answer: {expression: number}" if question.type in _BY_ANSWER else "expression: number"
            raise _wrong(name, f"`leans_on` of a {question.type} question is written {{{shape}}}; {key!r} is not.")


def _check_shares(name: str, words: Mapping[str, Any], codebook: Codebook) -> None:
    for reason in words.get("missing", {}):
        if reason not in codebook.missing:
            raise _wrong(name, f"{reason!r} is no reason for missing.{nearest(reason, codebook.missing)}")
    shares = {**words.get("shares", {}), **words.get("missing", {}), "share": words.get("share", 0)}
    for key, value in shares.items():
        if not isinstance(value, int | float) or not 0 <= value <= 1:
            raise _wrong(name, f"the share of {key!r} is {value!r}; it must lie between 0 and 1.")
    for key, value in words.get("worths", {}).items():
        if not isinstance(value, int | float) or not value > 0:
            raise _wrong(name, f"the worth of {key!r} is {value!r}; it must be above 0.")


def _check_distribution(name: str, words: Mapping[str, Any]) -> None:
    kind = words.get("distribution", "uniform")
    if kind not in DISTRIBUTIONS:
        raise _wrong(
            name,
            f"`distribution` is {kind!r}. Choose one of: {', '.join(DISTRIBUTIONS)}.{nearest(kind, DISTRIBUTIONS)}",
        )
    for key in _NEEDS[kind]:
        if not isinstance(words.get(key), int | float):
            raise _wrong(name, f"the {kind} distribution needs the number {key!r}.")


def _wrong(name: str, said: str) -> PublishedError:
    return PublishedError(f"Assumptions, question {name!r}: {said}")
