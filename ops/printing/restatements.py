"""Printing a restatement: each changed figure, and under it the cases that made the difference."""

from collections.abc import Sequence
from typing import Any, Final

from adapters.reporting import Figure
from adapters.restating import Month, Restated, Restatement, Share
from ops.printing.console import out
from ops.printing.figures import shown
from ops.printing.whatif import print_unread

__all__ = ["plain_restatement", "print_restatement"]

SHOWN_CASES: Final = 20


def plain_restatement(answer: Restatement) -> dict[str, Any]:
    """As JSON values."""
    return {
        "months": [str(month) for month in answer.months],
        "unpublished": [str(month) for month in answer.unpublished],
        "restated": [_plain(one) for one in answer.restated],
        "unread": [one._asdict() for one in answer.unread],
    }


def _plain(one: Restated) -> dict[str, Any]:
    return {
        "month": str(one.month),
        "cut_off": one.cut_off,
        "code": one.now.code,
        "name_zh": one.now.name_zh,
        "name_en": one.now.name_en,
        "then": {name: getattr(one.then, name) for name in ("numerator", "denominator", "value")},
        "now": {name: getattr(one.now, name) for name in ("numerator", "denominator", "value")},
        "cases": [{**cause._asdict(), "facts": [fact._asdict() for fact in cause.facts]} for cause in one.causes],
    }


def print_restatement(answer: Restatement) -> None:
    """The restatement for people."""
    if answer.unpublished:
        out.print(
            f"not published then, nothing had been recorded by the cut-off (当时未发布): {_span(answer.unpublished)}",
        )
    if not answer.months:
        out.print("no month has been published yet")
    elif not answer.restated:
        out.print(f"no figure has changed of {_span(answer.months)} (无更正)")
    for one in answer.restated:
        _print_one(one)
    print_unread(answer.unread)


def _span(months: Sequence[Month]) -> str:
    return f"{months[0]}" if len(months) == 1 else f"{months[0]} … {months[-1]} ({len(months)} months)"


def _print_one(one: Restated) -> None:
    head = f"{one.month}  {one.now.code} {one.now.name_zh} {one.now.name_en}"
    out.print(f"{head}: {_figure(one.then)} → {_figure(one.now)}")
    for cause in one.causes[:SHOWN_CASES]:
        told = f"    case {cause.case}: {_share(cause.then)} → {_share(cause.now)}"
        out.print(told)
        # What came late is shown; where nothing did, what has come since.
        for fact in [f for f in cause.facts if f.late] or cause.facts:
            out.print(
                f"        {fact.event} at position {fact.position}: happened {fact.occurred_at.isoformat()},"
                f" recorded {fact.recorded_at.isoformat(timespec='seconds')}",
            )  # fmt: skip
    if len(one.causes) > SHOWN_CASES:
        out.print(f"    … and {len(one.causes) - SHOWN_CASES} more cases; --json lists all")


def _figure(figure: Figure) -> str:
    return (
        f"{figure.numerator}" if figure.denominator is None else f"{figure.numerator}/{figure.denominator} {shown(figure)}"
    )


def _share(share: Share | None) -> str:
    return "not counted 不计" if share is None else f"{share[0]}/{share[1]}"
