"""Everyday cases told by the public API and reported by the command line: twelve kinds of figures, worked out by hand.

Each kind once went wrong, or silently wrong. Every row of a table is another member of its kind; what a clerk would
count is written beside it. Nothing here knows how the program comes to a figure.
"""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from adapters import open_engine
from casecore import (
    AcceptCase,
    ApplicantKind,
    CardIssued,
    Channel,
    CloseCase,
    Decision,
    DeliverResult,
    DeliveryMethod,
    DispatchCourier,
    FormField,
    GrantApproval,
    MakeCertificate,
    MakeDecision,
    OpenPackage,
    Outcome,
    PassPreReview,
    Receipt,
    ReceiveCase,
    RefuseApproval,
    Refused,
    RequestCorrection,
    RouteCase,
    SealCertificate,
    Stage,
    SubmitApplication,
    SubmitCorrection,
    Visit,
    VoidCase,
    WithdrawCase,
)
from ops.cli import app

ZONE: Final = ZoneInfo("Asia/Shanghai")
LICENCE: Final = {"item": "food-licence", "applicant": "A", "applicant_kind": ApplicantKind.COMPANY}
INSURED: Final = {"item": "social-insurance", "applicant": "A", "applicant_kind": ApplicantKind.PERSON}

Told = Callable[["Hall"], None]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text if len(text) > len("03-02 09:00") else f"2026-{text}").replace(tzinfo=ZONE)


class Hall:
    """A district's engine and what is reported of its store."""

    def __init__(self, folder: Path, name: str = "cases", **how: Any) -> None:
        self.url = f"sqlite:///{folder}/{name}.db"
        self.engine = open_engine(self.url, district=how.pop("district", "510114"), **how)

    def __call__(self, command: Callable[..., Any], when: str, by: str = "clerk", **fields: Any) -> Any:
        answer = self.engine.handle(command(by=by, at=at(when), **fields))
        assert isinstance(answer, Receipt), answer
        return answer

    def refused(self, command: Callable[..., Any], when: str, **fields: Any) -> bool:
        return isinstance(self.engine.handle(command(by="clerk", at=at(when), **fields)), Refused)

    def takes(self, case: str, when: str, **rest: Any) -> None:
        """Taken in at a window."""
        self(ReceiveCase, when, case=case, **{"hall": "H1", "channel": Channel.WINDOW, **LICENCE, **rest})

    def grants(self, case: str, closed: str, decided: str | None = None, *, paper: bool = True, sent: bool = False) -> None:
        """Routed, granted, decided, sealed and closed; and ``sent`` home, where somebody has said so."""
        on = decided or closed
        self(RouteCase, on, case=case)
        while self.engine.file(case).stage is Stage.IN_REVIEW:
            for one in [one for one in self.engine.file(case).approvals if one.answer is None]:
                self(GrantApproval, on, by="reviewer", case=case, step=one.step, department=one.department)
        self(MakeDecision, on, by="head", case=case, decision=Decision.GRANTED)
        self(MakeCertificate, on, by="head", case=case, certificate=f"C-{case}", kind="licence", electronic=not paper)
        item = self.engine.office.catalogue.find(str(self.engine.file(case).item), at(on).date())
        assert item is not None
        seal = f"{item.department}{'专用章' if paper else '电子印章'}"
        self(SealCertificate, on, by="head", case=case, certificate=f"C-{case}", seal=seal)
        self(CloseCase, closed, by="head", case=case, outcome=Outcome.CERTIFICATE_ISSUED)
        if sent:
            self.sends(case, closed)

    def sends(self, case: str, when: str) -> None:
        """By courier, and there."""
        parcel = {"consignment": f"P-{case}", "certificate": f"C-{case}"}
        self(DispatchCourier, when, case=case, courier="EMS", **parcel)
        self(DeliverResult, when, case=case, method=DeliveryMethod.COURIER, **parcel)

    def done(self, case: str, accepted: str, closed: str, **rest: Any) -> None:
        self(AcceptCase, accepted, case=case)
        self.grants(case, closed, **rest)

    def refuses(self, case: str, when: str) -> None:
        """Accepted and refused on one day."""
        self(AcceptCase, when, case=case)
        self(RouteCase, when, case=case)
        for one in self.engine.file(case).approvals:
            self(RefuseApproval, when, by="reviewer", case=case, step=one.step, department=one.department, reason="unsafe")
        self(MakeDecision, when, by="head", case=case, decision=Decision.REFUSED, reason="unsafe")
        self(CloseCase, when, case=case, outcome=Outcome.OTHER)

    def collects(self, case: str, when: str, visit: str) -> None:
        met = {"method": DeliveryMethod.WINDOW, "certificate": f"C-{case}"}
        self(DeliverResult, when, case=case, visit=Visit(visit=visit), **met)

    def opens(self, theme: str, when: str = "03-02 10:00", **rest: Any) -> list[str]:
        """A package is opened in a visit; its cases, as they are planned."""
        declared = self.engine.office.catalogue.theme(theme, at(when).date())
        assert declared is not None
        form = tuple(FormField(name=name, value="x") for name in declared.form)
        told = {"package": "P", "theme": theme, "applicant": "S", "hall": "H1", "form": form, "visit": Visit(visit="V1")}
        self(OpenPackage, when, **{**told, **rest})
        return [one.plan.case for one in self.engine.package("P").members]

    def events(self, case: str) -> list[str]:
        return [type(one.event).__name__ for one in self.engine.history(case)]

    def figures(self, *options: str) -> dict[Any, tuple[int, int]]:
        """Numerator and denominator by code, or by code and group."""
        done = CliRunner().invoke(app, ["report", "--json", "--store", self.url, *options])
        assert done.exit_code == 0, done.output
        rows = json.loads(done.stdout)["indicators"]
        return {
            (one["code"], one["group"]) if one["group"] else one["code"]: (one["numerator"], one["denominator"])
            for one in rows
        }

    def found(self) -> str:
        return CliRunner().invoke(app, ["findings", "--store", self.url]).stdout


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


