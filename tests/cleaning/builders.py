"""Small exports and codebooks built by hand."""

import pandas as pd

from surveyanalysis.codebook.questions import Binding, Choice, Codebook, Missing, Question, Source
from surveyanalysis.reading.export import Export

MISSING = {
    "dk": Missing("dk", {"en": "Don't know", "ko": "모름"}, ("모름", "8")),
    "omitted": Missing("omitted", {"en": "No answer", "ko": "무응답"}, ("-99",)),
    "na": Missing("na", {"en": "Not asked", "ko": "비해당"}),
}


def export(**columns):
    """Cells as text; the first row below a header is row 2."""
    frame = pd.DataFrame({name.replace("__", " "): list(cells) for name, cells in columns.items()}, dtype="str")
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="file_row")
    return Export(frame, sha256="0" * 64, path="answers.csv")


def book(*questions, source=None, **rest):
    """A codebook; the id is in column Id unless said otherwise."""
    rest.setdefault("missing", MISSING)
    return Codebook({q.id: q for q in questions}, source=source or Source(id="Id"), **rest)


def single(name, *labels, column=None, type_="single", **rest):
    """Choices 1, 2, 3, ... with these labels."""
    choices = tuple(Choice(i, {"en": label}) for i, label in enumerate(labels, start=1))
    return Question(name, type_, choices=choices, binding=Binding(column=column or name), **rest)


def number(name, column=None, **rest):
    return Question(name, "number", binding=Binding(column=column or name), **rest)


def text(name, column=None, **rest):
    return Question(name, "text", binding=Binding(column=column or name), **rest)


def multi(name, *labels, binding=None, **rest):
    choices = tuple(Choice(i, {"en": label}) for i, label in enumerate(labels, start=1))
    bound = binding or Binding(columns=name + "_{code}")
    return Question(name, "multi", choices=choices, binding=bound, **rest)
