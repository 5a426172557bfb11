"""On PostgreSQL each role may do what its work needs, tried for real in every cell, and nobody changes what is written."""

# ruff: noqa: S608, T201 - the names are our own, and the figures are to be seen
import json
import secrets
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg
import pytest
from psycopg import errors, sql
from psycopg.rows import tuple_row
from support.followed import BOX, PACKAGE, SERVED, World
from support.postgres_server import DatabaseServer

from adapters import open_engine
from adapters.following import follow, rebuild
from adapters.open_tables import open_tables
from adapters.opening import open_facts, open_store
from adapters.reporting import Period, report
from adapters.stores.known import store_at
from adapters.stores.migrating import Migration, migrations
from adapters.stores.postgres.roles import ROLES, apply_roles, roles_script
from adapters.tables import Tables
from casecore import BadInput, CardGround, CardLevel, Catalogue, CompleteStep, Fault, IssueCard, Receipt
from casecore.kinds import advance
from casecore.log import Batch, Looked, readable
from casecore.recorded import Recorded
from ops.demo.simulation import DISTRICT, simulate
from projections.registry import PROJECTIONS

CASECORE: Final = Path(sys.executable).parent / "casecore"
VIEWS: Final = tuple(projection.name for projection in PROJECTIONS)
BEHIND: Final = "case_facts_g… (behind the view)"
MOVED: Final = "casecore_heads (what an append moves)"
JOINED: Final = "stale_cases"
LEDGER: Final = ("casecore_events", "casecore_receipts", "casecore_heads")

# S, I, U, D, T: SELECT, INSERT, UPDATE, DELETE, TRUNCATE are done; u, d, t: refused by a trigger; a point: no right to;
# ~: there is no such thing. INSERT and UPDATE name all columns, but for the head's: an append moves three of its four.
EXPECTED: Final = """
relation                                 superuser  owner  writer  auditor  reporter  stranger
casecore_events                          SIudt      SIudt  SI...   S....    .....     .....
casecore_receipts                        SIudt      SIudt  SI...   S....    .....     .....
casecore_heads                           SIUdt      SIUdt  SI...   S....    .....     .....
casecore_heads (what an append moves)    S~U~~      S~U~~  S~U~~   S~.~~    .~.~~     .~.~~
casecore_snapshots                       SIUDT      SIUDT  SIU..   S....    .....     .....
casecore_looked                          SIUDT      SIUDT  SIU..   .....    .....     .....
casecore_looks                           SIUDT      SIUDT  SIUD.   .....    .....     .....
casecore_migrations                      SIUDT      SIUDT  S....   S....    S....     .....
casecore_tracking                        SIUDT      SIUDT  .....   .....    .....     .....
casecore_tables                          SIUDT      SIUDT  .....   .....    S....     .....
casecore_quarantine                      SIUDT      SIUDT  .....   .....    .....     .....
stale_cases                              S~~~~      S~~~~  .~~~~   .~~~~    S~~~~     .~~~~
case_facts                               SIUD~      SIUD~  ....~   ....~    S...~     ....~
trip_facts                               SIUD~      SIUD~  ....~   ....~    S...~     ....~
approval_facts                           SIUD~      SIUD~  ....~   ....~    S...~     ....~
step_facts                               SIUD~      SIUD~  ....~   ....~    S...~     ....~
suspension_facts                         SIUD~      SIUD~  ....~   ....~    S...~     ....~
clock_facts                              SIUD~      SIUD~  ....~   ....~    S...~     ....~
card_facts                               SIUD~      SIUD~  ....~   ....~    S...~     ....~
delivery_facts                           SIUD~      SIUD~  ....~   ....~    S...~     ....~
material_facts                           SIUD~      SIUD~  ....~   ....~    S...~     ....~
custody_facts                            SIUD~      SIUD~  ....~   ....~    S...~     ....~
agent_facts                              SIUD~      SIUD~  ....~   ....~    S...~     ....~
certificate_facts                        SIUD~      SIUD~  ....~   ....~    S...~     ....~
rating_facts                             SIUD~      SIUD~  ....~   ....~    S...~     ....~
package_facts                            SIUD~      SIUD~  ....~   ....~    S...~     ....~
member_facts                             SIUD~      SIUD~  ....~   ....~    S...~     ....~
box_facts                                SIUD~      SIUD~  ....~   ....~    S...~     ....~
case_facts_g… (behind the view)          SIUDT      SIUDT  .....   .....    .....     .....
item_facts                               SIUDT      SIUDT  .....   .....    S....     .....
theme_facts                              SIUDT      SIUDT  .....   .....    S....     .....
theme_facts                              SIUDT      SIUDT  .....   .....    S....     .....
date_facts                               SIUDT      SIUDT  .....   .....    S....     .....
"""
RELATIONS: Final = tuple(line[:41].strip() for line in EXPECTED.strip().splitlines()[1:])
PARTIES: Final = tuple(EXPECTED.split(maxsplit=7)[1:7])