# --- F1: what was taken in, paid or fetched in person without a visit told is no zero trip ---


def filed_online(hall: Hall, case: str = "X", when: str = "03-02 09:00", **rest: Any) -> None:
    told = {**LICENCE, **rest}
    hall(SubmitApplication, when, by="A", case=case, channel=Channel.WEBSITE, **told)
    hall(PassPreReview, when, case=case)
    hall(ReceiveCase, when, case=case, hall="H1", **told)


def at_a_window(hall: Hall) -> None:
    hall.takes("X", "03-02 09:30")
    hall.done("X", "03-02 09:40", "03-09 10:00")


def at_a_terminal(hall: Hall) -> None:
    hall.takes("X", "03-02 09:30", channel=Channel.KIOSK, **INSURED)
    hall.done("X", "03-02 09:40", "03-05 10:00")


def at_a_village_point(hall: Hall) -> None:
    told = {"item": "birth-registration", "applicant": "A", "applicant_kind": ApplicantKind.PERSON}
    hall.takes("X", "03-02 09:30", channel=Channel.AGENT_POINT, **told)
    hall(AcceptCase, "03-02 09:40", case="X")
    hall(MakeDecision, "03-02 09:50", by="head", case="X", decision=Decision.GRANTED)
    hall(CloseCase, "03-02 10:00", case="X", outcome=Outcome.OTHER)


def fetched_at_a_window(hall: Hall) -> None:
    filed_online(hall)
    hall.done("X", "03-02 09:40", "03-05 10:00")
    hall(DeliverResult, "03-06 10:00", case="X", certificate="C-X", method=DeliveryMethod.WINDOW)


def corrected_at_a_window(hall: Hall) -> None:
    hall.takes("X", "03-02 09:30", visit=Visit(visit="V1"))
    hall(RequestCorrection, "03-02 09:40", case="X", materials=("健康证明",), complete=True, notice="N1")
    hall(SubmitCorrection, "03-03 09:30", case="X", materials=("健康证明",))
    hall.done("X", "03-03 09:40", "03-05 10:00", sent=True)


