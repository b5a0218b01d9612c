"""The house stands as drawn: imports point one way, rooms stay small, importing stays light."""

import ast
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "surveyanalysis"
MODULES = sorted(p for p in PACKAGE.rglob("*.py"))

# What each room may import at the top of its modules; `.table()`, `.plot()`, `flow()` open doors within calls only.
GROUND = {"errors", "language", "_version", "files", "threads"}
ALLOWED = {
    "errors": set(),
    "language": set(),
    "_version": set(),
    "files": {"errors"},
    "threads": set(),
    "codebook": GROUND,
    "survey": GROUND | {"codebook"},
    "merging": GROUND | {"codebook", "survey"},
    "reading": GROUND | {"codebook"},
    "cleaning": GROUND | {"codebook", "reading", "survey"},
    "writing": GROUND | {"codebook", "survey"},
    "estimators": {"errors", "threads"},
    "results": GROUND,
    "intervals_likelihood": set(),
    "intervals": GROUND | {"intervals_likelihood"},
    "comparisons": GROUND | {"results"},
    "tables": GROUND | {"results", "comparisons"},
    "figures": GROUND | {"results", "comparisons"},
    "design": GROUND | {"codebook", "survey", "estimators"},
    "analysis": GROUND | {"codebook", "survey", "estimators", "design", "results", "comparisons", "intervals"},
    "missing": GROUND | {"codebook", "survey", "estimators", "design", "results", "intervals", "analysis"},
    "reproduction": GROUND | {"codebook", "survey", "design", "analysis", "results", "intervals", "tables"},
    "studies": GROUND
    | {
        "codebook",
        "reading",
        "cleaning",
        "survey",
        "design",
        "analysis",
        "results",
        "reproduction",
        "tables",
        "writing",
    },
    "report": GROUND | {"codebook", "survey", "cleaning", "results", "reproduction", "studies", "tables", "figures"},
    "cli": GROUND | {"report", "studies", "cleaning", "codebook"},
    "__main__": {"cli"},
}
THIRD_PARTY_IN_ESTIMATORS = {"numpy", "scipy"}
HEAVY = {
    "statsmodels",
    "sklearn",
    "pingouin",
    "matplotlib",
    "pydantic",
    "ruamel",
    "jinja2",
    "formulaic",
    "scipy",
    "docx",
    "openpyxl",
}

# Modules that are themselves loaded only inside the call that needs them.
LOADED_LATE = {
    "codebook/schema.py": {"pydantic"},
    "reproduction/published_file.py": {"pydantic"},
    "studies/page_file.py": {"pydantic"},
    "studies/table_file.py": {"pydantic"},
    "cli.py": {"typer"},
}


def room_of(path: Path) -> str:
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imported_rooms(path: Path, top_only: bool) -> set[str]:
    """Rooms of the package that a module imports: at its top, or anywhere."""
    found = set()
    for node in statements(path, top_only):
        if isinstance(node, ast.ImportFrom) and node.level:
            up = path.relative_to(PACKAGE).parts[: -node.level]
            target = [*up, *(node.module or "").split(".")] if node.module else [*up]
            names = [target[0]] if target and target[0] else [alias.name for alias in node.names]
            found |= set(names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("surveyanalysis"):
            found.add(node.module.split(".")[1] if "." in node.module else "")
    return found - {"", room_of(path)}


def statements(path: Path, top_only: bool) -> list[ast.AST]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not top_only:
        return list(ast.walk(tree))
    return [node for node in tree.body if not is_type_checking(node)]


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def third_party(path: Path, top_only: bool) -> set[str]:
    names = set()
    for node in statements(path, top_only):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").split(".")[0])
    return names - set(sys.stdlib_module_names)


@pytest.mark.parametrize("path", [p for p in MODULES if room_of(p) != "__init__"], ids=lambda p: p.name)
def test_imports_point_one_way(path):
    room = room_of(path)
    assert room in ALLOWED, f"{room} is no room of the house: draw it in ARCHITECTURE.md first"
    assert imported_rooms(path, top_only=True) <= ALLOWED[room]


@pytest.mark.parametrize("path", [p for p in MODULES if room_of(p) in ("tables", "figures")], ids=lambda p: p.name)
def test_tables_and_figures_never_know_surveys_or_designs(path):
    assert not imported_rooms(path, top_only=False) & {"survey", "design", "cleaning", "analysis"}


@pytest.mark.parametrize("path", [p for p in MODULES if room_of(p) == "estimators"], ids=lambda p: p.name)
def test_estimators_need_numpy_and_scipy_only(path):
    assert third_party(path, top_only=False) <= THIRD_PARTY_IN_ESTIMATORS


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.name)
def test_heavy_packages_load_inside_the_call_that_needs_them(path):
    allowed = LOADED_LATE.get(str(path.relative_to(PACKAGE)), set())
    assert not (third_party(path, top_only=True) & HEAVY) - allowed


def function_lengths() -> list[tuple[int, str]]:
    """Lines of every function's body, docstring excluded."""
    lengths = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
                first, last = body[0].lineno, body[-1].end_lineno or body[-1].lineno
                lengths.append((last - first + 1, f"{path.relative_to(PACKAGE)}:{node.name}"))
    return sorted(lengths)


def test_modules_stay_within_the_size_budget():
    lengths = {str(p.relative_to(PACKAGE)): len(p.read_text(encoding="utf-8").splitlines()) for p in MODULES}
    assert not {name: n for name, n in lengths.items() if n > 350}
    assert statistics.median(lengths.values()) <= 120


def test_functions_stay_within_the_size_budget():
    lengths = function_lengths()
    assert not [(n, name) for n, name in lengths if n > 45]
    assert statistics.median(n for n, _ in lengths) <= 8
    assert lengths[int(0.95 * len(lengths))][0] <= 30


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, surveyanalysis; print([m for m in ('numpy', 'pandas', 'scipy', 'matplotlib') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_a_table_from_a_frame_loads_no_package_that_it_does_not_need():
    code = (
        "import sys, pandas as pd, surveyanalysis as sa\n"
        "repr(sa.crosstab(pd.DataFrame({'q': ['a', 'b', 'a', 'b'], 'g': ['x', 'x', 'y', 'y']}), 'q', by='g'))\n"
        "heavy = ('statsmodels', 'sklearn', 'pingouin', 'matplotlib', 'pydantic', 'ruamel', 'jinja2', 'scipy.stats')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_every_public_name_loads_and_is_documented():
    import surveyanalysis as sa

    for name in sa.__all__:
        assert getattr(sa, name).__doc__, name


def test_every_folder_of_the_package_is_listed_for_the_wheel():
    text = (PACKAGE.parent / "setup.cfg").read_text(encoding="utf-8")
    listed = set(re.findall(r"^    (surveyanalysis[\w.]*)$", text, flags=re.MULTILINE))
    folders = {"surveyanalysis"} | {f"surveyanalysis.{p.parent.name}" for p in PACKAGE.glob("*/__init__.py")}
    assert listed == folders | {"surveyanalysis.data"}
