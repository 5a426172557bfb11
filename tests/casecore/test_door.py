"""The door: what may come in at all, and the place that is named when it may not."""

from datetime import date, datetime
from typing import Any

import pytest
from support.story import HALL, NOW, accepted, ask, moment, received, sample, visit

from casecore import (
    AcceptCase,
    BadInput,
    CasecoreError,
    CorrectOnSpot,
    Flaw,
    Limit,
    PlanStep,
    ReceiveCase,
    SuspendCase,
    WithdrawCase,
)
from casecore.annotations import shapes_of
from casecore.door import MAX_ID_LENGTH, check, check_district, check_id, check_text
from casecore.kinds import COMMANDS, FACTS

FORBIDDEN = {
    "NUL": "\x00",
    "a bell": "\x07",
    "an escape": "\x1b",
    "delete": "\x7f",
    "a next-line control": "\x85",
    "a lone high surrogate": "\ud800",
    "a lone low surrogate": "\udfff",
    "a left-to-right mark": "\u200e",
    "an Arabic letter mark": "\u061c",
    "a right-to-left override": "\u202e",
    "an isolate": "\u2066",
    "the end of an isolate": "\u2069",
}


@pytest.mark.parametrize("character", FORBIDDEN.values(), ids=FORBIDDEN)
def test_some_characters_stay_outside_and_are_named(character: str) -> None:
    with pytest.raises(BadInput, match=rf"^ReceiveCase\.hall: character U\+{ord(character):04X} is not allowed$"):
        check(ask(ReceiveCase, hall=f"Hall {character} 1"))


@pytest.mark.parametrize("text", ["政务服务中心", "a\tb\r\nc", "Zoë", "👍", "مكتب", "(）、。", "\u3000"])
def test_plain_text_comes_in(text: str) -> None:
    check(ask(WithdrawCase, reason=text))
    check_text(text, "reason")


@pytest.mark.parametrize("name", ["政务服务中心 二楼", "C-1", "510114-2026-00001", "窗口(7)", "A.B/C_d", "👍"])
def test_a_plain_name_comes_in(name: str) -> None:
    check(ask(ReceiveCase, hall=name))


@pytest.mark.parametrize(
    "name", [" C-1", "C-1 ", "   ", "C-1\n", "a\tb", "C\u200b1", "\ufeffC", "C\u00a01", "\u3000", "C\uffff"]
)
def test_a_name_that_looks_like_another_stays_outside(name: str) -> None:
    with pytest.raises(BadInput, match=r"^ReceiveCase\.hall: ") as caught:
        check(ask(ReceiveCase, hall=name))
    assert caught.value.code is Flaw.NOT_PLAIN


@pytest.mark.parametrize("name", ["510114", "000000", "bench-7.a_b", "A"])
def test_a_district_is_named_plainly(name: str) -> None:
    check_district(name, "district")


@pytest.mark.parametrize("name", ["", " 510114", "５１０１１４", "../x", "a+b", "5 6", "5\n6", "-a", "新都"])
def test_any_other_name_is_no_districts(name: str) -> None:
    with pytest.raises(BadInput, match=r"^district: "):
        check_district(name, "district")


@pytest.mark.parametrize("text", ["Zoe\u0308", "\u212b", "\uf900"], ids=["decomposed", "angstrom", "compatibility"])
def test_text_that_is_not_nfc_stays_outside(text: str) -> None:
    with pytest.raises(BadInput, match=r"^ReceiveCase\.applicant: text is not in normal form NFC: U\+.* is to be written"):
        check(ask(ReceiveCase, hall=HALL, applicant=text))


@pytest.mark.parametrize("number", [2**53 + 1, -(2**53) - 1, 10**30])
def test_whole_numbers_beyond_what_every_reader_sees_stay_outside(number: int) -> None:
    with pytest.raises(BadInput, match=r"^SuspendCase\.declared_days: whole number beyond ±2\^53$"):
        check(ask(SuspendCase, reason="flood", declared_days=number))


@pytest.mark.parametrize("number", [2**53, -(2**53), 0, None])
def test_whole_numbers_every_reader_sees_come_in(number: int | None) -> None:
    check(ask(SuspendCase, reason="flood", declared_days=number))


def test_an_instant_without_a_zone_stays_outside() -> None:
    naive = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001 - the point

    with pytest.raises(BadInput, match=r"^AcceptCase\.at: instant 2026-03-02T09:00:00 has no time zone$"):
        check(AcceptCase(case="1", by="wang", at=naive))


def test_a_date_needs_no_zone() -> None:
    check(ask(ReceiveCase, hall=HALL, entitled_from=date(2026, 3, 2)))


