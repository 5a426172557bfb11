"""Printing what became of the duty to empty a drop box (小蜜蜂箱)."""

from collections.abc import Sequence

from casecore.drop_box.acts import Duty
from casecore.drop_box.file import DropBoxFile
from ops.printing.console import out, put_json, styled

__all__ = ["print_duty"]


def print_duty(box: str, days: Sequence[Duty], file: DropBoxFile, *, as_json: bool) -> None:
    """The days on which it was not done, and how many days were looked at."""
    missed = [day for day in days if not day.done]
    waits = {day.day: day for day in file.days}
    if as_json:
        put_json(
            {
                "box": box,
                "since": file.since,
                "inside": len(file.inside),
                "working_days": len(days),
                "missed": len(missed),
                "days": [
                    {
                        **day._asdict(),
                        "done": day.done,
                        "collected": waits[day.day].collected if day.day in waits else 0,
                        "longest_wait_minutes": waits[day.day].longest_wait_minutes if day.day in waits else None,
                    }
                    for day in days
                ],
            }
        )
        return
    emptied = f": since {file.since}, {len(days)} working days, {len(missed)} not emptied often enough"
    out.print(styled((f"投递箱 {box}", "bold"), f"{emptied}; {len(file.inside)} deposits inside"))
    for day in missed:
        out.print(f"  {day.day}: emptied {day.collections} of {day.wanted} times (取件不足)")
