"""What is asked of the engine: which commands are let in, which receipt answers one, and what a wrong clock is told."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from casecore import door
from casecore.command import Command
from casecore.errors import BadInput, ClockAhead, Flaw
from casecore.fingerprint import command_fingerprint
from casecore.kinds import rule_of
from casecore.log import Batch, Log
from casecore.recorded import Receipt
from casecore.refusals import Reason, Refused

__all__ = ["answers", "let_in", "refused_clock", "reused"]


def answers(receipt: Receipt, command: Command) -> bool:
    """Whether a receipt was given for this command, not for another under its id, nor for an import.

    Of what was written before fingerprints were kept it can have been: the same stream, and the fact it begins with.
    """
    if receipt.fingerprint is not None or receipt.imported:
        return receipt.fingerprint == command_fingerprint(command)
    rule = rule_of(type(command))
    return rule is not None and receipt.stream == command.stream and type(receipt.events[0]) in rule.makes


def let_in(commands: Sequence[Command]) -> None:
    """Let the commands in."""
    for command in commands:
        rule = rule_of(type(command))
        if rule is None or rule.follows:
            raise BadInput(Flaw.UNKNOWN_COMMAND, door.shown(command), "not a command that is given")
        door.check(command)
    named = [command.command_id for command in commands if command.command_id is not None]
    if len({*named}) < len(named):
        raise BadInput(Flaw.DUPLICATE_ID, "command_id", "one id stands twice in one call")


def refused_clock(ahead: ClockAhead, localize: Callable[[datetime], datetime], command: Command | None = None) -> Refused:
    """The refusal of a clock that lies too far ahead, its instants in the district's zone."""
    named = ClockAhead(ahead.log, localize(ahead.clock), localize(ahead.of), ahead.bound, stores_own=ahead.stores_own).named
    asked = ("", "") if command is None else (command.stream, type(command).__name__)
    return Refused(Reason.CLOCK_AHEAD, named, *asked)


def reused(log: Log, batches: Sequence[Batch], commands: Mapping[str, Command]) -> Refused | None:
    """The refusal where the id of something that follows is a command's of its own; None where a race was lost."""
    known = log.carried_out([batch.command_id for batch in batches])
    for batch in batches:
        cause = batch.envelopes[0].causation_id
        if batch.command_id in known - commands.keys() and cause in commands.keys() - known:
            command = commands[cause]
            return Refused(Reason.COMMAND_ID_REUSED, batch.command_id, command.stream, type(command).__name__)
    return None
