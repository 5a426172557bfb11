"""What a hall's backend does wrong or unusually, answered by a real engine."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from eventsourcing.persistence import ProgrammingError
from support.story import CATALOGUE, CLERK, FOOD, HALL, ask, moment

from adapters.district_engine import DistrictEngine, RecentFiles
from adapters.testing.opened import open_desk
from adapters.testing.threads import at_once
from casecore import (
    AcceptCase,
    ApplicantKind,
    BadInput,
    CaseFile,
    CompleteStep,
    CorrectOnSpot,
    Envelope,
    Reason,
    Receipt,
    ReceiveCase,
    Refused,
    StepCompleted,
    Unavailable,
    WithdrawCase,
)

RECEIVE = ask(ReceiveCase, "03-02 09:00", item=FOOD, hall=HALL, applicant_kind=ApplicantKind.PERSON)


@pytest.fixture
def hall() -> Iterator[DistrictEngine]:
    with open_desk("memory:", district="510107", catalogue=CATALOGUE) as engine:
        yield engine


def test_commands_may_come_from_a_generator(hall: DistrictEngine) -> None:
    receipts = hall.handle_many(command for command in (RECEIVE,))  # type: ignore[arg-type]
    assert isinstance(receipts, tuple)
    assert [receipt.version for receipt in receipts] == [1]


def test_a_command_id_answers_no_other_command_of_the_same_case(hall: DistrictEngine) -> None:
    hall.handle(RECEIVE)
    first = ask(CorrectOnSpot, "03-02 09:10", materials=("form",), command_id="k")
    other = ask(WithdrawCase, "03-02 09:20", reason="changed her mind", command_id="k")
    receipt = hall.handle(first)
    assert isinstance(receipt, Receipt)

    refused = hall.handle(other)

    assert isinstance(refused, Refused)
    assert refused.reason is Reason.COMMAND_ID_REUSED
    assert hall.handle(first) == receipt


@pytest.mark.parametrize("nothing", [None, "accept", object(), StepCompleted(at=moment("03-02 09:00"), by="x", name="y")])
def test_what_is_no_command_is_bad_input(hall: DistrictEngine, nothing: object) -> None:
    with pytest.raises(BadInput, match="not a command"):
        hall.handle(nothing)  # type: ignore[arg-type]


def test_an_instant_beyond_the_zone_is_bad_input(hall: DistrictEngine) -> None:
    with pytest.raises(BadInput, match="AcceptCase: an instant beyond"):
        hall.handle(AcceptCase(case="C", by=CLERK, at=datetime.max.replace(tzinfo=UTC)))


def test_every_instant_of_a_command_is_kept_in_the_districts_zone(hall: DistrictEngine) -> None:
    hall.handle(RECEIVE)
    began, done = moment("03-02 10:00").astimezone(UTC), moment("03-02 11:00").astimezone(UTC)
    receipt = hall.handle(CompleteStep(case=RECEIVE.case, by=CLERK, at=done, name="审核", started_at=began))
    assert isinstance(receipt, Receipt)
    (step,) = receipt.events
    assert isinstance(step, StepCompleted)
    assert step.started_at is not None
    assert [at.isoformat()[-6:] for at in (step.at, step.started_at)] == ["+08:00", "+08:00"]


def test_a_refusal_is_not_taken_for_receipts(hall: DistrictEngine) -> None:
    refused = hall.handle_many([RECEIVE, ask(AcceptCase, "03-02 08:00")])
    with pytest.raises(TypeError):
        refused[-1]  # type: ignore[index, unused-ignore]
    assert hall.history(RECEIVE.case) == []


@pytest.mark.parametrize("asked", [datetime(2024, 1, 1), "2024-01-01"])  # noqa: DTZ001 - the point
def test_a_file_is_asked_for_by_an_aware_instant(hall: DistrictEngine, asked: datetime) -> None:
    hall.handle(RECEIVE)
    with pytest.raises(BadInput, match="as_of"):
        hall.file(RECEIVE.case, as_of=asked)


def test_threads_that_forget_one_file_at_once_both_go_on() -> None:
    files, switched = RecentFiles(), sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def forget(_: int) -> None:
        for _ in range(20_000):
            files["case"] = CaseFile()
            files.pop("case", None)

    try:
        at_once(*[partial(forget, n) for n in range(2)])
    finally:
        sys.setswitchinterval(switched)
    assert not files


def test_a_closed_engine_says_that_it_is_closed(tmp_path: Path) -> None:
    engine = open_desk(f"sqlite:///{tmp_path}/cases.db", district="510107", catalogue=CATALOGUE)
    engine.close()
    with pytest.raises(Unavailable, match="closed"):
        engine.history("510107-2025-000001")
    with pytest.raises(Unavailable, match="closed"):
        engine.handle(RECEIVE)


FORKED = """
import os, sys
from support.story import CATALOGUE
from test_engine import RECEIVE
from dataclasses import replace
from adapters.testing.opened import open_desk
from casecore import Unavailable
with open_desk(sys.argv[1], district="510107", catalogue=CATALOGUE) as hall:
    hall.handle(replace(RECEIVE, case="before"))
    child = os.fork()
    if child == 0:
        try:
            hall.handle(replace(RECEIVE, case="child"))
        except Unavailable as error:
            os._exit(7 if "fork" in str(error) else 1)
        os._exit(2)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), hall.handle(replace(RECEIVE, case="after")).position)
