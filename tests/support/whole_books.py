"""A small district's books with every key said, as files; and all that may be seen of them: decisions, rows, prints."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from adapters.adopting import books_in
from adapters.district_books import shipped_books
from casecore import (
    AcceptCase,
    AdoptBooks,
    ApplicantKind,
    Books,
    BoxCollected,
    BoxDeposited,
    CardIssued,
    CaseClosed,
    CaseRated,
    CaseReceived,
    CaseRouted,
    Cause,
    CertificateMade,
    Channel,
    Choice,
    CollectBox,
    CoreStep,
    Decision,
    DecisionMade,
    DistrictEvent,
    Envelope,
    Fact,
    FeeWay,
    Grade,
    HearingOffered,
    HearingRequested,
    LicenceLevel,
    Limit,
    MaterialWay,
    MeetMaterial,
    OpenPackage,
    Outcome,
    PapersDeposited,
    PassBoxTime,
    PassTime,
    PayFee,
    Place,
    PlanStep,
    RateCase,
    ReceiveCase,
    Recorded,
    RefuseApproval,
    Refused,
    SealCertificate,
    SpecialGround,
    SuspendCase,
    SuspensionKind,
    TripMade,
    Visitor,
    count_trips,
    decide,
    fold_stream,
    newest,
)
from casecore.auditing.double_filings import double_filings, filed_case
from casecore.auditing.examiners import EXAMINERS
from casecore.between.following import consequences
from casecore.drop_box.acts import NoteDeposit, duty_of
from casecore.kinds import CASE, DISTRICT, DROP_BOX, as_kind, ruling_of
from casecore.log import ClockBounds
from casecore.package.facts.opening import FormField
from ops.printing.books import Entries, print_entries
from ops.printing.console import out
from projections.case_facts import CASE_FACTS
from projections.dimensions import date_rows, item_rows, theme_rows
from projections.projection import subject_of
from support.story import CLOSED, HEAD, NOW, OFFICER, accepted, ask, day, fact, moment, procedure, received, submitted, visit

__all__ = ["CALENDAR_FILE", "CATALOGUE_FILE", "FILES", "OVERLAY_FILE", "RULE_FILE", "SEEN", "Kept", "kept"]

CATALOGUE_FILE: Final = "catalogue/all.toml"
RULE_FILE: Final = "rule.toml"
CALENDAR_FILE: Final = "calendars/own.1.toml"
OVERLAY_FILE: Final = "calendars/own.2.toml"

FILES: Final[Mapping[str, str]] = {
    CATALOGUE_FILE: """
[[item]]
code = "FOOD"
version = 1
name_zh = "食品经营许可"
name_en = "Food"
source = "a notice"
retrieved_on = 2025-12-01
item_type = "10"
implementation_code = "I-1"
tier = "county"
department = "Market"
valid_from = 2025-01-01
valid_until = 2026-12-30
handling = "promised"
promised = {amount = 5, unit = "working_day"}
statutory = {amount = 20, unit = "working_day"}
serves = ["person", "company"]
themes = ["person"]
channels = ["window", "website", "courier"]
online_depth = [2]
visits = 1
visit_reason = "核验原件"
stages = ["受理", "办结"]
materials = ["identity", "lease"]
licence_materials = ["identity"]
applied_for = true
fee = true
online_payment = true
window_months = 3
joint = false
labels = ["citywide"]
handle_area = "cross_city"
before = {source = "the old guide", limit = {amount = 20, unit = "working_day"}, visits = 3, materials = 4}
plan = [
  {step = "fire", department = "Fire", limit = {amount = 3, unit = "working_day"}},
  {step = "health", department = "Health", after = ["fire"], preliminary = false},
]

[[item]]
code = "SIGN"
version = 1
name_zh = "店招"
name_en = "Sign"
source = "a notice"
item_type = "10"
tier = "county"
department = "City"
valid_from = 2025-01-01
handling = "promised"
promised = {amount = 0, unit = "fixed_date", due_on = 2026-05-08}
serves = ["person", "company"]
channels = ["window"]
visits = 1
visit_reason = "核验原件"

