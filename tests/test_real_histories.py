"""The real histories of the shared folder, end to end: imported, followed, rebuilt, reported, on both databases.

The beginning of the Chinese ones, and the whole of the Dutch; ``make torture`` takes the whole, ten minutes a database.
"""

import gzip
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from support.postgres_server import DatabaseServer

from adapters.district_books import NOTHING_GIVEN, first_facts
from adapters.district_engine import open_engine
from adapters.evidence.chain import Row
from adapters.following import follow, rebuild
from adapters.importing.importing import ImportReport, import_file
from adapters.importing.mapping import load_mapping
from adapters.open_tables import open_tables
from adapters.reporting import Figure, Period, report
from adapters.stores.known import store_at
from casecore import Flaw
from casecore.district import books_stream
from casecore.log import Batch
from casecore.recorded import Envelope
from projections.case_facts import CaseFact
from projections.registry import PROJECTIONS

CHONGQING, DUTCH = "500000", "NL"
FILES = (
    ("chongqing_cases", "chongqing_cases.csv.gz", CHONGQING),
    ("chongqing_steps", "chongqing_steps.csv.gz", CHONGQING),
    ("coselog_receipt", "receipt.xes.gz", DUTCH),
)
ASKED = Period(None, None, date(2023, 12, 31))
BEGINNING = 2_000
"""Cases, and as many steps."""


class Imported(NamedTuple):
    """What one store says after importing, importing again, following and rebuilding."""

    books: int
    first: dict[str, ImportReport]
    again: dict[str, ImportReport]
    heads: dict[str, tuple[int, str]]
    digests: list[bytes]
    states: list[bytes]
    followed: dict[str, list[tuple[object, ...]]]
    rebuilt: dict[str, list[tuple[object, ...]]]
    figures: list[Figure]


def begin(url: str, district: str) -> int:
    """The books that the first opening would adopt, told at one instant: so two stores hold the same bytes."""
    facts, _ = first_facts(NOTHING_GIVEN, district, datetime(2023, 1, 1, tzinfo=UTC))
    stream = books_stream(district)
    with closing(store_at(url).log(district)) as log:
        log.append([Batch("books", stream, tuple(Envelope(stream, n, one, "books") for n, one in enumerate(facts, 1)))])
    return len(facts)


def everything(url: str, data: Path) -> Imported:
    books = sum(begin(url, district) for district in (CHONGQING, DUTCH))
    first: dict[str, ImportReport] = {}
    again: dict[str, ImportReport] = {}
    with open_engine(url, district=CHONGQING) as chinese, open_engine(url, district=DUTCH) as dutch:
        engines = {CHONGQING: chinese, DUTCH: dutch}
        for into in (first, again):
            for mapping, file, district in FILES:
                into[mapping] = import_file(engines[district], load_mapping(mapping), data / file)
        rows = []
        for engine in engines.values():
            assert engine.log.verify().why is None
            with engine.log.ledger.written() as written:
                rows += [Row(*row) for row in written.rows]
        tables = open_tables(url, PROJECTIONS)
        try:
            logs = [engine.log for engine in engines.values()]
            follow(list(logs), tables)
            followed = dump(tables)
            figures = report(tables, ASKED, "district")
            rebuild(list(logs), tables)
            rebuilt = dump(tables)
        finally:
            tables.close()
        heads = {district: tuple(engine.log.head()) for district, engine in engines.items()}
    states, digests = [row.state for row in rows], [row.digest for row in rows]
    return Imported(books, first, again, heads, digests, states, followed, rebuilt, figures)


def dump(tables: object) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every fact table, as text, ordered."""
    return {
        p.name: sorted(tuple(map(str, row)) for row in tables.query(f"SELECT * FROM {p.name}"))  # type: ignore[attr-defined] # noqa: S608
        for p in PROJECTIONS
    }


@pytest.fixture(scope="module")
def data() -> Path:
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the shared sample data is not here")
    return folder


@pytest.fixture(scope="module")
def sqlite(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    return everything(f"sqlite:///{tmp_path_factory.mktemp('real')}/real.db", data)


@pytest.fixture(scope="module")
def postgres(data: Path, postgres_server: DatabaseServer) -> Iterator[Imported]:
    url = postgres_server.create_database()
    try:
        yield everything(url, data)
    finally:
        postgres_server.drop_database(url)


@pytest.fixture(scope="module")
def beginning(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first lines of the Chinese files, and the whole of the other."""
    folder = tmp_path_factory.mktemp("beginning")
    for _, file, _ in FILES:
        if file.endswith(".csv.gz"):
            with gzip.open(data / file, "rb") as whole, gzip.open(folder / file, "wb") as begun:
                begun.writelines(line for line, _ in zip(whole, range(BEGINNING + 1), strict=False))
        else:
            shutil.copy(data / file, folder)
    return folder


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.torture) for name in ("sqlite", "postgres")])
def imported(request: pytest.FixtureRequest) -> Imported:
    found: Imported = request.getfixturevalue(request.param)
    return found


