"""Errors, in three kinds that are never mixed.

* A refusal is no error: :class:`~casecore.refusals.Refused` is a value, the rules say no.
* :class:`Conflict` and :class:`Unavailable` come from the store; the engine retries them a bounded number of times.
* :class:`Fault` means something stored or configured is not what it must be: stop, and say where.

:class:`BadInput` is the door's: what came in is not fit to be looked at.
"""

__all__ = ["BadInput", "CasecoreError", "Conflict", "Fault", "Unavailable"]


class CasecoreError(Exception):
    """Everything casecore raises on purpose."""


class BadInput(CasecoreError, ValueError):  # noqa: N818 - reads as what it is
    """Input that is refused at the door; the message begins with the place."""


class Conflict(CasecoreError):  # noqa: N818 - the field's term
    """Somebody else wrote to the stream, or carried out the command, first."""


class Unavailable(CasecoreError):  # noqa: N818 - the field's term
    """The store cannot be reached, or did not answer in time.

    Whether a command was carried out is then not known: send it again with the same command id.
    """


class Fault(CasecoreError):  # noqa: N818 - the field's term
    """Corrupt history, an unknown event name, an unsound catalogue or calendar: the message says where."""
