"""Printing the applicant's view of a case (申请人视图), each sentence in Chinese and in English."""

from typing import Any

from casecore.case.progress import Progress, Said
from ops.printing import console

__all__ = ["plain_progress", "print_progress"]


def print_progress(case: str, found: Progress, *, as_json: bool) -> None:
    """What an applicant is told of a case."""
    if as_json:
        console.put_json(plain_progress(case, found))
        return
    console.out.print(f"[bold]办件 {case}[/bold]  {found.stage.zh}", highlight=False)
    _say("进度 standing", found.standing)
    if found.received_on is not None:
        _say("收件 received", Said(f"{found.received_on} 收到申请材料。", f"Received on {found.received_on}."))
    if found.acceptance is not None:
        _say("受理 accepted", found.acceptance.said)
    if found.due is not None:
        _say("时限 due", found.due.said)
    for standstill in found.standstills:
        _say("暂停 stands still", standstill.said)
    for to_do in found.to_do:
        _say("待办 to do", to_do)
    if found.trips is not None:
        made, counted, promised = found.trips
        promise_zh = "" if promised is None else f", 承诺最多 {promised} 次"
        promise_en = "" if promised is None else f"; promised: at most {promised}"
        zh = f"已跑动 {made} 次 (计入承诺 {counted} 次){promise_zh}。"
        _say("跑动 trips", Said(zh, f"{made} made, {counted} of them counting against the promise{promise_en}."))


def plain_progress(case: str, found: Progress) -> dict[str, Any]:
    """As JSON values."""
    return {
        "case": case,
        "stage": found.stage.value,
        "standing": found.standing._asdict(),
        "received_on": found.received_on,
        "acceptance": _plain(found.acceptance),
        "due": _plain(found.due),
        "standstills": [_plain(one) for one in found.standstills],
        "to_do": [one._asdict() for one in found.to_do],
        "trips": _plain(found.trips),
    }


def _plain(part: Any) -> dict[str, Any] | None:  # noqa: ANN401 - a part of a progress, one of several
    if part is None:
        return None
    return {name: value._asdict() if isinstance(value, Said) else value for name, value in part._asdict().items()}


def _say(name: str, said: Said) -> None:
    console.out.print(f"  {name}: {said.zh} {said.en}", markup=False, highlight=False, soft_wrap=True)
