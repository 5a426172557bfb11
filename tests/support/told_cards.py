"""Cards of packages and drop boxes (电子监察), with what is told of them; and the commands that issue and revoke them."""

from typing import Final

from casecore import (
    BoxCardIssued,
    BoxCardRevoked,
    CardGround,
    CardLevel,
    Fact,
    IssueBoxCard,
    IssuePackageCard,
    PackageCardIssued,
    PackageCardRevoked,
    PassBoxTime,
    PassPackageTime,
    RevokeBoxCard,
    RevokePackageCard,
    Unit,
)
from casecore.cards import CardIssue
from casecore.command import Command
from support.story import ask, day, fact, moment

TOLD: Final[tuple[tuple[Fact, str, str, str], ...]] = (
    (
        fact(
            PackageCardIssued,
            "03-17 09:00",
            card="promise_overdue:promised:2026-03-16",
            level=CardLevel.YELLOW,
            ground=CardGround.PROMISE_OVERDUE,
            judged_at=moment("03-17 09:00"),
            clock="promised",
            due_on=day("03-16"),
            overdue=1,
            unit=Unit.WORKING_DAY,
            rule="default",
        ),
        "发牌:黄牌",
        "promise_overdue:promised:2026-03-16：超承诺时限，到期日 2026-03-16，超期 1 天。",
        "promise_overdue:promised:2026-03-16: 超承诺时限, due 2026-03-16, 1 day over",
    ),
    (
        fact(PackageCardRevoked, "03-18 09:00", card="promise_overdue:promised:2026-03-16", reason="system failure"),
        "撤牌",
        "撤销 promise_overdue:promised:2026-03-16，理由：system failure。",
        "promise_overdue:promised:2026-03-16 revoked: system failure",
    ),
    (
        fact(
            BoxCardIssued,
            "03-03 09:00",
            card="box_not_emptied:2026-03-02",
            level=CardLevel.YELLOW,
            ground=CardGround.BOX_NOT_EMPTIED,
            judged_at=moment("03-02 23:59"),
            due_on=day("03-02"),
            rule="default",
        ),
        "发牌:黄牌",
        "box_not_emptied:2026-03-02：投递箱取件不足，到期日 2026-03-02。",
        "box_not_emptied:2026-03-02: 投递箱取件不足, due 2026-03-02",
    ),
    (
        fact(BoxCardRevoked, "03-03 10:00", card="box_not_emptied:2026-03-02", reason="emptied, and not told of"),
        "撤牌",
        "撤销 box_not_emptied:2026-03-02，理由：emptied, and not told of。",
        "box_not_emptied:2026-03-02 revoked: emptied, and not told of",
    ),
)


def by_hand(kind: type[CardIssue]) -> CardIssue:
    """A supervisor has issued it."""
    told = {"card": "manual:1", "level": CardLevel.RED, "ground": CardGround.OTHER, "judged_at": moment("12-29 09:00")}
    return fact(kind, "12-29 09:00", **told)


PREPARED: Final[dict[type, tuple[Fact, ...]]] = {
    RevokePackageCard: (by_hand(PackageCardIssued),),
    RevokeBoxCard: (by_hand(BoxCardIssued),),
}
ASKED: Final[tuple[Command, ...]] = (
    ask(PassPackageTime),
    ask(IssuePackageCard, level=CardLevel.RED, ground=CardGround.OTHER, reason="nobody coordinates it"),
    ask(RevokePackageCard, card="manual:1", reason="somebody does"),
    ask(PassBoxTime),
    ask(IssueBoxCard, level=CardLevel.RED, ground=CardGround.OTHER, reason="its lock is broken"),
    ask(RevokeBoxCard, card="manual:1", reason="it was the neighbour's"),
)
