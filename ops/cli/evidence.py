"""Commands that prove what was written: verify."""

import typer

from ops import printing
from ops.cli.app import FINDING, DistrictOption, JsonOption, StoreOption, app, guarded
from ops.stores import open_store

__all__ = ["verify"]


@app.command()
@guarded
def verify(store: StoreOption, *, district: DistrictOption = None, as_json: JsonOption = False) -> None:
    """Walk the hash chain: is the log what was written? Exit code 1 and the position where it is not.

    Example: casecore verify --store sqlite:///cases.db
    """
    with open_store(store, district=district) as opened:
        results = {engine.district: engine.log.verify() for engine in opened.engines}
    bad = [district for district, found in results.items() if found.first_bad_position is not None]
    if as_json:
        printing.put_json(printing.plain_verification(results))
    else:
        printing.print_verification(results)
    if bad:
        raise typer.Exit(FINDING)
