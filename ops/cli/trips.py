"""The command that shows what trips a case or a package cost: trips."""

from typing import Annotated

import typer

from adapters.opening import open_store
from adapters.trip_lists import LISTED, trip_list
from ops.cli.app import app
from ops.cli.moments import instant_of
from ops.cli.options import AsOfOption, DistrictOption, JsonOption, StoreOption, guarded
from ops.printing.trips import print_trip_list

__all__ = ["trips"]


@app.command()
@guarded
def trips(
    stream: Annotated[str, typer.Argument(metavar="ID", help="办件编号, or the id of a package (一件事).")],
    *,
    store: StoreOption,
    district: DistrictOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """The trip ledger (跑动台账): each visit, the cases it served, what it counts for, whether it could be spared.

    Of a package every visit is told once. Shares are exact: a visit that served k cases goes to each by 1/k.

    Example: casecore trips DEMO-0001 --store sqlite:///demo.db
    """
    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district) as opened:
        engine = opened.holding(stream, *LISTED)
        found = trip_list(engine, opened.tables, stream, until)
    print_trip_list(found, as_json=as_json)
