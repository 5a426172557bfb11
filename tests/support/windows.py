"""A kind of stream for tests: windows of a hall, of which one may be left while another stays (窗口不得全部离岗).

To leave rests on the other window, which is asked and told nothing: no rule that ships rests so on what can be taken back.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from enum import Enum
from typing import Any, Final, NamedTuple

from adapters import district_log
from adapters.wire import Wire
from casecore import Command, Fact, Id, Kind, Office, Reason, Said, kinds
from casecore.act import Act, Rule, made
from casecore.between import following
from casecore.fact import fact
from casecore.value import value

__all__ = ["LeaveWindow", "StaffWindow", "WindowLeft", "WindowStaffed", "list_windows"]

Staffing = Enum("Staffing", {"NEW": "new", "STAFFED": "staffed", "LEFT": "left"})


@fact("window.staffed.v1", "上岗")
class WindowStaffed(Fact):
    """上岗: somebody sits at the window."""

    def told(self) -> Said:
        return Said("上岗。", "staffed")


@fact("window.left.v1", "离岗")
class WindowLeft(Fact):
    """离岗: nobody does any more."""

    stays: Id
    """The window that stays."""

    def told(self) -> Said:
        return Said(f"离岗，{self.stays} 留守。", f"left to {self.stays}")


class Window(NamedTuple):
    """A window's file."""

    version: int = 0
    stage: Staffing = Staffing.NEW
    stage_at: datetime | None = None


@value
class StaffWindow(Command):
    """Sit down at it."""

    window: Id
    stream = property(lambda self: self.window)


@value
class LeaveWindow(Command):
    """Leave it to another, which stays."""

    window: Id
    stays: Id
    stream = property(lambda self: self.window)


@value
class AskWhetherStaffed(Command):
    """Whether the other stays: it is refused by one that was left."""

    window: Id
    stream = property(lambda self: self.window)


def _evolve(file: Window, one: Fact) -> Window:
    return file._replace(stage=Staffing.STAFFED if isinstance(one, WindowStaffed) else Staffing.LEFT, stage_at=one.at)


def _staff(_: Window, command: StaffWindow, at: datetime, __: Office) -> tuple[Fact, ...]:
    return (made(WindowStaffed, command, at),)


def _leave(_: Window, command: LeaveWindow, at: datetime, __: Office) -> tuple[Fact, ...]:
    return (made(WindowLeft, command, at),)


def _asked(_: Window, __: AskWhetherStaffed, ___: datetime, ____: Office) -> tuple[Fact, ...]:
    return ()


WINDOW: Final[Kind[Window]] = Kind(
    "window",
    "窗口",
    new=Window(),
    acts=(
        Act(
            "在岗",
            {
                StaffWindow: Rule(
                    _staff, (WindowStaffed,), frozenset({Staffing.NEW, Staffing.LEFT}), begins=True, late=True
                ),
                LeaveWindow: Rule(_leave, (WindowLeft,), frozenset({Staffing.STAFFED}), late=True),
                AskWhetherStaffed: Rule(_asked, (), frozenset({Staffing.STAFFED}), late=True, follows=True),
            },
            (WindowStaffed, WindowLeft),
            _evolve,
        ),
    ),
    unknown=Reason.UNKNOWN_CASE,
)


def _follows(command: Command, event: Any, _: Window, __: Office) -> Iterator[Command]:
    if isinstance(event, WindowLeft):
        yield AskWhetherStaffed(window=event.stays, by=command.by, at=event.at)


def list_windows(put: Callable[[Any, str, Any], None] = setattr) -> None:
    """Put the kind among those there are, for this process or as long as ``put`` says."""
    put(kinds, "_BY_FACT", {**kinds._BY_FACT, **dict.fromkeys(WINDOW.facts, WINDOW)})
    put(kinds, "_BY_COMMAND", {**kinds._BY_COMMAND, **dict.fromkeys(WINDOW.rules, WINDOW)})
    put(kinds, "_BY_FILE", {**kinds._BY_FILE, Window: WINDOW})
    put(following, "_FOLLOWS", {**following._FOLLOWS, WINDOW.name: _follows})
    put(district_log, "WIRE", Wire((*kinds.FACTS, *WINDOW.facts)))
