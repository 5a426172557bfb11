"""Errors, in three kinds that are never mixed.

* A refusal is no error: :class:`~casecore.refusals.Refused` is a value, the rules say no.
* :class:`Conflict` and :class:`Unavailable` come from the store; the engine retries them a bounded number of times.
* :class:`ClockAhead` is the store's too: the machine's clock lies further ahead than the rule lets it. Of a command it
  becomes a refusal.
* :class:`Fault` means something stored or configured is not what it must be: stop, and say where.

:class:`BadInput` is the door's: what came in is not fit to be looked at.
"""

from datetime import datetime, timedelta
from enum import StrEnum

__all__ = ["BadInput", "CasecoreError", "ClockAhead", "Conflict", "Fault", "Flaw", "Unavailable"]


class Flaw(StrEnum):
    """What is wrong with an input: a closed list of stable codes, the same on every way in and for every store."""

    # how much of it, and in which form
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    NOT_UTF8 = "not_utf8"
    UNDECODABLE = "undecodable"
    NOT_JSON = "not_json"
    NOT_CSV = "not_csv"
    NOT_TOML = "not_toml"
    DUPLICATE_KEY = "duplicate_key"
    # what it holds
    UNKNOWN_COMMAND = "unknown_command"
    UNKNOWN_FIELD = "unknown_field"
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    UNKNOWN_WORD = "unknown_word"
    NO_FACT = "no_fact"
    # text
    CONTROL_CHARACTER = "control_character"
    SURROGATE = "surrogate"
    BIDI_CONTROL = "bidi_control"
    NOT_NFC = "not_nfc"
    NOT_ONE_LINE = "not_one_line"
    IDENTIFIER_LENGTH = "identifier_length"
    NOT_PLAIN = "not_plain"
    MANGLED_ID = "mangled_id"
    # numbers and instants
    NUMBER_OUT_OF_RANGE = "number_out_of_range"
    NOT_FINITE = "not_finite"
    NAIVE_INSTANT = "naive_instant"
    INSTANT_OUT_OF_RANGE = "instant_out_of_range"
    # how its parts go together, and with what is there
    CONTRADICTION = "contradiction"
    CONTRADICTS_KNOWN = "contradicts_known"
    CIRCULAR = "circular"
    DUPLICATE_ID = "duplicate_id"
    UNKNOWN_NAME = "unknown_name"
    OTHER_KIND = "other_kind"
    UNKNOWN_CALENDAR = "unknown_calendar"
    OUTSIDE_CALENDAR = "outside_calendar"
    UNREADABLE = "unreadable"
    USAGE = "usage"


class CasecoreError(Exception):
    """Everything casecore raises on purpose."""


class BadInput(CasecoreError, ValueError):  # noqa: N818 - reads as what it is
    """Input that is refused at the door: its code, the place, and a sentence; the message begins with the place."""

    def __init__(self, code: Flaw, place: str, sentence: str) -> None:
        super().__init__(code, place, sentence)
        self.code = code
        self.place = place
        """The field, file or option; empty where it is the input as a whole."""
        self.sentence = sentence

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}" if self.place else self.sentence


class Conflict(CasecoreError):  # noqa: N818 - the field's term
    """Somebody else wrote to the stream, or carried out the command, first."""


class Unavailable(CasecoreError):  # noqa: N818 - the field's term
    """The store cannot be reached, or did not answer in time.

    Whether a command was carried out is then not known: send it again with the same command id.
    """


class ClockAhead(CasecoreError):  # noqa: N818 - reads as what it is
    """The clock of the machine that writes lies further ahead than the district's rule lets it: nothing was written."""

    def __init__(self, log: str, clock: datetime, of: datetime, bound: timedelta, *, stores_own: bool) -> None:
        super().__init__(log, clock, of, bound, stores_own)
        self.log = log
        self.clock = clock
        """What it says."""
        self.of = of
        """What it lies ahead of."""
        self.bound = bound
        """By how much at most it may."""
        self.stores_own = stores_own
        """Whether that is the store's own clock; else it is when the last fact was recorded."""

    @property
    def named(self) -> str:
        """The clock, what it lies ahead of, and the bound: in one line."""
        what = "the store's clock" if self.stores_own else "the last fact"
        clock, of = (at.isoformat(timespec="seconds") for at in (self.clock, self.of))
        bound = f"{self.bound.days} days" if self.bound.days else f"{self.bound.seconds // 60} minutes"
        return f"{clock}, {what} {of}, bound {bound}"

    def __str__(self) -> str:
        return (
            f"log {self.log}: the clock of this machine is too far ahead, and nothing was recorded [{self.named}]:"
            " set it right, or have it admitted (AdmitClock) / 本机时钟超前，未予记录：请校准时钟，或由管理人员准许"
        )


class Fault(CasecoreError):  # noqa: N818 - the field's term
    """Corrupt history, an unknown event name, an unsound catalogue or calendar: the message says where."""
