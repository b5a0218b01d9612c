"""The command line: reproduce a study, clean an export, check a codebook."""

import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from ._version import __version__
from .errors import SurveyError

if TYPE_CHECKING:
    from .report.build import Report

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="From a raw survey export to a published table, every number traceable and checked.",
)


class Interrupted(BaseException):
    """The user, or the machine, asked to stop; not an error, so that nothing on the way takes it for one."""


Lang = Annotated[str, typer.Option(help="Language of pages and tables: en or ko.")]


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"surveyanalysis {__version__}")
        raise typer.Exit


@app.callback()
def _every_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """From a raw survey export to a published table, every number traceable and checked."""


@app.command()
def reproduce(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Studies, such as stepi-2011 copenhagen-housing; files of printed tables (my_table.yaml)."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All studies and all printed tables of the gallery.")] = False,
    out: Annotated[Path, typer.Option(help="Folder for the pages, tables and figures.")] = Path("results"),
    lang: Lang = "en",
) -> None:
    """Run studies and printed tables from their data and hold every number against what was printed.

    The exit code is 0 only if no number differs.
    """
    from .errors import ChoiceError, one_of
    from .report.build import report_study
    from .studies import gallery_files, is_table, study_names

    asked = [*study_names(), *map(str, gallery_files())] if every else list(names or [])
    if not asked:
        raise ChoiceError(f"Name studies ({', '.join(study_names())}) or files of printed tables, or ask for --all.")
    studies, files = [n for n in asked if not is_table(n)], [n for n in asked if is_table(n)]
    for name in studies:
        one_of(name, study_names(), "study")
    started = time.perf_counter()
    reports = [report_study(name, out, lang=lang, progress=_progress(name)) for name in studies]
    held = _tables(files, out, lang)
    _clear_line()
    for report in reports:
        _tell(report, lang)
    typer.echo(f"\n{time.perf_counter() - started:.1f} s")
    if not (held and all(report.reproduction.holds for report in reports)):
        typer.echo("Some numbers differ from what was printed: see the verdicts above.", err=True)
        raise typer.Exit(1)


@app.command()
def clean(
    export: Annotated[Path, typer.Argument(help="The raw export; it is never changed.")],
    codebook: Annotated[Path, typer.Argument(help="The codebook, a YAML file.")],
    recipe: Annotated[Path | None, typer.Argument(help="The recipe, a YAML file.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for answers, reasons, ledger and flow.")] = Path("clean"),
    lang: Lang = "en",
) -> None:
    """Clean an export by a recipe; write answers, reasons for missing, ledger and case flow as CSV."""
    from .cleaning.recipe import clean as clean_export
    from .errors import one_of
    from .files import MARKER, whole_folder, write_text
    from .language import LANGUAGES

    one_of(lang, LANGUAGES, "lang")
    survey = clean_export(export, codebook, recipe)
    assert survey.ledger is not None
    with whole_folder(out) as work:
        write_text(work / "answers.csv", survey.frame.to_csv())
        write_text(work / "reasons.csv", survey.reasons.to_csv())
        write_text(work / "ledger.csv", survey.ledger.frame.to_csv(index=False))
        survey.flow().table(lang).to_csv(work / "flow.csv")
        write_text(work / MARKER, f'{{"export_sha256": "{survey.sha256}"}}\n')
    typer.echo(survey.flow().table(lang).to_text())
    typer.echo(f"\n{survey.ledger.sentence(lang)}")
    typer.echo(f"Written: {out}/answers.csv, reasons.csv, ledger.csv, flow.csv")


@app.command()
def codebook(
    path: Annotated[Path, typer.Argument(help="The codebook, a YAML file.")],
    schema: Annotated[Path | None, typer.Option(help="Also write the JSON Schema for editors to this file.")] = None,
) -> None:
    """Check a codebook and list its questions; errors name file, line and question."""
    from .codebook.yaml_file import read_codebook, write_schema

    book = read_codebook(path)
    written = None if schema is None else write_schema(schema)
    typer.echo(repr(book))
    if written is not None:
        typer.echo(f"Written: {written}")


def main() -> None:
    """Run the command line; errors made on purpose are one line, without a traceback."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    try:
        app()
    except SurveyError as error:
        _clear_line()
        typer.echo(f"{type(error).__name__}: {error}", err=True)
        sys.exit(2)
    except (Interrupted, KeyboardInterrupt):
        _clear_line()
        typer.echo("Interrupted. What was not complete was not written; what was there before is as it was.", err=True)
        sys.exit(130)


def _stop(*_: Any) -> NoReturn:
    """Stop once: a second signal does not disturb the tidying up."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise Interrupted


def _progress(name: str) -> Any:
    """Show what is being done: one line that is overwritten in a terminal, plain lines elsewhere."""
    terminal = sys.stderr.isatty()

    def show(words: str) -> None:
        line = f"{name}: {words} ..."
        typer.echo(f"\r\033[K{line}" if terminal else line, err=True, nl=not terminal)

    return show


def _tables(files: list[str], out: Path, lang: str) -> bool:
    """Compute printed tables again, tell their verdicts; whether nothing differs without a reason."""
    if not files:
        return True
    from .report.tables_page import report_tables
    from .studies.table import printed_table

    report = report_tables([printed_table(file) for file in files], out, lang=lang, progress=_progress("tables"))
    _clear_line()
    for verdicts in report.verdicts:
        if verdicts is not None and (len(files) == 1 or not verdicts.holds):
            typer.echo(verdicts.table(lang).to_text() + "\n")
    typer.echo(report.table(lang).to_text())
    typer.echo(f"\n  {report.page}\n")
    return report.holds


def _clear_line() -> None:
    if sys.stderr.isatty():
        typer.echo("\r\033[K", err=True, nl=False)


def _tell(report: "Report", lang: str) -> None:
    """Print the verdict table and the paths of what was written."""
    typer.echo(report.reproduction.table(lang).to_text())
    typer.echo(f"\n  {report.page}")
    for label, paths in (("tables", report.tables), ("figures", report.figures)):
        typer.echo(f"  {report.folder / label}/: {len(paths)} files")
    typer.echo("")
