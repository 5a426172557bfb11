"""Cases, a package and a drop box in one store: followed fact by fact, rebuilt, and beside what older versions wrote."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import pytest
from support.adopted import adopt
from support.followed import A, World, rows_of
from support.registers import BOOKS, WORLD
from support.story import BOX, CITIZEN, CLERK, FOOD, HALL, HEAD, handing, moment
from support.written_before import LATEST_BEFORE, OLD_LIVES, OLDEST, as_written_before

from adapters import district_log, following
from adapters.district_books import GivenBooks
from adapters.district_engine import DistrictEngine
from adapters.following import Followers, rebuild
from adapters.mapper import WIRE
from adapters.testing.opened import open_desk
from casecore import (
    AcceptCase,
    ApplicantKind,
    CallBackRater,
    Cause,
    Channel,
    Choice,
    CloseCase,
    CollectBox,
    CompleteStep,
    CorrectCertificate,
    Decision,
    DeliverResult,
    DeliveryMethod,
    DepositPapers,
    DispatchCourier,
    DistrictRule,
    Envelope,
    FormField,
    GivenMaterial,
    Grade,
    GrantMandate,
    HandOverPapers,
    HolderKind,
    IssueCard,
    LicenceLevel,
    MakeCertificate,
    MakeDecision,
    MaterialWay,
    MeetMaterial,
    OpenPackage,
    Outcome,
    PayFee,
    Place,
    PromiseMaterial,
    RateCase,
    Receipt,
    RecordTrip,
    RectifyRating,
    ResumeCase,
    ReviewRating,
    RouteCase,
    SealCertificate,
    ShareMaterial,
    SpecialGround,
    SubmitApplication,
    SuspendCase,
    SuspensionKind,
    Visit,
    Visitor,
    WithdrawCase,
)
from casecore.command import Command
from casecore.kinds import CASE, DROP_BOX, PACKAGE, kind_of
from casecore.recorded import Unreadable
from casecore.vocabulary import CardGround, CardLevel, FeeWay, RatingReview
from projections.registry import PROJECTIONS

PKG: Final = "PKG"
SHOPS: Final = tuple(f"{PKG}-{number:02}-SHOP" for number in (1, 2))
STALLS: Final = tuple(f"{PKG}-{number:02}-STALL" for number in (1, 2))
ALONE: Final = "ALONE"
AGENT, FLAT = (HolderKind.AGENT, "he"), (HolderKind.APPLICANT, "Li Lei")

Act = tuple[type[Any], str, dict[str, Any]]


def act(kind: type[Any], when: str, /, **rest: Any) -> Act:
    return kind, f"2025-{when}", rest


def handed(when: str, giver: tuple[HolderKind, str], holder: tuple[HolderKind, str], **rest: Any) -> Act:
    return act(HandOverPapers, when, **handing(giver, holder, **rest))


PLAY: Final[tuple[Act, ...]] = (
    act(
        OpenPackage, "03-03 09:00", package=PKG, theme=BOOKS, applicant="Li Lei", applicant_kind=ApplicantKind.PERSON,
        hall=HALL, subjects=("one", "two"), answers=(Choice(question="what", answer="stall"),),
        form=(FormField(name="name", value="Fenghuang"),), visit=Visit(visit="V1"),
        given=(GivenMaterial(material="identity", way=MaterialWay.E_LICENCE, source="L1", level=LicenceLevel.A),),
    ),
    act(SubmitApplication, "03-03 20:00", case=ALONE, by=CITIZEN, item=FOOD, channel=Channel.WEBSITE, applicant="Li Lei",
        applicant_kind=ApplicantKind.PERSON),
    act(DepositPapers, "03-03 21:00", case=ALONE, by=CITIZEN, box=BOX, deposit="D1", materials=("form",)),
    act(GrantMandate, "03-03 22:00", case=ALONE, by=CITIZEN, agent="he", applicant="Li Lei", scope="all of it"),
    handed("03-03 22:30", FLAT, AGENT, case=ALONE, place=Place.HOME),
    act(ShareMaterial, "03-04 09:00", package=PKG, material="lease"),
    *(act(AcceptCase, "03-04 10:00", case=case) for case in (*SHOPS, *STALLS)),
    act(CollectBox, "03-04 11:00", box=BOX),
    act(AcceptCase, "03-04 12:00", case=ALONE),
    handed("03-04 15:00", AGENT, (HolderKind.HALL, HALL), case=ALONE),
    act(RecordTrip, "03-04 15:00", case=ALONE, by="he", visit="V2", visitor=Visitor.HALL_AGENT, place=Place.HALL,
        cause=Cause.OTHER),
    act(MeetMaterial, "03-04 15:10", case=ALONE, material="identity", way=MaterialWay.E_LICENCE, source="L1",
        level=LicenceLevel.A),
    act(PromiseMaterial, "03-04 15:20", case=ALONE, material="lease", due_on=moment("2025-03-20 09:00").date()),
    act(PayFee, "03-04 15:30", case=ALONE, by=CITIZEN, fee="stamp", amount_fen=500, way=FeeWay.ONLINE),
    act(RouteCase, "03-05 09:00", case=ALONE),
    act(CompleteStep, "03-05 09:30", case=ALONE, name="site visit", department="Fire"),
    act(IssueCard, "03-05 10:00", case=ALONE, level=CardLevel.RED, ground=CardGround.ILLEGAL_FEE, reason="asked twice"),
    act(SuspendCase, "03-05 11:00", case=SHOPS[0], kind=SuspensionKind.SPECIAL_PROCEDURE, ground=SpecialGround.TESTING,
        reason="samples", declared_days=3, notice="N1", suspension="S1"),
    *(act(MakeDecision, "03-06 09:00", by=HEAD, case=case, decision=Decision.GRANTED) for case in STALLS),
    *(act(CloseCase, "03-06 10:00", case=case, outcome=Outcome.OTHER) for case in STALLS),  # on condition of the shops
    act(ResumeCase, "03-07 09:00", case=SHOPS[0], suspension="S1"),
    act(MakeDecision, "03-10 09:00", by=HEAD, case=SHOPS[0], decision=Decision.GRANTED),
    act(MakeCertificate, "03-10 10:00", case=SHOPS[0], certificate="C1", kind="licence"),
    act(SealCertificate, "03-10 11:00", case=SHOPS[0], certificate="C1", seal="seal-old"),
    act(CorrectCertificate, "03-10 12:00", case=SHOPS[0], certificate="C1", correction="name", reason="misspelt"),
    act(SealCertificate, "03-10 13:00", case=SHOPS[0], certificate="C1", seal="seal-old"),
    act(CloseCase, "03-10 14:00", case=SHOPS[0], outcome=Outcome.CERTIFICATE_ISSUED),
    act(DispatchCourier, "03-10 15:00", case=SHOPS[0], consignment="P1", courier="EMS", certificate="C1"),
    act(DeliverResult, "03-12 09:00", case=SHOPS[0], method=DeliveryMethod.COURIER, consignment="P1", certificate="C1"),
    act(RateCase, "03-12 10:00", case=SHOPS[0], by=CITIZEN, grade=Grade.DISSATISFIED, real_name=True),
    act(ReviewRating, "03-13 10:00", case=SHOPS[0], review=RatingReview.VALID, reason="so it was"),
    act(RectifyRating, "03-14 10:00", case=SHOPS[0], measure="an apology"),
    act(CallBackRater, "03-14 11:00", case=SHOPS[0], satisfied=True),
    act(WithdrawCase, "03-17 09:00", case=SHOPS[1], reason="one shop is enough"),  # and with it the stall's condition
    act(CollectBox, "03-17 16:00", box=BOX),
)  # fmt: skip
"""Two shops and two stalls of one package, a case of its own with an agent and a drop box, each act by its own command."""


@pytest.fixture
def town(store_url: str) -> Iterator[World]:
    """A store whose engine works by the catalogue of the stories with registers."""
    world = World(store_url)
    world.engines[A] = open_desk(store_url, district=A, catalogue=WORLD.catalogue)
    yield world
    world.close()


def played(engine: DistrictEngine, play: Iterable[Act] = PLAY, after_each: Callable[[], object] = lambda: None) -> None:
    for kind, when, rest in play:
        command: Command = kind(**{"by": CLERK, "at": moment(when), **rest})
        receipt = engine.handle(command)
        assert isinstance(receipt, Receipt), receipt
        after_each()


def told(engine: DistrictEngine) -> dict[str, list[Any]]:
    """Every stream's facts, as the log has them."""
    lives: dict[str, list[Any]] = {}
    for recorded in engine.follow():
        lives.setdefault(recorded.stream, []).append(recorded.event)
    return lives


