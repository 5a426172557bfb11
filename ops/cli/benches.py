"""Commands that measure against floors of the same machine in the same run: bench."""

from pathlib import Path
from typing import Annotated

import typer

from ops.bench.append import bench_append
from ops.bench.builds import bench_builds
from ops.bench.clock import bench_clock
from ops.bench.rates import bench as run_bench
from ops.cli.app import app
from ops.cli.options import JsonOption, guarded
from ops.printing import console
from ops.printing.benches import print_appends, print_bench, print_builds

__all__ = ["append", "bench", "builds", "clock"]

bench_app = typer.Typer(help="Measure against floors of the same machine in the same run: ratios, not promises.")
app.add_typer(bench_app, name="bench")


@bench_app.callback(invoke_without_command=True)
@guarded
def bench(
    context: typer.Context,
    store: Annotated[str | None, typer.Option("--store", help="Also measure an empty PostgreSQL database.")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Measure against floors of the same machine in the same run: ratios, not promises.

    Example: casecore bench --store postgresql://casecore@localhost/bench
    """
    if context.invoked_subcommand is not None:
        return
    results = run_bench(store)
    if as_json:
        console.put_json({"measurements": [r._asdict() for r in results]})
    else:
        print_bench(results)


@bench_app.command()
@guarded
def append(
    store: Annotated[str, typer.Option("--store", help="An empty PostgreSQL database.")],
    *,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds whose medians are given.")] = 5,
    seconds: Annotated[float, typer.Option(min=0.05, help="How long each contender writes in a round.")] = 1.0,
    as_json: JsonOption = False,
) -> None:
    """Commits per second of the engine, the library's default, plain and ordered inserts on PostgreSQL.

    Example: casecore bench append --store postgresql://casecore@localhost/bench
    """
    results = bench_append(store, rounds=rounds, seconds=seconds)
    if as_json:
        console.put_json({"appends": [r._asdict() for r in results]})
    else:
        print_appends(results)


@bench_app.command()
@guarded
def clock(
    *,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds whose medians are given.")] = 5,
    as_json: JsonOption = False,
) -> None:
    """Due dates, used days and whole clock readings per second, each beside a loop that walks the days.

    Example: casecore bench clock
    """
    results = bench_clock(rounds)
    if as_json:
        console.put_json({"measurements": [r._asdict() for r in results]})
    else:
        print_bench(results)


@bench_app.command()
@guarded
def builds(
    other: Annotated[Path, typer.Argument(help="The casecore command of another build, say the one before.")],
    *,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds whose medians are given.")] = 3,
    as_json: JsonOption = False,
) -> None:
    """This build beside another one: start, whole commands, import, follow, rebuild, in CPU seconds, taking turns.

    Example: casecore bench builds ../casecore-0.1/.venv/bin/casecore
    """
    results = bench_builds(other, rounds)
    if as_json:
        console.put_json({"comparisons": [r._asdict() for r in results]})
    else:
        print_builds(results)
