"""Random codebooks, of every type of question and in one or two languages, and respondents for them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from surveyanalysis.codebook.questions import Binding, Choice, Codebook, Missing, Question, Source
from surveyanalysis.reproduction.published import Published
from surveyanalysis.reproduction.twin import twin
from surveyanalysis.survey import Survey

WORDS = {
    "en": ["pay", "Housing", "visa rules", "R&D", "family", "Don't like it", "N/A here", "lab", "10-20 people", "Ltd.",
           "culture", "none of these", "Yes", "no", "school", "U.S.", "100%", "tax; fees", "A|B", "=SUM(A1)"],
    "ko": ["연구비", "주거", "자녀 교육", "언어", "가족", "없음", "기업", "대학", "①번", "똠방각하", "펲시",
           "박사후연구원", "의료기관", "예", "아니오", "매우 그렇다", "ㄱㄴ", "세금", "비자", "정부 R&D"],
}  # fmt: skip
SHAPES = (
    "{a}",
    "{a}, {b}",
    "{a} ({b})",
    "{a}/{b}",
    '"{a}" {b}',
    "{a}, {b} ({c}, {d})",
    "{a}·{b}",
    "{a}: {b}",
    "{a}; {b}",
)
SOURCE = Source("qualtrics", "ResponseId", "RecipientEmail", "StartDate", "EndDate", "Duration (in seconds)", "Status",
                ("IP Address", "IP 주소"), "Finished", ("TRUE",), ("RecipientEmail", "IPAddress"))  # fmt: skip
MISSING = {
    "dk": Missing("dk", {"en": "Don't know", "ko": "모름"}, ("Don't know", "모름")),
    "refused": Missing("refused", {"en": "Refused", "ko": "응답 거절"}, ("Refused", "응답 거절", "-9")),
    "omitted": Missing("omitted", {"en": "No answer", "ko": "무응답"}, ("-99",)),
}
TYPES = ("single", "likert", "multi", "split", "joined", "rank", "places", "joined_rank", "grid", "number", "money",
         "years", "date", "text", "other")  # fmt: skip


@dataclass
class Maker:
    """Questions drawn with one generator; the codes of earlier ones are what later ones are asked by."""

    rng: np.random.Generator
    languages: tuple[str, ...]
    dialect: str = "labels"

    def pick(self, options: Any) -> Any:
        return options[int(self.rng.integers(len(options)))]

    def phrase(self, lang: str) -> str:
        a, b, c, d = self.rng.choice(WORDS[lang], 4, replace=False)
        return str(self.pick(SHAPES)).format(a=a, b=b, c=c, d=d)

    def label(self) -> dict[str, str]:
        return {lang: self.phrase(lang) for lang in self.languages}

    def wording(self) -> dict[str, str]:
        return {lang: f'{self.phrase(lang)}\n"{self.phrase(lang)}"?,;\t' for lang in self.languages}

    def choices(self, other: str | None = None) -> tuple[Choice, ...]:
        """Two to seven choices whose labels cannot be taken for each other, nor for several of the others."""
        wanted = int(self.rng.integers(2, 8))
        texts = bool(self.rng.integers(2))
        codes: list[Any] = [f"c{i}" for i in range(wanted)] if texts else [*range(1, wanted), 90]
        labels: list[dict[str, str]] = []
        while len(labels) < wanted:
            made = self.label()
            if not any(clash(made, old) for old in labels):
                labels.append(made)
        made = [Choice(code, words) for code, words in zip(codes, labels)]
        if other:
            made[-1] = Choice(codes[-1], {"en": "Other", "ko": "기타"}, other=other)
        return tuple(made[i] for i in self.rng.permutation(wanted))

    def base(self, earlier: list[Question]) -> str | None:
        """A condition on an earlier question, or everybody."""
        askable = [q for q in earlier if q.type in ("single", "multi") and q.id.startswith("q")]
        if not askable or self.rng.random() < 0.5:
            return None
        question = self.pick(askable)
        code = self.pick(question.codes)
        return f"{code!r} in {question.id}" if question.type == "multi" else f"{question.id} == {code!r}"


def clash(one: dict[str, str], two: dict[str, str]) -> bool:
    """Whether one label holds the other, so that joined cells could be read in two ways."""
    pairs = [(a.casefold(), b.casefold()) for a in one.values() for b in two.values()]
    return any(a in b or b in a for a, b in pairs)


def questions(maker: Maker, kind: str, name: str, earlier: list[Question]) -> list[Question]:
    """One question of this kind, with the text of its "other" answer where it has one."""
    tag = f"{maker.pick(['Q', 'q ', '문항', 'S-'])}{len(earlier) + 1}"
    head: dict[str, Any] = {"wording": maker.wording(), "base": maker.base(earlier)}
    one = Binding(column=tag)
    if kind in ("single", "likert"):
        return [Question(name, kind, **head, choices=maker.choices(), binding=one)]
    if kind == "other":
        choices = maker.choices(other=f"{name}_words")
        code = next(c.code for c in choices if c.other)
        told = Question(
            f"{name}_words", "text", maker.wording(), base=f"{name} == {code!r}", binding=Binding(f"{tag}_TEXT")
        )
        return [Question(name, "single", **head, choices=choices, binding=one), told]
    if kind in ("multi", "split", "joined"):
        ticked = {"multi": (), "split": (maker.pick(["1", "Y", "○"]),), "joined": ()}[kind]
        joined = Binding(column=tag, join=maker.pick([", ", ",", ";", " | "]))
        binding = joined if kind == "joined" else Binding(columns=tag + "_{code}", ticked=ticked)
        return [Question(name, "multi", **head, choices=maker.choices(), binding=binding)]
    if kind in ("rank", "places", "joined_rank"):
        choices = maker.choices()
        top = int(maker.rng.integers(1, len(choices) + 1))
        binding = {
            "rank": Binding(columns=tag + "_{code}"),
            "places": Binding(columns=tag + "_{rank}", holds="code"),
            "joined_rank": Binding(column=tag, join=maker.pick([", ", ";"])),
        }[kind]
        return [Question(name, "rank", **head, choices=choices, top=top, binding=binding)]
    if kind == "grid":
        items = {str(i): maker.label() for i in maker.rng.permutation(4)}
        return [
            Question(
                name, "grid", **head, choices=maker.choices(), items=items, binding=Binding(columns=tag + "_{item}")
            )
        ]
    if kind == "date":
        return [Question(name, "date", **head, range=("2010-07-01", "2011-12-31"), binding=one)]
    if kind == "text":
        return [Question(name, "text", **head, binding=one)]
    unit = {"money": {"unit": "만원", "to": "KRW"}, "years": {"unit": "years", "integer": True, "range": (0, 40)}}
    fallback = {"range": (-5, 5)}
    return [Question(name, "number", **head, **unit.get(kind, fallback), binding=one)]


def random_codebook(seed: int) -> Codebook:
    """A codebook with one question of every kind, in random order."""
    rng = np.random.default_rng(seed)
    languages = [("ko",), ("en",), ("en", "ko"), ("ko", "en")][seed % 4]
    maker, made = Maker(rng, languages), []
    for i in rng.permutation(len(TYPES)):
        made += questions(maker, TYPES[i], f"q{i}", made)
    return Codebook({q.id: q for q in made}, f"random{seed}", languages=languages, missing=MISSING, source=SOURCE)


def random_survey(seed: int, n: int = 30) -> Survey:
    """Synthetic respondents for a random codebook; nothing was published about them."""
    codebook = random_codebook(seed)
    maker = Maker(np.random.default_rng(seed + 1), codebook.languages)
    assumed: dict[str, Any] = {}
    for question in codebook:
        words: dict[str, Any] = {"missing": {"omitted": 0.1}} if question.type != "text" else {}
        if question.type in ("single", "likert", "grid"):
            words["missing"]["dk"] = 0.1
        if question.type == "multi":
            words["shares"] = dict.fromkeys(question.codes, 0.6)
        if question.to:
            words |= {"distribution": "lognormal", "median": 8e7, "sigma": 0.4}
        if question.type == "text":
            words = {
                "share": 0.7,
                "texts": [f"{maker.phrase(lang)}\n{maker.phrase(lang)}" for lang in codebook.languages],
            }
        if question.id.endswith("_words"):
            words["share"] = 1
        assumed[question.id] = words
    return twin(codebook, Published("none", {}, (), assumptions=assumed), n, seed=seed)
