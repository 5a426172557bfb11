"""Commands that look at an installation: doctor."""

from typing import Annotated

import typer

from ops import printing
from ops.cli.app import FINDING, CatalogueOption, JsonOption, app, guarded
from ops.diagnosis import diagnose
from ops.stores import must_exist

__all__ = ["doctor"]


@app.command()
@guarded
def doctor(
    store: Annotated[str | None, typer.Option("--store", help="A store to look at, too.")] = None,
    *,
    catalogue: CatalogueOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the installation: Python, SQLite, calendars, catalogue and, where given, a store.

    Example: casecore doctor --store sqlite:///cases.db
    """
    if store is not None:
        must_exist(store)
    checks = diagnose(store, catalogue)
    if as_json:
        printing.put_json({"checks": [check._asdict() for check in checks]})
    else:
        printing.print_checks(checks)
    if any(check.state == "bad" for check in checks):
        raise typer.Exit(FINDING)
