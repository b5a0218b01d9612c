"""Data and designs of cases, as the package takes them."""

import re
from functools import cache
from typing import Any

import pandas as pd

import surveyanalysis as sa

from .. import r_calls, r_values
from ..r_calls import Call, NotR
from ..reader import Case, Library
from ..reader import library as own
from .makers import made as changed
from .weighting import adjusted, steps_of

SINGLE_UNIT = {"fail": "error", "adjust": "adjust", "average": "average", "remove": "remove", "certainty": "certainty"}
KINDS = ("JK1", "JK2", "JKn", "BRR", "Fay", "bootstrap", "SDR")
ONES = "ones_"  # a column of ones in every data set: its totals are counts
EXISTING = {  # what words of no case say: columns that cases use without defining them
    "eur": "ordered(economic.cond.national)",
}


def listed(value: Any) -> list[Any]:
    """A list of what R wrote as one value, or as several, or not at all."""
    return [] if value is None else list(value) if isinstance(value, list | tuple) else [value]


def first(value: Any) -> Any:
    """The first of what R wrote as a list."""
    return next(iter(listed(value)), None)


@cache
def _stored(library: Library, name: str) -> pd.DataFrame:
    frame = library.data(name)
    for column in frame.columns:
        if isinstance(frame[column].dtype, pd.StringDtype) or frame[column].dtype == object:
            frame[column] = pd.Categorical(frame[column], categories=sorted(frame[column].dropna().unique()))
    return frame


def frame_of(case: Case, library: Library) -> pd.DataFrame:
    """The first data set of a case, as the case changes it; text without known levels has R's, which are sorted."""
    return changed(_stored(library, case.data[0]).copy(), listed(case.args.get("make")))


def defined(name: str, frame: pd.DataFrame, case: Case, library: Library) -> Any:
    """A derived column, from the words of this case or of another one on the same data."""
    kin = [other for other in library.cases.values() if other.data[:1] == case.data[:1]]
    for source in (case, *kin):
        found = _definition(name, source)
        if found:
            return r_values.value(found, frame)
    raise LookupError(f"no words of the case say what {name!r} is")


def _definition(name: str, case: Case) -> str:
    """R text that makes a column: "work=1 if partic!='no'", "outcome y = x cut at (0,5],(5,9]"."""
    if made := re.search(rf"\b{re.escape(name)} *= *1 if ([^,;.()]+(?:\.[^ ,;()]+)*)", case.words):
        return f"as.numeric({made[1].strip(' .')})" if "=" in made[1] or "<" in made[1] or ">" in made[1] else ""
    outcome = case.args.get("formula", "").partition("~")[0].strip()
    if name == outcome and (made := re.search(r"([\w.]+) cut at ((?:\([^]]*\],?)+)", case.words)):
        ends = re.findall(r"\(([^,]+),([^\]]+)\]", made[2])
        return f"cut({made[1]}, c({', '.join([ends[0][0], *(high for _, high in ends)])}))"
    return EXISTING.get(name, "")


def design_of(case: Case, library: Library, frame: pd.DataFrame | None = None) -> sa.Design:
    """The design that a case describes: drawn as args.design says it or flat in args, replicated, weights adjusted.

    Parameters
    ----------
    frame
        The data with columns added; as stored where it is not given.
    """
    frame = (frame_of(case, library) if frame is None else frame).assign(**{ONES: 1.0})
    base = base_case(case, library)
    asked = design_args(case, base)
    if "repweights" in asked or any(map(re.compile(r"rw\d+").fullmatch, frame.columns)):
        design = given_replicates(frame, asked, r_values.pairs(case.spec).get("rho"))
    else:
        design = sa.Design(frame, **linearised(asked))
    if made := case.args.get("made"):
        fay = {"fay": made["rho"]} if "rho" in made else {}
        kind = "BRR" if made["type"] == "Fay" else made["type"]
        design = design.replicated(kind, mse=bool(case.args.get("mse")), **fay)
    return adjusted(design, steps_of(case, base))


def design_args(case: Case, base: Case | None = None) -> dict[str, Any]:
    """Arguments that describe the design: its own, or those of the case that it builds on."""
    args = case.args
    if "design" in args:
        policy = {key: args[key] for key in ("lonely_psu", "adjust_domain_lonely") if key in args}
        return {**args["design"], **policy}
    if {"weights", "strata", "psu", "repweights", "rscales"} & set(args):
        return args
    return design_args(base) if base else {}