@pytest.mark.parametrize(
    "told", [at_a_window, at_a_terminal, at_a_village_point, fetched_at_a_window, corrected_at_a_window]
)
def test_f1_who_came_untold_is_in_no_figure_of_trips_and_is_found(hall: Hall, told: Told) -> None:
    told(hall)

    figures = hall.figures()
    assert [figures[code] for code in ("K2", "K2-net", "K3-case", "K4-case")] == [(0, 0)] * 4
    assert figures["K2-known"] == (0, 1)
    assert "unrecorded_" in hall.found()


# --- F2: who is reminded of the one complete notice (一次告知) is not called by the agency ---


def corrected(hall: Hall, *rounds: tuple[tuple[str, ...], tuple[str, ...]], complete: bool = True) -> None:
    """Each round: what is asked for, and what is brought the day after in a visit."""
    hall.takes("X", "03-02 09:30", visit=Visit(visit="V0"))
    for n, (asked, brought) in enumerate(rounds):
        hall(RequestCorrection, f"03-{2 + n:02} 09:40", case="X", materials=asked, complete=complete, notice=f"N{n}")
        hall(SubmitCorrection, f"03-{3 + n:02} 09:30", case="X", materials=brought, visit=Visit(visit=f"V{n + 1}"))
    hall.done("X", f"03-{3 + len(rounds):02} 10:00", "03-12 10:00", sent=True)


HEALTH, LEASE, FORM = "健康证明", "经营场所证明", "一表填报申请表"


@pytest.mark.parametrize(
    ("rounds", "net", "avoidable"),
    [
        ([((HEALTH, LEASE), (HEALTH,)), ((LEASE,), (LEASE,))], 1, 0),
        ([((HEALTH, LEASE, FORM), (HEALTH,)), ((LEASE, FORM), (FORM,)), ((LEASE,), (LEASE,))], 1, 0),
        ([((HEALTH, LEASE), (LEASE,)), ((HEALTH,), (HEALTH,))], 1, 0),
        ([((HEALTH, LEASE, FORM), (HEALTH, LEASE)), ((FORM,), (FORM,))], 1, 0),
        ([((HEALTH, LEASE), (HEALTH, LEASE))], 1, 0),
    ],
)
def test_f2_a_reminder_is_no_second_notice(hall: Hall, rounds: Any, net: int, avoidable: int) -> None:
    corrected(hall, *rounds)

    figures = hall.figures()
    assert (figures["K2-net"], figures["K2-avoidable"]) == ((net, 1), (avoidable, 1 + len(rounds)))
    assert figures["K3-case"] == (int(net == 1), 1)


def test_f2_who_is_called_again_by_notices_that_named_not_all_is_called_by_the_agency(hall: Hall) -> None:
    corrected(hall, ((HEALTH, LEASE), (HEALTH,)), ((LEASE,), (LEASE,)), complete=False)

    figures = hall.figures()
    assert (figures["K2-net"], figures["K3-case"]) == ((3, 1), (0, 1))
    assert figures["K2-avoidable"][0] > 0


# --- F3: what was a slip is no volume, whichever way it ended ---


def typed_wrong(hall: Hall) -> None:
    hall(VoidCase, "03-02 11:00", case="X", reason="录错", typing_error=True)


def void_in_another_month(hall: Hall) -> None:
    hall(VoidCase, "04-07 11:00", case="X", reason="重复")


def void_after_acceptance(hall: Hall) -> None:
    hall(AcceptCase, "03-02 10:00", case="X")
    hall(VoidCase, "03-30 10:00", case="X", reason="重复")


def deleted(hall: Hall) -> None:
    hall(AcceptCase, "03-02 10:00", case="X")
    hall(CloseCase, "03-03 10:00", case="X", outcome=Outcome.DELETED, reason="录错")


def void_after_closing(hall: Hall) -> None:
    hall.done("X", "03-02 10:00", "03-31 10:00")
    hall(VoidCase, "04-01 10:00", case="X", reason="重复")


