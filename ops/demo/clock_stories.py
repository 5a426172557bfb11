"""Six cases of the demonstration whose clocks tell a story each: on time, late, corrected, overrun, deemed, provisional.

All are restaurant licences (seed S4): ten working days promised, twenty by law, three for each department's step, under
the national calendar as it was known in 2017. What time does (``PassTime``) is part of the play.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from casecore.case.acts.acceptance import AcceptCase
from casecore.case.acts.application import ReceiveCase
from casecore.case.acts.certificates import MakeCertificate, SealCertificate
from casecore.case.acts.closing import CloseCase
from casecore.case.acts.correction import RequestCorrection, SubmitCorrection
from casecore.case.acts.decision import MakeDecision
from casecore.case.acts.delivery import DeliverResult
from casecore.case.acts.passing_time import PassTime
from casecore.case.acts.review import GrantApproval, RouteCase
from casecore.case.acts.time_limits import ResumeCase, SuspendCase
from casecore.case.command import CaseCommand
from casecore.given import Visit

from casecore.ticking import CLOCK
from casecore.vocabulary import (
    ApplicantKind,
    Decision,
    DeliveryMethod,
    Outcome,
    SpecialGround,
    SuspensionKind,
    Tier,
)
from ops.demo.intake import CHENGDU
from ops.demo.simulation import SimulatedCase

__all__ = ["STORIES", "Story", "clock_stories"]

ITEM: Final = "restaurant-licence"
HALL: Final = "新都区政务服务中心"
ORGAN: Final = "新都区市场监督管理局"
CLERK, OFFICER, CHIEF = "新都综合窗口-03", "市场监管-05", "市场监管-负责人"
STEPS: Final = (("food", "市场监管"), ("fire", "消防"), ("drainage", "水务"), ("signboard", "城管"))


class Story(NamedTuple):
    """One case: its days, all of 2017, ``"MM-DD HH:MM"``."""

    case: str
    about: str
    received: str
    accepted: str | None
    """None: nobody answers, and the law accepts it (``deemed`` says when that is noted)."""
    answers: tuple[str, ...]
    """When the four departments say yes; the first alone, the others side by side."""
    closed: str
    deemed: str | None = None
    correction: tuple[str, str] | None = None
    """When it was asked for and when it came."""
    procedure: tuple[str, str, int] | None = None
    """A special procedure: from, to, and the working days declared."""


STORIES: Final = (
    Story(
        "DEMO-ONTIME", "按时办结 on time", "07-31 09:20", "07-31 09:40",
        ("08-02 15:00", "08-04 10:00", "08-04 11:00", "08-07 09:30"), "08-10 10:00",
    ),
    Story(
        "DEMO-LATE", "超期办结 late, and a step late", "07-31 09:50", "07-31 10:10",
        ("08-02 16:00", "08-04 10:30", "08-11 14:00", "08-04 16:00"), "08-17 11:00",
    ),
    Story(
        "DEMO-CORRECTED", "补正后受理 corrected", "07-31 10:20", "08-03 15:10",
        ("08-07 15:00", "08-09 10:00", "08-09 11:00", "08-10 09:30"), "08-15 10:00",
        correction=("08-01 09:30", "08-03 14:50"),
    ),
    Story(
        "DEMO-OVERRUN", "特别程序超过告知期限 a special procedure over its declared days", "07-31 10:50", "07-31 11:10",
        ("08-01 15:00", "08-03 10:00", "08-03 11:00", "08-04 10:00"), "08-17 10:00",
        procedure=("08-02 09:00", "08-10 16:00", 3),
    ),
    Story(
        "DEMO-DEEMED", "视为受理 nobody answered: deemed accepted", "08-12 10:30", None,
        ("08-22 15:00", "08-24 10:00", "08-24 11:00", "08-24 15:30"), "08-25 10:00",
        deemed="08-21 08:00",
    ),
    Story(
        "DEMO-PROVISIONAL", "暂定 due beyond the calendar as it was known", "12-18 09:30", "12-18 09:50",
        ("12-20 15:00", "12-22 10:00", "12-22 11:00", "12-25 09:30"), "12-28 10:00",
    ),
)  # fmt: skip


def clock_stories(seed: int) -> Iterator[SimulatedCase]:
    """The commands of the six, each with an id of its own that is the same in every run."""
    for story in STORIES:
        acts = sorted(_acts(story), key=lambda act: act[0])
        yield SimulatedCase(
            story.case,
            tuple(
                kind(case=story.case, by=by, at=at, command_id=f"demo-{seed}:{story.case}:{n}", **rest)
                for n, (at, kind, by, rest) in enumerate(acts, 1)
            ),
        )


_Act = tuple[datetime, Callable[..., CaseCommand], str, dict[str, Any]]


def _acts(story: Story) -> Iterator[_Act]:
    yield from _intake(story)
    begun = _at(story.accepted or story.deemed or story.received)
    yield begun.replace(minute=begun.minute + 5), RouteCase, CLERK, {}
    for (step, department), at in zip(STEPS, story.answers, strict=True):
        yield _at(at), GrantApproval, f"{department}-02", {"step": step, "department": department}
    if story.procedure is not None:
        started, ended, days = story.procedure
        yield (
            _at(started),
            SuspendCase,
            OFFICER,
            {
                "reason": "依法组织专家评审",
                "kind": SuspensionKind.SPECIAL_PROCEDURE,
                "ground": SpecialGround.EXPERT_REVIEW,
                "declared_days": days,
                "notice": f"{story.case}-TB",
            },
        )
        yield _at(ended), ResumeCase, OFFICER, {}
    yield from _end(story)


def _intake(story: Story) -> Iterator[_Act]:
    yield (
        _at(story.received),
        ReceiveCase,
        CLERK,
        {
            "item": ITEM,
            "hall": HALL,
            "tier": Tier.COUNTY,
            "department": ORGAN,
            "applicant": f"{story.case}-A",
            "applicant_kind": ApplicantKind.COMPANY,
            "visit": Visit(visit=f"{story.case}-V1"),
        },
    )
    if story.correction is not None:
        asked, came = story.correction
        yield _at(asked), RequestCorrection, CLERK, {"materials": ("健康证明",), "notice": f"{story.case}-BZ"}
        yield _at(came), SubmitCorrection, f"{story.case}-A", {"visit": Visit(visit=f"{story.case}-V2")}
    if story.accepted is not None:
        yield _at(story.accepted), AcceptCase, CLERK, {"notice": f"{story.case}-SL"}
    elif story.deemed is not None:
        yield _at(story.deemed), PassTime, CLOCK, {}


def _end(story: Story) -> Iterator[_Act]:
    """Decided, made out, sealed, closed and handed over, five minutes each."""
    closed, certificate = _at(story.closed), f"{story.case}-C1"
    yield closed.replace(minute=0), MakeDecision, CHIEF, {"decision": Decision.GRANTED, "document": f"{story.case}-JD"}
    yield closed.replace(minute=5), MakeCertificate, CHIEF, {"certificate": certificate, "kind": "食品经营许可证"}
    yield closed.replace(minute=10), SealCertificate, CHIEF, {"certificate": certificate, "seal": "市场监管专用章"}
    yield closed.replace(minute=15), CloseCase, CHIEF, {"outcome": Outcome.CERTIFICATE_ISSUED}
    handed_over = {"method": DeliveryMethod.E_CERTIFICATE, "certificate": certificate}
    yield closed.replace(minute=20), DeliverResult, CLERK, handed_over


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"2017-{text}").replace(tzinfo=CHENGDU)