def base_case(case: Case, library: Library) -> Case | None:
    """The case that another builds on, named in its arguments or words; of the repository where the folder lacks it."""
    named = [str(case.args.get("model", "")), *re.findall(r"(?<![\w.])[a-z]\.\w[\w.]*\w", case.words)]
    for known in (library, own()):
        for name in (*named, *_by_words(case, known)):
            if name in known.cases and name != case.id:
                return known.case(name)
    return None


def _by_words(case: Case, library: Library) -> list[str]:
    """Models on the same data whose name holds the same words as this case's."""

    def words(name: str) -> set[str]:
        return set(name.split(".")[2:])

    return [
        other.id
        for other in library.cases.values()
        if other.topic == "svyglm" and other.data == case.data and words(other.id) == words(case.id)
    ]


def linearised(asked: dict[str, Any]) -> dict[str, Any]:
    """Arguments of `Design` for a design with linearised variance."""
    weights = first(asked.get("weights"))
    stages = [*listed(asked.get("psu")), *listed(asked.get("ssu"))]
    totals = listed(asked.get("fpc"))
    given = {
        "weights": None if weights is None or str(weights).startswith("implied") else weights,
        "strata": first(asked.get("strata")),
        "clusters": stages if len(stages) > 1 else first(stages),
        "population": totals if len(totals) > 1 else first(totals),
        "nested": True if first(asked.get("nest")) else None,
    }
    policy, in_domain = asked.get("lonely_psu"), bool(asked.get("adjust_domain_lonely"))
    if policy is None and not in_domain:
        return given
    return {**given, "single_unit": SINGLE_UNIT[policy or "adjust"], "single_in_domain": in_domain}


def given_replicates(frame: pd.DataFrame, asked: dict[str, Any], rho: float | None = None) -> sa.Design:
    """A design by replicate weights that came with the data; words tell Fay's factor: rho=0.3."""
    kind, rho = asked.get("type", "other"), asked.get("rho", rho)
    known = kind in KINDS and not (kind == "Fay" and rho is None)
    given = sa.Replicates(
        asked.get("repweights", "rw*"),
        kind if known else "other",
        combined=asked.get("combined_weights", True),
        scale=asked.get("scale"),
        rscales=listed(asked.get("rscales")) or None,
        mse=asked.get("mse", False),
        fay=rho if kind == "Fay" else None,
    )
    return sa.Design(frame, weights=asked.get("weights", "pw"), replicates=given)


def domain_words(case: Case) -> str:
    """The domain of a case: args.domain, or the condition of subset() in the call; nothing where there is none."""
    if "domain" in case.args:
        return case.args["domain"]
    for call in r_calls.calls(case.r_call, "subset"):
        condition = call.get(position=1)
        if condition is not None and r_calls.write(condition) not in ("...", ".."):
            return r_calls.write(condition)
    return ""


def within(design: sa.Design, words: str) -> sa.Design:
    """The domain that R or words describe: in an expression of ours, or as rows where it cannot be one."""
    if not words:
        return design
    try:
        condition = r_calls.read(words)
        if any("." in name for name in r_calls.names(condition)):
            raise NotR("names with dots are no names of our expressions")
        return design.where(r_values.as_expression(condition))
    except NotR:
        return design.within(r_values.mask(words, design.survey.frame))


def complete(design: sa.Design, names: list[str]) -> sa.Design:
    """The domain of rows that answered all of these, as R's na.rm=TRUE."""
    return design.within(design.survey.frame[names].notna().all(axis=1).to_numpy())


def call_of(case: Case, *functions: str) -> Call:
    """The first call of one of these functions; LookupError where the case has none that can be read."""
    for call in r_calls.calls(case.r_call, *functions):
        return call
    raise LookupError(f"no readable call of {', '.join(functions)} in {case.r_call!r}")


def formula_names(case: Case, *functions: str) -> list[str]:
    """Columns that args.vars lists, or the formula in a call names: svykappa(~a+b, d)."""
    if "vars" in case.args:
        return listed(case.args["vars"])
    formula = call_of(case, *functions).get(position=0)
    return [name for term in r_calls.terms(formula) for name in r_calls.names(term)]


def numeric(frame: pd.DataFrame, name: str) -> bool:
    """Whether a column holds numbers, not categories."""
    return pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(frame[name])