def withdrawn(hall: Hall) -> None:
    hall(WithdrawCase, "03-03 10:00", case="X", reason="搬家")


@pytest.mark.parametrize(
    ("ended", "received"),
    [
        (typed_wrong, 1),
        (void_in_another_month, 1),
        (void_after_acceptance, 1),
        (deleted, 1),
        (void_after_closing, 1),
        (withdrawn, 2),  # somebody did apply
    ],
)
def test_f3_a_slip_is_in_no_volume_and_opens_no_day(hall: Hall, ended: Told, received: int) -> None:
    hall.takes("OK", "03-10 09:30", visit=Visit(visit="V1"))
    hall.done("OK", "03-10 10:00", "03-11 10:00")
    hall.takes("X", "03-02 09:30", visit=Visit(visit="V2"))
    ended(hall)

    figures = hall.figures()
    assert [figures[code][0] for code in ("K20-received", "K20-accepted", "K20-closed")] == [received, 1, 1]
    assert figures["K21"] == (1, 1)  # the one day on which a case was closed


# --- F4: what of a package could have been spared goes by the package's promise ---


@pytest.mark.parametrize(
    ("visits", "avoidable"),
    [((), 0), (("V2", "V2"), 0), (("V2", "V3"), 1), (("V2", "V3", "V4"), 2), (("V2", "V2", "V3"), 1)],
)
def test_f4_visits_of_a_package_are_held_against_its_own_promise_of_two(
    hall: Hall, visits: tuple[str, ...], avoidable: int
) -> None:
    cases = hall.opens("bookstores", subjects=tuple(f"shop {n}" for n in range(max(2, len(visits)))))
    for case in cases:
        hall.done(case, "03-03 11:00", "03-16 10:00")
    for case, visit in zip(cases, visits, strict=False):
        hall.collects(case, f"03-{16 + int(visit[1:])} 10:00", visit)

    assert hall.figures()["K2-avoidable"] == (avoidable, len({"V1", *visits}))


# --- F5: one number is one visit of one applicant, in one hall, on one day ---


@pytest.mark.parametrize(
    ("first", "second", "two"),
    [
        (("03-02 09:30", "H1", "A"), ("03-03 09:30", "H1", "A"), True),  # the numbers begin anew each morning
        (("03-02 09:30", "H1", "A"), ("03-02 10:30", "H2", "A"), True),
        (("03-02 09:30", "H1", "A"), ("03-03 09:30", "H2", "B"), True),
        (("03-02 09:30", "H1", "A"), ("03-02 10:30", "H1", "A"), False),
        (("03-02 09:30", "H1", "A"), ("03-02 10:30", "H1", "B"), None),
    ],
)
def test_f5_a_printed_number_is_a_visit_of_its_hall_and_day(
    hall: Hall, first: tuple[str, str, str], second: tuple[str, str, str], *, two: bool | None
) -> None:
    for case, (when, where, who) in (("C1", first), ("C2", second)):
        told = {**LICENCE, "hall": where, "applicant": who, "visit": Visit(visit="A023")}
        if two is None and case == "C2":
            assert hall.refused(ReceiveCase, when, case=case, channel=Channel.WINDOW, **told)
            return
        hall.takes(case, when, **told)
        hall.done(case, when, "03-10 10:00", sent=True)

    assert hall.figures()["K2-visits"] == (2 if two else 1, 2)


# --- F6: working days of the hall are those of the calendar the district has in force ---


