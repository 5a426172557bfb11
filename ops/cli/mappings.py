"""The commands about mappings: mapping suggest."""

from pathlib import Path
from typing import Annotated

import typer

from casecore.errors import BadInput, Flaw
from ops.cli.app import app
from ops.cli.options import guarded
from ops.printing.console import inert

__all__ = ["mapping_app"]

mapping_app = typer.Typer(help="Mappings: what the columns of a file mean.", no_args_is_help=True)
app.add_typer(mapping_app, name="mapping")


@mapping_app.command("suggest")
@guarded
def suggest(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, XES or OCEL 2.0 (JSON, SQLite); .gz too where it is text.")],
    *,
    sheet: Annotated[str | None, typer.Option("--sheet", help="The sheet, of an XLSX workbook that has several.")] = None,
    header: Annotated[
        int | None,
        typer.Option("--header", min=1, help="The line (row) of a table that names its columns; default: a guess."),
    ] = None,
    joined: Annotated[
        Path | None, typer.Option("--joined", help="A second table of the same cases, to be joined to the first.")
    ] = None,
) -> None:
    """Draft a mapping from the head of a file, with a comment at every guess. Mend it, and import with it.

    Fields and rows that cannot be read are named in a comment at its beginning, with line (row) and column.

    Example: casecore mapping suggest cases.csv > cases.toml
    """
    from adapters.importing.suggesting import suggest_mapping

    for named in (file, joined):
        if named is not None and not named.is_file():
            raise BadInput(Flaw.USAGE, str(named), "there is no such file")
    typer.echo(inert(suggest_mapping(file, sheet=sheet, header=header, joined=joined)), nl=False)
