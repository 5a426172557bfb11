"""Printing a district's books (区划账簿): what is in force, and what an adoption changes."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from rich.table import Table

from adapters.adopting import Adoption, Change
from casecore.district import EntryAdopted
from casecore.fingerprint import canonical
from ops.printing.console import out, put_json, styled, worth_saying

__all__ = ["Entries", "print_adoptions", "print_entries"]

HASH_SHOWN: Final = 12
"""Digits of a hash that tell entries apart on a screen."""
CASES_SHOWN: Final = 5


class Entries(NamedTuple):
    """The entries of a district's books that are asked for."""

    district: str
    entries: tuple[EntryAdopted, ...]
    adopted: bool
    """Whether they stand in its log, or only ship with casecore."""


def print_entries(districts: Sequence[Entries], *, whole: bool, as_json: bool) -> None:
    """Each entry with its version, hash, source and since when; with all it says where that is asked for."""
    if as_json:
        put_json([one._asdict() | {"entries": [_plain(entry) for entry in one.entries]} for one in districts])
        return
    for one in districts:
        _print_district(one, whole=whole)


def _print_district(found: Entries, *, whole: bool) -> None:
    district, entries, adopted = found
    if not adopted:
        out.print(f"{district} has adopted no books yet: these ship (随附), and are adopted when it is written to")
    table = Table(title=f"Books of {district} (区划账簿)", title_justify="left")
    for column in ("entry", "code", "version", "in force since", "hash", "source", "looked up"):
        table.add_column(column, overflow="fold")
    for one in entries:
        told = _plain(one)
        cells = (
            f"{one.entry.value} {one.entry.zh}",
            str(told["code"]),
            str(one.version),
            str(one.from_on or "always"),
            str(told["sha256"] or "")[:HASH_SHOWN],
            one.source or "",
            str(one.retrieved_on or ""),
        )
        table.add_row(*cells)
    out.print(table)
    for one in entries if whole else ():
        out.print(styled((str(one.name), "bold")))
        for key, said in _plain(one)["content"].items():
            if worth_saying(said):
                out.print(f"  {key}: {said!s}")


def _plain(one: EntryAdopted) -> dict[str, Any]:
    content = canonical(one.content)
    return {
        "entry": one.entry.value,
        "code": one.name.code or (content if isinstance(content, str) else content.get("name", "default")),
        "version": one.version,
        "from_on": one.from_on,
        "sha256": getattr(one, "sha256", None),
        "source": one.source,
        "retrieved_on": one.retrieved_on,
        "adopted_at": one.at,
        "by": one.by,
        "content": content if isinstance(content, dict) else {"calendar": content},
    }


def print_adoptions(adoptions: Sequence[Adoption], *, dry_run: bool, as_json: bool) -> None:
    """What is new, changed and withdrawn in each district, and how many running cases each touches."""
    if as_json:
        put_json([_plain_adoption(one, dry_run=dry_run) for one in adoptions])
        return
    for one in adoptions:
        _print_adoption(one, dry_run=dry_run)


def _print_adoption(adoption: Adoption, *, dry_run: bool) -> None:
    if adoption.refused is not None:
        out.print(styled(("refused", "red"), f" {adoption.refused}"))
        return
    since = adoption.from_on or "always"
    would = "would be " if dry_run else ""
    out.print(f"books of {adoption.district}, in force since {since}")
    for mark, word, changes in _kinds(adoption):
        for change in changes:
            keys = f": {', '.join(change.keys)}" if change.keys else ""
            out.print(f"  {mark} {change.name!s} {would}{word}{keys}{_touched(change)}")
    out.print(f"  {len(adoption.unchanged)} unchanged (无变化)")


def _kinds(adoption: Adoption) -> tuple[tuple[str, str, tuple[Change, ...]], ...]:
    return (
        ("+", "adopted", adoption.added),
        ("~", "changed", adoption.changed),
        ("-", "withdrawn", adoption.withdrawn),
    )


def _touched(change: Change) -> str:
    if not change.touches:
        return ""
    more = "" if len(change.touches) <= CASES_SHOWN else " …"
    return f"; touches {len(change.touches)} running (在办): {', '.join(change.touches[:CASES_SHOWN])}{more}"


def _plain_adoption(adoption: Adoption, *, dry_run: bool) -> dict[str, Any]:
    return {
        "district": adoption.district,
        "from_on": adoption.from_on,
        "dry_run": dry_run,
        "refused": None if adoption.refused is None else str(adoption.refused),
        "reason": None if adoption.refused is None else adoption.refused.reason.value,
        **{
            word: [{"entry": str(one.name), "keys": one.keys, "touches": one.touches} for one in changes]
            for word, changes in (
                ("added", adoption.added),
                ("changed", adoption.changed),
                ("withdrawn", adoption.withdrawn),
            )
        },
        "unchanged": [str(name) for name in adoption.unchanged],
        "position": None if adoption.receipt is None else adoption.receipt.position,
    }