# --- given: a database with roles, a login in each of them, and one in none ---


class Hall(NamedTuple):
    """A database whose roles were made before anything was written, and the logins that then worked in it."""

    url: str
    prefix: str

    def login(self, party: str) -> str:
        """The URL of a login in that role; of the superuser, the server's own."""
        if party == "superuser":
            return self.url
        name = f"{self.prefix}_{party}_login"
        return f"{self.url}{'&' if '?' in self.url else '?'}user={name}&password={name}"

    def connect(self, party: str) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(self.login(party), autocommit=True, row_factory=tuple_row)

    def run(self, *statements: str) -> None:
        """As superuser; ``PREFIX`` stands for the beginning of the roles' names, ``DATABASE`` for the database."""
        with self.connect("superuser") as connection:
            for statement in statements:
                plain = statement.replace("PREFIX", self.prefix).replace("DATABASE", f"DATABASE {connection.info.dbname}")
                connection.execute(plain.encode())


@pytest.fixture(scope="module")
def hall(postgres_server: DatabaseServer) -> Iterator[Hall]:
    found = Hall(postgres_server.create_database(), f"t{secrets.token_hex(4)}")
    parties = (*ROLES, "stranger", "guest")
    try:
        open_engine(found.url, district="000000", catalogue=Catalogue([])).close()
        for _ in range(2):
            apply_roles(found.url, found.prefix)
        found.run(*(f"CREATE ROLE PREFIX_{party}_login LOGIN PASSWORD 'PREFIX_{party}_login'" for party in parties))
        found.run(*(f"GRANT PREFIX_{role} TO PREFIX_{role}_login" for role in ROLES))
        found.run("ALTER ROLE PREFIX_owner_login SET role = 'PREFIX_owner'")
        fill(found.login("owner"))
        yield found
    finally:
        postgres_server.drop_database(found.url)
        with psycopg.connect(postgres_server.url(), autocommit=True) as connection:
            for name in (*(f"{p}_login" for p in parties), *ROLES):
                connection.execute(f"DROP ROLE IF EXISTS {found.prefix}_{name}".encode())


def fill(url: str) -> None:
    """Streams of every kind, followed."""
    with closing(World(url)) as world:
        world.happened({"served": SERVED, "PKG": PACKAGE, "box-1": BOX}, DISTRICT)
    with open_engine(url, district=DISTRICT) as engine, closing(open_tables(url, PROJECTIONS)) as tables:
        office = engine.office
        for life in simulate(seed=3, cases=60, catalogue=office.catalogue, calendar=office.calendar):
            assert isinstance(engine.handle_many(life.commands), tuple)
        case = next(iter(engine.follow())).stream
        card = IssueCard(
            case=case,
            by="supervisor",
            level=CardLevel.RED,
            ground=CardGround.ILLEGAL_FEE,
            reason="asked twice",
            command_id="c",
        )
        assert isinstance(engine.handle(card), Receipt)
        engine.log.keep(engine.file(case), last := engine.history(case)[-1])
        assert isinstance(last, Recorded)
        looked = Looked(0, whole=True, last=last.mark, at=engine.now(), rests_on="books")
        assert engine.log.keep_looks(looked, {case: engine.now()}) == 1
        follow([engine.log], tables)


@pytest.fixture
def tables(hall: Hall) -> Iterator[Tables]:
    """The fact tables, as their owner has them."""
    with closing(open_tables(hall.login("owner"), PROJECTIONS)) as found:
        yield found


class Sample(NamedTuple):
    """A row that would fit into a relation beside those it holds."""

    relation: str
    table: str
    row: Mapping[str, Any]


def sample(hall: Hall, relation: str) -> Sample:
    """Made of the relation's first row; its numbers are out of the way of all others."""
    name = relation.split(maxsplit=1)[0]
    with hall.connect("superuser") as connection:
        if relation == BEHIND:
            ((live,),) = connection.execute("SELECT generation FROM casecore_tables WHERE live = 1").fetchall()
            name = f"case_facts_g{live}"
        cursor = connection.execute(f"SELECT * FROM {name} LIMIT 1".encode())
        assert cursor.description is not None
        values = cursor.fetchone()
        assert values is not None, f"{name} is empty"
        row = {column.name: another(value) for column, value in zip(cursor.description, values, strict=True)}
    return Sample(relation, name, {k: v for k, v in row.items() if k != "log"} if relation == MOVED else row)


