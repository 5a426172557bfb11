"""Printing: Rich tables for people on stdout, JSON and CSV for scripts, progress on stderr when it is a terminal."""

import csv
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

import orjson
from rich.console import Console
from rich.markup import escape
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from adapters.diagnosis import Check
from adapters.evidence.checkpoint import Checkpoint
from adapters.evidence.verification import Verification
from adapters.importing.importing import ImportReport
from adapters.reporting import Figure
from adapters.requeueing import Requeued
from casecore.calendar import WorkCalendar
from casecore.calendars import newest
from ops.bench.append import CONTENDERS, Appends
from ops.bench.measuring import Measurement
from projections.explaining.due_dates import DueDate
from projections.explaining.explanation import collapse
from projections.indicators import INDICATORS

__all__ = ["err", "out", "progress", "put_csv", "put_json", "worth_saying"]

WIDE: Final = 200
SHOWN_REJECTIONS: Final = 20
PLACES: Final = Decimal("0.0001")

out = Console(soft_wrap=False, width=None if sys.stdout.isatty() else WIDE)
err = Console(stderr=True)

_PERCENT: Final = {indicator.code for indicator in INDICATORS if indicator.percent}


@contextmanager
def progress(what: str) -> Iterator[Callable[[int], None]]:
    """A progress line on stderr when it is a terminal; gives the function to advance it."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda count: bar.advance(task, count)


def put_json(value: object) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(orjson.dumps(value, default=_plain, option=orjson.OPT_INDENT_2).decode() + "\n")


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(type(value).__name__)


def worth_saying(value: object) -> bool:
    """Whether a field says anything: 0 does (出证办结), None, False and an empty list do not."""
    return value is not None and value is not False and value != []


def put_csv(figures: Sequence[Figure]) -> None:
    """Figures as CSV on stdout."""
    writer = csv.writer(sys.stdout)
    writer.writerow(Figure._fields)
    writer.writerows(figures)


def shown(figure: Figure) -> str:
    """A figure as people read it, half up: a percentage with two places, a mean with four, a count as it is."""
    if figure.denominator is None:
        return f"{figure.numerator}"
    if figure.denominator == 0:
        return "—"
    # From the two whole numbers, so that it is rounded once.
    ratio = (Decimal(figure.numerator) / Decimal(figure.denominator)).quantize(PLACES, ROUND_HALF_UP)
    return f"{ratio * 100:.2f}%" if figure.code in _PERCENT else f"{ratio}"


def print_provisional(provisional: int, console: Console = out) -> None:
    """How many cases the figures count by a due date that may still move, if any."""
    if provisional:
        cases = "1 case is" if provisional == 1 else f"{provisional} cases are"
        console.print(
            f"{cases} due at or past the end of the calendar: provisional (暂定), the next holiday notice may move it",
            highlight=False,
            soft_wrap=True,
        )


def print_stale(stale: int, console: Console = out) -> None:
    """How many cases the figures leave behind, if any."""
    if stale:
        cases = "1 case is" if stale == 1 else f"{stale} cases are"
        console.print(
            f"{cases} stale: figures leave them at their last known state; casecore doctor names them",
            highlight=False,
            soft_wrap=True,
        )


def print_figures(figures: Sequence[Figure], by: str | None) -> None:
    """The indicators as one table."""
    table = Table(title="Indicators (指标)" + (f" by {by}" if by else ""), title_justify="left")
    for name in ("code", "指标", "indicator", *([by] if by else [])):
        table.add_column(name, overflow="fold")
    for name in ("numerator", "denominator", "value"):
        table.add_column(name, justify="right")
    last = None
    for figure in figures:
        head = (figure.code, figure.name_zh, figure.name_en) if figure.code != last else ("", "", "")
        last = figure.code
        group = ["(all)" if figure.group is None else figure.group] if by else []
        denominator = "" if figure.denominator is None else str(figure.denominator)
        table.add_row(*head, *group, str(figure.numerator), denominator, shown(figure))
    out.print(table)


def print_import(result: ImportReport) -> None:
    """What an import did."""
    out.print(
        f"{result.cases} cases of the file are in the store"
        f" ({result.recorded} histories recorded now, {result.known} known before), "
        f"{result.events} facts written from {result.source_events} source events, {len(result.rejected)} rejected"
    )
    if result.open_steps or result.ignored:
        out.print(
            f"{result.open_steps} steps have not ended yet and {result.ignored} rows are set aside by the mapping: no facts"
        )
    if result.closed_with_deadline:
        out.print(
            f"of {result.closed_with_deadline} closed cases with a deadline, {result.late_by_date} closed on a later"
            f" date (our rule), {result.late_by_instant} at a later instant"
        )
    for rejection in result.rejected[:SHOWN_REJECTIONS]:
        out.print(f"  line {rejection.line}: {rejection.case or '—'}: {rejection.reason}", markup=False, highlight=False)
    if len(result.rejected) > SHOWN_REJECTIONS:
        out.print(f"  … and {len(result.rejected) - SHOWN_REJECTIONS} more; --json lists all")


def print_due(answer: DueDate) -> None:
    """A due date with its days."""
    rolled = answer.reading.moved_from
    moved = f" (moved off the rest day {rolled}, 顺延)" if rolled is not None else ""
    provisional = " (provisional: beyond the calendar's coverage 暂定)" if answer.reading.provisional else ""
    out.print(
        f"accepted {answer.accepted_on}, {answer.limit}: due [bold]{answer.reading.due_on}[/bold]{moved}{provisional},"
        f" calendar {answer.calendar}",
        highlight=False,
    )
    print_days(answer.days)
    for ignored in answer.reading.ignored:
        out.print(f"ignored: {ignored}", markup=False)


def print_days(days: Sequence[Any]) -> None:
    """Days of a clock, neighbouring ones of a kind in one line."""
    for first, last, count, counted, why in collapse(days):
        span = f"{first}" if first == last else f"{first} … {last}"
        out.print(
            f"  {span:<25} {'+' if counted else ' '}{count if counted else '·':<3} {why}",
            markup=False,
            highlight=False,
        )


def plain_calendars(calendars: Mapping[str, WorkCalendar]) -> list[dict[str, Any]]:
    """The JSON of ``calendars``: each version, and under ``newest`` the one now in force on its line."""
    return [
        {
            "version": version,
            "title": calendar.title,
            "zone": calendar.zone,
            "covers": calendar.covers,
            "supersedes": calendar.supersedes,
            "newest": newest(calendars, version),
        }
        for version, calendar in sorted(calendars.items())
    ]


def print_calendars(calendars: Mapping[str, WorkCalendar]) -> None:
    """The calendars as a table."""
    table = Table(title="Working calendars (工作日历)", title_justify="left")
    for column in ("version", "title", "covers", "supersedes", "now in force"):
        table.add_column(column)
    for found in plain_calendars(calendars):
        first, last = found["covers"]
        cells = (found["version"], found["title"], f"{first} to {last}", found["supersedes"] or "—", found["newest"])
        table.add_row(*map(escape, cells))
    out.print(table)


def plain_verification(results: Mapping[str, Verification]) -> dict[str, Any]:
    """The JSON of ``verify``: the first bad log's answer, or all of them added up; each log under ``logs``."""
    logs = {
        district: {
            "events": found.events,
            "head": found.head,
            "ok": found.first_bad_position is None,
            "first_bad_position": found.first_bad_position,
            "why": found.why,
        }
        for district, found in results.items()
    }
    bad = next((found for found in logs.values() if not found["ok"]), None)
    heads = [found["head"] for found in logs.values()]
    return {
        "events": sum(found.events for found in results.values()),
        "head": heads[0] if len(heads) == 1 else None,
        "ok": bad is None,
        "first_bad_position": bad["first_bad_position"] if bad else None,
        "why": bad["why"] if bad else None,
        "logs": logs,
    }


