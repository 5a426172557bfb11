"""春节 2020: the holiday is made three days longer while a case runs over it (国务院办公厅, 2020-01-27).

The days are those of the two notices; case, hours and people are ours.
"""

from datetime import date
from typing import Any, Final

from support.hall import Hall, OpenHall, at, on

from adapters.auditing import findings
from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore import ApplicantKind, FindingCode, ReceiveCase, WorkCalendar

CASE, LATE, EARLY = "BOOKS-1", "BOOKS-2", "BOOKS-3"
EXTENDED: Final = shipped_calendars()[NATIONAL]
"""As known since: 31 January a holiday, 1 February no make-up day."""
PRINTED, LEGAL = on("2020-02-04"), on("2020-02-06")
AS_OF: Final = on("2020-03-31")


def noticed(version: str, supersedes: str | None = None, **days: Any) -> WorkCalendar:
    """The calendar of 2020 as a notice has it."""
    names = ("title", "zone", "covers", "rest_weekdays", "rest", "work", "hours")
    return WorkCalendar(version=version, supersedes=supersedes, **{name: getattr(EXTENDED, name) for name in names} | days)


AS_FIRST_ANNOUNCED: Final = noticed(
    "2019-11", rest=EXTENDED.rest - {on("2020-01-31")}, work=EXTENDED.work | {on("2020-02-01")}
)
LONGER: Final = noticed("2020-01", "2019-11")


def test_a_case_over_a_spring_festival_whose_extension_is_announced_while_it_runs(open_hall: OpenHall) -> None:
    # given ten working days promised before the festival, by the calendar everybody has on the wall
    hall = open_hall(calendars={AS_FIRST_ANNOUNCED.version: AS_FIRST_ANNOUNCED}, calendar=AS_FIRST_ANNOUNCED.version)
    for case in (CASE, LATE, EARLY):
        _taken_in(hall, case)
    assert _dates(hall, CASE, "promised") == (PRINTED, PRINTED, PRINTED)
    hall.handle(EARLY, "2020-01-22 16:00")

    # when the holiday is made longer on its third day
    hall.announce(LONGER, "2020-01-27")

    # then nobody is warned or carded on the days that are holidays now, nor on the two the printed date does not know of
    for look in ("2020-01-28 09:00", "2020-01-31 09:00", "2020-02-01 09:00", "2020-02-02 09:00", "2020-02-05 00:00"):
        hall.engine.tick(at(look))
        assert not [name for name in hall.cards(CASE) if "overdue" in name], look
    assert not [at_ for at_ in _carded_on(hall, CASE) if not LONGER.is_working(at_)]

    # and both dates stand side by side: who is done on the last legal day is in time, who is not is late the day after
    assert _dates(hall, CASE, "promised") == (LEGAL, PRINTED, LEGAL)
    hall.handle(CASE, "2020-02-06 16:50")
    hall.engine.tick(at("2020-02-07 09:00"))
    hall.handle(LATE, "2020-02-07 10:00")
    assert [name for name in hall.cards(LATE) if "overdue" in name] == [f"promise_overdue:promised:{LEGAL}"]
    assert [name for name in hall.cards(CASE) if "overdue" in name] == []
    assert hall.facts("SELECT case_id, promised_verdict FROM case_facts ORDER BY case_id") == [
        (CASE, "on_time"),
        (LATE, "overdue"),
        (EARLY, "on_time"),
    ]
    figure = hall.figure("K6", as_of=AS_OF)
    assert (figure.numerator, figure.denominator) == (2, 3)

    # and each of the three is a finding that names both
    audit = findings([hall.engine], at("2020-03-31 17:00"))
    moved = [one for one in audit.findings if one.code is FindingCode.DUE_DATE_MOVED_BY_NOTICE]
    assert {one.case for one in moved} == {CASE, LATE, EARLY}
    assert f"promised printed {PRINTED}, legal {LEGAL}" in moved[0].sentence


def _taken_in(hall: Hall, case: str) -> None:
    hall.do(
        ReceiveCase, "2020-01-16 09:00", case=case, item="bookstore-licence", hall="通州区政务服务中心",
        applicant=f"{case}公司", applicant_kind=ApplicantKind.COMPANY,
    )  # fmt: skip
    hall.accept(case, "2020-01-16 10:00")


def _dates(hall: Hall, case: str, clock: str) -> tuple[date, ...]:
    """When a clock is due, as printed and by law."""
    sql = "SELECT due_on, printed_on, legal_on FROM clock_facts WHERE stream_id = :case AND clock = :clock"
    (row,) = hall.facts(sql, case=case, clock=clock)
    return tuple(one if isinstance(one, date) else on(str(one)) for one in row)


def _carded_on(hall: Hall, case: str) -> list[date]:
    return [card.fact.at.date() for card in hall.file(case).cards]
