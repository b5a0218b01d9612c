"""What a report was made from: hashes of the inputs, versions, hashes of the outputs."""

import hashlib
import json
import platform
from importlib.metadata import version
from pathlib import Path

from .._version import __version__
from ..language import say
from ..survey import Survey

_PACKAGES = ("numpy", "pandas", "scipy", "matplotlib")


def manifest(name: str, data: Path, survey: Survey, folder: Path) -> str:
    """Describe a report as JSON: study, versions, SHA-256 of every input and output file.

    Parameters
    ----------
    name
        The study.
    data
        Folder of its inputs.
    survey
        The cleaned survey.
    folder
        The finished output folder.
    """
    content = {
        "study": name,
        "surveyanalysis": __version__,
        "python": platform.python_version(),
        "packages": {package: version(package) for package in _PACKAGES},
        "synthetic": survey.synthetic,
        "respondents": len(survey),
        "inputs": _hashes(data),
        "outputs": _hashes(folder),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def manifest_rows(survey: Survey, lang: str) -> list[tuple[str, str]]:
    """Name and value of what the page says about its making."""
    packages = ", ".join(f"{package} {version(package)}" for package in _PACKAGES)
    rows = [
        (say({"en": "Software", "ko": "소프트웨어"}, lang), f"surveyanalysis {__version__}, {packages}"),
        (say({"en": "Survey", "ko": "조사"}, lang), survey.made_from),
    ]
    if survey.sha256:
        rows.append((say({"en": "Raw file, SHA-256", "ko": "원자료 SHA-256"}, lang), survey.sha256))
    return rows


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