"""


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_a_forked_child_does_not_share_its_parents_engine(store_url: str) -> None:
    paths = os.pathsep.join(str(Path(__file__).parents[n] / name) for n, name in ((1, ""), (0, "")))
    done = subprocess.run(
        [sys.executable, "-c", FORKED, store_url],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("7 2\n", 0), done.stderr


def test_a_relative_path_means_the_same_file_wherever_the_process_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    monkeypatch.chdir(here)
    with open_desk("sqlite:///hall.db", district="510107", catalogue=CATALOGUE) as hall:
        monkeypatch.chdir(there)
        receipt = hall.handle(RECEIVE)
        assert isinstance(receipt, Receipt)
        assert hall.file(RECEIVE.case).version == receipt.version
    assert list(there.iterdir()) == []


def test_a_file_taken_away_gets_no_more_receipts_and_shows_nothing_old(tmp_path: Path) -> None:
    file = tmp_path / "cases.db"
    with open_desk(f"sqlite:///{file}", district="510107", catalogue=CATALOGUE) as hall:
        assert isinstance(hall.handle(RECEIVE), Receipt)
        file.rename(tmp_path / "elsewhere.db")
        with pytest.raises(Unavailable, match=r"cases\.db"):
            hall.handle(replace(RECEIVE, case="lost"))
        shutil.copy(tmp_path / "elsewhere.db", file)
        with pytest.raises(Unavailable, match="no longer the file"):
            hall.handle(replace(RECEIVE, case="lost"))
        for read in (lambda: hall.file(RECEIVE.case), hall.log.head, hall.log.verify, lambda: list(hall.follow())):
            with pytest.raises(Unavailable, match="no longer the file"):
                read()
    for copy in (file, tmp_path / "elsewhere.db"):
        with open_desk(f"sqlite:///{copy}", district="510107", catalogue=CATALOGUE) as found:
            assert "lost" not in found.log.versions(["lost"])


@pytest.mark.parametrize("url", ["sqlite:///:memory:", "sqlite:///file:x.db?mode=memory"])
def test_a_name_sqlite_takes_for_memory_is_no_file(url: str) -> None:
    with pytest.raises(BadInput, match="a file is wanted"):
        open_desk(url, district="510107", catalogue=CATALOGUE)


def test_an_engine_may_be_closed_while_threads_use_it(tmp_path: Path) -> None:
    for _ in range(5):
        hall = open_desk(f"sqlite:///{tmp_path}/cases.db", district="510107", catalogue=CATALOGUE)
        threads = [Thread(target=until_closed, args=(hall,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        time.sleep(0.1)
        hall.close()
        for thread in threads:
            thread.join()
    with open_desk(f"sqlite:///{tmp_path}/cases.db", district="510107", catalogue=CATALOGUE) as hall:
        assert hall.log.verify().why is None


def until_closed(hall: DistrictEngine) -> None:
    with suppress(Unavailable):
        while True:
            hall.handle(replace(RECEIVE, case=uuid4().hex))
            hall.history(RECEIVE.case)


def test_a_command_of_the_engine_does_not_go_in_by_the_librarys_way(hall: DistrictEngine) -> None:
    envelope = Envelope("C", 1, StepCompleted(at=moment("03-02 09:00"), by="x", name="y"), "k")
    with pytest.raises(ProgrammingError, match="command k: its facts go in through the engine"):
        hall.log.events.put([envelope])
    hall.log.events.put([envelope._replace(command_id=None)])
    assert hall.log.verify().why is None