def another(value: Any) -> Any:
    if isinstance(value, int):
        return value + 2**40
    return f"{value}x" if isinstance(value, str) else value


def statements(given: Sample) -> Iterator[tuple[str, sql.Composed | None]]:
    """One a verb; None where there is no such thing."""
    table = sql.Identifier(given.table)
    names = [sql.Identifier(name) for name in given.row]
    values = [sql.Literal(value) for value in given.row.values()]
    pairs = [sql.SQL("{} = {}").format(name, value) for name, value in zip(names, values, strict=True)]
    comma = sql.SQL(", ")
    whole = given.relation not in (MOVED, JOINED)
    yield "S", sql.SQL("SELECT {} FROM {}").format(comma.join(names), table)
    insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(table, comma.join(names), comma.join(values))
    yield "I", insert if whole else None
    none = sql.SQL(" WHERE false" if whole else "")  # all rows would get one key
    update = sql.SQL("UPDATE {} SET {}").format(table, comma.join(pairs)) + none
    yield "U", update if given.relation != JOINED else None
    yield "D", sql.SQL("DELETE FROM {}").format(table) if whole else None
    yield "T", sql.SQL("TRUNCATE {}").format(table) if whole and given.relation not in VIEWS else None


def cell(connection: psycopg.Connection[Any], verb: str, statement: sql.Composed | None) -> str:
    """Do it, undo it, and say how it went."""
    if statement is None:
        return "~"
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(statement)
    except errors.InsufficientPrivilege:
        return "."
    except errors.RaiseException as refused:
        if "is refused, what is written stays" in str(refused):
            return verb.lower()
        raise
    return verb


def cells(hall: Hall, party: str, samples: Iterable[Sample]) -> list[str]:
    with hall.connect(party) as connection:
        return ["".join(cell(connection, *tried) for tried in statements(given)) for given in samples]


@pytest.fixture
def samples(hall: Hall) -> tuple[Sample, ...]:
    hall.run(
        "INSERT INTO casecore_quarantine SELECT generation, '000000', 'C-1', 1, 'Li Lei said', '2026-03-02T09:00:00+00:00'"
        " FROM casecore_tables WHERE live = 1 ON CONFLICT DO NOTHING"
    )
    return tuple(sample(hall, relation) for relation in RELATIONS)


def matrix(found: Mapping[str, Sequence[str]]) -> str:
    """The table as it is written above."""
    widths = [max(len(party), 5) for party in found]
    lines = ["  ".join([f"{'relation':39}", *(f"{p:{w}}" for p, w in zip(found, widths, strict=True))]).rstrip()]
    for n, relation in enumerate(RELATIONS):
        row = [f"{column[n]:{w}}" for column, w in zip(found.values(), widths, strict=True)]
        lines.append("  ".join([f"{relation:39}", *row]).rstrip())
    return "\n".join(lines)


# --- the matrix ---


def test_every_role_may_do_with_every_relation_what_the_table_says(hall: Hall, samples: tuple[Sample, ...]) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        hall.connect("stranger")
    # Another program's login, let into the database and its schema by somebody's mistake.
    hall.run("GRANT CONNECT ON DATABASE TO PREFIX_stranger_login", "GRANT USAGE ON SCHEMA public TO PREFIX_stranger_login")
    columns = {party: cells(hall, party, samples) for party in PARTIES}
    tried = sum(len(row.replace("~", "")) for column in columns.values() for row in column)
    found = matrix(columns)
    print(f"\n{found}\n{tried} cells tried")
    assert found.split() == EXPECTED.split()


def test_a_right_given_by_mistake_would_show(hall: Hall, samples: tuple[Sample, ...]) -> None:
    before = cells(hall, "reporter", samples)
    hall.run("GRANT SELECT, UPDATE ON casecore_events TO PREFIX_reporter")
    try:
        assert [n for n, (a, b) in enumerate(zip(before, cells(hall, "reporter", samples), strict=True)) if a != b] == [0]
    finally:
        apply_roles(hall.url, hall.prefix)  # takes what is not written in it
    assert cells(hall, "reporter", samples) == before


MAY_ASK: Final = "SELECT has_function_privilege(%s, 'casecore_assert_standing(text, text[], bigint[])', 'EXECUTE')"


