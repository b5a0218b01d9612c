"""From bytes to text: the encodings that survey files come in, tried strictly and never guessed by likeness."""

import codecs

from ..errors import ReadError, nearest

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MARK = "\ufeff"
CUT = "the file is cut off within a letter"
WORDS = {"utf-8-sig": "utf-8 with BOM"}
KNOWN = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp949", "euc-kr", "latin-1", "cp1252", "mac-roman")


def decoded(content: bytes, name: str, encoding: str | None = None) -> tuple[str, str]:
    """Decode a file, and say by which encoding.

    Parameters
    ----------
    content, name
        Bytes of the file, and its name for messages.
    encoding
        The encoding to use; None tries the byte-order mark, then UTF-8, UTF-16 and CP949.

    Returns
    -------
    text, encoding
        The text without its byte-order mark.

    Raises
    ------
    ReadError
        Bytes that the encoding does not allow (byte and line are named), or NUL characters.

    Notes
    -----
    CP949 allows most pairs of bytes, so that Western text may pass for it; what comes out is believed only if most of
    the letters beyond ASCII are among the 2,350 syllables of KS X 1001, in which Korean is written.

    Examples
    --------
    >>> decoded("성별,점수".encode("cp949"), "answers.csv")
    ('성별,점수', 'cp949')
    """
    tried = [_named(encoding, content)] if encoding else _candidates(content)
    failures = []
    for candidate in tried:
        try:
            text = content.decode(candidate)
        except (UnicodeDecodeError, UnicodeError) as wrong:
            failures.append(_where(wrong, content, candidate))
            continue
        if candidate == "cp949" and not encoding and not _is_korean(text):
            failures.append("cp949 gives hardly any Korean")
            continue
        return _without_nul(text.lstrip(MARK).replace("\n" + MARK, "\n"), name), candidate
    cure = "Name its encoding: read_export(..., encoding='cp1252') for Western text, encoding='cp949' for Korean."
    if failures[0].endswith(CUT):
        cure = "Export or download it again."
    raise ReadError(f"{name} cannot be decoded: {'; '.join(failures)}. {cure}")


def _candidates(content: bytes) -> list[str]:
    """Encodings worth trying, in order."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return [encoding]
    start = content[:4096]
    ends = start.count(b"\n")
    if ends < 2 * sum(start[i : i + 2] == b"\n\0" for i in range(0, len(start), 2)):
        return ["utf-16-le"]
    if ends < 2 * sum(start[i : i + 2] == b"\0\n" for i in range(0, len(start), 2)):
        return ["utf-16-be"]
    if start[1::2].count(0) > len(start) // 4:
        return ["utf-16-le"]
    if start[0::2].count(0) > len(start) // 4:
        return ["utf-16-be"]
    return ["utf-8", "cp949"]


def _named(encoding: str, content: bytes) -> str:
    """The encoding that the user names; its byte-order mark is taken off."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        known = ", ".join(KNOWN)
        raise ReadError(f"There is no encoding {encoding!r}.{nearest(encoding, KNOWN)} Known: {known}.") from None
    return "utf-8-sig" if name == "utf-8" and content.startswith(codecs.BOM_UTF8) else name


def _where(wrong: UnicodeError, content: bytes, encoding: str) -> str:
    """Where an encoding failed."""
    if not isinstance(wrong, UnicodeDecodeError):
        return f"{encoding}: {wrong}"
    line = content.count(b"\n", 0, wrong.start) + 1
    cut = f": {CUT}" if any(word in wrong.reason for word in ("unexpected end", "truncated")) else ""
    return f"{encoding} fails at byte {wrong.start:,} (0x{content[wrong.start]:02x}, line {line}){cut}"


def _is_korean(text: str) -> bool:
    """Whether most letters beyond ASCII are everyday Korean syllables."""
    letters = [letter for letter in text[:300_000] if letter > "\x7f" and letter.isalpha()]
    common = sum(_in_ks_x_1001(letter) for letter in letters)
    return 2 * common >= len(letters)


def _in_ks_x_1001(letter: str) -> bool:
    """Whether a syllable is among the 2,350 that EUC-KR has; CP949 adds 8,822 rare ones."""
    return "가" <= letter <= "힣" and min(letter.encode("cp949")) >= 0xA1


def _without_nul(text: str, name: str) -> str:
    at = text.find("\0")
    if at >= 0:
        line = text.count("\n", 0, at) + 1
        raise ReadError(f"{name}, line {line}: a NUL character. The file is damaged or no text; export it again.")
    return text
