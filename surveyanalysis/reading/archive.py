"""Zip files, which xlsx files are too: opened only if nothing in them can blow up or reach outside."""

import io
import zipfile
import zlib

from ..errors import ReadError

MAX_MEMBERS = 10_000
MAX_BYTES = 1_000_000_000
MAX_RATIO = 200
FREE_BYTES = 20_000_000
TEXTS = (".csv", ".tsv", ".txt")


def opened(content: bytes, name: str) -> zipfile.ZipFile:
    """Open a zip file whose members are of bearable size.

    Raises
    ------
    ReadError
        Damaged, encrypted, too many members, or members that inflate beyond reason (a "zip bomb").
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as wrong:
        raise ReadError(f"{name} is a damaged zip or Excel file ({wrong}). Export or download it again.") from None
    members = archive.infolist()
    inflated = sum(member.file_size for member in members)
    if any(member.flag_bits & 0x1 for member in members):
        raise ReadError(f"{name} is locked with a password. Save it without one.")
    if len(members) > MAX_MEMBERS or inflated > MAX_BYTES or inflated > max(FREE_BYTES, MAX_RATIO * len(content)):
        raise ReadError(f"{name} would grow from {len(content):,} to {inflated:,} bytes; it is not opened.")
    return archive


def member(archive: zipfile.ZipFile, inside: str, name: str) -> bytes:
    """Bytes of one member, never more than its header says."""
    try:
        return archive.read(inside)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as wrong:
        raise ReadError(f"{name}: {inside!r} in it is damaged ({wrong}). Export or download it again.") from None


def only_text(archive: zipfile.ZipFile, name: str) -> tuple[str, bytes]:
    """Name and bytes of the one text file with separators in a zip file.

    Raises
    ------
    ReadError
        None or several such files; they are listed.
    """
    found = [item for item in archive.infolist() if _is_text(item.filename)]
    if len(found) != 1:
        listed = ", ".join(repr(_readable(item)) for item in found[:10])
        listed = listed or f"none among {', '.join(repr(_readable(i)) for i in archive.infolist()[:10]) or 'no files'}"
        raise ReadError(f"{name} must hold one CSV file, but holds {len(found)}: {listed}. Unpack it; name the file.")
    return _readable(found[0]), member(archive, found[0].filename, name)


def refuse_entities(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse XML that declares entities, which can inflate without limit; office files never do."""
    for item in archive.infolist():
        part = b"" if item.filename.startswith("xl/media/") else member(archive, item.filename, name)
        is_xml = part.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"\xff\xfe", b"\xfe\xff", b"\0<"))
        if is_xml and (b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"\0" in part[:200]):
            raise ReadError(f"{name}: {item.filename!r} in it declares entities, which Excel files never do.")


def _is_text(filename: str) -> bool:
    hidden = filename.startswith("__MACOSX/") or filename.rsplit("/", 1)[-1].startswith(".")
    return filename.lower().endswith(TEXTS) and not hidden


def _readable(item: zipfile.ZipInfo) -> str:
    """A member's name; Korean Windows writes it in CP949 without saying so."""
    if item.flag_bits & 0x800:
        return item.filename
    try:
        return item.filename.encode("cp437").decode("cp949")
    except UnicodeError:
        return item.filename