def value(figures: list[Figure], code: str, group: str) -> tuple[int, int | None]:
    (found,) = [f for f in figures if f.code == code and f.group == group]
    return found.numerator, found.denominator


def test_every_row_of_the_chongqing_cases_is_a_case_or_rejected_with_its_line(imported: Imported) -> None:
    cases = imported.first["chongqing_cases"]
    assert (cases.cases, len(cases.rejected), cases.rows) == (60_183, 35, 60_218)
    assert all(r.line > 1 and r.case and "before it was received" in r.reason for r in cases.rejected)
    assert cases.events == 3 * cases.cases - 355


def test_every_step_is_a_fact_or_unfinished_or_rejected(imported: Imported) -> None:
    steps = imported.first["chongqing_steps"]
    assert steps.recorded + steps.open_steps + len(steps.rejected) == steps.rows == 70_276
    assert (steps.open_steps, len(steps.rejected)) == (339, 36)
    unknown = {r.case for r in steps.rejected if "no case" in r.reason}
    assert unknown <= {r.case for r in imported.first["chongqing_cases"].rejected}
    assert [r.code for r in steps.rejected if "no case" not in r.reason] == [Flaw.CONTRADICTION]


def test_every_event_of_the_municipality_is_accounted_for(imported: Imported) -> None:
    log = imported.first["coselog_receipt"]
    assert (log.cases, log.source_events, log.rejected) == (1_434, 8_577, [])
    assert (log.closed_with_deadline, log.late_by_date, log.late_by_instant) == (1_329, 309, 377)


def test_compliance_is_what_counting_by_hand_gives(imported: Imported) -> None:
    assert value(imported.figures, "K6", CHONGQING) == (51_230, 59_828)
    assert value(imported.figures, "K6", DUTCH) == (1_329 - 309, 1_329)


def test_of_ten_promised_days_the_city_saved_half_and_a_fixed_date_promises_no_days(imported: Imported) -> None:
    used = 304_818  # working days by date, counted from the file one by one: 5.095 a case
    assert value(imported.figures, "K9-promised", CHONGQING) == (10 * 59_828 - used, 10 * 59_828)
    assert value(imported.figures, "K10", CHONGQING) == (50_041, 60_183)
    assert value(imported.figures, "K7-early", CHONGQING) == (50_041, 59_828)
    assert {f.group for f in imported.figures if f.code == "K9-promised"} == {None, CHONGQING}


def test_importing_again_adds_nothing(imported: Imported) -> None:
    assert [report_.events for report_ in imported.again.values()] == [0, 0, 0]
    assert imported.heads[CHONGQING][0] + imported.heads[DUTCH][0] == imported.books + sum(
        r.events for r in imported.first.values()
    )


def test_rows_after_following_equal_rows_after_rebuilding(imported: Imported) -> None:
    assert len(imported.followed["case_facts"]) == 60_183 + 1_434
    assert imported.followed == imported.rebuilt


def test_both_databases_hold_the_same_bytes_hashes_rows_and_figures(
    beginning: Path, postgres_url: str, tmp_path: Path
) -> None:
    ours, theirs = everything(f"sqlite:///{tmp_path}/begun.db", beginning), everything(postgres_url, beginning)

    assert len(ours.states) > 3 * BEGINNING
    assert ours == theirs
    assert ours.followed == ours.rebuilt
    assert [report_.events for report_ in ours.again.values()] == [0, 0, 0]
    log = ours.first["coselog_receipt"]
    assert (log.cases, log.source_events, log.rejected) == (1_434, 8_577, [])
    assert value(ours.figures, "K6", DUTCH) == (1_329 - 309, 1_329)


@pytest.mark.torture
def test_of_the_whole_both_databases_hold_the_same(sqlite: Imported, postgres: Imported) -> None:
    assert sqlite.states == postgres.states
    assert sqlite.digests == postgres.digests
    assert sqlite.heads == postgres.heads
    assert sqlite.rebuilt == postgres.rebuilt
    assert sqlite.figures == postgres.figures


@pytest.mark.torture
def test_elapsed_working_days_have_the_median_and_mean_of_the_sample(sqlite: Imported) -> None:
    position = CaseFact._fields.index("elapsed_days")
    days = sorted(
        int(str(row[position])) for row in sqlite.followed["case_facts"] if row[0] == CHONGQING and row[position] != "None"
    )
    assert len(days) == 59_828
    assert days[len(days) // 2] == 3
    assert round(sum(days) / len(days), 3) == 5.095


@pytest.mark.torture
def test_where_suspensions_move_the_promise_more_cases_are_on_time(data: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/moved.db"
    with open_engine(url, district=CHONGQING) as engine:
        for mapping, file, _ in FILES[:2]:
            moving = load_mapping(mapping)._replace(suspension_moves_promise=True)
            import_file(engine, moving, data / file)
        tables = open_tables(url, PROJECTIONS)
        try:
            follow([engine.log], tables)
            assert value(report(tables, ASKED, "district"), "K6", CHONGQING) == (51_677, 59_828)
        finally:
            tables.close()
