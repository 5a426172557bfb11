"""The ``eventsourcing`` library's own suites hold for our recorders, and its API works on a district's log."""

import itertools
import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from threading import Timer
from typing import Any, Final, NamedTuple
from uuid import uuid4

import pytest
from eventsourcing.application import AggregateNotFoundError
from eventsourcing.persistence import AggregateRecorder, IntegrityError, StoredEvent, TrackingRecorder
from eventsourcing.popo import POPOTrackingRecorder
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import ApplicationSubscription
from eventsourcing.sqlite import SQLiteTrackingRecorder
from eventsourcing.tests import persistence as suites
from support.books import at_hand
from support.story import CATALOGUE, CLERK, NOW, OFFICE, accepted, received, routed

from adapters.district_log import DistrictLog, project_file
from adapters.ledger import LedgerRecorder
from adapters.mapper import WIRE
from adapters.stores.known import store_at
from adapters.stores.memory.ledger import MemoryLedgerRecorder
from adapters.stores.postgres.datastore import UrlDatastore
from adapters.stores.postgres.ledger import PostgresLedgerRecorder
from adapters.stores.sqlite.datastore import LedgerDatastore
from adapters.stores.sqlite.ledger import SqliteLedgerRecorder
from adapters.testing.opened import open_desk
from casecore import CaseEvent, CompleteStep, Engine, Envelope, Fault, Receipt, Stage, fold
from casecore.engine import Surroundings

DISTRICT: Final = "510107"
CASE: Final = "510107-2025-000001"
SECONDS: Final = 10.0

NOT_APPLICABLE: Final[dict[str, str]] = {}
"""Name of a shipped test -> why it cannot hold for us."""


# --- the library's suites on our recorders ---


class OnMemory:
    """A ledger in memory."""

    def ledger(self) -> LedgerRecorder:
        return MemoryLedgerRecorder(DISTRICT)

    def tracker(self) -> TrackingRecorder:
        return POPOTrackingRecorder()


class OnSqlite:
    """A ledger in a file of its own."""

    datastore: LedgerDatastore

    @pytest.fixture(autouse=True)
    def _store(self, tmp_path: Path) -> Iterator[None]:
        self.datastore = LedgerDatastore(str(tmp_path / "cases.db"))
        with closing(self.datastore):
            self.datastore.migrate()
            yield

    def ledger(self) -> LedgerRecorder:
        return SqliteLedgerRecorder(self.datastore, DISTRICT)

    def tracker(self) -> TrackingRecorder:
        return SQLiteTrackingRecorder(self.datastore)


class OnPostgres:
    """A ledger in a database of its own."""

    datastore: UrlDatastore

    @pytest.fixture(autouse=True)
    def _store(self, postgres_url: str) -> Iterator[None]:
        self.datastore = UrlDatastore(postgres_url)
        with closing(self.datastore):
            self.datastore.migrate()
            yield

    def ledger(self) -> LedgerRecorder:
        return PostgresLedgerRecorder(self.datastore, DISTRICT)

    def tracker(self) -> TrackingRecorder:
        return PostgresTrackingRecorder(self.datastore, tracking_table_name="casecore_tracking")


class Applicable:
    """Skips what is listed as not applicable; our stream ids are text."""

    def setUp(self) -> None:
        name = self.id().rpartition(".")[2]  # type: ignore[attr-defined]
        if name in NOT_APPLICABLE:
            pytest.skip(NOT_APPLICABLE[name])

    def new_originator_id(self) -> str:
        return str(uuid4())


class WithoutPositions(AggregateRecorder):
    """What the aggregate suite expects of a recorder: no positions come back."""

    def __init__(self, ledger: LedgerRecorder) -> None:
        self.ledger = ledger

    def insert_events(self, stored_events: Sequence[StoredEvent], **rest: Any) -> Sequence[int] | None:
        self.ledger.insert_events(stored_events, **rest)

    def select_events(self, originator_id: object, **rest: Any) -> Sequence[StoredEvent]:
        return self.ledger.select_events(originator_id, **rest)  # type: ignore[arg-type]


