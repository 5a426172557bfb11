"""Packages (一件事) of the simulated year: a house with its power, water and gas, done in one visit."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from casecore.case.acts.acceptance import AcceptCase
from casecore.case.acts.certificates import MakeCertificate, SealCertificate
from casecore.case.acts.closing import CloseCase
from casecore.case.acts.decision import MakeDecision
from casecore.case.acts.delivery import DeliverResult
from casecore.case.acts.fees import PayFee
from casecore.case.acts.review import GrantApproval, RouteCase
from casecore.given import GivenMaterial, Visit
from casecore.package.acts.opening import OpenPackage
from casecore.package.facts.opening import FormField
from casecore.service_item import Catalogue
from casecore.theme import Theme
from casecore.vocabulary import ApplicantKind, Decision, DeliveryMethod, FeeWay, Outcome
from ops.year.coming import Comers
from ops.year.days import Share
from ops.year.telling import Party, Telling

__all__ = ["houses"]

THEME: Final = "house-and-utilities"
SHARE: Final = 0.004
"""How many packages there are to a hundred cases received by themselves, in hundredths; assumed."""
FEE_FEN: Final = 8000
LATEST_HOUR: Final = 16
"""Who comes later could not be done with before the desks close."""


def houses(comers: Comers, catalogue: Catalogue, share: Share, first_id: str) -> Iterator[Party]:
    """Give the packages of a day; none where the catalogue does not know them then."""
    theme = catalogue.theme(THEME, comers.day)
    if theme is None or catalogue.find("house-transfer", comers.day) is None:
        return
    for n in range(1, int(comers.count * SHARE + comers.rng.random()) + 1):
        yield from _house(comers, catalogue, theme, share, f"{first_id}P{n:05d}")


def _house(comers: Comers, catalogue: Catalogue, theme: Theme, share: Share, package: str) -> Iterator[Party]:
    desk = comers.desk()
    if desk is None or desk[1].hour >= LATEST_HOUR:
        return
    rng, (hall, at), applicant = comers.rng, desk, comers.applicant()
    clerk, visit = f"{hall.desk}-{rng.randint(1, 12):02d}", Visit(visit=comers.number())
    told = Telling(share)
    told.act(
        OpenPackage,
        package,
        clerk,
        at,
        package=package,
        theme=THEME,
        applicant=applicant,
        applicant_kind=ApplicantKind.PERSON,
        hall=hall.name,
        tier=hall.tier,
        form=tuple(FormField(name=name, value=f"{name}(略)") for name in theme.form),
        given=tuple(GivenMaterial(material=material) for material in theme.materials),
        visit=visit,
    )
    for member in theme.items:
        item = catalogue.find(member.item, comers.day)
        if item is None:
            continue
        case, organ = f"{package}-{item.code}", item.department
        at += timedelta(seconds=rng.randint(60, 400))
        told.act(AcceptCase, case, clerk, at, case=case)
        if item.plan:
            at += timedelta(seconds=rng.randint(20, 90))
            told.act(RouteCase, case, clerk, at, case=case)
        for step in item.plan:
            at += timedelta(seconds=rng.randint(60, 240))
            officer = f"{step.department}-{rng.randint(1, 9):02d}"
            told.act(GrantApproval, case, officer, at, case=case, step=step.step, department=step.department)
        if item.fee:
            told.act(PayFee, case, applicant, at, case=case, fee="不动产登记费", amount_fen=FEE_FEN, way=FeeWay.ONLINE)
        at += timedelta(seconds=rng.randint(60, 240))
        chief = f"{organ}-负责人" if item.plan else "自动审批"
        told.act(MakeDecision, case, chief, at, case=case, decision=Decision.GRANTED, automatic=not item.plan)
        at += timedelta(seconds=rng.randint(60, 240))
        certificate = f"{case}-C1" if item.plan else None
        if certificate is not None:
            told.act(MakeCertificate, case, f"{organ}-制证", at, case=case, certificate=certificate, kind=item.name_zh)
            told.act(SealCertificate, case, f"{organ}-制证", at, case=case, certificate=certificate, seal=f"{organ}专用章")
        outcome = Outcome.CERTIFICATE_ISSUED if certificate else Outcome.OTHER
        told.act(CloseCase, case, clerk, at, case=case, outcome=outcome)
        at += timedelta(seconds=rng.randint(20, 90))
        if certificate is None:
            told.act(DeliverResult, case, clerk, at, case=case, method=DeliveryMethod.E_CERTIFICATE)
        else:
            handed = {"method": DeliveryMethod.WINDOW, "certificate": certificate, "visit": visit}
            told.act(DeliverResult, case, clerk, at, case=case, **handed)
    yield told.told()
