"""A survey written as a raw export, in the layout of a platform: to teach cleaning, and to test it."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ..codebook.questions import Codebook
from ..errors import OutputError, one_of
from ..files import write_bytes
from ..survey import Survey
from .invented import break_offs, facts_of, ids, preview_rows, progress, second_times
from .mess import Mess, respelled, written_out
from .raw_text import Values, file_columns, header_text, raw_answers

_FACTS = {
    "StartDate": ("startDate", "Start Date", "시작 날짜"),
    "EndDate": ("endDate", "End Date", "종료 날짜"),
    "Status": ("status", "Response Type", "응답 유형"),
    "IPAddress": ("ipAddress", "IP Address", "IP 주소"),
    "Progress": ("progress", "Progress", "진행률"),
    "Duration (in seconds)": ("duration", "Duration (in seconds)", "기간(초)"),
    "Finished": ("finished", "Finished", "완료됨"),
    "RecordedDate": ("recordedDate", "Recorded Date", "기록 날짜"),
    "ResponseId": ("_recordId", "Response ID", "응답 ID"),
    "RecipientEmail": ("recipientEmail", "Recipient Email", "수신자 이메일"),
    "ExternalReference": ("externalDataReference", "External Data Reference", "외부 데이터 참조"),
    "DistributionChannel": ("distributionChannel", "Distribution Channel", "배포 채널"),
    "UserLanguage": ("userLanguage", "User Language", "사용자 언어"),
}


def write_export(
    survey: Survey,
    path: str | Path,
    layout: str = "qualtrics",
    *,
    values: Values = "labels",
    languages: Sequence[str] = ("en", "ko"),
    mess: Mess | None = None,
    encoding: str = "utf-8-sig",
    seed: int = 0,
    first_day: str = "2024-03-04",
) -> Path:
    """Write a survey as the raw export of a platform, with the mess that such files have.

    Parameters
    ----------
    survey
        Cleaned answers; its codebook says in which columns of the file they lie.
    path
        File to write; an old one stays until the new one is complete.
    layout
        "qualtrics": a header of three rows (tag, question text, ImportId). Several answers lie in one column an option
        or joined in one, as the codebook says.
    values
        Choices as their "labels" (Qualtrics' "choice text") or their "codes" ("numeric values").
    languages
        Languages that respondents answered in, at random; the first is that of the account, and so of the header.
    mess
        What goes wrong in the file; without it, cleaning the file gives the survey's frame back.
    encoding
        For instance "utf-8-sig" (with a byte order mark, as Qualtrics writes it) or "cp949".
    seed
        The same seed writes the same file.
    first_day
        Day of the first answer; all time stamps, addresses and names are invented (networks and domains that are
        reserved for documentation).

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OutputError
        The encoding lacks a character of the answers (which, in which column), or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> people = Survey.from_frame(pd.DataFrame({"age": [31, 44]}))
    >>> file = write_export(people, Path(tempfile.mkdtemp()) / "raw.csv")
    >>> file.read_text(encoding="utf-8-sig").splitlines()[0].split(",")[-1]
    'age'
    """
    header, rows = _LAYOUTS[one_of(layout, tuple(_LAYOUTS), "layout")](
        survey, languages, one_of(values, ("labels", "codes"), "values"), mess or Mess(), encoding,
        np.random.default_rng(seed), first_day,
    )  # fmt: skip
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerows(header)
    writer.writerows(rows.itertuples(index=False))
    try:
        content = target.getvalue().encode(encoding)
    except UnicodeEncodeError as error:
        raise OutputError(_lacks(rows, header, encoding, error)) from None
    return write_bytes(path, content)


def _lacks(rows: pd.DataFrame, header: list[list[str]], encoding: str, error: UnicodeEncodeError) -> str:
    sign = error.object[error.start]
    column = next((c for c in rows if rows[c].str.contains(sign, regex=False).any()), "the header")
    return (
        f"{encoding} has no {sign!r}, which stands in {column}. Write utf-8-sig or change the text. Nothing was done."
    )


def _qualtrics(
    survey: Survey,
    languages: Sequence[str],
    values: Values,
    mess: Mess,
    encoding: str,
    rng: np.random.Generator,
    first_day: str,
) -> tuple[list[list[str]], pd.DataFrame]:
    """Header rows and rows of a Qualtrics export."""
    codebook, n = survey.codebook, len(survey)
    spoken = [languages[i] for i in rng.integers(0, len(languages), n)]
    answers = written_out(raw_answers(survey, spoken, values), survey, spoken, mess.others, rng)
    answers = respelled(answers, codebook, mess.stray, rng, encoding).reset_index(drop=True)
    facts = facts_of(n, spoken, languages[0], rng, pd.Timestamp(first_day))
    stopped = (survey.reasons == "notreached").any(axis=1).to_numpy()
    rows = pd.concat([facts, answers], axis=1)
    rows.loc[stopped, "Finished"] = "FALSE"
    extra = [
        *preview_rows(rows, mess.tests, languages[0], rng),
        *break_offs(rows, mess.break_offs, codebook, rng),
        *second_times(rows, mess.duplicates, codebook, rng),
    ]
    rows = pd.concat([rows, pd.DataFrame(extra, columns=rows.columns, dtype="str")], ignore_index=True)
    rows["Progress"] = progress(rows, codebook)
    rows["ResponseId"] = ids(len(rows), rng)
    rows["RecordedDate"] = rows["EndDate"]
    return _header(codebook, list(answers.columns), languages[0]), rows.sort_values("EndDate", kind="stable")


def _header(codebook: Codebook, columns: Sequence[str], lang: str) -> list[list[str]]:
    """Tags, question texts and ImportIds."""
    asked = [q for q in codebook if file_columns(q)]
    imports: dict[str, dict[str, str]] = {}
    for number, question in enumerate(asked, start=1):
        names = file_columns(question)
        for place, name in enumerate(names, start=1):
            split = {"choiceId": str(place)} if len(names) > 1 and question.type == "multi" else {}
            tail = (
                f"_{place}" if len(names) > 1 and not split else "_TEXT" if question.type in ("text", "number") else ""
            )
            imports[name] = {"ImportId": f"QID{number}{tail}", **split}
    texts = [words[2] if lang == "ko" else words[1] for words in _FACTS.values()]
    ids = [json.dumps({"ImportId": words[0]}, separators=(",", ":")) for words in _FACTS.values()]
    return [
        [*_FACTS, *columns],
        [*texts, *(header_text(codebook, name, lang) for name in columns)],
        [*ids, *(json.dumps(imports[name], separators=(",", ":")) for name in columns)],
    ]


_Layout = Callable[
    [Survey, Sequence[str], Values, Mess, str, np.random.Generator, str], tuple[list[list[str]], pd.DataFrame]
]
_LAYOUTS: dict[str, _Layout] = {"qualtrics": _qualtrics}
