"""重复申报: one applicant, one item, filed twice within the time the district's rule names."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from support.hall import APPROVER, Hall, OpenHall, at

from adapters.auditing import findings
from casecore import (
    ApplicantKind,
    CloseCase,
    Decision,
    DistrictRule,
    GrantApproval,
    MakeDecision,
    Outcome,
    ReceiveCase,
    RouteCase,
    WithdrawCase,
)
from casecore.auditing.double_filings import FiledCase, double_filings

FIRST, AGAIN = "D-1", "D-2"
BOOKSTORE: Final = "bookstore-licence"
CENTRE: Final = "通州区政务服务中心"
RULE: Final = DistrictRule(name="town", double_filing_days=30)


@pytest.fixture
def open_town() -> Iterator[OpenHall]:
    opened: list[Hall] = []

    def town(rule: DistrictRule = RULE) -> Hall:
        opened.append(Hall(rule=rule))
        return opened[-1]

    yield town
    for one in opened:
        one.close()


def file(hall: Hall, case: str, when: str, *, applicant: str = "书香公司", item: str = BOOKSTORE) -> None:
    hall.do(ReceiveCase, when, case=case, item=item, hall=CENTRE, applicant=applicant, applicant_kind=ApplicantKind.COMPANY)


def doubled(hall: Hall) -> list[tuple[str, ...]]:
    audit = findings([hall.engine], at("2025-12-31 12:00"))
    return [one.cases for one in audit.findings if one.code.value == "double_filing"]


@pytest.mark.parametrize(
    "again_on",
    ["2025-03-03", "2025-03-20", "2025-06-30"],
    ids=["the same day", "within the time", "long after, and the first is open still"],
)
def test_a_second_filing_beside_one_that_is_open_is_a_double_one(open_town: OpenHall, again_on: str) -> None:
    hall = open_town()
    file(hall, FIRST, "2025-03-03 09:00")
    file(hall, AGAIN, f"{again_on} 10:00")

    assert doubled(hall) == [(FIRST, AGAIN)]


@pytest.mark.parametrize(("again_on", "expected"), [("2025-03-20", True), ("2025-04-02", True), ("2025-04-03", False)])
def test_after_the_first_was_closed_the_rules_time_decides(open_town: OpenHall, again_on: str, *, expected: bool) -> None:
    hall = open_town()
    file(hall, FIRST, "2025-03-03 09:00")
    hall.handle(FIRST, "2025-03-10 16:00")
    file(hall, AGAIN, f"{again_on} 10:00")

    assert doubled(hall) == ([(FIRST, AGAIN)] if expected else [])


def test_another_applicant_or_another_item_is_no_double_filing(open_town: OpenHall) -> None:
    hall = open_town()
    file(hall, FIRST, "2025-03-03 09:00")
    file(hall, AGAIN, "2025-03-04 09:00", applicant="墨香公司")
    other: Any = next(one for one in hall.engine.office.catalogue if one.code != BOOKSTORE and one.valid_until is None)
    hall.ask(
        ReceiveCase, "2025-03-04 09:00", case="D-3", item=other.code, hall=CENTRE, applicant="书香公司",
        applicant_kind=ApplicantKind.COMPANY,
    )  # fmt: skip

    assert doubled(hall) == []


@pytest.mark.parametrize("ended", ["withdrawn", "refused", "returned"])
def test_who_files_again_after_it_came_to_nothing_has_filed_once(open_town: OpenHall, ended: str) -> None:
    hall = open_town()
    file(hall, FIRST, "2025-03-03 09:00")
    if ended == "withdrawn":
        hall.do(WithdrawCase, "2025-03-04 09:00", case=FIRST, reason="材料有误")
    else:
        _refused(hall, returned=ended == "returned")
    file(hall, AGAIN, "2025-03-12 10:00")

    assert doubled(hall) == []


def _refused(hall: Hall, *, returned: bool) -> None:
    """The application is refused with its reason, or sent back."""
    hall.accept(FIRST, "2025-03-03 10:00")
    if returned:
        hall.do(CloseCase, "2025-03-10 16:00", case=FIRST, outcome=Outcome.RETURNED, reason="材料不实")
        return
    hall.do(RouteCase, "2025-03-03 11:00", case=FIRST)
    for step in hall.open_steps(FIRST):
        department = next(one.department for one in hall.file(FIRST).plan if one.step == step)
        hall.do(GrantApproval, "2025-03-05 10:00", by=APPROVER, case=FIRST, step=step, department=department)
    hall.do(MakeDecision, "2025-03-10 10:00", by=APPROVER, case=FIRST, decision=Decision.REFUSED, reason="不符合条件")
    hall.do(CloseCase, "2025-03-10 16:00", case=FIRST, outcome=Outcome.OTHER)


def test_a_rule_that_names_no_time_looks_for_none(open_town: OpenHall) -> None:
    hall = open_town(DistrictRule(name="mild"))
    file(hall, FIRST, "2025-03-03 09:00")
    file(hall, AGAIN, "2025-03-04 09:00")

    assert doubled(hall) == []


def test_three_filings_are_two_findings_that_name_those_before(open_town: OpenHall) -> None:
    hall = open_town()
    for number, day in enumerate(("03", "10", "17"), 1):
        file(hall, f"D-{number}", f"2025-03-{day} 09:00")

    assert doubled(hall) == [("D-1", "D-2"), ("D-1", "D-2", "D-3")]


@pytest.mark.parametrize(("packages", "found"), [(("P-1", "P-1"), 0), (("P-1", "P-2"), 1), ((None, "P-1"), 1)])
def test_the_cases_of_one_package_are_for_its_several_subjects(packages: tuple[str | None, str], found: int) -> None:
    one = FiledCase(
        log="510114",
        applicant="书香公司",
        item=BOOKSTORE,
        filed_at=at("2025-03-03 09:00"),
        ended_at=None,
        came_to_nothing=False,
        package=None,
        case=FIRST,
        position=1,
        version=1,
        by="李",
    )
    cases = [one._replace(case=case, package=package) for case, package in zip((FIRST, AGAIN), packages, strict=True)]

    assert len(list(double_filings(cases, lambda _: RULE))) == found
