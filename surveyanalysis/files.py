"""Output that is whole or not there: written beside its target and moved when complete."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import OutputError

MARKER = "MANIFEST.json"
"""A folder that holds this file was written by the package, and may be replaced by it."""


def write_text(path: str | Path, content: str, encoding: str = "utf-8") -> Path:
    """Write a text file at once: the old file stays until the new one is complete.

    Raises
    ------
    OutputError
        The folder cannot be written, or the disk is full; nothing has changed.
    """
    return write_bytes(path, content.encode(encoding))


def write_bytes(path: str | Path, content: bytes) -> Path:
    """Write a binary file at once; see `write_text`."""
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise OutputError(f"Cannot write {target}: {_reason(error)}. Nothing was changed.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, target)
    except OSError as error:
        raise OutputError(f"Cannot write {target}: {_reason(error)}. Nothing was changed.") from error
    finally:
        Path(name).unlink(missing_ok=True)
    return target


@contextmanager
def whole_folder(path: str | Path) -> Iterator[Path]:
    """Give a temporary folder that takes the place of `path` only when the block ends without an error.

    Parameters
    ----------
    path
        The folder to write or replace. One that exists is replaced only if it is empty or holds `MARKER`, so that no
        folder of the user's own is ever lost.

    Yields
    ------
    Path
        Where to write. On an error or an interruption it is removed and `path` is as it was.

    Raises
    ------
    OutputError
        `path` is a file or somebody else's folder, or its parent cannot be written.
    """
    target = Path(path)
    _refuse_foreign(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        work.chmod(0o755)
    except OSError as error:
        raise OutputError(f"Cannot write beside {target}: {_reason(error)}. Nothing was written.") from error
    try:
        yield work
        _swap(work, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _refuse_foreign(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target} is a file; a folder is needed. Nothing was written.")
    if target.is_dir() and any(target.iterdir()) and not (target / MARKER).exists():
        raise OutputError(
            f"{target} holds files that were not written by this command (no {MARKER}). "
            "Name another folder, or empty it."
        )


def _swap(work: Path, target: Path) -> None:
    """Move `work` to `target`; what was there is put aside first, put back on failure, and removed last."""
    try:
        aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
        try:
            if target.exists():
                target.rename(aside / "old")
            work.rename(target)
        except BaseException:
            if not target.exists() and (aside / "old").exists():
                (aside / "old").rename(target)
            raise
        finally:
            if target.exists() or not (aside / "old").exists():
                shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise OutputError(f"Cannot write {target}: {_reason(error)}. It is as it was.") from error


def _reason(error: OSError) -> str:
    """Why it failed; a file where a folder is needed is named."""
    if isinstance(error, FileExistsError | NotADirectoryError) and error.filename:
        return f"{error.filename} is a file, not a folder"
    return str(error.strerror or error)
