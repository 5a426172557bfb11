"""Printing who went through after a quarantine, and who did not."""

from adapters.requeueing import Requeued
from ops.printing.console import out

__all__ = ["print_requeued"]


def print_requeued(result: Requeued) -> None:
    """Who went through, and who is still in quarantine and why."""
    out.print(f"{len(result.served)} cases taken back, {len(result.left)} still in quarantine")
    for one in result.left:
        out.print(
            f"  log {one.log} position {one.position}: case {one.case}, since {one.since}: {one.reason}",
        )