[[item]]
code = "PROOF"
version = 1
name_zh = "证明"
name_en = "Proof"
source = "a notice"
item_type = "20"
tier = "county"
department = "Street"
valid_from = 2025-01-01
handling = "instant"
promised = {amount = 0, unit = "working_day"}
serves = ["person", "company"]
channels = ["window"]
visits = 1
visit_reason = "核验原件"

[[theme]]
code = "SHOP"
version = 1
name_zh = "开店"
name_en = "A shop"
source = "a notice"
retrieved_on = 2025-12-01
valid_from = 2025-01-01
valid_until = 2026-12-30
serves = ["person", "company"]
channels = ["window"]
items = [
  {item = "FOOD", when = [{question = "what", answers = ["food"]}]},
  {item = "SIGN", after = ["FOOD"]},
  {item = "PROOF", conditional_on = ["FOOD"]},
]
questions = [{question = "what", ask_zh = "开什么店?", answers = ["food", "books"]}]
form = ["name"]
materials = ["identity"]
promised = {amount = 10, unit = "working_day"}
visits = 2
before = {source = "the old guide", limit = {amount = 30, unit = "working_day"}, visits = 5, materials = 9}

[[site]]
code = "H1"
name_zh = "大厅"
source = "a notice"
retrieved_on = 2025-12-01
place = "hall"
tier = "county"
items = ["FOOD", "SIGN"]
elsewhere = [{item = "PROOF", where = "the street office"}]

[[site]]
code = "H2"
name_zh = "二厅"
source = "a notice"
place = "hall"
tier = "county"

[[site]]
code = "H4"
name_zh = "外市大厅"
source = "a notice"
place = "hall"
tier = "city"
away = "cross_county"
valid_from = 2026-01-01
valid_until = 2026-12-30

[[seal]]
code = "seal-7"
name_zh = "专用章"
source = "a notice"
retrieved_on = 2025-12-01
department = "Market"
electronic = false
valid_from = 2026-01-01
valid_until = 2026-12-30

[[box]]
code = "BOX-1"
name_zh = "小蜜蜂箱"
source = "a notice"
retrieved_on = 2025-12-01
hall = "H1"
collections_a_day = 2
valid_from = 2026-02-27
valid_until = 2026-12-30
""",
    RULE_FILE: """
name = "town"
source = "a notice"
retrieved_on = 2025-12-01
calendar = "own.1"
moves_promise = []
parallel_procedures = false
refusal_ends_review = false
deemed_acceptance = true
licence_law_for = ["10"]
hours_per_workday = 7
drop_box_receipt = "collection"
collect_days = 10
rectify_days = 5
double_filing_days = 30
instant_seconds = 60
skew_minutes = 10
jump_days = 31

[offday_acceptance]
promised = "receipt_only"
instant = "accept"

[[window]]
hall = "H2"
window = "12"
offday_acceptance = "accept"

[trips]
near_gross = true
near_net = true
before_application = false

[warning]
days = 1
percent = 20

[cards]
due_soon = "warning"
promise_overdue = "yellow"
statutory_overdue = "red"
step_overdue = "yellow"
preliminary_review_overdue = "yellow"
procedure_overrun = "yellow"
acceptance_overdue = "yellow"
delivery_overdue = "yellow"
hearing_overdue = "yellow"
renewal_overdue = "yellow"
rectification_overdue = "yellow"
box_not_emptied = "yellow"
reasonless_negative = "red"
""",
    CALENDAR_FILE: """
version = "own.1"
title = "我区日历"
source = "a notice"
retrieved_on = 2025-12-01
zone = "Asia/Shanghai"
covers = [2026-01-01, 2026-12-30]
rest_weekdays = [6, 7]
hours = [["09:00", "12:00"], ["13:00", "17:00"]]
supersedes = "cn-2026.1"

[years]
2026.rest = ["03-04"]
2026.work = ["03-07"]
2026.notice = "国办发明电〔2025〕7号"
2026.retrieved_on = 2025-11-05
""",
    OVERLAY_FILE: """
version = "own.2"
title = "我镇日历"
source = "a notice"
retrieved_on = 2025-12-01
base = "own.1"
covers = [2026-01-01, 2026-12-20]
hours = [["09:00", "12:00"]]
supersedes = "own.1"