def print_verification(results: Mapping[str, Verification], checkpoints: Sequence[Checkpoint] = ()) -> None:
    """What walking the logs found, and which checkpoints were held against them."""
    for district, found in results.items():
        if found.first_bad_position is None:
            out.print(f"log {district}: {found.events} events, chain whole, head {found.head}", highlight=False)
            for seen in checkpoints:
                if seen.district == district:
                    out.print(f"  as the checkpoint of {seen.at} saw it up to position {seen.size}", highlight=False)
        else:
            out.print(f"log {district}: BROKEN at position {found.first_bad_position}: {found.why}", highlight=False)
    if not results:
        out.print("no log in this store yet")


def print_checks(checks: Sequence[Check]) -> None:
    """The doctor's findings."""
    marks = {"ok": "[green]ok[/green]", "warn": "[yellow]warn[/yellow]", "bad": "[red]bad[/red]"}
    for check in checks:
        finding = escape(f"{check.what}: {check.finding}")
        out.print(f"{marks[check.state]:<4} {finding}", highlight=False, soft_wrap=True)


def print_requeued(result: Requeued) -> None:
    """Who went through, and who is still in quarantine and why."""
    out.print(f"{len(result.served)} cases taken back, {len(result.left)} still in quarantine", highlight=False)
    for one in result.left:
        out.print(
            f"  log {one.log} position {one.position}: case {one.case}, since {one.since}: {one.reason}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def print_bench(results: Sequence[Measurement]) -> None:
    """Measurements beside their floors."""
    table = Table(title="Rates and floors of this run", title_justify="left")
    for name in ("what", "floor"):
        table.add_column(name)
    for name in ("per second", "floor per second", "ratio"):
        table.add_column(name, justify="right")
    for r in results:
        table.add_row(r.what, r.floor, f"{r.rate:,.0f}", f"{r.floor_rate:,.0f}", f"{r.ratio:.2f}")
    out.print(table)


def print_appends(results: Sequence[Appends]) -> None:
    """Commits per second of each contender, and the engine's ratio to it."""
    table = Table(title="Commits per second, and the engine's ratio to each", title_justify="left")
    for name in ("writers", "districts", "events a commit", *CONTENDERS):
        table.add_column(name, justify="right")
    for r in results:
        rates = [f"{r.rates[CONTENDERS[0]]:,.0f}", *(f"{r.rates[n]:,.0f}  {r.ratios[n]:.2f} x" for n in CONTENDERS[1:])]
        table.add_row(str(r.writers), str(r.districts), str(r.events), *rates)
    out.print(table)
    for spread in (r for r in results if r.districts > 1):
        (shared,) = (r for r in results if (r.writers, r.events, r.districts) == (spread.writers, spread.events, 1))
        ratio = spread.rates["engine"] / shared.rates["engine"]
        out.print(f"{spread.events} event(s) a commit: {spread.districts} districts take {ratio:.2f} x what one takes")