class Aggregates(Applicable):
    def create_recorder(self) -> WithoutPositions:
        return WithoutPositions(self.ledger())  # type: ignore[attr-defined]


class Applications(Applicable):
    def create_recorder(self) -> LedgerRecorder:
        return self.ledger()  # type: ignore[attr-defined,no-any-return]

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()  # type: ignore[attr-defined]


class Trackers(Applicable):
    def create_recorder(self) -> TrackingRecorder:
        return self.tracker()  # type: ignore[attr-defined,no-any-return]


class NonInterleaving(Applicable):
    def create_recorder(self) -> LedgerRecorder:
        return self.ledger()  # type: ignore[attr-defined,no-any-return]


class TestAggregatesInMemory(OnMemory, Aggregates, suites.AggregateRecorderTestCase):
    pass


class TestAggregatesOnSqlite(OnSqlite, Aggregates, suites.AggregateRecorderTestCase):
    pass


class TestAggregatesOnPostgres(OnPostgres, Aggregates, suites.AggregateRecorderTestCase):
    pass


class TestApplicationInMemory(OnMemory, Applications, suites.ApplicationRecorderTestCase):
    pass


class TestApplicationOnSqlite(OnSqlite, Applications, suites.ApplicationRecorderTestCase):
    pass


class TestApplicationOnPostgres(OnPostgres, Applications, suites.ApplicationRecorderTestCase):
    pass


class TestTrackingInMemory(OnMemory, Trackers, suites.TrackingRecorderTestCase):
    pass


class TestTrackingOnSqlite(OnSqlite, Trackers, suites.TrackingRecorderTestCase):
    pass


class TestTrackingOnPostgres(OnPostgres, Trackers, suites.TrackingRecorderTestCase):
    pass


class TestNonInterleavingInMemory(OnMemory, NonInterleaving, suites.NonInterleavingNotificationIDsBaseCase):
    pass


class TestNonInterleavingOnSqlite(OnSqlite, NonInterleaving, suites.NonInterleavingNotificationIDsBaseCase):
    pass


class TestNonInterleavingOnPostgres(OnPostgres, NonInterleaving, suites.NonInterleavingNotificationIDsBaseCase):
    pass


def test_nothing_is_listed_as_not_applicable_that_the_library_does_not_ship() -> None:
    shipped = {name for suite in _suite_classes() for name in dir(suite) if name.startswith("test")}
    assert set(NOT_APPLICABLE) <= shipped


def test_every_suite_runs_on_every_store() -> None:
    stores = (OnMemory, OnSqlite, OnPostgres)
    kinds = (Aggregates, Applications, Trackers, NonInterleaving)
    for store, kind in itertools.product(stores, kinds):
        assert any(issubclass(test, store) and issubclass(test, kind) for test in _suite_classes()), (store, kind)


def _suite_classes() -> list[type]:
    return [found for name, found in globals().items() if name.startswith("Test") and isinstance(found, type)]


# --- the library's application, on a district's log ---


class Desk(NamedTuple):
    """A log, and a case its history has begun with."""

    log: DistrictLog
    events: tuple[CaseEvent, ...]


@pytest.fixture
def log(store_url: str) -> Iterator[DistrictLog]:
    with store_at(store_url).log(DISTRICT) as opened:
        yield opened


@pytest.fixture
def desk(log: DistrictLog) -> Desk:
    """The case was received and accepted, saved through the library."""
    events = (received("2025-03-03 09:00"), accepted("2025-03-03 10:00"))
    log.save(*enveloped(*events))
    return Desk(log, events)


def enveloped(*events: CaseEvent, after: int = 0) -> list[Envelope]:
    return [Envelope(CASE, version, event) for version, event in enumerate(events, after + 1)]


def test_saving_envelopes_tells_their_positions(log: DistrictLog) -> None:
    first, second = enveloped(received("2025-03-03 09:00"), accepted("2025-03-03 10:00"))
    recordings = log.save(first, second)
    assert [recording.notification.id for recording in recordings] == [1, 2]
    assert [recording.domain_event for recording in recordings] == [first, second]


