"""A simulated share of a district's year: the same facts for the same seed, lawful, and interleaved as a hall does."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from typer.testing import CliRunner

from adapters.district_engine import DistrictEngine, open_engine
from adapters.opening import open_store
from casecore import (
    ApproveExtension,
    CaseCommand,
    CloseCase,
    DeliverResult,
    GrantApproval,
    OpenPackage,
    OpenVisit,
    ReceiveCase,
    ReportCourierReturned,
    RequestCorrection,
    ReturnPreReview,
    SubmitApplication,
    SuspendCase,
    WithdrawCase,
)
from casecore.command import Command
from casecore.district import books_stream
from casecore.drop_box.acts import CollectBox
from casecore.errors import BadInput, Fault
from casecore.kinds import CASE, DISTRICT, kind_of
from casecore.recorded import Recorded
from casecore.vocabulary import Channel, DeliveryMethod
from ops.cli import app
from ops.demo.simulation import DISTRICT as XINDU
from ops.year.days import CLOSINGS_A_DAY, Share, days_of
from ops.year.interleaving import interleaved
from ops.year.running import BEGINS, Year, write_year
from ops.year.writing import Way, Written

FEW: Final = Share(seed=7, share=0.004, begins=date(2017, 1, 24), working_days=6)
"""Over the Spring Festival of 2017, with two make-up days (01-22 lies before it, 02-04 within it)."""
MANY: Final = Share(seed=1, share=0.006, begins=BEGINS, working_days=60)


class Row(NamedTuple):
    """A fact as it lies in the store."""

    stream: str
    version: int
    topic: str
    state: bytes


def nobody(_: int) -> None:
    """Listens to no progress."""


def facts_of(engine: DistrictEngine) -> list[Row]:
    """All facts in their order, but for the books: those say when they were adopted."""
    rows = engine.log.ledger.rows(0, 1_000_000)
    return [Row(row.stream, row.version, row.topic, row.state) for row in rows if row.stream != books_stream(XINDU)]


@cache
def written(share: Share = FEW, way: Way = Way.LOG) -> tuple[Written, tuple[Row, ...], tuple[Recorded, ...]]:
    with open_engine("memory:", district=XINDU) as engine:
        what = write_year(engine, Year.of(share, engine), way, nobody)
        recorded = tuple(one for one in engine.follow() if kind_of(one.event) is not DISTRICT)
        return what, tuple(facts_of(engine)), recorded


@cache
def commands() -> tuple[Command, ...]:
    with open_engine("memory:", district=XINDU) as engine:
        return tuple(Year.of(MANY, engine).commands())


def differ(one: Sequence[object], other: Sequence[object]) -> int | None:
    """Where two logs differ first; None where they are alike. Thousands of facts are no diff to be read."""
    return next((n for n, (this, that) in enumerate(zip_longest(one, other)) if this != that), None)


def at(command: Command) -> datetime:
    assert command.at is not None
    return command.at


def of(*kinds: type[Command]) -> list[Any]:
    return [command for command in commands() if isinstance(command, kinds)]


# --- the same again ---


def test_the_same_seed_gives_the_same_facts_to_the_byte_and_another_gives_others() -> None:
    with open_engine("memory:", district=XINDU) as engine:
        again = write_year(engine, Year.of(FEW, engine), Way.LOG, nobody)
        assert differ(facts_of(engine), written()[1]) is None
    assert again.told() == written()[0].told()
    assert differ(written(FEW._replace(seed=8, working_days=1))[1], written(FEW._replace(working_days=1))[1]) == 0


def test_what_is_decided_beforehand_is_what_the_engine_decides_to_the_byte() -> None:
    assert differ(written(FEW, Way.ENGINE)[1], written()[1]) is None
    assert written(FEW, Way.ENGINE)[0].told() == written()[0].told()


def test_fewer_days_are_the_beginning_of_more() -> None:
    fewer = written(FEW._replace(working_days=3))[1]
    assert 0 < len(fewer) < len(written()[1])
    assert differ(written()[1][: len(fewer)], fewer) is None


@pytest.mark.parametrize("way", Way)
def test_a_store_that_holds_some_days_takes_the_others_and_the_same_again_adds_nothing(way: Way) -> None:
    with open_engine("memory:", district=XINDU) as engine:
        first, second, third = (
            write_year(engine, Year.of(FEW._replace(working_days=days), engine), way, nobody) for days in (2, 4, 4)
        )
        found = [row[:3] for row in facts_of(engine)]
    assert differ(found, [row[:3] for row in written(FEW._replace(working_days=4), way)[1]]) is None
    assert first.facts > 0
    assert first.facts + second.facts == len(found)
    assert third.facts == 0


@pytest.mark.parametrize("way", Way)
def test_a_store_that_holds_another_year_is_left_as_it_is(way: Way) -> None:
    one_day = FEW._replace(working_days=1)
    with open_engine("memory:", district=XINDU) as engine:
        write_year(engine, Year.of(one_day, engine), Way.LOG, nobody)
        head = engine.log.head()
        with pytest.raises(Fault, match="holds something else already"):
            write_year(engine, Year.of(one_day._replace(seed=8), engine), way, nobody)
        assert engine.log.head() == head


# --- how it is interleaved ---


def neighbours(streams: Sequence[str]) -> float:
    """How many acts lie right behind another of their stream, of all."""
    return sum(one == other for one, other in pairwise(streams)) / len(streams)


def open_at_once(streams: Sequence[str]) -> float:
    """How many streams have acts before an act and behind it as well, in the mean over the log."""
    last = {stream: n for n, stream in enumerate(streams)}
    first = {stream: n for n, stream in reversed([*enumerate(streams)])}
    return sum(last[stream] - first[stream] for stream in last) / len(streams)


def in_one_piece() -> list[str]:
    """The control: the same commands with each life in one piece, as most logs that are generated have them."""
    with open_engine("memory:", district=XINDU) as engine:
        year = Year.of(MANY, engine)
        parties = (party for day in year.days for party in year.town.parties(day))
        return [command.stream for party in parties for command in party if at(command) < year.until]


def test_many_streams_are_open_at_once_and_few_facts_lie_next_to_others_of_theirs() -> None:
    streams, control = [command.stream for command in commands()], in_one_piece()
    assert Counter(streams) == Counter(control)
    assert open_at_once(control) < 3
    assert open_at_once(streams) > 200
    assert neighbours(control) > 0.6
    assert neighbours(streams) < 0.15


def test_no_fact_of_a_command_lies_before_one_of_an_earlier_instant() -> None:
    asked = [at(command) for command in commands()]
    assert differ(asked, sorted(asked)) is None


def test_lives_are_made_no_sooner_than_their_day_is_reached() -> None:
    begun: list[int] = []
    start = datetime.fromisoformat("2017-01-03T00:00:00+08:00")

    def days() -> Iterable[tuple[datetime, Iterable[list[tuple[datetime, tuple[int, int]]]]]]:
        """Each day brings one life, and something is done in it on five days."""
        for n in range(100):
            begun.append(n)
            morning = start + timedelta(days=n, hours=9)
            yield start + timedelta(days=n + 1), [[(morning + timedelta(days=k), (n, k)) for k in range(5)]]

    done = []
    for n, k in interleaved(days(), start + timedelta(days=50)):
        done.append(n)
        assert begun[-1] == n + k
    assert done[:10] == [0, 0, 1, 0, 1, 2, 0, 1, 2, 3]
    assert Counter(done) == Counter({n: min(5, 50 - n) for n in range(50)})


# --- what a district does ---


def test_a_district_closes_9710_cases_a_working_day_once_the_first_weeks_are_over() -> None:
    closed = [at(command).date() for command in of(CloseCase) if at(command).date() >= date(2017, 3, 1)]
    with open_engine("memory:", district=XINDU) as engine:
        days = [day.day for day in days_of(MANY, engine.office.calendar) if day.working and day.day >= date(2017, 3, 1)]
    assert len(closed) / len(days) / MANY.share == pytest.approx(CLOSINGS_A_DAY, rel=0.08)


def test_most_come_before_noon_and_nobody_to_a_desk_on_a_holiday() -> None:
    at_desks = [at(one) for one in of(ReceiveCase) if one.channel is Channel.WINDOW]
    hours = Counter(one.hour for one in at_desks)
    assert max(hours, key=lambda hour: hours[hour]) == 10
    assert hours[14] > hours[13] > hours[17]
    days = {one.date() for one in at_desks}
    spring_festival = {date(2017, 1, 27) + timedelta(days=n) for n in range(7)}
    assert days.isdisjoint(spring_festival)
    assert {date(2017, 1, 22), date(2017, 2, 4)} <= days  # a Sunday and a Saturday that were made up for it
    assert {on.isoweekday() for on in days} == {1, 2, 3, 4, 5, 6, 7}
    machines = {at(one).date() for one in of(ReceiveCase) if one.channel is not Channel.WINDOW}
    assert machines & spring_festival


def test_every_mechanism_happens_as_often_as_it_is_said_to() -> None:
    received = len({one.case for one in of(ReceiveCase)})
    shares = {
        "correction": len({one.case for one in of(RequestCorrection)}) / received,
        "withdrawn": len(of(WithdrawCase)) / received,
        "suspended": len(of(SuspendCase)) / received,
        "extended": len(of(ApproveExtension)) / received,
        "courier returned": len(of(ReportCourierReturned))
        / sum(one.method is DeliveryMethod.COURIER for one in of(DeliverResult)),
        "filed again": sum(one.case.endswith("-2") for one in of(ReceiveCase)) / received,
        "pre-review returned": len(of(ReturnPreReview)) / len({one.case for one in of(SubmitApplication)}),
        "package": len(of(OpenPackage)) / received,
        "in a box": len(of(CollectBox)) / MANY.working_days,
    }
    said = {
        "correction": 0.08,
        "withdrawn": 0.011,
        "suspended": 0.025,
        "extended": 0.008,
        "courier returned": 0.06,
        "filed again": 0.007,
        "pre-review returned": 0.05,
        "package": 0.004,
        "in a box": 2,
    }
    assert {what: share / said[what] for what, share in shares.items()} == pytest.approx(dict.fromkeys(said, 1), rel=0.5)


def test_departments_answer_side_by_side_and_many_cases_take_no_trip() -> None:
    steps: dict[str, set[str]] = {}
    for one in of(GrantApproval):
        steps.setdefault(one.case, set()).add(one.department)
    assert sum(len(found) > 1 for found in steps.values()) > len(steps) / 4
    came = {one.case for one in of(CaseCommand) if one.coming is not None}
    all_cases = {one.case for one in of(ReceiveCase)}
    assert 0.15 < 1 - len(came) / len(all_cases) < 0.5


def test_visits_are_told_by_their_numbers_with_and_without_a_case() -> None:
    opened = of(OpenVisit)
    numbers = {(one.hall, one.on, one.number) for one in opened}
    assert len(numbers) == len(opened)
    what, _, recorded = written()
    visits = {one.stream for one in recorded if kind_of(one.event).name == "visit"}
    assert what.visits == len(visits) > what.cases / 3


# --- what comes of it ---


def test_what_was_written_is_counted_off_the_store() -> None:
    what, rows, recorded = written()
    begun = Counter(kind_of(one.event).name for one in recorded if one.version == 1)
    assert (what.facts, what.cases, what.visits, what.packages) == (
        len(rows),
        begun["case"],
        begun["visit"],
        begun["package"],
    )


def test_an_import_brings_the_same_facts_of_the_cases_and_nothing_else() -> None:
    cases = {one.stream for one in written()[2] if kind_of(one.event) is CASE}
    theirs = [(one.stream, one.version, one.event) for one in written()[2] if one.stream in cases]
    imported = written(FEW, Way.IMPORT)[2]
    assert differ([(one.stream, one.version, one.event) for one in imported], theirs) is None
    sources = [one.envelope.source for one in imported if one.envelope.source is not None]
    assert len(sources) == len(imported)
    assert {(source.name, source.file) for source in sources} == {("simulate", FEW.name)}


def test_the_store_is_lawful(tmp_path: Path) -> None:
    store = ("--store", f"sqlite:///{tmp_path}/year.db")
    asked = ("--district-days", "4", "--share", "0.004", "--seed", "7", "--from", "2017-03-01")

    def ran(*arguments: str) -> str:
        result = CliRunner().invoke(app, [*arguments, *store])
        assert result.exit_code == 0, result.output
        return result.stdout

    told = json.loads(ran("simulate", *asked, "--json"))
    assert told["district_days"] == 4
    assert told["facts"] > told["cases"] > told["closed"] > 0
    ran("follow", "--once")
    ran("verify")
    figures = {one["code"]: one for one in json.loads(ran("report", "--json"))["indicators"]}
    assert 0 < told["cases"] - figures["K20-received"]["numerator"] < 10  # filed on the last evening
    with open_store(store[1]) as opened:
        assert opened.tables.query("SELECT COUNT(*) FROM case_facts") == [(told["cases"],)]
    assert "0 still in quarantine" in ran("requeue")
    again = ran("simulate", *asked)
    assert "0 facts written" in again


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--district-days", "1", "--share", "0"), "--share: 0 is not above 0 and up to 1"),
        (("--district-days", "1", "--share", "1.5"), "--share: 1.5 is not above 0 and up to 1"),
        (("--district-days", "6000", "--share", "0.001"), "--district-days: "),
        (("--district-days", "1", "--from", "1999-01-01"), "--district-days: calendar "),
        (("--district-days", "1", "--from", "soon"), "--from: "),
    ],
)
def test_days_and_shares_that_are_none_are_told_so(options: tuple[str, ...], said: str) -> None:
    ran = CliRunner().invoke(app, ["simulate", "--store", "memory:", *options])
    assert ran.exit_code == 2
    assert said in ran.stderr


def test_days_that_have_not_been_are_not_simulated() -> None:
    with open_engine("memory:", district=XINDU) as engine:
        tomorrow = engine.now().date() + timedelta(days=1)
        with pytest.raises(BadInput, match=r"lies in the future|calendar"):
            Year.of(FEW._replace(begins=tomorrow), engine)
