"""Output that is whole or not there: written beside its target and moved when complete."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import OutputError


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
        raise OutputError(f"Cannot write {target}: {error.strerror or error}. Nothing was changed.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, target)
    except OSError as error:
        raise OutputError(f"Cannot write {target}: {error.strerror or error}. Nothing was changed.") from error
    finally:
        Path(name).unlink(missing_ok=True)
    return target


@contextmanager
def whole_folder(path: str | Path) -> Iterator[Path]:
    """Give a temporary folder that takes the place of `path` only when the block ends without an error.

    Yields
    ------
    Path
        Where to write. On an error or an interruption it is removed and `path` is as it was.

    Raises
    ------
    OutputError
        `path` is a file, or its parent cannot be written.
    """
    target = Path(path)
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target} is a file; a folder is needed. Nothing was written.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise OutputError(f"Cannot write beside {target}: {error.strerror or error}. Nothing was written.") from error
    try:
        work.chmod(0o755)
        yield work
        _swap(work, target)
    except OSError as error:
        raise OutputError(f"Cannot write {target}: {error.strerror or error}. It is as it was.") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _swap(work: Path, target: Path) -> None:
    """Move `work` to `target`; what was there is put aside first and removed last."""
    if not target.exists():
        work.rename(target)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
    target.rename(aside / "old")
    try:
        work.rename(target)
    except OSError:
        (aside / "old").rename(target)
        raise
    finally:
        if target.exists():
            shutil.rmtree(aside, ignore_errors=True)
