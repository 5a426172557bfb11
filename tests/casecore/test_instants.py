"""Instants and days as text: the grammar, against one written another way, and what it never takes for an instant."""

import random
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

import pytest

from casecore import BadInput, Flaw
from casecore.instants import A_DAY, AN_INSTANT, day_in, instant_in, read_day, read_instant

HERE: Final = timezone(timedelta(hours=8))

TAKEN: Final = {
    "2026-03-02T09:30:00+08:00": datetime(2026, 3, 2, 9, 30, tzinfo=HERE),
    "2026-03-02 09:30:00+08:00": datetime(2026, 3, 2, 9, 30, tzinfo=HERE),
    "2026-03-02T09:30+08:00": datetime(2026, 3, 2, 9, 30, tzinfo=HERE),
    "2026-03-02T09:30+0800": datetime(2026, 3, 2, 9, 30, tzinfo=HERE),
    "2026-03-02 09:30:00+08": datetime(2026, 3, 2, 9, 30, tzinfo=HERE),
    "2026-03-02T01:30:00Z": datetime(2026, 3, 2, 1, 30, tzinfo=UTC),
    "2026-03-02T09:30:00.5+08:00": datetime(2026, 3, 2, 9, 30, 0, 500_000, HERE),
    "2026-03-02T09:30:00,276+08:00": datetime(2026, 3, 2, 9, 30, 0, 276_000, HERE),
    "2026-03-02T09:30:00.1234567+08:00": datetime(2026, 3, 2, 9, 30, 0, 123_456, HERE),
    "2026-03-02T09:30:00.999999999Z": datetime(2026, 3, 2, 9, 30, 0, 999_999, UTC),
    "1900-01-01T00:00:00+08:05:43": datetime(1900, 1, 1, tzinfo=timezone(timedelta(hours=8, minutes=5, seconds=43))),
    "2026-03-02T09:30": datetime(2026, 3, 2, 9, 30),  # noqa: DTZ001 - without an offset
    "2026-03-02 09:30:15": datetime(2026, 3, 2, 9, 30, 15),  # noqa: DTZ001
}


@pytest.mark.parametrize("text", TAKEN)
def test_an_instant_is_read_as_it_is_written(text: str) -> None:
    at = instant_in(text)
    assert at == TAKEN[text]
    assert at is not None
    assert at.utcoffset() == TAKEN[text].utcoffset()


