"""The table of rules of a package, of the same shape as that of a case."""

from collections.abc import Mapping
from typing import Final

from casecore.deciding import Rule
from casecore.package import commands, events, opening, running
from casecore.vocabulary import PackageStage

__all__ = ["PACKAGE_RULES"]

_EXISTS: Final = frozenset(PackageStage) - {PackageStage.NEW}
_OPEN: Final = frozenset({PackageStage.OPENED, PackageStage.ACCEPTED})

PACKAGE_RULES: Final[Mapping[type, Rule]] = {
    commands.OpenPackage: Rule(opening.open_package, (events.PackageOpened,), frozenset({PackageStage.NEW}), begins=True),
    commands.ShareMaterial: Rule(opening.share_material, (events.MaterialShared,), _OPEN, late=True),
    commands.ExtendPackage: Rule(running.extend_package, (events.PackageExtended,), frozenset({PackageStage.ACCEPTED})),
    commands.NoteAcceptance: Rule(running.note_acceptance, (events.MemberAccepted,), _EXISTS, late=True, follows=True),
    commands.NoteEnd: Rule(running.note_end, (events.MemberEnded,), _EXISTS, late=True, follows=True),
    commands.NoteSuspension: Rule(running.note_suspension, (events.MemberSuspended,), _EXISTS, late=True, follows=True),
    commands.NoteResumption: Rule(running.note_resumption, (events.MemberResumed,), _EXISTS, late=True, follows=True),
}
"""Every command of a package and its rule."""
