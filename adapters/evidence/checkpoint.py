"""Checkpoints (存证点): what somebody outside the store keeps, to hold the log against later.

The text is that of a transparency log's checkpoint (C2SP tlog-checkpoint): the log's name ``casecore/<district>``, its
size, the base64 root of its Merkle tree, and three lines of ours, ``head <hex>`` (the chain's head hash), ``at <instant>``
(when it was taken, UTC to the second) and ``epoch <number>``, which those of before lack.
:mod:`~adapters.evidence.note` signs it.
"""

import binascii
import re
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from typing import Final, NamedTuple, Self

from casecore.door import check_id
from casecore.errors import BadInput, Flaw

__all__ = ["Checkpoint", "origin_of"]

_TEXT: Final = re.compile(
    r"casecore/(?P<district>[^\s+]+)\n"
    r"(?P<size>0|[1-9][0-9]{0,18})\n"
    r"(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"head (?P<head>[0-9a-f]{64})\n"
    r"at (?P<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)\n"
    r"(?:epoch (?P<epoch>[1-9][0-9]{0,18})\n)?"
)


def origin_of(district: str) -> str:
    """The name of a district's log, which is the name of its key as well; raises ``BadInput`` where it can be none."""
    check_id(district, "district")
    if "+" in district or len(district.split()) != 1:
        raise BadInput(Flaw.CONTRADICTION, f"district {district}", "a name with spaces or + cannot sign a checkpoint")
    return f"casecore/{district}"


class Checkpoint(NamedTuple):
    """A log as it was seen."""

    district: str
    size: int
    """Events in the log: its last position."""
    root: bytes
    """Root of the Merkle tree over them."""
    head: bytes
    """The chain's head hash."""
    at: str
    """When it was seen: an ISO instant, UTC, to the second."""
    epoch: int | None = None
    """The epoch of the log then: one of an earlier epoch is a primary that was left behind, or a backup."""

    @classmethod
    def taken(  # noqa: PLR0913, PLR0917 - all that is seen
        cls, district: str, size: int, root: bytes, head: bytes, at: datetime, epoch: int | None = None
    ) -> Self:
        """What was seen at an instant."""
        return cls(district, size, root, head, f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", epoch)

    def text(self) -> str:
        """The text that is signed."""
        root = b64encode(self.root).decode()
        epoch = "" if self.epoch is None else f"epoch {self.epoch}\n"
        return f"{origin_of(self.district)}\n{self.size}\n{root}\nhead {self.head.hex()}\nat {self.at}\n{epoch}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a text back; raises ``BadInput`` for anything :meth:`text` would not have written."""
        found = _TEXT.fullmatch(text)
        if found is None:
            raise BadInput(Flaw.UNREADABLE, "", "is no checkpoint of a casecore log")
        try:
            root, head = b64decode(found["root"], validate=True), bytes.fromhex(found["head"])
            datetime.fromisoformat(found["at"])
        except (binascii.Error, ValueError):
            raise BadInput(Flaw.UNREADABLE, "", "is no checkpoint of a casecore log") from None
        epoch = None if found["epoch"] is None else int(found["epoch"])
        checkpoint = cls(found["district"], int(found["size"]), root, head, found["at"], epoch)
        if checkpoint.text() != text:
            raise BadInput(Flaw.UNREADABLE, "", "is no checkpoint of a casecore log")
        return checkpoint