def test_who_appends_may_ask_where_streams_stand_and_nobody_else(hall: Hall) -> None:
    def those_who_may() -> list[str]:
        with hall.connect("superuser") as connection:
            parties = [(party, f"{hall.prefix}_{party}_login") for party in PARTIES if party != "superuser"]
            return [party for party, login in parties if connection.execute(MAY_ASK, (login,)).fetchone() == (True,)]

    assert those_who_may() == ["owner", "writer"]
    hall.run("GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public TO PREFIX_reporter, PUBLIC")
    assert those_who_may() == ["owner", "writer", "auditor", "reporter", "stranger"]
    apply_roles(hall.url, hall.prefix)
    assert those_who_may() == ["owner", "writer"]


@pytest.mark.parametrize("table", LEDGER)
def test_the_triggers_refuse_whatever_the_session_is_set_to_and_without_them_it_would_be_done(
    hall: Hall, table: str
) -> None:
    verbs = [f"DELETE FROM {table}", f"DELETE FROM {table} WHERE false", f"TRUNCATE {table}", f"TRUNCATE {table} CASCADE"]
    if table != "casecore_heads":
        verbs += [f"UPDATE {table} SET recorded_at = 0", f"UPDATE ONLY {table} SET log = log WHERE false"]
        verbs += [
            f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (log, {k}) DO UPDATE SET log = '1'" for k in KEYS[table]
        ]
    with hall.connect("superuser") as connection:
        for role in ("origin", "replica", "local"):
            connection.execute(f"SET session_replication_role = {role}".encode())
            for verb in verbs:
                with pytest.raises(errors.RaiseException, match=f"^{table}: "), connection.transaction():
                    connection.execute(verb.encode())
        for verb in verbs[:3]:
            with connection.transaction(force_rollback=True):
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_stay".encode())
                connection.execute(verb.encode())


KEYS: Final = {"casecore_events": ["position"], "casecore_receipts": ["command_id"]}


def test_a_head_only_moves_forward_whoever_moves_it(hall: Hall) -> None:
    back = ("position = 0", "position = position", "recorded_at = 0", "position = position + 1", "hash = 'x'")
    for party in ("writer", "owner", "superuser"):
        with hall.connect(party) as connection:
            for change in back:
                with pytest.raises(errors.RaiseException, match=r"^casecore_heads: "), connection.transaction():
                    connection.execute(f"UPDATE casecore_heads SET {change}".encode())
            with connection.transaction(force_rollback=True):
                connection.execute("UPDATE casecore_heads SET position = position + 1, recorded_at = recorded_at + 1")


# --- the work of each role ---


def test_a_writer_runs_the_whole_engine(hall: Hall) -> None:
    url = hall.login("writer")
    for district in (DISTRICT, "510199"):  # a log that is there, and one that is not
        with open_engine(url, district=district) as engine:
            if district == DISTRICT:
                case = next(iter(engine.follow())).stream
                step = CompleteStep(case=case, by="writer", at=engine.now(), name="scan", command_id=f"w-{district}")
                first = engine.handle(step)
                assert isinstance(first, Receipt)
                assert engine.handle(step) == first
                several = engine.handle_many(
                    [CompleteStep(case=case, by="writer", at=engine.now(), name=f"scan {n}") for n in range(3)]
                )
                assert isinstance(several, tuple)
                assert [receipt.position for receipt in several] == [first.position + n for n in (1, 2, 3)]
                assert [fact.position for fact in engine.follow(first.position)] == [r.position for r in several]
            assert engine.log.verify().why is None


def test_a_writer_keeps_snapshots_and_an_auditor_reads_by_them_and_keeps_none(hall: Hall) -> None:
    with open_engine(hall.login("writer"), district=DISTRICT) as engine:
        case = next(iter(engine.follow())).stream
        assert isinstance(engine.handle(CompleteStep(case=case, by="writer", at=engine.now(), name="kept")), Receipt)
        kept = engine.history(case)[-1]
        engine.log.keep(engine.file(case), kept)
        assert engine.log.stretches([case])[case].entries == []
        engine.handle(CompleteStep(case=case, by="writer", at=engine.now(), name="behind it"))
    with store_at(hall.login("auditor")).log(DISTRICT) as log:
        stretch = log.stretches([case])[case]
        assert stretch.kept is not None
        (behind,) = readable(stretch.entries)
        log.keep(advance(stretch.kept, behind.event), behind)
        assert log.stretches([case])[case].entries == [behind], "it has no right to"
        assert log.wrong_snapshots() == ()


