"""What :mod:`support.case_oracle` is asked, in the engine's words."""

from typing import Any

from casecore import (
    AcceptCase,
    ApplicantKind,
    CaseCommand,
    Channel,
    CloseCase,
    CompleteStep,
    Decision,
    GrantApproval,
    MakeDecision,
    Outcome,
    ReceiveCase,
    RecordTrip,
    RouteCase,
    Visit,
    WithdrawCase,
)
from casecore.vocabulary import Cause
from support.case_oracle import CLERK, HALL

__all__ = ["command_of"]


def command_of(asked: dict[str, Any], number: str) -> CaseCommand:  # noqa: PLR0911 - one a kind
    """The oracle's request in the engine's words."""
    common: dict[str, Any] = {"case": asked["case"], "at": asked["at"], "by": asked.get("by") or CLERK, "command_id": number}
    match asked["kind"]:
        case "receive":
            visit = None if asked["visit"] is None else Visit(visit=asked["visit"])
            who = {"applicant": "李雷", "applicant_kind": ApplicantKind.PERSON, "channel": Channel.WINDOW}
            return ReceiveCase(**common, **who, hall=HALL, item=asked["item"], visit=visit)
        case "accept":
            return AcceptCase(**common)
        case "route":
            return RouteCase(**common, steps=tuple(asked["steps"]))
        case "grant":
            return GrantApproval(**common, step=asked["step"], department=asked["department"])
        case "decide":
            return MakeDecision(**common, decision=Decision.GRANTED)
        case "withdraw":
            return WithdrawCase(**common, reason=asked["reason"])
        case "close":
            outcome = {"other": Outcome.OTHER, "returned": Outcome.RETURNED}[asked["outcome"]]
            return CloseCase(**common, outcome=outcome, reason=asked["reason"])
        case "trip":
            return RecordTrip(**common, visit=asked["visit"], cause=Cause.CONSULT)
        case _:
            return CompleteStep(**common, name=asked["name"])
