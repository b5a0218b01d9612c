"""What an interval means where nobody was drawn by chance."""

from ..language import Text, both

_NOTE = both(
    "respondents chose to take part and were not drawn by chance: standard errors, intervals and p-values show only "
    "how far chance alone could move numbers among people like these; they do not cover who stayed away or was never "
    "reached, and are no margin of error for a population",
    "응답자는 확률로 추출되지 않고 스스로 참여함: 표준오차·신뢰구간·p값은 이와 같은 사람들 사이의 우연 변동만 "
    "나타내며, 참여하지 않았거나 연락이 닿지 않은 사람과의 차이는 포함하지 않으므로 모집단에 대한 표본오차가 아님",
)


def volunteer_note() -> Text:
    """Say what standard errors, intervals and p-values mean of people who chose to take part.

    Returns
    -------
    Text
        English and Korean, for the notes of an origin.

    References
    ----------
    Baker et al. (2013), Summary report of the AAPOR task force on non-probability sampling, J. Surv. Stat. Methodol. 1.

    Examples
    --------
    >>> volunteer_note()["en"][:56]
    'respondents chose to take part and were not drawn by cha'
    """
    return _NOTE
