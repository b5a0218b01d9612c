"""Printed shares and counts, computed as their file describes them: question, answer, and among whom."""

from typing import Any

from ..analysis.describe import proportion
from ..design.design import Design
from ..reproduction.compare import Computed
from ..reproduction.published import PrintedNumber, Published
from ..survey import Survey


def computed_shares(survey: Survey, published: Published) -> dict[str, Computed]:
    """Compute every printed number that says which answer it is about.

    Parameters
    ----------
    survey
        Cleaned answers.
    published
        Printed numbers; those without a question and an answer are left to the study.

    Returns
    -------
    dict
        Id of the printed number -> share (or, where the print is no percentage, count) with its Wilson interval. The
        base is the respondents among those named who answered the question.
    """
    return {number.id: computed_share(Design(survey), number) for number in published.numbers if number.codes}


def computed_share(design: Design, number: PrintedNumber) -> Computed:
    """Compute one printed share or count."""
    assert number.question is not None
    among: dict[str, Any] = {
        name: list(codes) if isinstance(codes, tuple) else codes for name, codes in number.among.items()
    }
    domain = design.where(**among) if among else design
    row = proportion(domain, number.question, level=list(number.codes)).frame.iloc[0]
    count, base = int(row["count"]), int(row["n"])
    if number.read.unit == "number":
        return Computed(count, count, base)
    return Computed(row["estimate"], count, base, (row["ci_low"], row["ci_high"]))