def test_the_repository_folds_a_case_with_our_projector(desk: Desk) -> None:
    file = desk.log.repository.get(CASE, projector_func=project_file)
    assert file == fold(desk.events)
    assert file.stage is Stage.IN_REVIEW


def test_the_repository_folds_a_case_up_to_a_version(desk: Desk) -> None:
    file = desk.log.repository.get(CASE, version=1, projector_func=project_file)
    assert (file.version, file.stage) == (1, Stage.RECEIVED)


def test_the_repository_finds_no_unknown_case(desk: Desk) -> None:
    with pytest.raises(AggregateNotFoundError):
        desk.log.repository.get("nobody", projector_func=project_file)


def test_a_version_saved_twice_is_the_librarys_integrity_error(desk: Desk) -> None:
    with pytest.raises(IntegrityError):
        desk.log.save(*enveloped(*routed("fire", when="2025-03-04 09:00"), after=1))
    assert desk.log.head().position == 2


def test_the_notification_log_shows_what_was_saved(desk: Desk) -> None:
    notifications = desk.log.notification_log.select(start=1, limit=10)
    assert [n.id for n in notifications] == [1, 2]
    assert [n.originator_version for n in notifications] == [1, 2]
    assert [n.topic for n in notifications] == ["case.received.v3", "case.accepted.v4"]
    assert [n.state for n in notifications] == [WIRE.encode(e)[1] for e in enveloped(*desk.events)]


def test_the_notification_log_goes_in_sections_of_a_thousand(desk: Desk) -> None:
    section = desk.log.notification_log["1,1000"]
    assert (section.id, section.next_id) == ("1,2", None)
    assert [item.id for item in section.items] == [1, 2]


def test_the_event_store_reads_envelopes_back(desk: Desk) -> None:
    assert list(desk.log.events.get(CASE)) == enveloped(*desk.events)


def test_a_library_consumer_follows_the_log_and_waits_for_more(desk: Desk) -> None:
    later = enveloped(*routed("fire", when="2025-03-04 09:00"), after=2)
    seen = []
    with ApplicationSubscription(desk.log, gt=1) as subscription:
        giving_up, saving = Timer(SECONDS, subscription.stop), Timer(0.05, desk.log.save, later)
        giving_up.start()
        saving.start()
        for envelope, tracking in subscription:
            seen.append((tracking.notification_id, envelope))
            if len(seen) == 2:
                break
        giving_up.cancel()
        saving.join()
    assert seen == [(2, enveloped(*desk.events)[1]), (3, later[0])]


def test_a_subscription_may_ask_for_some_topics_only(desk: Desk) -> None:
    with desk.log.recorder.subscribe(gt=None, topics=["case.accepted.v4"]) as subscription:
        giving_up = Timer(SECONDS, subscription.stop)
        giving_up.start()
        found = next(subscription)
        giving_up.cancel()
    assert (found.id, found.topic) == (2, "case.accepted.v4")


def test_a_case_saved_through_the_library_is_carried_on_by_the_engine(desk: Desk) -> None:
    around = Surroundings(now=lambda: NOW, localize=lambda at: at, new_id=lambda: "k1", pause=lambda _: None)
    receipt = Engine(desk.log, at_hand(desk.log, OFFICE), around, {}).handle(CompleteStep(case=CASE, by=CLERK, name="copy"))
    assert isinstance(receipt, Receipt)
    assert (receipt.version, receipt.position) == (3, 3)
    assert desk.log.verify().why is None


# --- what must never be switched on ---


def test_opening_refuses_database_functions_that_lose_events(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "POSTGRES_ENABLE_DB_FUNCTIONS" not in os.environ
    open_desk(postgres_url, district=DISTRICT, catalogue=CATALOGUE).close()
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "y")
    with pytest.raises(Fault, match="POSTGRES_ENABLE_DB_FUNCTIONS"):
        open_desk(postgres_url, district=DISTRICT, catalogue=CATALOGUE)
