"""The codebook as a YAML file: read, with every fault at once, and its JSON Schema for editors."""

from pathlib import Path
from typing import Any

from ..errors import CodebookError
from ..files import write_text
from .document import LineOf, Place, read_yaml
from .questions import Codebook


def read_codebook(path: str | Path) -> Codebook:
    """Read a codebook from its YAML file.

    Parameters
    ----------
    path
        A UTF-8 file in YAML 1.2: `no`, `01` and `1:30` stay text. Its keys are those of `codebook_schema`.

    Returns
    -------
    Codebook

    Raises
    ------
    CodebookError
        One line a fault, all faults of a kind at once, each with file, line, question and key: unknown keys (the
        nearest is named), keys that occur twice, names that clash, choices or questions that do not exist,
        expressions that cannot be read.

    Notes
    -----
    The words follow XLSForm (pyxform.readthedocs.io). Where a question says nothing of its column, the column bears
    the question's id (``id_{code}`` for several columns). A derived single-choice question stands for False and True:
    True is its `event`, or its second choice; its choices are put in that order.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "codebook.yaml"
    >>> _ = file.write_text('''
    ... codebook: 1
    ... survey: {id: demo, title: A demonstration}
    ... questions:
    ... - {id: age, type: number, column: Q1, en: Your age?}
    ... - {id: adult, type: single, choices: {0: No, 1: Yes}, derived: age >= 18}
    ... ''')
    >>> read_codebook(file)
    Codebook demo: 2 questions
      age                    number  Your age?
      adult                  single  adult
    """
    from .assembly import assembled
    from .checks import faults
    from .frame_types import expression_faults
    from .schema import CodebookFile
    from .validation import validated

    data, line_of = read_yaml(path)
    file = validated(CodebookFile, data, path, line_of, context={"languages": _languages(data)})
    _refuse(faults(file), data, path, line_of)
    codebook = assembled(file, str(path))
    places: dict[str, Place] = {q.id: ("questions", i) for i, q in enumerate(file.questions)}
    places |= {name: ("questions", i, "derive", name) for i, q in enumerate(file.questions) for name in q.derive}
    _refuse(list(expression_faults(codebook, places)), data, path, line_of)
    return codebook


def codebook_schema() -> dict[str, Any]:
    """Build the JSON Schema (2020-12) of codebook.yaml, with which editors complete keys and mark faults.

    Examples
    --------
    >>> codebook_schema()["required"]
    ['codebook', 'survey', 'questions']
    """
    from .schema import CodebookFile

    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | CodebookFile.model_json_schema()


def write_schema(path: str | Path) -> Path:
    """Write `codebook_schema` to a JSON file; name it in the YAML file for editors to find it.

    The line in the YAML file is ``# yaml-language-server: $schema=codebook.schema.json``.

    Raises
    ------
    OutputError
        The folder cannot be written; nothing has changed.
    """
    import json

    return write_text(path, json.dumps(codebook_schema(), ensure_ascii=False, indent=2) + "\n")


def _languages(data: Any) -> list[str]:
    """Languages that the file says its labels are in; English where it says nothing."""
    survey = data.get("survey") if isinstance(data, dict) else None
    named = survey.get("languages") if isinstance(survey, dict) else None
    return [str(language) for language in named] if isinstance(named, list) else ["en"]


def _refuse(found: list[tuple[Place, str]], data: Any, path: str | Path, line_of: LineOf) -> None:
    from .validation import problem

    if found:
        ordered = sorted(found, key=lambda fault: line_of(fault[0]))
        raise CodebookError("\n".join(problem(path, data, line_of, place, said) for place, said in ordered))
