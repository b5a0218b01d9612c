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
from .mess import Mess, cut_short, other_spelling_of, respelled, second_answer, written_out
from .raw_text import file_columns, header_text, raw_answers

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
_STATUS = {"ko": ("IP 주소", "설문 조사 미리 보기", "스팸"), "en": ("IP Address", "Survey Preview", "Spam")}
_NETWORKS = ("192.0.2", "198.51.100")
_ID_SIGNS = np.array(list("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))


def write_export(
    survey: Survey,
    path: str | Path,
    layout: str = "qualtrics",
    *,
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
        "qualtrics": a header of three rows (tag, question text, ImportId), choice texts, one column an option.
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
        survey, languages, mess or Mess(), encoding, np.random.default_rng(seed), first_day
    )
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
    survey: Survey, languages: Sequence[str], mess: Mess, encoding: str, rng: np.random.Generator, first_day: str
) -> tuple[list[list[str]], pd.DataFrame]:
    """Header rows and rows of a Qualtrics export."""
    codebook, n = survey.codebook, len(survey)
    spoken = [languages[i] for i in rng.integers(0, len(languages), n)]
    answers = written_out(raw_answers(survey, spoken), survey, spoken, mess.others, rng)
    answers = respelled(answers, codebook, mess.stray, rng, encoding).reset_index(drop=True)
    facts = _facts_of(n, spoken, languages[0], rng, pd.Timestamp(first_day))
    stopped = (survey.reasons == "notreached").any(axis=1).to_numpy()
    rows = pd.concat([facts, answers], axis=1)
    rows.loc[stopped, "Finished"] = "FALSE"
    extra = [
        *_tests(rows, mess.tests, languages[0], rng),
        *_break_offs(rows, mess.break_offs, codebook, rng),
        *_second_times(rows, mess.duplicates, codebook, rng),
    ]
    rows = pd.concat([rows, pd.DataFrame(extra, columns=rows.columns, dtype="str")], ignore_index=True)
    rows["Progress"] = _progress(rows, codebook)
    rows["ResponseId"] = [f"R_{''.join(_ID_SIGNS[rng.integers(0, 62, 15)])}" for _ in range(len(rows))]
    rows["RecordedDate"] = rows["EndDate"]
    return _header(codebook, list(answers.columns), languages[0]), rows.sort_values("EndDate", kind="stable")


def _facts_of(
    n: int, spoken: Sequence[str], account: str, rng: np.random.Generator, first: pd.Timestamp
) -> pd.DataFrame:
    """What the platform notes about each answer, in the order in which the answers came in."""
    ends = first + pd.to_timedelta(np.sort(rng.uniform(8 * 3600, 20 * 86400, n)).astype(int), unit="s")
    seconds = np.clip(rng.lognormal(6.5, 0.45, n), 200, 5000).astype(int)
    starts = ends - pd.to_timedelta(seconds, unit="s")
    people = rng.permutation(n) + 1
    return pd.DataFrame(
        {
            "StartDate": starts.strftime("%Y-%m-%d %H:%M:%S"),
            "EndDate": ends.strftime("%Y-%m-%d %H:%M:%S"),
            "Status": _STATUS.get(account, _STATUS["en"])[0],
            "IPAddress": [f"{_NETWORKS[i % 2]}.{rng.integers(1, 255)}" for i in range(n)],
            "Progress": "100",
            "Duration (in seconds)": seconds.astype(str),
            "Finished": "TRUE",
            "RecordedDate": "",
            "ResponseId": "",
            "RecipientEmail": [f"r{i:04d}@example.org" for i in people],
            "ExternalReference": [f"A-{i:04d}" for i in people],
            "DistributionChannel": "email",
            "UserLanguage": [lang.upper() for lang in spoken],
        },
        dtype="str",
    )


def _tests(rows: pd.DataFrame, count: int, account: str, rng: np.random.Generator) -> list[pd.Series]:
    """Previews before the first respondent, and spam: answers of nobody."""
    words = _STATUS.get(account, _STATUS["en"])
    made = []
    for i in range(count):
        row = rows.iloc[int(rng.integers(len(rows)))].copy()
        row["Status"] = words[1] if i < max(1, count - 1) else words[2]
        row["RecipientEmail"] = row["ExternalReference"] = ""
        row["StartDate"], row["EndDate"] = rows["StartDate"].iloc[0], rows["EndDate"].iloc[0]
        row["DistributionChannel"] = "preview" if row["Status"] == words[1] else "anonymous"
        made.append(_moved(row, -86400 - 3600 * i if row["Status"] == words[1] else 600))
    return made


def _break_offs(rows: pd.DataFrame, count: int, codebook: Codebook, rng: np.random.Generator) -> list[pd.Series]:
    """People beyond the respondents who stopped after the first questions."""
    made = []
    for i in range(count):
        row = cut_short(rows.iloc[int(rng.integers(len(rows)))], codebook, int(rng.integers(2, 5)))
        row["RecipientEmail"], row["ExternalReference"] = (
            f"r{len(rows) + 1 + i:04d}@example.org",
            f"A-{len(rows) + 1 + i:04d}",
        )
        row["Finished"] = "FALSE"
        made.append(_moved(row, int(rng.integers(900, 7200))))
    return made


def _second_times(rows: pd.DataFrame, count: int, codebook: Codebook, rng: np.random.Generator) -> list[pd.Series]:
    """The same people again through another list, mostly later."""
    made = []
    for i in rng.choice(len(rows), min(count, len(rows)), replace=False):
        row = second_answer(rows.iloc[int(i)], codebook, rng)
        row["Finished"] = "TRUE" if row.equals(rows.iloc[int(i)]) else "FALSE"
        row["RecipientEmail"] = other_spelling_of(row["RecipientEmail"], rng)
        row["ExternalReference"] = row["ExternalReference"].replace("A-", "B-")
        made.append(_moved(row, int(rng.integers(3600, 6 * 86400)) * (1 if rng.random() < 0.8 else -1)))
    return made


def _moved(row: pd.Series, seconds: int) -> pd.Series:
    """The same row at another time."""
    for name in ("StartDate", "EndDate"):
        row[name] = (pd.Timestamp(row[name]) + pd.Timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")
    return row


def _progress(rows: pd.DataFrame, codebook: Codebook) -> list[str]:
    """Percent of the questionnaire reached: up to the last question with an answer, where it was not finished."""
    asked = [list(file_columns(q)) for q in codebook if file_columns(q)]
    answered = np.column_stack([(rows[names] != "").any(axis=1) for names in asked])
    last = len(asked) - answered[:, ::-1].argmax(axis=1)
    reached = np.where(answered.any(axis=1), last, 0) * 99 // len(asked)
    return [("100" if done == "TRUE" else str(share)) for done, share in zip(rows["Finished"], reached)]


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


_Layout = Callable[[Survey, Sequence[str], Mess, str, np.random.Generator, str], tuple[list[list[str]], pd.DataFrame]]
_LAYOUTS: dict[str, _Layout] = {"qualtrics": _qualtrics}
