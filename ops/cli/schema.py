"""Commands of who owns a database: migrate, roles."""

from typing import Annotated

import structlog
import typer

from adapters.opening import migrate_store
from adapters.stores.known import store_at
from ops.cli.app import app
from ops.cli.options import StoreOption, guarded
from ops.printing import console

__all__ = ["migrate", "roles"]


@app.command()
@guarded
def migrate(store: StoreOption) -> None:
    """Bring the schema of a store up to date while others write; prints what was applied.

    Example: casecore migrate --store postgresql://keeper@localhost/cases
    """
    applied = migrate_store(store)
    for migration in applied:
        console.out.print(f"applied {migration.number:04} {migration.name}")
    if not applied:
        console.out.print("nothing to apply")


@app.command()
@guarded
def roles(
    store: Annotated[str | None, typer.Option("--store", help="Run the script there, as a superuser.")] = None,
    *,
    prefix: Annotated[str, typer.Option("--prefix", help="What the names of the roles begin with.")] = "casecore",
) -> None:
    """Print the SQL script that makes the PostgreSQL roles owner, writer, auditor and reporter, or run it.

    Example: casecore roles | psql cases
    """
    if store is None:
        from adapters.stores.postgres.roles import roles_script

        typer.echo(roles_script(prefix), nl=False)
        return
    structlog.get_logger().info("roles", made=[*store_at(store).apply_roles(prefix)])