[years]
2026.rest = ["03-05"]
2026.work = ["03-08"]
2026.notice = "the town's own"
2026.retrieved_on = 2025-11-06
""",
}


class Kept(NamedTuple):
    """A district's books as they were adopted from files."""

    facts: tuple[DistrictEvent, ...]
    books: Books
    adoption: AdoptBooks

    def ruled(self, command: Any, *facts: Fact, on: str = "03-02", at_hall: str = "H1") -> Any:
        """What a command makes of a history under these books."""
        told = [replace(one, hall=at_hall) if isinstance(one, CaseReceived) else one for one in facts]
        return decide(fold_stream(told), command, NOW, self.books.office(day(on)))


def kept(folder: Path, *changes: tuple[str, str, str]) -> Kept | Refused:
    """The books of the files with some texts changed, as (file, text, other text); or why nobody may adopt them."""
    texts, names = dict(FILES), dict.fromkeys(FILES, "")
    for file, text, other in changes:
        assert text in texts[file], f"{text!r} does not stand in {file}"
        texts[file] = texts[file].replace(text, other, 1)
        if file.startswith("calendars/") and text.startswith("\nversion"):
            names[file] = other.split('"')[1]
    for file, text in texts.items():
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        (target.with_name(f"{names[file]}.toml") if names[file] else target).write_text(text, "utf-8")
    shipped = shipped_books()
    command = books_in(folder, shipped).whole().adoption("510107", OFFICER)
    ruling = decide(None, command, moment("01-01 09:00"), shipped.office(day("01-02")))
    if isinstance(ruling, Refused):
        return ruling
    file = DISTRICT.fold(ruling)
    return Kept(file.facts, file.books, command)


# --- what may be seen of them ---


def _receive(code: str = "FOOD", **rest: Any) -> Any:
    said = {"applicant": "Li", "applicant_kind": ApplicantKind.COMPANY, "channel": Channel.WINDOW}
    return ask(ReceiveCase, "03-02 09:00", item=code, **{"hall": "H2", "entitled_from": day("01-10"), **said, **rest})


def _open_package(**rest: Any) -> Any:
    said: dict[str, Any] = {
        "theme": "SHOP",
        "applicant": "Li",
        "hall": "H2",
        "answers": (Choice(question="what", answer="food"),),
        "form": (FormField(name="name", value="Li's"),),
    }
    return ask(OpenPackage, "03-02 09:00", **{**said, **rest})


_FILED: Final = received("03-02 09:00", hall="H2")
_ON_SATURDAY: Final = received("03-14 09:00", hall="H2")
_TAKEN: Final = accepted(
    "03-02 10:00",
    promised=Limit.working_days(10),
    plan=(
        PlanStep(step="fire", department="Fire", limit=Limit.working_days(2)),
        PlanStep(step="town", department="Town", preliminary=True),
    ),
    calendar="own.1",
)
_SPECIAL: Final = {"kind": SuspensionKind.SPECIAL_PROCEDURE, "ground": SpecialGround.TESTING, "notice": "N2"}
_CAME: Final = {"visitor": Visitor.APPLICANT}
_NEAR: Final = fact(TripMade, "03-02 09:00", visit="V1", place=Place.VILLAGE_POINT, cause=Cause.SUBMIT, **_CAME)
_EARLY: Final = fact(TripMade, "02-20 09:00", visit="V0", place=Place.HALL, cause=Cause.OTHER, **_CAME)
_APPLIED: Final = submitted("03-02 09:00", code="PROOF")
_AT_ONCE: Final = (
    _APPLIED,
    replace(
        fact(DecisionMade, "03-02 09:00", decision=Decision.GRANTED, automatic=True),
        at=_APPLIED.at + timedelta(seconds=30),
    ),
)
_ROUTED: Final = tuple(
    fact(CaseRouted, "03-03 09:00", step=one.step, department=one.department) for one in (_TAKEN.plan[0], _TAKEN.plan[1])
)
_GRANTED: Final = fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.GRANTED)
_MADE: Final = (_FILED, _TAKEN, _GRANTED, fact(CertificateMade, "03-05 10:00", certificate="C1", kind="licence"))
_COMPLAINT: Final = fact(
    CaseRated, "03-05 09:00", grade=Grade.DISSATISFIED, step=CoreStep.RECEIPT, rectify_within=Limit.working_days(5)
)
_CLOCKS: Final[tuple[tuple[tuple[Fact, ...], str], ...]] = (
    ((_FILED, _TAKEN), "03-17"),
    ((_FILED, _TAKEN), "04-15"),
    ((_FILED, _TAKEN, *_ROUTED), "04-15"),
    ((_FILED, _TAKEN, procedure("03-03 09:00", 1)), "03-12"),
    ((_FILED,), "03-12"),
    (_MADE, "04-01"),
    (
        (
            _FILED,
            _TAKEN,
            fact(HearingOffered, "03-03 09:00", notice="H-1"),
            fact(HearingRequested, "03-04 09:00"),
        ),
        "04-15",
    ),
    ((_FILED, _TAKEN, fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.REFUSED)), "03-06"),
    ((replace(_FILED, licence_expires_on=day("04-10")), _TAKEN), "04-13"),
    ((_FILED, _TAKEN, _COMPLAINT), "03-20"),
)
"""Histories in which every clock there is runs out, with the day on which somebody looks."""


