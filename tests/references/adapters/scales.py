"""Ordered answers beyond parallel lines: clm with nominal and scale effects, their tests, Brant's test."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import surveyanalysis as sa

from .. import r_calls
from ..r_calls import Call, Constant, Name, Node
from ..reader import Case, Library
from ..reader import library as own
from . import adapter
from .formulas import OUTCOME, Asked, asked
from .layout import once, square
from .models import LINKS, by_level, counted, fit_statistics, ordered_model
from .samples import base_case, first, frame_of


@adapter("c.ordinal_partial")
def partial(case: Case, library: Library) -> dict[str, Any]:
    """clm with nominal or scale effects, or the tests of either."""
    if {"nominal", "scale"} & set(case.values):
        return _tests(case, library)
    model, prepared = _clm(case, library)
    effects = {
        label: once(lambda label=label: by_level(model, prepared, label)) for label in case.values.get("ame", ())
    }
    return {**fit_statistics(model), **_coefficients(model, list(case.values["coef"]), prepared), "ame": effects}


def _clm(case: Case, library: Library, labels: Sequence[str] = ()) -> tuple[Any, Asked]:
    """The model of the arguments, or of the call of clm."""
    told = _told(case)
    left, right = r_calls.sides(told["formula"])
    parts = {"place": right, **{key: r_calls.sides(told[key])[1] for key in ("nominal", "scale") if key in told}}
    terms = {key: [t for t in r_calls.terms(Call("~", (("", part),))) if not isinstance(t, Constant)]
             for key, part in parts.items()}  # fmt: skip
    every = list(dict.fromkeys(r_calls.write(term) for own_terms in terms.values() for term in own_terms))
    frame, outcome = frame_of(case, library), r_calls.write(left) if left else ""
    theirs = [_plain(label)[1] for label in labels or case.values.get("coef", ())]
    whole = asked(f"{outcome} ~ {' + '.join(every) or '1'}", case, library, frame, "ordinal", theirs)

    def ours(key: str) -> list[str]:
        return [_written(term, whole) for term in terms.get(key, [])]

    place = list(dict.fromkeys([*ours("place"), *ours("nominal")]))
    link = str(told.get("link", "logit"))
    model = sa.ordered(
        counted(case, whole.frame),
        f"{OUTCOME} ~ {' + '.join(place) or 1}",
        link=LINKS.get(link, link),
        nonparallel=ours("nominal"),
        scale=" + ".join(ours("scale")) or None,
        variance="model",
    )
    return model, whole


def _told(case: Case) -> dict[str, Any]:
    """Formulas and link, of the arguments, then of the call; a threshold that is no flexible one is not ours."""
    args = case.args or {}
    told = {key: first(args[key]) for key in ("formula", "nominal", "scale", "link", "threshold") if args.get(key)}
    for call in r_calls.calls(case.r_call, "clm"):
        found = {"formula": call.get("formula", 0), **{key: call.get(key) for key in ("nominal", "scale", "link")}}
        found["threshold"] = call.get("threshold")
        told = {**{key: _text(node) for key, node in found.items() if node is not None}, **told}
        break
    if "formula" not in told:
        raise LookupError("no formula")
    if told.get("threshold", "flexible") != "flexible":
        raise NotImplementedError(f"thresholds that are {told['threshold']}")
    return {key: f"~{value}" if key in ("nominal", "scale") and "~" not in value else value
            for key, value in told.items()}  # fmt: skip


def _text(node: Node) -> str:
    return str(node.value) if isinstance(node, Constant) else r_calls.write(node)


def _written(term: Node, whole: Asked) -> str:
    """A term in our grammar, as `asked` wrote it."""
    text = r_calls.write(term)
    return text if isinstance(term, Name) else whole.alias.get(text, whole.label(text))


def _plain(label: str) -> tuple[str, str]:
    """What a label of clm is of, and the rest: "thr:1|2.contactyes" -> ("thr", "1|2.contactyes")."""
    kind, sign, rest = label.partition(":")
    return (kind, rest) if sign and kind in ("thr", "loc", "logscale") else ("", label)


def _coefficients(model: Any, labels: Sequence[str], prepared: Asked) -> dict[str, Any]:
    """Coefficients under the labels of clm, whose effects on thresholds have the other sign."""
    frame = model.frame
    where = {key: i for i, key in enumerate(zip(frame["component"], frame["term"]))}
    cuts = list(frame["term"][frame["component"] == "threshold"])
    found = [_row(label, cuts, prepared) for label in labels]
    rows, sign = [where[key] for key, _ in found], [sign for _, sign in found]
    shown = frame.iloc[rows].set_axis(list(labels), axis=0)
    covariance = model.covariance[rows][:, rows] * [[a * b for b in sign] for a in sign]
    return {
        "coef": shown["estimate"] * sign,
        "se": shown["se"],
        "z": shown["statistic"] * sign,
        "p_normal": shown["p"],
        "vcov": square(covariance, labels),
        "k": float(len(frame)),
    }


def _row(label: str, cuts: Sequence[str], prepared: Asked) -> tuple[tuple[str, str], int]:
    """Component and term of a label, and its sign."""
    kind, rest = _plain(label)
    # levels may hold dots, and one threshold's name begin another's
    cut = max((cut for cut in cuts if rest == cut or rest.startswith(f"{cut}.")), key=len, default="")
    if cut and kind in ("thr", ""):
        own_term = rest[len(cut) + 1 :]
        if own_term in ("", "(Intercept)"):
            return ("threshold", cut), 1
        return ("slope", f"{prepared.label(own_term)} @ {cut}"), -1
    return ("scale" if kind == "logscale" else "slope", prepared.label(rest)), 1


def _tests(case: Case, library: Library) -> dict[str, Any]:
    """nominal_test and scale_test, of the model that a call, words or the terms tell."""
    terms = {key: list(dict(case.values.get(key) or {})) for key in ("nominal", "scale")}
    if any(r_calls.calls(case.r_call, "clm")) or (case.args or {}).get("formula"):
        model, prepared = _clm(case, library)
    else:
        base = base_case(case, library) or _on_same_data(case, library, lambda other: _covers(other, terms))
        if base is None:
            raise LookupError("no words say of which model")
        model, prepared = ordered_model(base, library, "model")
    asked_for = {"nominal": once(lambda: model.parallel_lines("likelihood_ratio")), "scale": once(model.scale_test)}
    return {
        key: {term: lambda key=key, term=term: _tested(asked_for[key](), prepared.label(term)) for term in names}
        for key, names in terms.items()
    }


def _covers(other: Case, terms: dict[str, list[str]]) -> bool:
    """Whether a model's terms are those tested."""
    own_terms = {r_calls.write(term) for term in r_calls.terms(other.args["formula"])}
    return own_terms == {name for names in terms.values() for name in names}


