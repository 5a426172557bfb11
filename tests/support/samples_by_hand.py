"""What the modules ``told_….py`` of this folder hold, found by themselves: one of them more is all a new act or kind needs.

Such a module may hold ``TOLD`` (facts with their term and sentences), ``ASKED`` (commands as they are asked) and
``PREPARED`` (what has happened besides, by command), ``SAMPLED`` (a whole new kind for the decision table).
"""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import support

__all__ = ["each", "told_modules"]


def told_modules() -> list[ModuleType]:
    """Every module of the folder that tells of facts."""
    names = sorted(one.name for one in iter_modules(support.__path__) if one.name.startswith("told_"))
    return [import_module(f"support.{name}") for name in names]


def each(name: str) -> Iterator[Any]:
    """What the modules hold under a name, one after the other."""
    for module in told_modules():
        yield from getattr(module, name, ())