@pytest.mark.parametrize("field", ["case", "by", "command_id", "correlation_id", "causation_id"])
class TestIdentifiers:
    def test_too_long_stays_outside(self, field: str) -> None:
        with pytest.raises(BadInput, match=rf"^AcceptCase\.{field}: an identifier has 1 to 200 characters$"):
            check(AcceptCase(**{"case": "1", "by": "wang", field: "x" * (MAX_ID_LENGTH + 1)}))

    def test_empty_stays_outside(self, field: str) -> None:
        with pytest.raises(BadInput, match=rf"^AcceptCase\.{field}: an identifier has 1 to 200 characters$"):
            check(AcceptCase(**{"case": "1", "by": "wang", field: ""}))

    def test_just_long_enough_comes_in(self, field: str) -> None:
        check(AcceptCase(**{"case": "1", "by": "wang", field: "号" * MAX_ID_LENGTH}))

    def test_plain_text_only(self, field: str) -> None:
        with pytest.raises(BadInput, match=rf"^AcceptCase\.{field}: character U\+0000"):
            check(AcceptCase(**{"case": "1", "by": "wang", field: "a\x00"}))


@pytest.mark.parametrize("identifier", ["", "x" * 201, "a\u202eb", "Zoe\u0308"])
def test_an_identifier_is_checked_by_itself_too(identifier: str) -> None:
    with pytest.raises(BadInput, match=r"^line 7: case: "):
        check_id(identifier, "line 7: case")


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (ask(CorrectOnSpot, materials=("form", "le\x00ase")), "CorrectOnSpot.materials[1]"),
        (ask(ReceiveCase, hall=HALL, visit=visit("V\x00")), "ReceiveCase.visit.visit"),
        (accepted(plan=(PlanStep(step="a", department="b"), PlanStep(step="c\x00", department="d"))), "plan[1].step"),
        (accepted(plan=(PlanStep(step="a", department="b", after=("\x00",)),)), "plan[0].after[0]"),
        (accepted(promised=Limit.working_days(2**60)), "CaseAccepted.promised.amount"),
        (received(materials=("form", "Zoe\u0308")), "CaseReceived.materials[1]"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_place_is_named_however_deep_it_lies(value: object, place: str) -> None:
    with pytest.raises(BadInput) as caught:
        check(value)

    assert place in str(caught.value).partition(": ")[0]


def test_facts_of_an_import_name_the_line_they_stand_in() -> None:
    with pytest.raises(BadInput, match=r"^cases\.csv:12\[1\]\.hall: character U\+0000"):
        check((received(), received(hall="\x00")), "cases.csv:12")


@pytest.mark.parametrize("kind", [*COMMANDS, *FACTS])
def test_every_plain_command_and_fact_comes_in(kind: Any) -> None:
    check(sample(kind))


@pytest.mark.parametrize("kind", [*COMMANDS, *FACTS])
def test_no_command_or_fact_comes_in_with_a_stranger_for_its_author(kind: Any) -> None:
    plain = sample(kind)
    spoilt = {name: getattr(plain, name) for name in shapes_of(kind)} | {"by": "wang\u202e"}

    with pytest.raises(BadInput, match=rf"^{kind.__name__}\.by: "):
        check(kind(**spoilt))


def test_bad_input_is_a_casecore_error_and_a_value_error() -> None:
    assert issubclass(BadInput, CasecoreError)
    assert issubclass(BadInput, ValueError)


def test_an_aware_instant_comes_in() -> None:
    check(AcceptCase(case="1", by="wang", at=moment("03-02 09:00")))


@pytest.mark.parametrize(
    ("command", "place"),
    [
        (ask(ReceiveCase, hall=HALL, item="", visit=None), "ReceiveCase.item: an identifier has 1 to 200 characters"),
        (ask(ReceiveCase, hall=5), "ReceiveCase.hall: str is wanted, not 5"),
        (ask(ReceiveCase, hall=HALL, tier="county"), "ReceiveCase.tier: one of Tier.NATION, Tier.PROVINCE, Tier.CITY"),
        (ask(ReceiveCase, hall=HALL, materials="身份证"), "ReceiveCase.materials: a tuple is wanted, not '身份证'"),
        (ask(ReceiveCase, hall=HALL, materials=(1,)), "ReceiveCase.materials[0]: str is wanted, not 1"),
        (ask(ReceiveCase, hall=HALL, assisted="no"), "ReceiveCase.assisted: bool is wanted, not 'no'"),
        (ask(ReceiveCase, hall=HALL, by=None), "ReceiveCase.by: str is wanted, not None"),
        (ask(ReceiveCase, hall=HALL, visit="V1"), "ReceiveCase.visit: Visit is wanted, not 'V1'"),
        (ask(ReceiveCase, hall=HALL, entitled_from=NOW), "ReceiveCase.entitled_from: date is wanted, not datetime"),
        (accepted(item_version=True), "CaseAccepted.item_version: int is wanted, not True"),
        (accepted(promised=10), "CaseAccepted.promised: Limit is wanted, not 10"),
    ],
)
def test_every_field_is_of_the_type_it_declares(command: object, place: str) -> None:
    with pytest.raises(BadInput) as caught:
        check(command)

    assert str(caught.value).startswith(place)
