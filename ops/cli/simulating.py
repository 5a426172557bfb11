"""The command that fills a store with days of a district: simulate."""

import time
from typing import Annotated

import typer

from adapters.district_engine import open_engine
from casecore.errors import BadInput, Flaw
from ops.cli.app import app
from ops.cli.moments import day_of
from ops.cli.options import JsonOption, StoreOption, guarded
from ops.demo.simulation import DISTRICT
from ops.printing import console
from ops.printing.advance import progress
from ops.printing.simulated import print_simulated
from ops.year.days import Share
from ops.year.running import BEGINS, Year, write_year
from ops.year.writing import Way

__all__ = ["simulate"]


@app.command()
@guarded
def simulate(  # noqa: PLR0913 - the options of a command
    *,
    store: StoreOption,
    days: Annotated[
        int, typer.Option("--district-days", min=1, help="Working days; the days of rest between them come along.")
    ],
    share: Annotated[float, typer.Option(help="Of what a whole district does: 1 is 9,710 closings a working day.")] = 1,
    seed: Annotated[int, typer.Option(help="The same seed makes the same facts, to the byte.")] = 1,
    begins: Annotated[str, typer.Option("--from", help="The first day.")] = BEGINS.isoformat(),
    through: Annotated[
        Way,
        typer.Option(
            help="log: decided beforehand, appended in pages. engine: the same facts, each decided as a hall hands it in."
            " import: the cases' facts alone, as an import brings them."
        ),
    ] = Way.LOG,
    as_json: JsonOption = False,
) -> None:
    """Write working days of a district into a store, interleaved as a hall handles them: many cases at once, and visits.

    The days end with a midnight, whatever is under way then. The same again adds nothing, and with more days it goes on
    where it ended.

    Example: casecore simulate --district-days 5 --share 0.01 --seed 1 --store sqlite:///year.db
    """
    if not 0 < share <= 1:
        raise BadInput(Flaw.USAGE, "--share", f"{share:g} is not above 0 and up to 1")
    started, used = time.perf_counter(), time.process_time()
    first = day_of(begins, "--from") or BEGINS
    with open_engine(store, district=DISTRICT) as engine, progress("writing") as advance:
        year = Year.of(Share(seed, share, first, days), engine)
        written = write_year(engine, year, through, advance)
    took = time.perf_counter() - started, time.process_time() - used
    if as_json:
        span = {"district_days": days, "from": year.days[0].day.isoformat(), "until": year.days[-1].day.isoformat()}
        console.put_json({**span, **written.told(), "seconds": took[0], "cpu_seconds": took[1]})
    else:
        print_simulated(written, year, *took)
