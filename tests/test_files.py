"""Output is whole or not there; folders of the user's own are never replaced."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from surveyanalysis.errors import OutputError
from surveyanalysis.files import MARKER, whole_folder, write_bytes, write_text


def test_a_file_is_replaced_at_once(tmp_path):
    path = write_text(tmp_path / "deep" / "a.txt", "one")
    write_text(path, "둘")
    assert path.read_text(encoding="utf-8") == "둘"
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]


def test_a_file_that_cannot_be_written_is_named_and_nothing_is_left(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(OutputError, match=r"Cannot write .*file/a.txt"):
        write_bytes(blocked / "a.txt", b"x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="Nothing was changed"):
        write_bytes(tmp_path / "folder", b"x")
    assert {p.name for p in tmp_path.iterdir()} == {"file", "folder"}


def test_a_folder_appears_when_complete_and_replaces_the_old_one(tmp_path):
    for word in ("old", "new"):
        with whole_folder(tmp_path / "out") as work:
            (work / MARKER).write_text(word)
            (work / f"{word}.txt").write_text(word)
            assert not (tmp_path / "out" / f"{word}.txt").exists()
    assert {p.name for p in (tmp_path / "out").iterdir()} == {MARKER, "new.txt"}
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_or_interruption_leaves_the_old_folder(tmp_path, error):
    with whole_folder(tmp_path / "out") as work:
        (work / MARKER).write_text("old")
    with pytest.raises(error), whole_folder(tmp_path / "out") as work:
        (work / MARKER).write_text("new")
        raise error
    assert (tmp_path / "out" / MARKER).read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("error", [OSError(13, "Permission denied"), KeyboardInterrupt()])
@pytest.mark.parametrize("moves", [0, 1])
def test_a_move_that_fails_or_is_interrupted_puts_the_old_folder_back(tmp_path, monkeypatch, error, moves):
    """The old folder is put aside (move 1), the new one takes its place (move 2): either may not happen."""
    with whole_folder(tmp_path / "out") as work:
        (work / MARKER).write_text("old")
    done: list[Path] = []

    def rename(self: Path, target: Path) -> Path:
        if len(done) == moves:
            done.append(self)
            raise error
        done.append(self)
        os.rename(self, target)
        return Path(target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises((OutputError, KeyboardInterrupt)), whole_folder(tmp_path / "out") as work:
        (work / MARKER).write_text("new")
    assert (tmp_path / "out" / MARKER).read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_folder_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").write_text("precious")
    with pytest.raises(OutputError, match="not written by this command"), whole_folder(tmp_path / "mine"):
        pass
    assert (tmp_path / "mine" / "thesis.docx").read_text() == "precious"
    with pytest.raises(OutputError, match="is a file"), whole_folder(tmp_path / "mine" / "thesis.docx"):
        pass


def test_a_killed_run_leaves_old_or_new_never_a_mixture(tmp_path):
    code = (
        "import sys, itertools\nfrom surveyanalysis.files import whole_folder, MARKER\n"
        "for i in itertools.count():\n"
        "    with whole_folder(sys.argv[1]) as work:\n"
        "        for name in ('a', 'b', 'c', MARKER): (work / name).write_text(str(i))\n"
        "    print(i, flush=True)\n"
    )
    for attempt in range(5):
        process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "out")], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.013 * (attempt + 1))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        found = {p.read_text() for p in (tmp_path / "out").iterdir()} if (tmp_path / "out").exists() else {"none"}
        assert len(found) == 1
