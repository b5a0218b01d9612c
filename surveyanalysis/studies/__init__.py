"""Publications that can be reproduced: one module a study, one folder of data a study."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import one_of

if TYPE_CHECKING:
    from ..reproduction.compare import Reproduction
    from ..survey import Survey
    from .study import Study

_MODULES = {"stepi-2011": "stepi_2011", "copenhagen-housing": "copenhagen_housing"}


def study_names() -> tuple[str, ...]:
    """Names of the studies that can be reproduced.

    Examples
    --------
    >>> "stepi-2011" in study_names()
    True
    """
    return tuple(_MODULES)


def find_study(name: str) -> "Study":
    """Return a study by its name.

    Raises
    ------
    ChoiceError
        There is no such study; all of them are listed.
    """
    one_of(name, study_names(), "study")
    return import_module(f".{_MODULES[name]}", __name__).STUDY


def study_folder(name: str) -> Path:
    """Folder that holds a study's data, in an installed package or beside its source.

    Parameters
    ----------
    name
        A study, or data of which no page is made: "california-schools".

    Raises
    ------
    ChoiceError
        There is no such folder; all of them are listed.

    Examples
    --------
    >>> (study_folder("copenhagen-housing") / "counts.csv").exists()
    True
    """
    package = Path(__file__).resolve().parent.parent
    installed = package / "data"
    data = installed if installed.is_dir() else package.parent / "data"
    folders = {path.name.replace("_", "-"): path for path in sorted(data.iterdir()) if (path / "README.md").exists()}
    return folders[one_of(name, folders, "study")]


def is_table(name: str | Path) -> bool:
    """Whether this names the file of a printed table.

    Examples
    --------
    >>> is_table("my_table.yaml"), is_table("stepi-2011")
    (True, False)
    """
    return Path(name).suffix in (".yaml", ".yml")


def gallery_files() -> tuple[Path, ...]:
    """Files of the printed tables that come with the package.

    Examples
    --------
    >>> "affairs_tobit.yaml" in [path.name for path in gallery_files()]
    True
    """
    return tuple(sorted(study_folder("gallery").glob("*.yaml")))


def load_study(name: str) -> "Survey":
    """Return a study's survey, cleaned from its raw file by its recipe."""
    return find_study(name).load(study_folder(name))


def reproduce(name: str | Path, survey: "Survey | None" = None) -> "Reproduction":
    """Hold every number of a study, or of a printed table, against what was printed.

    Parameters
    ----------
    name
        A study, see `study_names`; or the file that describes a printed table ("my_table.yaml"), its data beside it.
    survey
        Cleaned answers to use in place of the study's own: another cleaning, or the real respondents where the study's
        are synthetic.

    Returns
    -------
    Reproduction
        One row a printed number: printed, computed, count, base, verdict.

    Examples
    --------
    >>> reproduce("copenhagen-housing").holds
    True
    """
    from ..reproduction.compare import compare
    from ..reproduction.published import read_published

    if is_table(name):
        from .table import printed_table

        return printed_table(name).reproduce()
    name = str(name)
    found = find_study(name)
    people = found.load(study_folder(name)) if survey is None else survey
    published = read_published(study_folder(name) / "published.yaml")
    return compare(published, found.computed(people, published), synthetic=people.synthetic)