def test_a_clock_that_is_a_writer_keeps_where_to_look_and_forgets_what_has_ended(hall: Hall) -> None:
    with open_engine(hall.login("writer"), district=DISTRICT) as engine:
        engine.tick()  # cards it issues are looked at by the next one
        engine.tick()
    with open_engine(hall.login("writer"), district=DISTRICT) as engine:
        assert engine.tick().looked_at == 0
        last = engine.log.page(engine.log.head().position - 1, 1)[0].mark
        looks = engine.log.looks(engine.now(), engine.now(), str(engine._at_hand.rest_on(engine.now().date())))
        looked = Looked(looks.number, whole=True, last=last, at=engine.now(), rests_on="books")
        assert engine.log.keep_looks(looked, {"gone": engine.now()}) == looks.number + 1
        ended = looked._replace(number=looks.number + 1, whole=False)
        assert engine.log.keep_looks(ended, {"gone": None, "there": engine.now()}) == looks.number + 2
        assert engine.log.looks(engine.now(), engine.now(), "books").due == ("there",)


def test_a_writer_begins_the_log_of_a_new_district(hall: Hall) -> None:
    with open_engine(hall.login("owner"), district=DISTRICT) as old:
        case = next(iter(old.follow())).stream
        envelope = old.history(case)[0].envelope
    with store_at(hall.login("writer")).log("510198") as log:
        log.append([Batch(str(envelope.command_id), case, (envelope,))])
        assert log.head().position == 1


def test_a_writer_may_not_touch_the_fact_tables(hall: Hall) -> None:
    with closing(open_tables(hall.login("writer"), PROJECTIONS)) as tables, pytest.raises(Fault, match="permission denied"):
        rebuild([], tables)


def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([CASECORE, *arguments], capture_output=True, text=True, timeout=60, check=False)


def test_an_auditor_verifies_and_reads_a_reporter_reports_and_neither_does_the_others_work(hall: Hall) -> None:
    verified = ran("verify", "--store", hall.login("auditor"), "--json")
    assert verified.returncode == 0, verified.stderr
    assert json.loads(verified.stdout)["ok"] is True
    reported = ran("report", "--no-follow", "--json", "--store", hall.login("reporter"))
    assert reported.returncode == 0, reported.stderr
    assert json.loads(reported.stdout)["indicators"]
    with pytest.raises(Fault, match="permission denied"), open_facts(hall.login("auditor")) as facts:
        facts.live()
    with pytest.raises(Fault, match="permission denied"), open_store(hall.login("reporter")):
        pass


def test_a_reporter_computes_every_indicator_the_owner_does(hall: Hall, tables: Tables) -> None:
    period = Period(None, None, tables.query("SELECT max(day) FROM date_facts")[0][0])
    with closing(open_tables(hall.login("reporter"), PROJECTIONS)) as reporter:
        figures = report(reporter, period, "department")
    assert figures == report(tables, period, "department")
    assert any(figure.numerator for figure in figures)


