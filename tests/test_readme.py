"""The README's example runs as it stands, from the project's folder."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_readme_example_runs(monkeypatch):
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) == 1
    names: dict[str, object] = {}
    exec(compile(blocks[0], "README.md", "exec"), names)
    sa = names["sa"]
    assert repr(sa.feasible_counts("35.3%", base_max=57)).startswith("6/17, 12/34, 18/51")


def test_the_readme_names_the_commands_of_the_makefile():
    readme, makefile = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "Makefile"))
    for target in re.findall(r"^make (\w+)", readme, flags=re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target
