"""What a word of the field is: its wire value, and the Chinese word a clerk would look for."""

from enum import IntEnum, StrEnum
from typing import Self

__all__ = ["Code", "Term"]


class Term(StrEnum):
    """A word of the field: its value goes to the wire, ``zh`` is what a clerk calls it."""

    zh: str

    def __new__(cls, value: str, zh: str) -> Self:
        """Make a member that is its wire value and knows its Chinese name."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh = zh
        return member


class Code(IntEnum):
    """A number of an official code table, with its Chinese name."""

    zh: str

    def __new__(cls, value: int, zh: str) -> Self:
        """Make a member that is its official number and knows its Chinese name."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.zh = zh
        return member

    @property
    def plain_by_number(self) -> bool:
        """Whether its bare number, in JSON or in a file, leaves no doubt of what is meant: of most it does not."""
        return False