REFUSED: Final = {
    "milliseconds of an epoch": "1712050512345",
    "seconds of an epoch": "1712050512",
    "any character for the T": "2026-03-02x11:00",
    "a digit for the T": "2024-03-01909:10:00",
    "an ideograph for the T": "2026-03-02日11:00",
    "two blanks": "2026-03-02  11:00",
    "a tab": "2026-03-02\t11:00",
    "a wide blank": "2026-03-02\u300011:00",
    "a small t": "2026-03-02t11:00",
    "an offset for a time": "2026-03-02+08:00",
    "a day and nothing else": "2026-03-02",
    "an hour and nothing else": "2026-03-02T11",
    "digits without marks": "20260302T110000",
    "fourteen digits": "20260302110000",
    "a day of a week": "2026-W10-1T11:00",
    "a day of a year": "2026-061T11:00",
    "one digit of an hour": "2026-03-02T9:30",
    "one digit of a month": "2026-3-02T09:30",
    "slashes": "2026/03/02 09:30",
    "wide digits": "２０２６-03-02T09:30",
    "digits of another script": "2026-03-02T०9:30",
    "no such month": "2026-13-02T09:30",
    "no such day": "2026-02-30T09:30",
    "no such hour": "2026-03-02T25:00",
    "no such minute": "2026-03-02T09:60",
    "a leap second": "2026-06-30T23:59:60Z",
    "a year before all": "0000-01-01T00:00",
    "ten digits of a second": "2026-03-02T09:30:00.1234567890",
    "a point and no digits": "2026-03-02T09:30:00.",
    "minutes past an hour in an offset": "2026-03-02T09:30+08:75",
    "a day for an offset": "2026-03-02T09:30+24:00",
    "a small z": "2026-03-02T09:30z",
    "two offsets": "2026-03-02T09:30:00Z+08:00",
    "a minute past the end of a day": "2026-03-02T24:01",
    "a second past the end of a day": "2026-03-02T24:00:01",
    "a blank behind it": "2026-03-02T09:30 ",
    "a line behind it": "2026-03-02T09:30\n",
    "nothing": "",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_nothing_else_is_an_instant(text: str) -> None:
    assert instant_in(text) is None


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_is_refused_says_which_form_is_wanted(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_instant(text, "at")
    assert (caught.value.code, caught.value.place) == (Flaw.WRONG_TYPE, "at")
    assert caught.value.sentence.endswith(f"is not {AN_INSTANT}")


def test_the_form_that_is_wanted_is_one_that_is_taken() -> None:
    assert read_instant(AN_INSTANT.rpartition(" ")[2], "at").tzinfo is not None
    assert read_day(A_DAY.rpartition(" ")[2], "on") == date(2026, 3, 2)


def test_characters_that_come_in_nowhere_keep_their_own_code() -> None:
    with pytest.raises(BadInput) as caught:
        read_instant("2026-03-02\x0009:00", "at")
    assert caught.value.code is Flaw.CONTROL_CHARACTER


# --- against a grammar that is written another way ---


def written_out(text: str) -> bool:
    """Whether a text is an instant, read character by character; days and offsets beyond those there are count as such."""
    rest = text
    for mark in ("dddd", "-", "dd", "-", "dd", "T ", "dd", ":", "dd"):
        head, rest = rest[: 1 if mark == "T " else len(mark)], rest[1 if mark == "T " else len(mark) :]
        if not (_digits(head, len(mark)) if mark[0] == "d" else head and head in mark):
            return False
    end = text[11:16] == "24:00"
    if not end and (text[11:13] > "23" or text[14] > "5"):
        return False
    if rest[:1] == ":":
        if not _digits(rest[1:3], 2) or rest[1] > "5" or (end and rest[1:3] != "00"):
            return False
        rest = rest[3:]
        if rest[:1] in (".", ","):
            fraction = rest[1:].rstrip("Z").partition("+")[0].partition("-")[0]
            if not 1 <= len(fraction) <= 9 or not _digits(fraction, len(fraction)) or (end and fraction.strip("0")):
                return False
            rest = rest[1 + len(fraction) :]
    return rest in ("", "Z") or (rest[0] in "+-" and _offset(rest[1:]))


def _digits(text: str, count: int) -> bool:
    return len(text) == count and all(one in "0123456789" for one in text)


def _offset(text: str) -> bool:
    parts = text.split(":")
    if len(parts) == 1 and len(text) == 4:
        parts = [text[:2], text[2:]]
    return (
        len(parts) <= 3
        and all(_digits(part, 2) for part in parts)
        and parts[0] <= "23"
        and all(one < "60" for one in parts[1:])
    )


def spoilt(draw: random.Random) -> str:
    """An instant with up to three characters taken out, put in or changed."""
    text = list(draw.choice([*TAKEN, "2026-03-02T24:00+08:00", "2026-03-02 24:00:00", "2026-03-02", "1712050512345"]))
    for _ in range(draw.randrange(4)):
        at = draw.randrange(len(text) + 1)
        instead = draw.choice("0123456789:-+.,TZ xW/２日")
        text[at : at + draw.randrange(2)] = [instead] * draw.randrange(2)
    return "".join(text)


def test_a_hundred_thousand_spoilt_instants_are_taken_or_not_as_the_grammar_written_out_says() -> None:
    draw = random.Random(1)  # noqa: S311
    taken = 0
    for _ in range(100_000):
        text = spoilt(draw)
        found = instant_in(text)
        if found is not None:
            taken += 1
            assert written_out(text), text
            assert found.date().isoformat() == text[:10], text
        elif written_out(text):  # all but its numbers is right
            with pytest.raises(ValueError, match=r"day|month|year|range"):
                date.fromisoformat(text[:10])
    assert 20_000 < taken < 80_000


# --- 24:00 ---


@pytest.mark.parametrize(
    "text",
    ["2026-03-02T24:00+08:00", "2026-03-02 24:00:00+0800", "2026-03-02T24:00:00.000+08", "2026-03-02T24:00:00,0+08:00"],
)
def test_midnight_written_as_24_belongs_to_the_day_it_ends(text: str) -> None:
    at = instant_in(text)
    assert at is not None
    assert at.date() == date(2026, 3, 2)
    next_day = instant_in("2026-03-03T00:00+08:00")
    assert next_day is not None
    assert next_day - at == timedelta(microseconds=1)


def test_the_last_day_there_is_has_an_end_too() -> None:
    assert instant_in("9999-12-31T24:00Z") == datetime.max.replace(tzinfo=UTC)


# --- days ---


def test_a_day_is_a_midnight_where_a_way_in_takes_it() -> None:
    assert read_instant("2026-03-02", "at", or_day=True) == datetime(2026, 3, 2)  # noqa: DTZ001
    with pytest.raises(BadInput, match=rf"^at: '2026-03-0' is not {AN_INSTANT.replace('+', r'[+]')}, or {A_DAY}$"):
        read_instant("2026-03-0", "at", or_day=True)


@pytest.mark.parametrize(
    "text", ["20260302", "2026-W10-1", "2026-3-2", "2026/03/02", "2026-02-30", "２０２６-03-02", "2026-03-02 ", ""]
)
def test_nothing_but_ten_characters_is_a_day(text: str) -> None:
    assert day_in(text) is None
    with pytest.raises(BadInput, match=rf" is not {A_DAY}$"):
        read_day(text, "on")
