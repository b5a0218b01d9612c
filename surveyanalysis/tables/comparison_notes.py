"""Notes under several models: said once where all share it, else of which models it holds."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from ..comparisons import ModelComparison
from ..language import SYNTHETIC, say
from ..results import Estimates, Origin
from .words import word


def outcomes(result: ModelComparison, lang: str) -> dict[str, str]:
    """Model -> words of its outcome."""
    return {
        name: model.labels.column(str(model.frame["outcome"].iloc[0]), lang) for name, model in result.models.items()
    }


def statistic_name(model: Estimates) -> str:
    """ "t", or "z" where the degrees of freedom are infinite."""
    return "t" if np.isfinite(model.frame["df"]).any() else "z"


def title_of(result: ModelComparison, lang: str) -> str:
    """The outcome, or that there are several models of several outcomes."""
    names = set(outcomes(result, lang).values())
    return names.pop() if len(names) == 1 else word("models", lang)


def subtitle_of(result: ModelComparison, lang: str) -> str:
    """What the models are, where all are the same."""
    what = {say(model.origin.what, lang) for model in result.models.values()}
    return what.pop() if len(what) == 1 else ""


def notes_of(result: ModelComparison, lang: str) -> list[str]:
    """Everything that a reader of the table must know: numbers shown, stars, what was added, models and errors."""
    lines = [
        *shared_lines({name: _numbers(result, name, lang) for name in result.models}),
        *stars_line(result.stars, lang),
        *_added(result, lang),
    ]
    return [*map(_sentence, lines), *about_models(result, lang)]


def about_models(result: ModelComparison, lang: str) -> list[str]:
    """Models, respondents, errors and warnings, whatever is printed or drawn."""
    origins = {name: model.origin for name, model in result.models.items()}
    synthetic = any(origin.synthetic for origin in origins.values())
    lines = [
        *_models(origins, lang),
        *_respondents(result, origins, lang),
        *shared_lines({name: _errors(origin, lang) for name, origin in origins.items()}),
        *_notes(origins, lang),
        *([say(SYNTHETIC, lang)] if synthetic else []),
    ]
    return [_sentence(line) for line in lines if line]


def _sentence(line: str) -> str:
    """A line that begins like a sentence."""
    return line[:1].upper() + line[1:]


def shared_lines(said: Mapping[str, str]) -> list[str]:
    """Lines said of models: once where they are the same for all, else with the models before them.

    Examples
    --------
    >>> shared_lines({"(1)": "weighted", "(2)": "weighted"}), shared_lines({"(1)": "weighted", "(2)": "plain"})
    (['weighted'], ['(1): weighted', '(2): plain'])
    """
    holders: dict[str, list[str]] = {}
    for name, words in said.items():
        if words:
            holders.setdefault(words, []).append(name)
    return [_of(own, said, words) for words, own in holders.items()]


def _of(own: Sequence[str], everybody: Iterable[str], words: str) -> str:
    return words if len(own) == len(list(everybody)) else f"{', '.join(own)}: {words}"


def stars_line(stars: Sequence[float], lang: str) -> list[str]:
    """The rule of the stars.

    Examples
    --------
    >>> stars_line((0.1, 0.05, 0.01), "en")
    ['* p < .10, ** p < .05, *** p < .01, by p-values before rounding']
    """
    if not stars:
        return []
    decimals = max(2, *(len(f"{bound:.10f}".rstrip("0")) - 2 for bound in stars))
    rule = ", ".join(f"{'*' * i} p < {f'{bound:.{decimals}f}'[1:]}" for i, bound in enumerate(stars, start=1))
    return [f"{rule} ({word('unrounded', lang)})" if lang == "ko" else f"{rule}, {word('unrounded', lang)}"]


def _numbers(result: ModelComparison, name: str, lang: str) -> str:
    """What the numbers of a model are: "Log-odds; standard errors in parentheses"."""
    model = result.models[name]
    second = word(f"second_{statistic_name(model) if result.shown == 't' else result.shown}", lang)
    interval = say(model.origin.interval, lang) if result.shown == "interval" else ""
    return "; ".join(part for part in (word(model.scale, lang), interval or second) if part)


def _models(origins: Mapping[str, Origin], lang: str) -> list[str]:
    """What each model is, where they differ; else the subtitle says it."""
    lines = shared_lines({name: say(origin.what, lang) for name, origin in origins.items()})
    return lines if len(lines) > 1 else []


def _respondents(result: ModelComparison, origins: Mapping[str, Origin], lang: str) -> Iterator[str]:
    """Bases, and the numbers of respondents where they differ."""
    numbers = {name: int(model.frame["n"].max()) for name, model in result.models.items()}
    if len(set(numbers.values())) > 1:
        listed = ", ".join(f"{name} {n:,}" for name, n in numbers.items())
        yield f"{word('rests_on', lang)}: {listed}"
    yield from shared_lines({name: origin.base_line(lang) for name, origin in origins.items()})


def _errors(origin: Origin, lang: str) -> str:
    """Kind of the errors, the design, and what degrees of freedom are counted from."""
    rule = re.search(r"\((.*)\)$", say(origin.df_rule, lang))
    parts = (
        say(origin.variance, lang),
        say(origin.design, lang),
        word("df_rule", lang, rule=rule.group(1)) if rule else "",
    )
    return "; ".join(part for part in parts if part)


def _notes(origins: Mapping[str, Origin], lang: str) -> list[str]:
    """Each note once, with the models that have it."""
    holders: dict[str, list[str]] = {}
    for name, origin in origins.items():
        for note in origin.notes:
            holders.setdefault(say(note, lang), []).append(name)
    return [_of(own, origins, words) for words, own in holders.items()]


def _added(result: ModelComparison, lang: str) -> Iterator[str]:
    for step in result.steps:
        yield word("adds", lang, model=step.model, before=step.before, terms=say(step.words, lang))
