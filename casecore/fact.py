"""What a fact is: what happened, in the past tense. A fact says everything of itself.

Its name on the wire, the clerk's word for it, the older forms it took, and its sentence in both languages stand on its
class; who stores, tells or documents facts asks them. Names and fields are storage formats: never edited, only
superseded.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, TypeVar, dataclass_transform

from casecore.annotations import Id
from casecore.said import Said
from casecore.value import value

__all__ = ["Fact", "Older", "Told", "tell"]

F = TypeVar("F", bound="Fact")

Fields = Mapping[str, Any]
"""A fact's own fields as plain JSON values."""


def _as_they_are(fields: Fields) -> dict[str, Any]:
    return dict(fields)


class Told(NamedTuple):
    """A fact as it is told: the clerk's word for it, and what happened as a sentence in Chinese and in English."""

    term: str
    zh: str
    en: str


class Older(NamedTuple):
    """A superseded form of a fact, and what makes the next form's fields of its own.

    What a newer form adds takes its default, in a value of its own as well.
    """

    wire: str
    next_form: Callable[[Fields], dict[str, Any]] = _as_they_are


@value
class Fact:
    """What every fact carries: when it happened and who did it."""

    wire: ClassVar[str]
    """Its name in storage: kind, what happened, version of the form."""
    zh: ClassVar[str]
    """What a clerk calls it."""
    older: ClassVar[tuple[Older, ...]] = ()
    """The forms it had before, the oldest first; each leads to the next, the last to the present one."""

    at: datetime
    """When it happened, an instant with the local offset of its district: ``at.date()`` is the date the law counts."""
    by: Id
    """Who did it."""

    @property
    def term(self) -> str:
        """What a clerk calls this one: ``zh``, unless what it says has a word of its own."""
        return self.zh

    def told(self) -> Said:
        """What happened, as a sentence in Chinese and in English."""
        raise NotImplementedError


def tell(fact: Fact) -> Told:
    """Tell a fact of whatever stream."""
    return Told(fact.term, *fact.told())


@dataclass_transform(kw_only_default=True, frozen_default=True)
def fact(wire: str, zh: str, *, older: tuple[Older, ...] = ()) -> Callable[[type[F]], type[F]]:
    """Declare a fact: ``wire`` is its name in storage, ``zh`` the clerk's word, ``older`` the forms it superseded."""

    def declared(cls: type[F]) -> type[F]:
        made = value(cls)
        made.wire, made.zh, made.older = wire, zh, older
        return made

    return declared