@pytest.mark.parametrize(
    ("calendar", "closed", "period", "days"),
    [
        ("cn-nx-2022.1", "2022-07-15", ("2022-07-01", "2022-07-31"), 19),  # 古尔邦节 07-11, 07-12
        ("cn-2026.1", "2022-07-15", ("2022-07-01", "2022-07-31"), 21),
        ("cn-gx-2024.1", "2024-04-10", ("2024-04-08", "2024-04-14"), 3),  # 壮族三月三 04-11, 04-12
        ("cn-gx-2024.1", "2023-04-18", ("2023-04-17", "2023-04-23"), 4),  # off on 04-21 and the make-up Sunday 04-23
        ("cn-xz-2026.1", "2026-02-27", ("2026-02-23", "2026-02-28"), 2),  # 藏历新年 to 02-26; Saturday 02-28 is worked
    ],
)
def test_f6_days_are_those_of_the_districts_own_calendar(
    tmp_path: Path, calendar: str, closed: str, period: tuple[str, str], days: int
) -> None:
    hall = Hall(tmp_path, calendar=calendar)
    hall.takes("X", f"{closed} 09:30", visit=Visit(visit="V"))
    hall.done("X", f"{closed} 10:00", f"{closed} 11:00", sent=True)

    assert hall.figures("--from", period[0], "--to", period[1])["K21"] == (1, days)


# --- F7: what is due on the last day of a period is due in it, however it is cut ---


@pytest.mark.parametrize(
    ("accepted", "since", "until", "after"),
    [
        ("2026-03-17 10:00", "2026-03-01", "2026-03-31", "2026-04-30"),  # due on Tuesday 03-31
        ("2026-04-16 10:00", "2026-04-01", "2026-04-30", "2026-05-31"),
        ("2025-12-17 10:00", "2025-12-01", "2025-12-31", "2026-01-31"),
        ("2026-06-15 10:00", "2026-06-01", "2026-06-30", "2026-07-31"),  # 端午节 on 06-19
    ],
)
def test_f7_due_on_the_last_day_is_late_in_its_own_month_in_every_cut(
    hall: Hall, accepted: str, since: str, until: str, after: str
) -> None:
    hall.takes("X", accepted, visit=Visit(visit="V"))
    hall(AcceptCase, accepted, case="X")

    whole = hall.figures("--from", since, "--to", until)
    assert (whole["K6b"], whole["K7"]) == ((0, 1), (1, 1))
    for by, group in (("month", since[:7]), ("item", "food-licence"), ("hall", "H1"), ("channel", "window")):
        cut = hall.figures("--by", by, "--from", since, "--to", until)
        assert (cut["K6b", group], cut["K7", group]) == ((0, 1), (1, 1)), by
    month_after = hall.figures("--from", f"{after[:8]}01", "--to", after)
    assert (month_after["K6b"], month_after["K7"]) == ((0, 0), (0, 0))


# --- F8: the law limits the decision (Art. 42), the promise the closing ---


@pytest.mark.parametrize(
    ("decided", "closed", "red"),
    [
        ("03-30 10:00", "04-01 10:00", False),  # on working day 20 of 20, closed on 22
        ("03-30 17:00", "05-20 10:00", False),
        ("03-13 10:00", "04-30 10:00", False),
        ("03-31 10:00", "03-31 11:00", True),
        ("04-01 10:00", "06-01 10:00", True),
    ],
)
def test_f8_a_decision_within_the_law_earns_no_red_card(hall: Hall, decided: str, closed: str, *, red: bool) -> None:
    hall.takes("X", "03-02 09:30", visit=Visit(visit="V"))
    hall.done("X", "03-02 10:00", closed, decided=decided)
    hall.engine.tick(at("06-10 10:00"))

    cards = [one.event.level.value for one in hall.engine.history("X") if isinstance(one.event, CardIssued)]
    assert ("red" in cards) is red
    assert "yellow" in cards or closed < "03-16"


# --- F9: silence is consent by the law of licences (Art. 32), and of licences alone ---


