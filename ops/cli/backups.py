"""Commands that keep a store safe: backup, restore."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from adapters.backing_up import backup as back_up
from adapters.backing_up import restore as put_back
from casecore.recorded import Head
from ops.cli.app import app
from ops.cli.options import StoreOption, guarded
from ops.printing import console

__all__ = ["backup", "restore"]


@app.command()
@guarded
def backup(
    store: StoreOption,
    *,
    out: Annotated[Path, typer.Option("--out", help="The folder to make; it has its name once all in it is verified.")],
    key: Annotated[Path | None, typer.Option("--key", help="The private key of checkpoint-key, to sign it with.")] = None,
) -> None:
    """Write a backup (备份) of every log while others write on, verify it and, with --key, sign what it holds.

    One SQLite file, whatever the store is; fact tables are not in it, casecore rebuild makes them.

    Example: casecore backup --store sqlite:///cases.db --out monday
    """
    _print(back_up(store, out, key=key))


@app.command()
@guarded
def restore(
    folder: Annotated[Path, typer.Argument(help="The folder of a backup.")],
    *,
    store: StoreOption,
    key: Annotated[Path | None, typer.Option("--key", help="The public key, a .pub file: check its signatures too.")] = None,
) -> None:
    """Verify a backup and write it into an empty store of any kind (恢复); each log begins a new epoch.

    Example: casecore restore monday --store sqlite:///restored.db
    """
    _print(put_back(folder, store, key=key))


def _print(heads: Mapping[str, Head]) -> None:
    for name, head in heads.items():
        console.out.print(f"log {name}: {head.position} events, head {head.hash}, epoch {head.epoch}")
