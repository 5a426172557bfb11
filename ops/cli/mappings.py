"""The commands about mappings: mapping suggest."""

from pathlib import Path
from typing import Annotated

import typer

from casecore.errors import BadInput, Flaw
from ops.cli.app import app
from ops.cli.options import guarded

__all__ = ["mapping_app"]

mapping_app = typer.Typer(help="Mappings: what the columns of a file mean.", no_args_is_help=True)
app.add_typer(mapping_app, name="mapping")


@mapping_app.command("suggest")
@guarded
def suggest(
    file: Annotated[
        Path, typer.Argument(help="CSV, XLSX with one sheet, XES or OCEL 2.0 (JSON, SQLite); .gz too where it is text.")
    ],
) -> None:
    """Draft a mapping from the head of a file, with a comment at every guess. Mend it, and import with it.

    Example: casecore mapping suggest cases.csv > cases.toml
    """
    from adapters.importing.suggesting import suggest_mapping

    if not file.is_file():
        raise BadInput(Flaw.USAGE, str(file), "there is no such file")
    typer.echo(suggest_mapping(file), nl=False)