@pytest.mark.parametrize(
    ("item", "kind", "deemed"),
    [
        ("tuition-subsidy", ApplicantKind.PERSON, False),  # 行政给付
        ("veterans-allowance", ApplicantKind.PERSON, False),
        ("social-insurance", ApplicantKind.PERSON, False),  # 行政确认
        ("investment-filing", ApplicantKind.COMPANY, False),  # 其他行政权力
        ("food-licence", ApplicantKind.COMPANY, True),
        ("exit-entry-permit", ApplicantKind.PERSON, True),
    ],
)
def test_f9_a_week_of_silence_accepts_licences_only(hall: Hall, item: str, kind: ApplicantKind, *, deemed: bool) -> None:
    until = {"entitled_from": date(2026, 2, 1)} if item == "tuition-subsidy" else {}
    where = {"hall": "成都市政务服务中心"} if item == "tuition-subsidy" else {}
    hall.takes("X", "03-02 09:10", item=item, applicant_kind=kind, visit=Visit(visit="V"), **where, **until)
    hall.engine.tick(at("03-12 10:00"))

    assert ("AcceptanceDeemed" in hall.events("X")) is deemed


# --- F10: tier and place are what the register of sites says ---


@pytest.mark.parametrize(
    ("site", "tier", "place"),
    [
        ("西来镇便民服务中心", "township", "hall"),
        ("和顺新村为民办事代办点", "village", "village_point"),
        ("东升街道便民服务中心", "township", "hall"),
        ("木兰镇宫王社区代办点", "village", "village_point"),
        ("成都市政务服务中心", "city", "hall"),
        ("新都区24小时政务自助服务区", "county", "hall_kiosk"),
        ("东升街道社区自助终端", "township", "community_kiosk"),
    ],
)
def test_f10_a_case_is_of_the_tier_and_a_visit_at_the_place_of_its_site(
    hall: Hall, site: str, tier: str, place: str
) -> None:
    hall.takes("X", "03-02 09:30", hall=site, visit=Visit(visit="V"), **INSURED)

    assert hall.figures("--by", "tier")["K20-received", tier][0] == 1
    assert [one.place.value for one in hall.engine.file("X").trips] == [place]


def test_f10_a_hall_that_is_no_site_is_found(hall: Hall) -> None:
    hall.takes("X", "03-02 09:30", hall="Somewhere", visit=Visit(visit="V"), **INSURED)

    assert "hall_unknown" in hall.found()


# --- F11: a member that was never opened takes no share of a visit ---


@pytest.mark.parametrize("opened", [1, 2, 3, 4, 5])
def test_f11_visits_are_shared_out_among_the_cases_that_were_opened(hall: Hall, opened: int) -> None:
    hall.opens("investment-project", "03-02 10:00")
    for n in range(opened):
        case = hall.engine.package("P").members[n].plan.case
        if n < opened - 1:
            hall.done(case, f"03-{3 + 2 * n:02} 10:00", f"03-{3 + 2 * n:02} 11:00")
        else:
            hall.refuses(case, f"03-{3 + 2 * n:02} 10:00")

    figures = hall.figures()
    assert figures["K2-package"] == (1, 1)
    assert figures["K2-inherited"] == (720_720, 720_720 * opened)  # one visit, all of it


# --- F12: a result on paper that nobody has yet is not yet zero trips ---


@pytest.mark.parametrize(
    ("paper", "handed", "figures"),
    [
        (True, None, {"K4-case": (0, 0), "K3-case": (0, 0), "K2-known": (0, 1)}),
        (True, "courier", {"K4-case": (1, 1), "K3-case": (1, 1), "K2-known": (1, 1)}),
        (True, "window", {"K4-case": (0, 1), "K3-case": (1, 1), "K2-known": (1, 1)}),
        (False, None, {"K4-case": (1, 1), "K3-case": (1, 1), "K2-known": (1, 1)}),
    ],
)
def test_f12_a_paper_result_counts_once_it_is_handed_over(
    hall: Hall, *, paper: bool, handed: str | None, figures: dict[str, tuple[int, int]]
) -> None:
    filed_online(hall)
    hall.done("X", "03-02 10:30", "03-05 10:00", paper=paper)
    if handed == "window":
        hall.collects("X", "03-06 10:00", "V9")
    elif handed == "courier":
        hall.sends("X", "03-06 10:00")

    found = hall.figures()
    assert {code: found.get(code) for code in figures} == figures
    assert ("result_not_handed_over" in hall.found()) is (paper and handed is None)
