"""Printing a stream of whatever kind: its file, where it stands, its story. All of it is asked of its kind and facts."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, NamedTuple

from casecore.auditing.examiners import EXAMINERS
from casecore.auditing.finding import Finding
from casecore.kind import File, Kind
from casecore.office import Office
from casecore.recorded import Recorded
from ops.printing.clock_lines import clock_line
from ops.printing.clocks import print_cards
from ops.printing.console import out, put_json, styled, worth_saying
from ops.printing.findings import print_findings
from ops.printing.padding import padded
from projections.explaining.clocks_read import ClockRead, read_clocks
from projections.explaining.issued_cards import issued_cards
from projections.explaining.plain import plain_finding
from projections.explaining.story import story_of

__all__ = ["Stream", "print_standing", "print_story", "print_stream"]


class Stream(NamedTuple):
    """A stream, as asked about at a moment."""

    district: str
    stream: str
    kind: Kind[Any]
    file: File
    facts: tuple[Recorded, ...]
    as_of: datetime
    office: Office

    def clocks(self) -> tuple[ClockRead, ...]:
        """Its clocks, as read at the moment."""
        return read_clocks(self.kind.clocks(self.file), self.as_of, self.office.calendar_of)

    def findings(self) -> tuple[Finding, ...]:
        """What is questionable in it (疑点); nothing of a kind that nobody examines."""
        examine = EXAMINERS.get(self.kind.name)
        return () if examine is None else examine(self.facts, self.office, self.as_of)


def print_stream(found: Stream, *, as_json: bool) -> None:
    """Its stage, and every field of its file that says anything."""
    known = {name: value for name, value in plain(found.file).items() if name not in ("version", "stage", "stage_at")}
    since = found.file.stage_at
    if as_json:
        put_json({**_named(found), "version": found.file.version, "since": since, "file": known})
        return
    _print_head(found)
    _print_since(since)
    for name, value in known.items():
        if worth_saying(value):
            out.print(f"  {name:<17} {value}")


def print_standing(found: Stream, *, as_json: bool) -> None:
    """Where it stands since when, and each clock with what it says."""
    since, clocks = found.file.stage_at, found.clocks()
    if as_json:
        put_json(
            {**_named(found), "version": found.file.version, "since": since, "clocks": [clock.plain() for clock in clocks]}
        )
        return
    _print_head(found)
    _print_since(since)
    _print_clocks(clocks)


def print_story(found: Stream, *, as_json: bool) -> None:
    """Every fact as a sentence, then each clock with what it says, the cards it bears, and what is questionable in it."""
    story, clocks = story_of(found.facts), found.clocks()
    cards = issued_cards(found.kind.cards(found.file), found.facts)
    findings = found.findings()
    if as_json:
        put_json(
            {
                **_named(found),
                "story": [line._asdict() for line in story],
                "clocks": [clock.plain() for clock in clocks],
                "cards": [card.plain() for card in cards],
                "findings": [plain_finding(finding) for finding in findings],
            }
        )
        return
    _print_head(found)
    for line in story:
        out.print(
            f"  {line.at:%Y-%m-%d %H:%M}  {padded(line.term, 10)} {line.sentence}  — {line.by}",
        )
    _print_clocks(clocks)
    print_cards(cards)
    if findings:
        out.print(styled("\n", ("疑点 Findings", "bold")))
        print_findings(findings)


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a file holds
    """A value of a file as JSON values."""
    if isinstance(value, Enum | date):
        return value.value if isinstance(value, Enum) else value.isoformat()
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if names := _fields(value):
        return dict(zip(names, map(plain, value), strict=True))
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [plain(one) for one in value]
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _fields(value: object) -> tuple[str, ...]:
    return getattr(value, "_fields", ())


def _named(found: Stream) -> dict[str, Any]:
    kind = found.kind
    return {kind.word: found.stream, "kind": kind.name, "district": found.district, "stage": plain(found.file.stage)}


def _print_head(found: Stream) -> None:
    stage = found.file.stage
    said = f"{stage.zh} {stage.value}" if hasattr(stage, "zh") else stage.value
    rest = f" ({found.district}) — {said}, version {found.file.version}"
    out.print(styled((f"{found.kind.zh} {found.stream}", "bold"), rest))


def _print_since(since: datetime | None) -> None:
    if since is not None:
        out.print(f"  {'since':<17} {since:%Y-%m-%d %H:%M}")


def _print_clocks(clocks: Sequence[ClockRead]) -> None:
    for clock in clocks:
        out.print(f"  {clock_line(clock)}")
