"""A sentence as it is told: in Chinese and in English."""

from typing import NamedTuple

__all__ = ["Said"]


class Said(NamedTuple):
    """One sentence in Chinese and in English."""

    zh: str
    en: str