def _cards(here: Kept, *facts: Fact, on: str) -> Any:
    """The grounds and colours of the cards time has brought by then."""
    ruling = here.ruled(ask(PassTime, f"{on} 08:00"), *facts, on=on)
    return (
        ruling
        if isinstance(ruling, Refused)
        else [(one.ground, one.level, one.rule) for one in ruling if isinstance(one, CardIssued)]
    )


def _neglected(here: Kept) -> Any:
    """The cards of a box that was emptied once."""
    once = fact(BoxCollected, "03-02 09:00", deposits=())
    return decide(fold_stream((once,)), ask(PassBoxTime, "03-06 09:00"), NOW, here.books.office(day("03-06")))


def _put_in(here: Kept, when: str) -> Any:
    note = ask(NoteDeposit, when, case="A", deposit="D1")
    return decide(None, note, NOW, here.books.office(note.at.date()))


def _sealed(here: Kept, *, electronic: bool) -> Any:
    made = fact(CertificateMade, "03-05 10:00", certificate="C1", kind="licence", electronic=electronic)
    seal = ask(SealCertificate, "03-05 11:00", certificate="C1", seal="seal-7")
    return here.ruled(seal, _FILED, _TAKEN, _GRANTED, made)


def _not_fetched(here: Kept) -> Any:
    """What is found in a case whose licence on paper nobody has fetched for ten working days."""
    told = (*_MADE, fact(CaseClosed, "03-06 09:00", by=HEAD, outcome=Outcome.CERTIFICATE_ISSUED))
    history = [Recorded("510107", n, one.at, Envelope("C", n, one)) for n, one in enumerate(told, 1)]
    at = moment("03-19 17:00")
    return [one.code for one in EXAMINERS[CASE.name](history, here.books.office(at.date()), at)]


def _filed_twice(here: Kept) -> Any:
    """What is found of a licence that was granted, and applied for again nine days after the first application."""
    closed = fact(CaseClosed, "03-06 09:00", by=HEAD, outcome=Outcome.CERTIFICATE_ISSUED)
    told = {"C": (*_MADE, closed), "D": (replace(_FILED, at=_FILED.at + timedelta(days=9)),)}
    histories = [
        [Recorded("510107", n, one.at, Envelope(case, n, one)) for n, one in enumerate(facts, 1)]
        for case, facts in told.items()
    ]
    filed = [found for history in histories if (found := filed_case(history)) is not None]
    return [one.case for one in double_filings(filed, lambda on: here.books.rule_on(on).rule)]


def _followed(here: Kept) -> Any:
    """What follows in a case from the emptying of its box."""
    box = fold_stream((fact(BoxDeposited, "03-02 20:00", case="510107-2026-000001", deposit="D1"),))
    empty = ask(CollectBox, "03-03 09:00", box="BOX-1")
    office = here.books.office(day("03-03"))
    ruling = ruling_of(box, empty, NOW, office)
    if isinstance(ruling, Refused):
        return ruling
    (collect,) = consequences(empty, ruling, office)
    put_in = fact(PapersDeposited, "03-02 20:00", box="BOX-1", deposit="D1")
    return collect, here.ruled(collect, submitted(), put_in, on="03-03")


