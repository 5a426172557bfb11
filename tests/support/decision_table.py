"""The decision table: each command of each kind of stream, in each stage its stream may stand in; asked, and printed."""

from enum import Enum

from casecore import (
    CloseCase,
    CollectBox,
    Decision,
    ExtendPackage,
    MemberSuspended,
    Outcome,
    PackageStage,
    Reason,
    Refused,
    ShareMaterial,
    Stage,
)
from casecore.command import Command
from casecore.drop_box.acts import NoteDeposit
from casecore.drop_box.file import BoxStage
from casecore.kinds import CASE, DROP_BOX, PACKAGE
from casecore.package.acts.members import NoteAcceptance, NoteDecision, NoteEnd, NoteResumption, NoteSuspension
from support import case_samples
from support.registers import (
    FINISHED,
    FOR_A_SHOP,
    SHOP,
    WORLD,
    deposited,
    member,
    member_accepted,
    member_ended,
    open_package,
    opened,
    package_accepted,
    package_closed,
    planned,
)
from support.sampled import Sampled
from support.samples_by_hand import each, told_modules
from support.story import Story, ask, day, fact

FIRE = "FIRE"
THREE = (*FOR_A_SHOP, planned(FIRE))
STOPPED = fact(MemberSuspended, "03-03 09:00", case=member(FIRE), suspension="S1", declared_days=3)
RUNNING = (opened(cases=THREE), member_accepted(FIRE), STOPPED, member_accepted(SHOP), package_accepted())


OF_A_PACKAGE = (
    open_package(None),
    ask(ShareMaterial, material="lease"),
    ask(ExtendPackage, days=15, approver="the mayor", reason="twelve departments", notice="E-1"),
    ask(NoteAcceptance, case=member(FIRE), effective_on=day("12-30")),
    ask(NoteDecision, case=member(FIRE), decision=Decision.GRANTED),
    ask(NoteEnd, case=member(FIRE), stage=Stage.CLOSED, outcome=Outcome.CERTIFICATE_ISSUED, granted=True),
    ask(NoteSuspension, case=member(FIRE), suspension="S2", declared_days=3),
    ask(NoteResumption, case=member(FIRE), suspension="S1"),
)
BY_HAND: tuple[Sampled, ...] = (
    Sampled(CASE, Stage, case_samples.STANDING, case_samples.PREPARED, case_samples.ASKED),
    Sampled(
        PACKAGE,
        PackageStage,
        {
            PackageStage.NEW: (),
            PackageStage.OPENED: (opened(cases=THREE), STOPPED),
            PackageStage.ACCEPTED: RUNNING,
            PackageStage.CLOSED: (*RUNNING, member_ended(FIRE), *FINISHED[3:-1], package_closed(granted=3)),
        },
        {},
        OF_A_PACKAGE,
    ),
    Sampled(
        DROP_BOX,
        BoxStage,
        {BoxStage.IN_SERVICE: (deposited(),)},
        {},
        (ask(CollectBox), ask(NoteDeposit, case="A", deposit="D2")),
    ),
)


def _with_more(sampled: Sampled) -> Sampled:
    """With the commands that the modules of samples hold beside."""
    asked = [command for command in each("ASKED") if type(command) in sampled.kind.rules]
    prepared = {one: facts for module in told_modules() for one, facts in getattr(module, "PREPARED", {}).items()}
    return sampled._replace(asked=(*sampled.asked, *asked), prepared={**prepared, **sampled.prepared})


SAMPLED: tuple[Sampled, ...] = (*map(_with_more, BY_HAND), *each("SAMPLED"))
ASKED = tuple((sampled, command) for sampled in SAMPLED for command in sampled.asked)


def title(command: Command) -> str:
    """The command's name, with the outcome where it is asked with each."""
    name = type(command).__name__
    return f"{name} {int(command.outcome)}" if isinstance(command, CloseCase) else name


def standing(sampled: Sampled, stage: Enum, command: Command) -> Story:
    """A stream in a stage, come as far as a command needs."""
    return Story(*sampled.standing[stage], *sampled.prepared.get(type(command), ()), office=WORLD)


def cell(sampled: Sampled, stage: Enum, command: Command) -> str:
    """What comes of a command in a stage, as the table prints it."""
    ruling = standing(sampled, stage, command).when(command).ruling
    if not isinstance(ruling, Refused):
        return "✓" if ruling else "–"
    return "·" if ruling.reason in (Reason.WRONG_STAGE, sampled.kind.unknown) else ruling.reason.value


def printed() -> str:
    """The whole table."""
    return "\n\n".join(["\n".join(LEGEND), *map(_printed, SAMPLED)]) + "\n"


def _printed(sampled: Sampled) -> str:
    rows = [
        ["", *(stage.value for stage in sampled.stages)],
        *(
            [_marked(sampled, command), *(cell(sampled, stage, command) for stage in sampled.stages)]
            for command in sampled.asked
        ),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([f"# {sampled.kind.name} ({sampled.kind.zh})", *lines])


def _marked(sampled: Sampled, command: Command) -> str:
    return f"↳ {title(command)}" if sampled.kind.rules[type(command)].follows else title(command)


LEGEND = (
    "What comes of each command in each stage: ✓ facts, – nothing, · not from here, or the rule's own reason to refuse.",
    "↳ is given by nobody: it follows from the facts of another stream, and is written with them.",
    "The case in review is suspended, the others are not. CloseCase is asked with each outcome, 0 to 6.",
    "Whatever an act needs has come that far: a hearing, a card to revoke, papers on their way or in the box, an agent",
    "entrusted (if need be before anything is filed), a bad rating. Of the package's three cases two begin with it; what",
    "follows is about the one that stands still.",
    "What is received is answered on the last day in time; everything else is asked at the end of the year.",
)
