"""What is random in a test: drawn anew by whoever looks for faults, the same each time where a change is judged."""

import os
import secrets
from typing import Final

__all__ = ["JUDGED", "seed_from"]

JUDGED: Final = bool(os.environ.get("CI"))
"""Whether a change is judged here: by what it changed, not by the dice. Elsewhere every run has examples of its own."""


def seed_from(variable: str) -> int:
    """The seed somebody gave, or one of our own; it is printed, so that it can be given again."""
    seed = int(os.environ.get(variable) or (1 if JUDGED else secrets.randbelow(2**32)))
    print(f"\n{variable}={seed}")  # noqa: T201 - shown with a failure
    return seed
