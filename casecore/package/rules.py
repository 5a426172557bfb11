"""The table of rules of a package, of the same shape as that of a case."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from casecore.deciding import Answered, Rule
from casecore.fact import Fact
from casecore.office import Office
from casecore.package import commands, events, opening, running
from casecore.vocabulary import PackageStage

__all__ = ["PACKAGE_RULES"]

_OPEN: Final = frozenset({PackageStage.OPENED, PackageStage.ACCEPTED})


def _noted(answer: Callable[[Any, Any, datetime, Office], Answered], makes: type[Fact]) -> Rule:
    """The rule of something a package learns of its case, at any stage."""
    return Rule(answer, (makes,), frozenset(PackageStage), late=True, begins=True, follows=True)


PACKAGE_RULES: Final[Mapping[type, Rule]] = {
    commands.OpenPackage: Rule(opening.open_package, (events.PackageOpened,), frozenset({PackageStage.NEW}), begins=True),
    commands.ShareMaterial: Rule(opening.share_material, (events.MaterialShared,), _OPEN, late=True),
    commands.ExtendPackage: Rule(running.extend_package, (events.PackageExtended,), frozenset({PackageStage.ACCEPTED})),
    # In a package nobody has opened nothing follows: an imported case may say that it joined one elsewhere.
    commands.NoteAcceptance: _noted(running.note_acceptance, events.MemberAccepted),
    commands.NoteEnd: _noted(running.note_end, events.MemberEnded),
    commands.NoteSuspension: _noted(running.note_suspension, events.MemberSuspended),
    commands.NoteResumption: _noted(running.note_resumption, events.MemberResumed),
}
"""Every command of a package and its rule."""
