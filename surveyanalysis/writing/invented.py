"""What a platform notes about each answer, and further rows of a messy export: all of it invented."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..codebook.questions import Codebook
from .mess import cut_short, other_spelling_of, second_answer
from .raw_text import file_columns

_STATUS = {"ko": ("IP 주소", "설문 조사 미리 보기", "스팸"), "en": ("IP Address", "Survey Preview", "Spam")}
_NETWORKS = ("192.0.2", "198.51.100")
_ID_SIGNS = np.array(list("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))


def ids(count: int, rng: np.random.Generator) -> list[str]:
    """Response ids as Qualtrics makes them."""
    return [f"R_{''.join(_ID_SIGNS[rng.integers(0, 62, 15)])}" for _ in range(count)]


def facts_of(
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


def preview_rows(rows: pd.DataFrame, count: int, account: str, rng: np.random.Generator) -> list[pd.Series]:
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


def break_offs(rows: pd.DataFrame, count: int, codebook: Codebook, rng: np.random.Generator) -> list[pd.Series]:
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


def second_times(rows: pd.DataFrame, count: int, codebook: Codebook, rng: np.random.Generator) -> list[pd.Series]:
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


def progress(rows: pd.DataFrame, codebook: Codebook) -> list[str]:
    """Percent of the questionnaire reached: up to the last question with an answer, where it was not finished."""
    asked = [list(file_columns(q)) for q in codebook if file_columns(q)]
    answered = np.column_stack([(rows[names] != "").any(axis=1) for names in asked])
    last = len(asked) - answered[:, ::-1].argmax(axis=1)
    reached = np.where(answered.any(axis=1), last, 0) * 99 // len(asked)
    return [("100" if done == "TRUE" else str(share)) for done, share in zip(rows["Finished"], reached)]
