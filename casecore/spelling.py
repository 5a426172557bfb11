"""How a word of a closed list is written where there are no members of it: in JSON, or in a file.

By its wire value, by its name in capitals or not, or by the Chinese word that stands beside it in the vocabulary. The bare
number of an official code table says too little to be taken for a word: 5 of the satisfaction grades (满意度) is the worst,
where most systems mean five stars by it. Only the two ordinary ends of a case (办结结果 0 and 6) may be told by number.
"""

from collections.abc import Mapping
from enum import Enum
from functools import cache

from casecore.vocabulary.terms import Code

__all__ = ["meanings", "spellings", "word_in"]


@cache
def spellings(kind: type[Enum]) -> Mapping[str, Enum]:
    """Every way to write each word of a list; what could mean two of them is none."""
    ways = [(way, word) for word in kind for way in _ways(word)]
    meant = {way: {word for other, word in ways if other == way} for way, _ in ways}
    return {way: words.pop() for way, words in meant.items() if len(words) == 1}


def word_in(kind: type[Enum], said: object) -> Enum | None:
    """The word something is; None where it is none of the list, or a bare number that does not say which."""
    if type(said) is int:
        return next((word for word in kind if isinstance(word, Code) and word == said and word.plain_by_number), None)
    if not isinstance(said, str):
        return None
    known = spellings(kind)
    found = known.get(said)
    return known.get(said.lower()) if found is None else found


def meanings(kind: type[Enum]) -> str:
    """The words of a list as they may be written, each with its Chinese word, and its number where it has one."""
    return ", ".join(f"{_plain(word)} ({_beside(word)})" if _beside(word) else _plain(word) for word in kind)


def _ways(word: Enum) -> set[str]:
    return {way for way in (_plain(word), word.name.lower(), getattr(word, "zh", "")) if way}


def _plain(word: Enum) -> str:
    return word.value if isinstance(word.value, str) else word.name.lower()


def _beside(word: Enum) -> str:
    zh = str(getattr(word, "zh", ""))
    return f"{word.value} {zh}" if isinstance(word, Code) else zh