def test_the_play_has_every_kind_of_stream_and_rows_in_every_table_and_ends_well() -> None:
    with open_desk("memory:", district=A, catalogue=WORLD.catalogue) as engine:
        played(engine)
        lives = told(engine)
        closing = engine.package(PKG).closing
    assert {kind_of(event).name for events in lives.values() for event in events} >= {"case", "package", "drop_box"}
    assert closing is not None
    assert (closing.granted, closing.failed) == (2, 2)
    rows = rows_of({A: lives})
    assert all(rows[one.name] for one in PROJECTIONS if one.of in {CASE, PACKAGE, DROP_BOX})


@pytest.mark.parametrize(("page", "remembered"), [(1, 0), (3, 2), (500, 100_000)])
def test_rebuilding_makes_the_rows_of_following_on_a_store_of_every_kind(
    town: World, page: int, remembered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "PAGE", page)
    monkeypatch.setattr(following, "REMEMBERED_FILES", remembered)
    engine, followers = town.engines[A], Followers(town.logs, town.tables)

    played(engine, after_each=followers.follow)
    followed = town.rows()
    rebuild(town.logs, town.tables)

    assert followed == rows_of({A: told(engine)})
    assert town.rows() == followed


@pytest.mark.parametrize("forms", [OLDEST, LATEST_BEFORE], ids=["oldest", "latest"])
def test_histories_of_older_versions_are_followed_and_rebuilt_beside_new_ones(
    town: World, forms: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = town.engines[A]
    with monkeypatch.context() as before:
        before.setattr(district_log, "WIRE", as_written_before(forms))
        town.happened(OLD_LIVES)
    played(engine)
    written = {stored.topic for stored in engine.log.ledger.select_notifications(1, 10_000)}
    assert written >= set(forms.values())

    Followers(town.logs, town.tables).follow()
    followed = town.rows()
    rebuild(town.logs, town.tables)

    assert not any(isinstance(entry, Unreadable) for entry in engine.log.page(0, 10_000))
    assert followed == rows_of({A: {**told(engine), **OLD_LIVES}})
    assert town.rows() == followed
    assert engine.log.verify().why is None


def test_the_districts_rule_reaches_the_rows_of_following_and_of_rebuilding(town: World) -> None:
    played(town.engines[A], PLAY[:8])
    near = act(
        RecordTrip, "03-05 15:00", case=SHOPS[0], visit="V3", hall="a bank", place=Place.COMMUNITY_KIOSK, cause=Cause.SIGN
    )
    played(town.engines[A], [near])
    ask = f"SELECT trips_gross, trips_net FROM case_facts WHERE case_id = '{SHOPS[0]}'"  # noqa: S608 - our own
    lenient = GivenBooks(rule=DistrictRule(near_visits_net=False))

    Followers(town.logs, town.tables).follow()
    assert town.tables.query(ask) == [(2, 2)]
    adopt(town, lenient)
    Followers(town.logs, town.tables).follow()
    assert town.tables.query(ask) == [(2, 1)]
    rebuild(town.logs, town.tables)
    assert town.tables.query(ask) == [(2, 1)]


@pytest.mark.parametrize("forms", [OLDEST, LATEST_BEFORE], ids=["oldest", "latest"])
def test_what_was_written_before_lacks_what_has_been_added_since(forms: dict[str, str]) -> None:
    """The control: the older forms are not today's bytes under an older name."""
    old = as_written_before(forms)
    found = {}
    for event in (event for events in OLD_LIVES.values() for event in events):
        name, state = old.encode(Envelope("C", 1, event))
        _, now = WIRE.encode(Envelope("C", 1, event))
        if name in WIRE.superseded:
            found[name] = state != now
    assert found == dict.fromkeys(forms.values(), True)
