"""A command on a long stream costs what is new of it: a drop box of many deposits, a case of many facts, on both databases.

What is compared is CPU time of one process in one run: with the snapshot, and with it deleted, as of a store that never had
one. What a database does is beside that.
"""

# ruff: noqa: T201 - the figures are to be seen
import time
from collections.abc import Callable
from itertools import count
from typing import Final, NamedTuple

import pytest

from adapters.sql_ledger import SqlLedgerRecorder
from adapters.testing.opened import open_desk
from adapters.testing.world import CATALOGUE, CLERK, DISTRICT, FOOD, A, B, accept, batch, carried, moment, note, receive
from casecore import ApplicantKind, BoxDeposited, CaseCommand, Channel, DepositPapers, Envelope, SubmitApplication
from casecore.log import Batch
from casecore.snapshots import WORTH_KEEPING

BOX: Final = "小蜜蜂箱"
PART: Final = 1000
TIMES: Final = 3
LEAST: Final = 2.5
"""So many times less CPU a command takes for its snapshot: what is left is to read the file, and the command itself."""


class Costs(NamedTuple):
    """Of the command that took least."""

    seconds: float
    """CPU."""
    read: int
    """Facts of the long stream."""


def filled(url: str, deposits: int, facts: int) -> None:
    """A box that so many deposits lie in, and a case of so many facts."""
    with open_desk(url, district=DISTRICT, catalogue=CATALOGUE) as engine:
        online = SubmitApplication(
            case=B,
            by=CLERK,
            at=moment("2025-03-03 09:00"),
            item=FOOD,
            channel=Channel.WEBSITE,
            applicant="李雷",
            applicant_kind=ApplicantKind.PERSON,
        )
        carried(engine, receive(A), accept(A), online)
        for version in range(2, facts, PART):
            engine.log.append([batch(f"f{version}", A, version, *(f"step {version + n}" for n in range(PART)))])
        for version in range(0, deposits, PART):
            put_in = [
                BoxDeposited(at=moment("2025-03-03 10:00"), by=CLERK, case=B, deposit=f"D{version + n}")
                for n in range(1, PART + 1)
            ]
            envelopes = tuple(Envelope(BOX, version + n, one, f"d{version}") for n, one in enumerate(put_in, 1))
            engine.log.append([Batch(f"d{version}", BOX, envelopes)])


def cold(url: str, asked: Callable[[], CaseCommand], long: str, *, kept: bool) -> Costs:
    """What a command costs a program that has just begun, where a snapshot of the long stream is kept, or none ever was."""
    found = []
    for _ in range(TIMES):
        with open_desk(url, district=DISTRICT, catalogue=CATALOGUE) as engine:
            ledger = engine.log.ledger
            assert isinstance(ledger, SqlLedgerRecorder)
            if not kept:
                ledger.run("DELETE FROM casecore_snapshots")
            read = len(engine.log.stretches([long])[long].entries)
            began = time.process_time()
            carried(engine, asked())
            found.append(Costs(time.process_time() - began, read))
    return min(found)


def compared(url: str, deposits: int, facts: int) -> list[float]:
    """How many times less a deposit costs, and a note to the case, for their snapshots."""
    filled(url, deposits, facts)
    numbers = count()

    def deposit() -> CaseCommand:
        return DepositPapers(case=B, by=CLERK, at=moment("2025-03-03 11:00"), box=BOX, deposit=f"N{next(numbers)}")

    kinds = ((f"a deposit into a box of {deposits}", BOX, deposit), (f"a note to a case of {facts}", A, lambda: note("x")))
    ratios = []
    for what, long, asked in kinds:
        without, having = (cold(url, asked, long, kept=kept) for kept in (False, True))
        assert without.read >= min(deposits, facts) > WORTH_KEEPING >= having.read
        ratios.append(without.seconds / having.seconds)
        print(
            f"{url.partition(':')[0]}: {what}, cold: {without.seconds:.3f} s CPU and {without.read} facts read without a"
            f" snapshot, {having.seconds:.3f} s and {having.read} with it: {ratios[-1]:.1f} times less"
        )
    return ratios


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_a_command_on_a_long_stream_reads_what_is_new_of_it(store_url: str) -> None:
    compared(store_url, 2000, 2000)


@pytest.mark.torture
@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_a_deposit_into_a_box_of_20000_and_a_note_to_a_case_of_50000_cost_less_by_half(store_url: str) -> None:
    assert min(compared(store_url, 20_000, 50_000)) > LEAST


# -- the control: the same without snapshots


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_the_comparison_notices_where_none_is_kept(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SqlLedgerRecorder, "keep_snapshot", lambda *_: None)
    with pytest.raises(AssertionError):
        compared(store_url, 1000, 1000)