def _on_same_data(case: Case, library: Library, fits: Callable[[Case], bool]) -> Case | None:
    """A cumulative model on the same data: a logit if there is one; of the repository where the folder lacks it."""
    for known in (library, own()):
        kin = [other for other in known.cases.values() if other.kind == "c.ordinal" and other.data[:1] == case.data[:1]]
        for other in sorted(filter(fits, kin), key=lambda other: other.args.get("link") not in ("logit", "logistic")):
            return other
    return None


def _tested(result: Any, term: str) -> dict[str, float]:
    """The likelihood ratio of one term."""
    row = result.frame.set_index("term").loc[term]
    return {"LR": row["statistic"], "df": row["df"], "p": row["p"]}


@adapter("c.brant")
def brant(case: Case, library: Library) -> dict[str, Any]:
    """Brant's test of the model that arguments, words or labels tell: of all columns, and of each."""
    labels = list(case.values.get("per_variable") or {})
    model, prepared = _tested_model(case, library, labels)
    found = once(lambda: model.parallel_lines("brant"))

    def of_all() -> dict[str, float]:
        row = found().frame.iloc[0]
        return {"chi2": row["statistic"], "df": row["df"], "p": row["p"]}

    def of_each(label: str) -> Any:
        row = found().detail["coefficients"].loc[prepared.label(label)]
        whole = {"chi2": row["statistic"], "df": row["df"], "p": row["p"]}
        return whole if isinstance(case.values["per_variable"][label], dict) else row["statistic"]

    return {"omnibus": of_all, "per_variable": {label: lambda label=label: of_each(label) for label in labels}}


def _tested_model(case: Case, library: Library, labels: Sequence[str]) -> tuple[Any, Asked]:
    """The ordered logit: of a formula that is told, or that of another case with these slopes on the same data."""
    formula, source = first((case.args or {}).get("formula")) or formula_in(case.words), case
    if not formula:
        kin = base_case(case, library) or _on_same_data(case, library, lambda other: _slopes(other) == set(labels))
        if kin is None:
            raise LookupError("no words say of which model")
        formula, source = kin.args["formula"], kin
    prepared = asked(formula, case, library, frame_of(case, library), "ordinal", labels)
    return sa.ordered(counted(source, prepared.frame), prepared.formula, variance="model"), prepared


def _slopes(other: Case) -> set[str]:
    """Labels of a case's coefficients that are no thresholds."""
    return {label for label in dict(other.values.get("coef") or {}) if "|" not in label}


def formula_in(words: str) -> str:
    """The first formula in words: "y ~ a + b, ..."."""
    term = r"[\w.]+(?:\([^()]*\))?"
    found = re.search(rf"([\w.]+) *~ *({term}(?: *[+*:] *{term})*)", words)
    return f"{found[1]} ~ {found[2].rstrip('.')}" if found else ""
