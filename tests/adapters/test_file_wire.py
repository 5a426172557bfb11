"""A file is written and read again, whatever facts it was folded from: the same values, of the same types."""

from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from support.made_up import BOXES, HISTORIES, PACKAGES, VISITS, whatever

from adapters.file_wire import read_file, written_file
from casecore import CASE, DISTRICT, DROP_BOX, PACKAGE, VISIT
from casecore.drop_box.file import DropBoxFile
from casecore.kind import Kind
from casecore.kinds import KINDS

LIKELY = {CASE: HISTORIES, PACKAGE: PACKAGES, DROP_BOX: BOXES, VISIT: VISITS, DISTRICT: whatever(DISTRICT)}


def all_of(held: Any) -> list[Any]:
    """A value with all it holds, and the type of each: what is equal may still be of another type."""
    found = [(type(held), held)]
    if isinstance(held, tuple):
        found += [one for part in held for one in all_of(part)]
    elif not isinstance(held, Enum) and hasattr(held, "__slots__"):
        names = dict.fromkeys(name for cls in type(held).__mro__ for name in getattr(cls, "__slots__", ()))
        found += [one for name in names for one in all_of(getattr(held, name, None))]
    return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_file_of_any_kind_is_read_again_as_it_was_written(kind: Kind[Any]) -> None:
    @given(whatever(kind) | LIKELY[kind])
    def told(facts: list[Any]) -> None:
        file = kind.fold(facts)
        again = read_file(written_file(file))
        assert all_of(again) == all_of(file)
        assert written_file(again) == written_file(file), "the same file, the same bytes"

    told()


@pytest.mark.parametrize("written", [b"", b"{}", written_file(DropBoxFile())[:-3], written_file(DropBoxFile())[3:]])
def test_bytes_that_are_none_of_a_file_are_refused(written: bytes) -> None:
    with pytest.raises(ValueError, match="no bytes of a file"):
        read_file(written)


def test_what_is_made_of_nothing_known_cannot_be_written() -> None:
    with pytest.raises(TypeError):
        written_file(DropBoxFile(inside=({"case": "C-1"}, {1, 2}, object())))  # type: ignore[arg-type]
