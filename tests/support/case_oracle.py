"""What a backend's commands must come to, in plain dictionaries: written apart from the rules and the fold it judges.

A request is a dictionary with ``kind``, ``case``, ``at`` and what the kind needs. The oracle knows the walk of a case
from the window to its end, trips and notes, and why each step of it would be refused.
"""

from datetime import datetime
from typing import Any, Final

HALL: Final = "Chengbei Hall"
"""Where all is handed in."""

PLAN = {"FOOD": {"fire": "Fire", "health": "Health", "market": "Market"}, "PROOF": {}}
CLERK, OFFICER = "wang", "chen"

OPEN = {"received", "in_review", "reviewed"}
KNOWN = OPEN | {"decided", "closed", "withdrawn"}
WHERE = {
    "receive": {"new"},
    "accept": {"received"},
    "route": {"in_review"},
    "grant": {"in_review"},
    "decide": {"reviewed"},
    "withdraw": OPEN,
    "close": OPEN | {"decided"},
    "note": KNOWN,
    "trip": KNOWN,
}
ANY_TIME = {"note", "trip"}


def no_case() -> dict[str, Any]:
    """A case nobody has asked about."""
    lists: dict[str, Any] = {name: [] for name in ("walk", "facts", "visits", "routed", "granted")}
    return {"stage": "new", "since": None, "item": "", "acceptor": None, "opened": {}, **lists}


class Oracle:
    """Every case as it must stand."""

    deemed = False
    """Whether silence has accepted by the time somebody accepts (Art. 32): then nobody has, who might not approve later."""

    def __init__(self) -> None:
        self.cases: dict[str, dict[str, Any]] = {}

    def case(self, name: str) -> dict[str, Any]:
        return self.cases.get(name) or no_case()

    def facts(self) -> int:
        """Those of the cases, and in the stream of a visit one for each case it served."""
        return sum(len(case["facts"]) + len(case["visits"]) for case in self.cases.values())

    def ask(self, requests: list[dict[str, Any]], now: datetime) -> str | list[int]:
        """The code of the first refusal, and nothing is changed; or each case's version after its request."""
        cases = {name: _copied(case) for name, case in self.cases.items()}
        versions = []
        for request in requests:
            case = cases.setdefault(request["case"], no_case())
            if refusal := _refusal(case, request, now):
                return refusal
            _change(case, request, deemed=self.deemed)
            versions.append(len(case["facts"]))
        self.cases = cases
        return versions

    def as_of(self, name: str, at: datetime) -> tuple[int, str]:
        """How many facts of a case had happened by then, and where that brought it."""
        case = self.case(name)
        stages = [stage for since, stage in case["walk"] if since <= at]
        return sum(happened <= at for happened in case["facts"]), stages[-1] if stages else "new"

    def next_request(self, name: str) -> dict[str, Any]:  # noqa: PLR0911 - one a stage
        """What brings a case one step on; a note where it has come to its end."""
        case = self.case(name)
        match case["stage"]:
            case "new":
                return {"kind": "receive", "item": "FOOD", "visit": f"visit of {name}"}
            case "received":
                return {"kind": "accept"}
            case "in_review" if not case["routed"]:
                return {"kind": "route", "steps": ()}
            case "in_review" if waiting := [step for step in case["routed"] if step not in case["granted"]]:
                return {"kind": "grant", "by": OFFICER, "step": waiting[0], "department": PLAN["FOOD"][waiting[0]]}
            case "in_review":
                return {"kind": "route", "steps": ()}
            case "reviewed":
                return {"kind": "decide", "by": OFFICER}
            case "decided":
                return {"kind": "close", "outcome": "other", "reason": ""}
        return {"kind": "note", "name": "long done"}


def _copied(case: dict[str, Any]) -> dict[str, Any]:
    return {name: value.copy() if isinstance(value, list | dict) else value for name, value in case.items()}


def _refusal(case: dict[str, Any], request: dict[str, Any], now: datetime) -> str:  # noqa: C901, PLR0911, PLR0912 - one a reason
    kind, at = request["kind"], request["at"]
    if case["stage"] == "new" and kind != "receive":
        return "unknown_case"
    if case["stage"] not in WHERE[kind]:
        return "wrong_stage"
    if at > now:
        return "in_the_future"
    if kind not in ANY_TIME and case["since"] is not None and at < case["since"]:
        return "before_stage"
    plan = PLAN.get(case["item"], {})
    match kind:
        case "route":
            return _unroutable(case, request["steps"], plan)
        case "grant" if request["step"] not in case["granted"] and at < case["opened"].get(request["step"], at):
            return "before_stage"
        case "grant" | "decide" if request["by"] == case["acceptor"]:
            return "acceptor_may_not_approve"
        case "grant" if request["step"] not in plan:
            return "unknown_step"
        case "grant" if request["step"] not in case["routed"] or request["step"] in case["granted"]:
            return "step_not_open"
        case "grant" if request["department"] != plan[request["step"]]:
            return "wrong_department"
        case "trip" if _visit(request) in case["visits"]:
            return "visit_recorded"
        case "close" if request["outcome"] == "other" and case["stage"] != "decided":
            return "outcome_unfit"
        case "close" if request["outcome"] == "returned" and not request["reason"].strip():
            return "reason_required"
        case "withdraw" if not request["reason"].strip():
            return "reason_required"
    return ""


def _visit(request: dict[str, Any]) -> str:
    """A number holds for one hall and one day."""
    return f"{HALL}/{request['at'].date()}/{request['visit']}"


def _unroutable(case: dict[str, Any], steps: tuple[str, ...], plan: dict[str, str]) -> str:
    if any(step not in plan for step in steps):
        return "unknown_step"
    if any(step in case["routed"] for step in steps) or len(case["routed"]) == len(plan):
        return "step_not_ready"
    return ""


def _change(case: dict[str, Any], request: dict[str, Any], *, deemed: bool) -> None:  # noqa: C901 - one a kind
    """Carry a request out that was not refused: facts, and perhaps a new stage."""
    facts, stage = 1, case["stage"]
    match request["kind"]:
        case "receive":
            stage, case["item"] = "received", request["item"]
            if request["visit"] is not None and _visit(request) not in case["visits"]:
                case["visits"].append(_visit(request))
                facts = 2
        case "accept":
            stage, facts = ("in_review", 1) if PLAN[case["item"]] else ("reviewed", 2)
            case["acceptor"] = None if deemed else CLERK
        case "route":
            sent = [
                s for s in PLAN[case["item"]] if s not in case["routed"] and (not request["steps"] or s in request["steps"])
            ]
            case["routed"] += sent
            case["opened"].update(dict.fromkeys(sent, request["at"]))
            facts = len(sent)
        case "grant":
            case["granted"].append(request["step"])
            if len(case["granted"]) == len(PLAN[case["item"]]):
                stage, facts = "reviewed", 2
        case "trip":
            case["visits"].append(_visit(request))
        case "decide":
            stage = "decided"
        case "close":
            stage = "closed"
        case "withdraw":
            stage = "withdrawn"
    case["facts"] += [request["at"]] * facts
    if stage != case["stage"]:
        case["stage"], case["since"] = stage, request["at"]
        case["walk"].append((request["at"], stage))
