"""Printing the applicant's view of a case (申请人视图), each sentence in Chinese and in English."""

from typing import Any

from casecore.reading.progress import Progress, Trips
from casecore.said import Said
from ops.printing import console
from ops.printing.console import styled

__all__ = ["plain_part", "plain_progress", "print_progress", "say", "say_trips"]


def print_progress(case: str, found: Progress, *, as_json: bool) -> None:
    """What an applicant is told of a case."""
    if as_json:
        console.put_json(plain_progress(case, found))
        return
    console.out.print(styled((f"办件 {case}", "bold"), f"  {found.stage.zh}"))
    say("进度 standing", found.standing)
    if found.received_on is not None:
        say("收件 received", Said(f"{found.received_on} 收到申请材料。", f"Received on {found.received_on}."))
    if found.acceptance is not None:
        say("受理 accepted", found.acceptance.said)
    if found.due is not None:
        say("时限 due", found.due.said)
    for standstill in found.standstills:
        say("暂停 stands still", standstill.said)
    for to_do in found.to_do:
        say("待办 to do", to_do)
    say_trips(found.trips)


def plain_progress(case: str, found: Progress) -> dict[str, Any]:
    """As JSON values."""
    return {
        "case": case,
        "stage": found.stage.value,
        "standing": found.standing._asdict(),
        "received_on": found.received_on,
        "acceptance": plain_part(found.acceptance),
        "due": plain_part(found.due),
        "standstills": [plain_part(one) for one in found.standstills],
        "to_do": [one._asdict() for one in found.to_do],
        "trips": plain_part(found.trips),
    }


def plain_part(part: Any) -> dict[str, Any] | None:  # noqa: ANN401 - a part of a progress, one of several
    """A part of a progress as JSON values; None where it is not told."""
    if part is None:
        return None
    return {name: value._asdict() if isinstance(value, Said) else value for name, value in part._asdict().items()}


def say_trips(trips: Trips | None) -> None:
    """The trips so far against the promise; nothing where they were not recorded."""
    if trips is None:
        return
    made, counted, promised = trips
    promise_zh = "" if promised is None else f", 承诺最多 {promised} 次"
    promise_en = "" if promised is None else f"; promised: at most {promised}"
    zh = f"已跑动 {made} 次 (计入承诺 {counted} 次){promise_zh}。"
    say("跑动 trips", Said(zh, f"{made} made, {counted} of them counting against the promise{promise_en}."))


def say(name: str, said: Said) -> None:
    """One sentence in both languages."""
    console.out.print(f"  {name}: {said.zh} {said.en}")
