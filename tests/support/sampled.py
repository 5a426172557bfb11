"""A kind of stream as the decision table asks it."""

from enum import Enum
from typing import Any, NamedTuple

from casecore import Command, Fact
from casecore.kind import Kind

__all__ = ["Facts", "Sampled"]

Facts = tuple[Fact, ...]


class Sampled(NamedTuple):
    """One kind of stream: a stream in each stage, and every command as it is asked."""

    kind: Kind[Any]
    stages: type[Enum]
    standing: dict[Enum, Facts]
    prepared: dict[type, Facts]
    """What has happened besides, for commands that come one after another without the stream going on."""
    asked: tuple[Command, ...]
