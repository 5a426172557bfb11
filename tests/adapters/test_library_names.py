"""Each district's log has a name of its own for the ``eventsourcing`` library: who tracks several of them skips none."""

from pathlib import Path
from typing import Any, Final

import pytest
from eventsourcing.persistence import Tracking
from eventsourcing.popo import POPOTrackingRecorder
from eventsourcing.projection import ApplicationSubscription, Projection, ProjectionRunner
from eventsourcing.sqlite import SQLiteTrackingRecorder
from support.story import CATALOGUE, received

from adapters import open_engine
from adapters.district_log import DistrictLog, application_of
from adapters.stores.known import store_at
from casecore import Envelope
from casecore.log import Batch

CASES: Final = {"510114": 5, "510115": 2, "51.01-16": 1}
"""Districts, and how many cases each has received: the one tracked first has gone farthest."""
SECONDS: Final = 20.0


class Counting(Projection[SQLiteTrackingRecorder]):
    """Notes how far it has seen each log, and what it was shown."""

    name = "counting"
    shown: Final[dict[str, list[int]]] = {}

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        assert isinstance(domain_event, Envelope)
        self.view.insert_tracking(tracking)
        self.shown.setdefault(tracking.application_name, []).append(tracking.notification_id)


@pytest.fixture
def heads(store_url: str) -> dict[str, int]:
    """Where each district's log ends, in one store."""
    if not store_at(store_url).kept:
        pytest.skip("gone when it is opened again")
    ends = {}
    for district, cases in CASES.items():
        with open_engine(store_url, district=district, catalogue=CATALOGUE) as engine:
            for number in range(cases):
                case, key = f"C-{number}", f"k{number}"
                engine.log.append([Batch(key, case, (Envelope(case, 1, received(), key),))])
            ends[district] = engine.log.head().position
    return ends


def test_each_district_has_a_name_of_its_own_that_its_class_bears_as_well(store_url: str) -> None:
    names = set()
    for district in CASES:
        with store_at(store_url).log(district) as log:
            assert log.name == application_of(district).name
            names.add(log.name)
    assert len(names) == len(CASES)


def test_one_tracking_recorder_of_three_districts_skips_nothing(store_url: str, heads: dict[str, int]) -> None:
    recorder, found = POPOTrackingRecorder(), dict[str, list[int]]()
    for district, head in heads.items():
        with (
            store_at(store_url).log(district) as log,
            ApplicationSubscription(log, gt=recorder.max_tracking_id(log.name)) as subscription,
        ):
            for _, tracking in subscription:
                recorder.insert_tracking(tracking)
                found.setdefault(district, []).append(tracking.notification_id)
                if tracking.notification_id == head:
                    break
    assert found == {district: list(range(1, head + 1)) for district, head in heads.items()}


def test_the_librarys_own_runner_starts_on_one_districts_log(store_url: str, heads: dict[str, int], tmp_path: Path) -> None:
    env = {
        **store_at(store_url).environment,
        "COUNTING_PERSISTENCE_MODULE": "eventsourcing.sqlite",
        "COUNTING_SQLITE_DBNAME": str(tmp_path / "tracking.db"),
    }
    Counting.shown.clear()
    for district, head in heads.items():
        with ProjectionRunner(
            application_class=application_of(district),
            projection_class=Counting,
            view_class=SQLiteTrackingRecorder,
            env=env,
        ) as runner:
            assert isinstance(runner.app, DistrictLog)
            assert runner.app.district == district
            runner.wait(head, timeout=SECONDS)
    assert Counting.shown == {application_of(one).name: list(range(1, head + 1)) for one, head in heads.items()}
