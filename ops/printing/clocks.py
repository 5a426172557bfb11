"""Printing the clocks of a case, its critical path and its cards, for a clerk: one block a clock, days in ranges."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Final

from rich.text import Text

from casecore.cards import card_terms
from casecore.clocks import ClockReading
from casecore.reading.critical_path import CriticalPath
from casecore.vocabulary import ClockKind, Verdict
from ops.printing import console
from ops.printing.clock_lines import PROVISIONAL, both_dates
from ops.printing.console import styled
from ops.printing.days import print_days
from ops.printing.padding import padded
from projections.explaining.acts import EXTENSION, ClockAct
from projections.explaining.explained_clock import Clock, Compared, ExplainedDay
from projections.explaining.explanation import Uncounted
from projections.explaining.issued_cards import IssuedCard

__all__ = ["print_cards", "print_clock", "print_path", "print_uncounted"]

_OF_STEPS: Final = (ClockKind.STEP, ClockKind.PRELIMINARY_REVIEW)


def print_clock(clock: Clock) -> None:
    """One clock; of a step that was answered one line. What the reading ignored is told with the act it ignored."""
    where = f", {clock.department}" if clock.department else ""
    head = styled((f"时限 {clock.name}", "bold"), f": {clock.limit}, {clock.source}{where}, day 0 is {clock.started_on}")
    if clock.kind in _OF_STEPS and clock.ended_at is not None and clock.compared is None:
        console.out.print(head + styled(f", ended {clock.ended_at.date()};") + _outcome(clock))
        return
    console.out.print(styled("\n") + head)
    for act in clock.acts:
        _say(_act(act, clock.unit))
    show = _print_minutes if clock.limit.unit.within_a_day else print_days
    show([day for day in clock.days if day.day <= clock.read_on])
    totals = clock.totals()
    since = "from day 0" if clock.limit.unit.within_a_day else "after day 0"
    _say(
        f"{totals['days']} dates {since} to {clock.read_on}: {totals['counted']} {clock.unit} counted,"
        f" {totals['excluded']} excluded, {totals['neither']} dates neither"
    )
    if to_come := [day for day in clock.days if day.day > clock.read_on]:
        _say("and on to the due date, not used (至到期日, 未使用):")
        show(to_come)
    console.out.print(styled(" ") + _outcome(clock))
    if clock.remark is not None:
        _say(clock.remark)
    if clock.compared is not None:
        _print_compared(clock, clock.compared)


def _outcome(clock: Clock) -> Text:
    reading = clock.reading
    color = "red" if reading.verdict is Verdict.OVERDUE else "green"
    paused = ", standing still (挂起中): the due date moves on with each day" if reading.paused else ""
    moved = f", moved off the rest day {reading.moved_from} (顺延, 民法典 203)" if reading.moved_from else ""
    return styled(
        " due ",
        (str(_due(reading)), "bold"),
        f"{moved}{both_dates(reading)}{_provisional(reading)}; used {reading.used} {clock.unit}, remaining"
        f" {reading.remaining}, excluded {reading.excluded}, extended {reading.extension_days}: ",
        (f"{reading.verdict.value} {reading.verdict.zh}", color),
        f"{paused} (calendar {clock.calendar})",
    )


def _due(reading: ClockReading) -> date | datetime:
    return reading.due_at or reading.due_on


def _provisional(reading: ClockReading) -> str:
    return f", {PROVISIONAL}" if reading.provisional else ""


def _act(act: ClockAct, unit: str) -> str:
    """One act with what it did."""
    ground = f" ({act.ground})" if act.ground else ""
    declared = ""
    if act.declared_days is not None:
        declared = f", {_some(act.declared_days, 'days')} {'approved' if act.act == EXTENSION else 'declared'}"
    by = f" by {act.authority}" if act.authority else ""
    notice = f", notice {act.notice}" if act.notice else ""
    ended = "" if act.act == EXTENSION else f" … {act.ended_at.date() if act.ended_at else 'open'}"
    places = f"#{act.position}" + (f" … #{act.ended_position}" if act.ended_position is not None else "")
    effect = []
    if act.excluded:
        effect.append(f"excludes {_some(act.excluded, unit)}, {_span(act.first_on, act.last_on)}")
    if act.surplus:
        effect.append(f"{_some(act.surplus, unit)} beyond its declaration (超出告知期限) not excluded")
    if act.added:
        effect.append(f"adds {_some(act.added, 'days')}")
    if act.ignored:
        effect.append(f"does not count: {act.ignored}")
    told = "; ".join(effect) or "takes no day"
    return f"{act.term} {act.act}{ground}{declared}{by}{notice}, {act.started_at.date()}{ended} [{places}]: {told}"


def _some(count: int, unit: str) -> str:
    return f"{count} {unit.removesuffix('s') if count == 1 else unit}"


def _span(first: date | None, last: date | None) -> str:
    return f"{first}" if first == last else f"{first} … {last}"


def _print_minutes(days: Sequence[ExplainedDay]) -> None:
    """Minutes day by day, neighbouring days that say the same in one line."""
    for _, run in groupby(days, key=lambda d: (d.amount, d.excluded, d.why.rsplit("; ", maxsplit=1)[0])):
        found = list(run)
        why = found[0].why if len(found) == 1 else f"{found[0].why.rsplit('; ', maxsplit=1)[0]}, each (每日)"
        _say(f"{_span(found[0].day, found[-1].day):<25} +{sum(d.amount for d in found):<4} {why}")


def _print_compared(clock: Clock, compared: Compared) -> None:
    """The same clock under another calendar, and the days that make the difference."""
    verdict = clock.reading.verdict
    if clock.reading.counted_by is None:
        _say(f"as promised  ({clock.calendar}, 按承诺时的日历): {_numbers(clock.reading, clock.unit)}")
    else:
        _say(f"as judged    ({clock.calendar}, 按现行的日历): {_numbers(clock.reading, clock.unit)}")
    if compared.reading is None:
        _say(f"as now known ({compared.calendar}, 按现知的日历): cannot be counted: {compared.why}")
        return
    _say(f"as now known ({compared.calendar}, 按现知的日历): {_numbers(compared.reading, clock.unit)}")
    if not compared.days:
        _say("no day of this clock differs")
        return
    for day in compared.days:
        _say(f"  {day.day}: as promised {day.promised}; as now known {day.known}")
    if clock.reading.counted_by is None:
        _say(f"the verdict stays with the promise (以承诺时的日历为准): {verdict.value} {verdict.zh}")
    else:
        _say(f"the verdict stays what it is (判定不变): {verdict.value} {verdict.zh}")


def _numbers(reading: ClockReading, unit: str) -> str:
    due = f"due {_due(reading)}{_provisional(reading)}"
    return f"{due}; used {reading.used} {unit}, remaining {reading.remaining}, excluded {reading.excluded}"


def print_uncounted(uncounted: Sequence[Uncounted]) -> None:
    """The clocks no calendar can count."""
    for clock in uncounted:
        console.out.print()
        console.out.print(
            f"时限 {clock.clock}: {clock.limit}: cannot be counted: {clock.why}",
        )


def print_path(path: CriticalPath) -> None:
    """Who had the case how long, and how much longer the others could have taken."""
    if not path.segments:
        return
    console.out.print(styled("\n", ("关键路径 Critical path", "bold"), f": {path.working_days} working days"))
    for segment in path.segments:
        step = f" {segment.step}" if segment.step else f" ({segment.kind.value})"
        where = f", {segment.department}" if segment.department else ""
        span = f"{segment.started_on} … {segment.ended_on}"
        _say(f"{span:<25} {segment.working_days:>4} {padded(segment.kind.zh, 10)}{step}{where}")
    for slack in path.slack:
        waited = f"before {slack.waited_for_by} opened" if slack.waited_for_by else "before the end of the review"
        _say(
            f"余量 slack: {slack.step}, {slack.department}, to {slack.ended_on}:"
            f" {slack.working_days} working days {waited} ({slack.waited_until})"
        )


def print_cards(cards: Sequence[IssuedCard]) -> None:
    """The cards of supervision, revoked ones with the reason."""
    if not cards:
        return
    console.out.print(styled("\n", ("监察 Cards", "bold")))
    for issued in cards:
        fact, revoked = issued.card
        due = "".join(f", {term.en}" for term in card_terms(fact))
        where = f", {fact.department}" if fact.department else ""
        ended = ""
        if revoked is not None:
            ended = f"; revoked (撤牌) {revoked.at.date()} #{issued.revoked_position}: {revoked.reason}"
        _say(
            f"{fact.at.date()}  {fact.level.zh} {fact.level.value}: {fact.ground.zh}, {fact.card}{due}{where}"
            f" [#{issued.position}]{ended}"
        )


def _say(text: str) -> None:
    console.out.print(f"  {text}")
