"""Printing a due date with its days."""

from ops.printing.clock_lines import both_dates
from ops.printing.console import out, styled
from ops.printing.days import print_days
from projections.explaining.due_dates import DueDate

__all__ = ["print_due"]


def print_due(answer: DueDate) -> None:
    """A due date with its days."""
    rolled = answer.reading.moved_from
    moved = f" (moved off the rest day {rolled}, 顺延)" if rolled is not None else ""
    moved += both_dates(answer.reading)
    provisional = " (provisional: beyond the calendar's coverage 暂定)" if answer.reading.provisional else ""
    begun = f"accepted {answer.accepted_on}, {answer.limit}: due "
    out.print(styled(begun, (str(answer.reading.due_on), "bold"), f"{moved}{provisional}, calendar {answer.calendar}"))
    print_days(answer.days)
    for ignored in answer.reading.ignored:
        out.print(f"ignored: {ignored}")