def _emptied(here: Kept) -> Any:
    box = here.books.catalogue.boxes["BOX-1"]
    file = as_kind(fold_stream((fact(BoxCollected, "03-02 09:00", deposits=()),)), DROP_BOX, "BOX-1")
    return list(duty_of(box.code, file, here.books.office(day("03-02")), day("03-02")))


def _printed(here: Kept) -> str:
    """What ``casecore books show CODE`` prints of every entry."""
    with out.capture() as said:
        print_entries([Entries("510107", here.facts, True)], whole=True, as_json=False)  # noqa: FBT003 - a field
    return said.get()


SEEN: Final[Mapping[str, Callable[[Kept], Any]]] = {
    "receipt": lambda here: here.ruled(_receive()),
    "receipt of a person": lambda here: here.ruled(_receive(applicant_kind=ApplicantKind.PERSON)),
    "receipt by courier": lambda here: here.ruled(_receive(channel=Channel.COURIER)),
    "receipt at the hall": lambda here: here.ruled(_receive("SIGN", hall="H1")),
    "receipt elsewhere": lambda here: here.ruled(_receive("PROOF", hall="H1")),
    "receipt in a visit": lambda here: here.ruled(_receive(hall="H1", visit=visit("V1", place=Place.HALL_KIOSK))),
    "receipt far away": lambda here: here.ruled(_receive(hall="H4")),
    "receipt far away at the ends": lambda here: [
        decide(None, replace(_receive(hall="H4", entitled_from=on), at=at), NOW, here.books.office(on))
        for at in (moment("01-01 09:00"), moment("12-30 09:00"))
        for on in (at.date(),)
    ],
    "seal on an electronic certificate": lambda here: _sealed(here, electronic=True),
    "seal on paper": lambda here: _sealed(here, electronic=False),
    "deposits at the ends": lambda here: [_put_in(here, when) for when in ("02-27 09:00", "12-30 09:00")],
    "cards of a box": _neglected,
    "receipt in the past": lambda here: decide(
        None, replace(_receive(), at=moment("02-01 09:00")), NOW, here.books.office(day("02-01"))
    ),
    "receipt on the last day": lambda here: decide(
        None,
        replace(_receive(entitled_from=date(2026, 12, 1)), at=datetime(2026, 12, 30, 9, tzinfo=NOW.tzinfo)),
        datetime(2026, 12, 30, 10, tzinfo=NOW.tzinfo),
        here.books.office(date(2026, 12, 30)),
    ),
    "acceptance": lambda here: here.ruled(ask(AcceptCase, "03-02 10:00"), _FILED, at_hall="H2"),
    "acceptance of a date": lambda here: here.ruled(
        ask(AcceptCase, "03-02 10:00"), replace(_FILED, item="SIGN"), at_hall="H2"
    ),
    "acceptance on a Saturday": lambda here: here.ruled(
        ask(AcceptCase, "03-14 10:00"), _ON_SATURDAY, on="03-14", at_hall="H3"
    ),
    "instant acceptance on a Saturday": lambda here: here.ruled(
        ask(AcceptCase, "03-14 10:00"), replace(_ON_SATURDAY, item="PROOF"), on="03-14", at_hall="H3"
    ),
    "acceptance at a window on a Saturday": lambda here: [
        here.ruled(ask(AcceptCase, "03-14 10:00"), replace(_ON_SATURDAY, window=one), on="03-14", at_hall=hall)
        for one, hall in (("12", "H2"), ("13", "H2"), ("12", "H1"), ("13", "H1"))
    ],
    "refusal": lambda here: here.ruled(
        ask(RefuseApproval, "03-03 12:00", step="fire", department="Fire", reason="no exit"), _FILED, _TAKEN, *_ROUTED
    ),
    "fee": lambda here: here.ruled(ask(PayFee, "03-02 11:00", fee="f", amount_fen=100, way=FeeWay.ONLINE), _FILED, _TAKEN),
    "material": lambda here: here.ruled(ask(MeetMaterial, "03-02 11:00", material="lease"), _FILED, _TAKEN),
    "licence": lambda here: here.ruled(
        ask(MeetMaterial, "03-02 11:00", material="identity", way=MaterialWay.E_LICENCE, source="L", level=LicenceLevel.A),
        _FILED,
        _TAKEN,
    ),
    "package": lambda here: here.ruled(_open_package()),
    "package of a person": lambda here: here.ruled(_open_package(applicant_kind=ApplicantKind.PERSON)),
    "package by courier": lambda here: here.ruled(_open_package(channel=Channel.COURIER)),
    "package of books": lambda here: here.ruled(_open_package(answers=(Choice(question="what", answer="books"),))),
    "seal": lambda here: here.ruled(ask(SealCertificate, "03-05 11:00", certificate="C1", seal="seal-7"), *_MADE),
    "seal in the past": lambda here: here.ruled(
        ask(SealCertificate, "03-05 11:00", certificate="C1", seal="seal-7"), *_MADE, on="03-05"
    ),
    "box": _followed,
    "emptying": _emptied,
    "paper nobody fetched": _not_fetched,
    "the same filed twice": _filed_twice,
    "rating": lambda here: here.ruled(ask(RateCase, "03-06 10:00", grade=Grade.DISSATISFIED), *CLOSED, on="03-06"),
    "ordinary suspension": lambda here: here.ruled(
        ask(SuspendCase, "03-03 09:00", reason="x", kind=SuspensionKind.ORDINARY), _FILED, _TAKEN
    ),
    "second procedure": lambda here: here.ruled(
        ask(SuspendCase, "03-06 09:00", reason="x", declared_days=4, **_SPECIAL), _FILED, _TAKEN, procedure(declared=5)
    ),
    "silence": lambda here: here.ruled(ask(PassTime, "03-12 08:00"), _FILED, on="03-12", at_hall="H2"),
    "cards near": lambda here: [_cards(here, _FILED, _TAKEN, on=on) for on in ("03-11", "03-12", "03-13", "03-16")],
    "cards of every clock": lambda here: [_cards(here, *facts, on=on) for facts, on in _CLOCKS],
    "trips": lambda here: count_trips(
        as_kind(fold_stream((_FILED, _EARLY, _NEAR, _TAKEN)), CASE, ""), here.books.rule_on(None).rule
    ),
    "rows of a case": lambda here: list(
        CASE_FACTS.rows(subject_of(here.books, "510107", "C", as_kind(fold_stream(_AT_ONCE), CASE, "")))
    ),
    "rows of items": lambda here: list(
        item_rows("510107", here.books.catalogue, hours_per_workday=here.books.rule_on(None).rule.hours_per_workday)
    ),
    "rows of themes": lambda here: list(
        theme_rows("510107", here.books.catalogue.themes, hours_per_workday=here.books.rule_on(None).rule.hours_per_workday)
    ),
    "rows of days": lambda here: list(date_rows("510107", here.books)),
    "days covered": lambda here: {
        (one.version, day_, one.is_working(day_))
        for one in here.books.calendars.values()
        for day_ in map(one.covers[0].__add__, map(timedelta, range((one.covers[1] - one.covers[0]).days + 1)))
    },
    "calendar in force": lambda here: (here.books.calendar_on(None), here.books.office(day("03-02")).calendar.version),
    "days and hours": lambda here: [
        (
            one,
            *(own.is_working(day(f"03-{on}")) for on in ("04", "06", "07")),
            own.working_minutes(moment("03-02 08:00"), NOW),
        )
        for one, own in here.books.calendars.items()
        if one.startswith("own")
    ],
    "line of calendars": lambda here: newest(here.books.calendars, "cn-2026.1"),
    "zone": lambda here: {own.zone for one, own in here.books.calendars.items() if one.startswith("own")},
    "clocks of machines": lambda here: ClockBounds.of(here.books.rule_on(None).rule),
    "print": _printed,
}
"""By name, whatever a key of the books may change."""