@pytest.mark.parametrize("party", ["writer", "auditor", "reporter"])
def test_where_a_migration_is_missing_who_may_not_apply_it_is_told_who_does(
    hall: Hall, party: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = migrations("adapters.stores.postgres")
    more = Migration(len(known) + 1, "more", ("CREATE TABLE casecore_more (x bigint)",))
    monkeypatch.setattr("adapters.stores.migrating.migrations", lambda _: (*known, more))
    told = (
        f"the database is at migration {len(known)}, this program needs {more.number}: run `casecore migrate` as its owner"
    )
    with pytest.raises(Fault, match=told):
        open_engine(hall.login(party), district=DISTRICT)
    with pytest.raises(Fault, match=told):
        open_tables(hall.login(party), PROJECTIONS)


# --- grants stay ---


def test_a_rebuild_keeps_who_may_read_the_views_and_shows_nobody_its_tables(hall: Hall, tables: Tables) -> None:
    to_guest = ("CONNECT ON DATABASE", "USAGE ON SCHEMA public", "SELECT ON trip_facts")
    hall.run(*(f"GRANT {right} TO PREFIX_guest_login" for right in to_guest))
    with store_at(hall.login("owner")).log(DISTRICT) as log:
        for _ in range(2):
            rebuild([log], tables)
    live = tables.live()
    assert live is not None
    with hall.connect("guest") as guest, hall.connect("reporter") as reporter:
        for view in VIEWS:
            assert reporter.execute(f"SELECT count(*) FROM {view}".encode()).fetchone() is not None
            with pytest.raises(errors.InsufficientPrivilege):
                reporter.execute(f"SELECT * FROM {view}_g{live.number}".encode())
        guest.execute("SELECT * FROM trip_facts")
        with pytest.raises(errors.InsufficientPrivilege):
            guest.execute("SELECT * FROM case_facts")


# --- an auditor who tries everything ---


class Auditor:
    """A session that can say, after any trick, what it may do in all cells."""

    def __init__(self, hall: Hall, samples: Sequence[Sample]) -> None:
        self._hall = hall
        tried = [s for given in samples for _, s in statements(given) if s is not None]
        self._try_all = sql.SQL(TRY_ALL).format(sql.SQL(", ").join(sql.Literal(s.as_string()) for s in tried))
        self.tricks = self.done = 0
        self._connection = hall.connect("auditor")
        self.usual = self.cells() or ""
        assert self.usual.count("1") == 6  # events, receipts, heads twice, snapshots, migrations

    def cells(self) -> str | None:
        """One figure a cell, 1 for what may be done; None where the session is good for nothing."""
        try:
            self._connection.execute(self._try_all)
            return str(self._connection.execute("SELECT current_setting('casecore.cells')").fetchall()[0][0])
        except psycopg.Error:
            return None

    def play(self, *trick: str) -> bool:
        """Do it, and if any of it was allowed, look; then be as before. Whether nothing more could be seen."""
        self.tricks += 1
        allowed = 0
        try:
            for statement in trick:
                self._connection.execute(statement.encode())
                allowed += 1
        except psycopg.Error:
            pass
        self.done += allowed == len(trick)
        seen = self.cells() if allowed else self.usual
        self._recover()
        return not any(now > before for now, before in zip(seen or "", self.usual, strict=False))

    def _recover(self) -> None:
        try:
            self._connection.execute("DISCARD ALL")
        except psycopg.Error:
            self._connection.close()
            self._connection = self._hall.connect("auditor")

    def close(self) -> None:
        self._connection.close()


# Every statement in a subtransaction that is always undone.
TRY_ALL: Final = """
DO $try$
DECLARE
    tried text;
    cells text := '';
BEGIN
    FOREACH tried IN ARRAY ARRAY[{}] LOOP
        BEGIN
            EXECUTE tried;
            RAISE EXCEPTION SQLSTATE 'CC001';
        EXCEPTION WHEN OTHERS THEN
            cells := cells || CASE SQLSTATE WHEN 'CC001' THEN '1' ELSE '0' END;
        END;
    END LOOP;
    PERFORM set_config('casecore.cells', cells, false);
END
$try$
"""


@pytest.fixture
def auditor(hall: Hall, samples: tuple[Sample, ...]) -> Iterator[Auditor]:
    with closing(Auditor(hall, samples)) as found:
        yield found
        assert found.cells() == found.usual


def settings(hall: Hall) -> Iterator[tuple[str, str]]:
    """Every setting a session may have, with both its values, all its words, or its ends."""
    with hall.connect("superuser") as connection:
        rows = connection.execute(
            "SELECT name, vartype, min_val, max_val, enumvals FROM pg_settings WHERE context <> 'internal' ORDER BY name"
        ).fetchall()
    for name, kind, least, most, words in rows:
        values = {"bool": ["on", "off"], "enum": words or [], "string": ["", f"{name}x", "public"]}.get(kind, [least, most])
        yield from ((name, value) for value in values)


def test_an_auditor_who_sets_any_variable_sees_nothing_more(hall: Hall, auditor: Auditor) -> None:
    names = set()
    for name, value in settings(hall):
        names.add(name)
        assert auditor.play(f"SET {name} = {sql.Literal(value).as_string()}"), f"{name} = {value}"
    print(f"\n{len(names)} settings, {auditor.tricks} values tried, {auditor.done} accepted, nothing more seen")
    assert len(names) > 250
    assert auditor.done > 200


def test_an_auditor_who_plays_tricks_sees_nothing_more(hall: Hall, auditor: Auditor) -> None:
    others = [
        "superuser",
        *(f"{hall.prefix}_{party}" for party in (*ROLES, "owner_login", "writer_login", "reporter_login")),
    ]
    with hall.connect("superuser") as connection:
        others[0] = connection.info.user
    ways = ("SET ROLE {}", "SET LOCAL ROLE {}", "SET SESSION AUTHORIZATION {}", "SET role = {}", "GRANT {} TO CURRENT_USER")
    for way in ways:
        for other in others:
            assert auditor.play(way.format(other)), way.format(other)
    for party in (*ROLES, "superuser", "admin", "bypass"):
        for variable in ("role", "user", "actor", "district", "is_admin", "bypass_triggers"):
            assert auditor.play(f"SET casecore.{variable} = '{party}'")
    for trick in SHADOWS:
        assert auditor.play(*trick), trick
    print(f"\n{auditor.tricks} tricks, {auditor.done} accepted, nothing more seen")


SHADOWS: Final = (
    ("SET search_path = pg_temp, public, pg_catalog",),
    ("SET search_path = ''",),
    ("CREATE TEMP VIEW casecore_tracking AS SELECT 1",),
    ("CREATE TEMP TABLE case_facts (x int)", "SET search_path = pg_temp, public"),
    ("CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1'",),
    ("CREATE SCHEMA own",),
    ("CREATE VIEW public.peek AS SELECT * FROM case_facts",),
    ("CREATE FUNCTION public.peek() RETURNS SETOF case_facts LANGUAGE sql SECURITY DEFINER AS 'SELECT * FROM case_facts'",),
    ("CREATE OR REPLACE FUNCTION public.casecore_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",),
    ("ALTER TABLE casecore_events DISABLE TRIGGER ALL",),
    ("DROP TRIGGER casecore_events_stay ON casecore_events",),
    ("CREATE RULE peek AS ON UPDATE TO casecore_events DO INSTEAD NOTHING",),
    ("ALTER TABLE casecore_tracking OWNER TO CURRENT_USER",),
    ("GRANT ALL ON ALL TABLES IN SCHEMA public TO CURRENT_USER",),
    ("ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO CURRENT_USER",),
    ("COPY casecore_tracking TO STDOUT",),
    ("COPY (SELECT 1) TO PROGRAM 'true'",),
    ("LOCK TABLE casecore_events IN ACCESS EXCLUSIVE MODE",),
    ("REFRESH MATERIALIZED VIEW case_facts",),
)


def test_an_auditor_who_had_another_role_would_be_seen_to_see_more(hall: Hall, auditor: Auditor) -> None:
    hall.run("CREATE ROLE PREFIX_between NOINHERIT", "GRANT PREFIX_reporter TO PREFIX_between")
    hall.run("GRANT PREFIX_between TO PREFIX_auditor_login")
    try:
        assert auditor.play("SET work_mem = '1MB'")
        assert not auditor.play(f"SET ROLE {hall.prefix}_reporter")
    finally:
        hall.run("DROP ROLE PREFIX_between")


# --- the fact tables name no person ---

# Every column that holds text, looked at: codes, numbers given to cases and papers, names of halls, departments, items,
# materials and what a package is about, words of a closed list, and months. The ways to a person (number of a case, a
# certificate, a consignment) lead through the ledger or the courier, which a reporter cannot read. An agent (代办员) stands
# in the agents' ledger, as the number the hall knows him by; a holder of originals is a hall, a department, a courier or
# an agent, never an applicant.
TEXTS: Final = {
    "case_facts": "log case_id stage item handling department channel tier hall closed_month promised_unit"
    " promised_verdict statutory_unit statutory_verdict package theme subject agent trips_unknown"
    " item_type implementation_code received_band closed_band redecides set_aside_ground calendar",
    "trip_facts": "log case_id visit visitor place cause why verdict agent device made_at hall calendar",
    "approval_facts": "log case_id step department answer calendar",
    "step_facts": "log case_id kind step department answer limit_unit verdict calendar",
    "suspension_facts": "log case_id suspension kind ground calendar",
    "clock_facts": "log stream_id stream_kind kind clock department step item limit_unit due_time verdict calendar",
    "card_facts": "log stream_id stream_kind card level ground clock department unit rule calendar",
    "delivery_facts": "log case_id method consignment certificate replaces state direction calendar",
    "material_facts": "log case_id material way source level calendar",
    "custody_facts": "log case_id material giver_kind giver holder_kind holder place calendar",
    "agent_facts": "log case_id agent site scope calendar",
    "certificate_facts": "log case_id certificate kind seal replaces calendar",
    "rating_facts": "log case_id step channel review calendar",
    "package_facts": "log package_id theme stage applicant_kind channel hall tier promised_unit promised_verdict"
    " statutory_verdict calendar",
    "member_facts": "log package_id case_id item subject state lost_to calendar",
    "box_facts": "log box_id calendar",
    "visit_facts": "log visit_id hall number came_at left_at visitor place purpose items needs vain_reason device calendar",
    "item_facts": "log item name_zh department tier item_type handling labels",
    "theme_facts": "log theme name_zh",
    "date_facts": "month calendar log",
}
PERSONAL: Final = frozenset(
    {"applicant", "approver", "by", "document", "materials", "notice", "opinion", "reason", "recipient", "remark", "remedy"}
)


def test_every_text_column_a_reporter_reads_was_looked_at(tables: Tables) -> None:
    found = {name: " ".join(c.name for c in columns if c.kind is str) for name, columns in tables.columns.items()}
    assert found == TEXTS
    assert not PERSONAL & {column.name for columns in tables.columns.values() for column in columns}


def test_no_word_about_a_person_reaches_the_fact_tables(hall: Hall, tables: Tables) -> None:
    said: dict[str, set[str]] = {}
    with store_at(hall.login("auditor")).log(DISTRICT) as log:
        facts = log.page(0, 100_000)
    for fact in facts:
        for field in fields(fact.event):
            if field.name in PERSONAL and (value := getattr(fact.event, field.name)):
                said.setdefault(field.name, set()).update([value] if isinstance(value, str) else map(str, value))
    told = {str(value) for name in tables.columns for row in tables.query(f"SELECT * FROM {name}") for value in row}
    agents = {str(agent) for (agent,) in tables.query("SELECT agent FROM agent_facts")}
    said["by"] -= agents
    said["materials"] -= {str(name) for (name,) in tables.query("SELECT material FROM material_facts")}
    print(f"\n{sum(map(len, said.values()))} words in {sorted(said)}, none among {len(told)} values of the fact tables")
    assert agents
    assert all(said[name] for name in ("applicant", "by", "reason"))
    assert {name: words & told for name, words in said.items() if words & told} == {}
    assert facts[0].stream in told  # the same search finds what is there


# --- the script ---


def test_the_script_is_printed_to_be_read_with_the_names_asked_for() -> None:
    done = ran("roles", "--prefix", "hall7")
    assert done.returncode == 0, done.stderr
    assert done.stdout == roles_script("hall7")
    assert "GRANT UPDATE (position, hash, recorded_at) ON casecore_heads TO hall7_writer;" in done.stdout
    assert "{" not in done.stdout
    with pytest.raises(BadInput, match="prefix"):
        roles_script("x; DROP TABLE casecore_events")


def test_roles_are_not_made_where_there_is_nothing_to_guard(postgres_url: str) -> None:
    with pytest.raises(Fault, match="run casecore migrate first"):
        apply_roles(postgres_url, "nowhere")


def test_the_script_run_by_the_command_changes_nothing_the_second_time(hall: Hall, samples: tuple[Sample, ...]) -> None:
    before = [cells(hall, role, samples) for role in ROLES]
    done = ran("roles", "--prefix", hall.prefix, "--store", hall.url)
    assert done.returncode == 0, done.stderr
    assert [cells(hall, role, samples) for role in ROLES] == before


def test_a_writer_goes_on_between_a_migration_and_the_roles_given_anew(postgres_server: DatabaseServer) -> None:
    """Commands look for snapshots, ticks for looks: who wrote the ledger before may, as soon as they are there."""
    hall = Hall(postgres_server.create_database(), f"t{secrets.token_hex(4)}")
    try:
        open_engine(hall.url, district="000000", catalogue=Catalogue([])).close()
        apply_roles(hall.url, hall.prefix)
        hall.run("DROP TABLE casecore_snapshots, casecore_looked, casecore_looks")
        hall.run("DELETE FROM casecore_migrations WHERE number >= 7")
        assert [one.number for one in store_at(hall.url).migrate()] == [7, 8]
        hall.run("SET ROLE PREFIX_writer", "SELECT * FROM casecore_snapshots", "RESET ROLE")
        with hall.connect("superuser") as connection:
            for right in ("SELECT", "INSERT", "UPDATE"):
                asked = "SELECT has_table_privilege(%s, 'casecore_snapshots', %s)"
                assert connection.execute(asked, (f"{hall.prefix}_writer", right)).fetchall() == [(True,)]
                assert connection.execute(asked, (f"{hall.prefix}_auditor", right)).fetchall() == [(right == "SELECT",)]
                assert connection.execute(asked, (f"{hall.prefix}_reporter", right)).fetchall() == [(False,)]
            for table, right in (("looked", "UPDATE"), ("looked", "DELETE"), ("looks", "DELETE"), ("looks", "SELECT")):
                asked = f"SELECT has_table_privilege(%s, 'casecore_{table}', %s)"
                given = (table, right) != ("looked", "DELETE")
                assert connection.execute(asked, (f"{hall.prefix}_writer", right)).fetchall() == [(given,)]
                assert connection.execute(asked, (f"{hall.prefix}_auditor", right)).fetchall() == [(False,)]
    finally:
        postgres_server.drop_database(hall.url)
