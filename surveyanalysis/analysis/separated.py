"""Separation in words: which term tells the answers apart, and what to do."""

from ..errors import SeparationError
from ..estimators.separation import Separation
from ..language import say
from .model_matrix import ModelFrame
from .outcomes import Outcome


def refuse_separation(found: Separation | None, frame: ModelFrame, outcome: Outcome) -> None:
    """Name what separates, the outcome and the remedies."""
    if found is None:
        return
    columns = [frame.terms[j] for j in found.columns if j > 0]
    levels = [words for name in dict.fromkeys(q for c in columns for q in c.questions)
              for words in _one_sided(name, frame, outcome)]  # fmt: skip
    named = "; ".join(levels) or f"together, {', '.join(c.name for c in columns)} tell the answers apart"
    kind = "perfectly" if found.kind == "perfect" else "in part"
    raise SeparationError(
        f"Outcome {outcome.name!r} is {kind} separated by {', '.join(repr(c.name) for c in columns)}: {named}. No "
        "finite estimate exists, and standard errors at any point would mislead. Combine levels, drop the term, or "
        "use estimates that are finite: `firth` for yes/no answers, `multinomial(bias_reduced=True)`."
    )


def _one_sided(name: str, frame: ModelFrame, outcome: Outcome) -> list[str]:
    """Levels of a question within which everybody gave the same answer."""
    part, said = frame.basis.category(name), []
    for position in () if part is None or part.reference is None else sorted((part.reference, *part.shown)):
        inside = outcome.y[frame.answers[name] == position]
        if inside.min() == inside.max():
            answer = say(outcome.labels[int(inside[0])]) if len(outcome.levels) > 1 else _yes_no(outcome, inside[0])
            level = part.variable.levels[position] if part else position
            said.append(f"all {len(inside)} with {name} = {level!r} answered {answer}")
    return said


def _yes_no(outcome: Outcome, y: float) -> str:
    event = say(outcome.labels[0])
    return repr(event) if y else f"other than {event!r}"
