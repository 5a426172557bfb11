"""What was known at an instant, and where a log's time leaps: held to the definition, over clocks drawn at random."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.district_log import DistrictLog
from adapters.stores.known import store_at
from adapters.testing.opened import open_desk
from adapters.testing.world import CATALOGUE, DISTRICT, A, B, batch, carried, every_fact, note, receive
from casecore import knowing
from casecore.knowing import jumps_of, known_up_to
from casecore.log import COMMON_BOUNDS, EPOCH, MICROSECOND
from casecore.recorded import Recorded

DAY = 86_400 * 1_000_000
BEGUN = 20_000 * DAY
UNBOUND = COMMON_BOUNDS._replace(admitted=2**62)
JUMP = timedelta(days=31)
STEPS = st.lists(
    st.tuples(st.integers(0, 3 * DAY), st.sampled_from([0, 0, 0, 0, 400 * DAY, 20 * DAY, -5 * DAY])), min_size=1, max_size=30
)
"""How long after the one before each is written, and how far the clock of who writes it is off."""


def written(steps: Sequence[tuple[int, int]]) -> tuple[DistrictLog, list[Recorded]]:
    """A log to which facts were written by clocks right and wrong, as the program of before let them all."""
    log, now = store_at("memory:").log(DISTRICT), BEGUN
    for n, (later, off) in enumerate(steps):
        now += later
        log.ledger.clock = lambda at=now + off: at  # type: ignore[method-assign, misc]
        log.append([batch(f"k{n}", A, n, "one")], bounds=UNBOUND)
    return log, every_fact(log)


@given(steps=STEPS, asked=st.integers(-10 * DAY, 500 * DAY))
def test_what_was_known_is_what_lies_before_the_last_that_was_written_by_then(
    steps: Sequence[tuple[int, int]], asked: int
) -> None:
    log, facts = written(steps)
    instant = EPOCH + (BEGUN + asked) * MICROSECOND
    by_the_log = sum(fact.recorded_at <= instant for fact in facts)
    expected = by_the_log
    if 0 < by_the_log < len(facts) and facts[by_the_log].recorded_at - facts[by_the_log - 1].recorded_at > JUMP:
        since = facts[by_the_log - 1].recorded_at
        for fact in facts[by_the_log:]:
            if fact.envelope.clock is not None and since <= fact.envelope.clock <= instant:
                expected = fact.position

    assert known_up_to(log, instant, JUMP) == expected


@given(steps=STEPS)
def test_every_leap_is_found_and_nothing_else(steps: Sequence[tuple[int, int]]) -> None:
    log, facts = written(steps)
    leaps = [two.position for one, two in pairwise(facts) if two.recorded_at - one.recorded_at > JUMP]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(knowing, "PAGE", 3)  # stretches of a few facts: they are halved, and read page by page
        assert [jump.position for jump in jumps_of(log, JUMP)] == leaps
    assert [jump.position for jump in log.verify().jumps] == leaps


def test_a_slow_clock_makes_nothing_known_earlier_than_it_was() -> None:
    log, facts = written([(0, 0), (DAY, 0), (DAY, -5 * DAY), (DAY, 0)])

    assert facts[2].envelope.clock == EPOCH + (BEGUN - 3 * DAY) * MICROSECOND
    assert [known_up_to(log, fact.recorded_at, JUMP) for fact in facts] == [1, 2, 3, 4]
    assert known_up_to(log, EPOCH + BEGUN * MICROSECOND, JUMP) == 1
    assert known_up_to(log, datetime(1970, 1, 2, tzinfo=UTC), JUMP) == 0


def test_facts_of_a_log_that_stands_ahead_say_what_the_clocks_of_their_writers_said() -> None:
    log, facts = written([(0, 0), (0, 400 * DAY), (DAY, 0), (DAY, 0)])
    noted = [fact.envelope.clock for fact in facts]

    assert noted == [None, None, *(EPOCH + (BEGUN + n * DAY) * MICROSECOND for n in (1, 2))]
    assert [known_up_to(log, at + MICROSECOND, JUMP) for at in noted if at is not None] == [3, 4]
    assert [known_up_to(log, at - MICROSECOND, JUMP) for at in noted if at is not None] == [1, 3]
    assert log.verify().why is None


@pytest.mark.parametrize("damaged", [1, 4, 5])
def test_a_leap_is_found_beside_a_fact_that_cannot_be_read(damaged: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowing, "PAGE", 4)
    log, _ = written([(DAY, 400 * DAY if n > 4 else 0) for n in range(1, 9)])
    events = log.ledger._stored_events  # type: ignore[attr-defined]
    events[damaged - 1] = replace(events[damaged - 1], topic="unknown.v9")

    assert [jump.position for jump in jumps_of(log, JUMP)] == [5 + (damaged == 5)]


def test_the_first_fact_a_program_writes_says_what_its_clock_said_too(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    with closing(store_at(url).log(DISTRICT)) as ahead:
        ahead.ledger.clock = lambda: BEGUN + 400 * DAY  # type: ignore[method-assign]
        ahead.append([batch("k0", A, 0, "one")], bounds=UNBOUND)
    with closing(store_at(url).log(DISTRICT)) as log:
        log.ledger.clock = lambda: BEGUN  # type: ignore[method-assign]
        log.append([batch("k1", B, 0, "one")])
        assert [fact.envelope.clock for fact in every_fact(log)] == [None, EPOCH + BEGUN * MICROSECOND]


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_whoever_has_not_seen_anothers_leap_notes_his_clock_behind_it(store_url: str) -> None:
    hall = open_desk(store_url, district=DISTRICT, catalogue=CATALOGUE)
    with hall, closing(store_at(store_url).log(DISTRICT)) as ahead:
        carried(hall, receive())
        now = ahead.ledger.clock()
        ahead.ledger.clock = lambda: now + 400 * DAY  # type: ignore[method-assign]
        ahead.append([batch("k1", B, 0, "one")], bounds=COMMON_BOUNDS._replace(admitted=now + 500 * DAY))
        carried(hall, note("s"))
        facts = every_fact(ahead)
        assert [fact.envelope.clock is not None for fact in facts[-2:]] == [False, True]
        assert known_up_to(ahead, datetime.now(UTC), JUMP) == facts[-1].position
