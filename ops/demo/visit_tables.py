"""What the demonstration shows of visits (到场): those that served no case, and how many people came, in vain or not."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from rich.table import Table

from adapters.district_engine import DistrictEngine
from adapters.reporting import Period, report
from adapters.tables import Tables
from casecore.kinds import VISIT
from casecore.visit.file import VisitFile
from ops.demo.story_files import Story
from ops.printing.console import out
from ops.printing.figures import shown
from projections.visit_indicators import VISIT_INDICATORS

__all__ = ["print_visit_stories"]

THE_YEAR: Final = Period(None, None, date(2017, 12, 31))


def print_visit_stories(engine: DistrictEngine, tables: Tables, stories: Sequence[Story]) -> None:
    """Each story's visit, then the figures of all visits, those with cases too."""
    table = Table(title="Visits (到场): casecore visit show ID; trips are counted of cases, person-times of visits")
    table.title_justify = "left"
    for name in ("visit", "story", "came", "left", "persons", "for", "in vain (白跑)"):
        table.add_column(name, justify="right" if name == "persons" else "left")
    for story in stories:
        table.add_row(story.stream, story.about, *_told(engine.file_of(VISIT, story.stream)))
    out.print(table)
    for figure in report(tables, THE_YEAR, indicators=VISIT_INDICATORS):
        parts = "" if figure.denominator is None else f"  ({figure.numerator}/{figure.denominator})"
        out.print(f"{figure.code} {figure.name_zh} {figure.name_en}: {shown(figure)}{parts}")
    out.print()


def _told(file: VisitFile) -> tuple[str, ...]:
    began, left, opened = file.began_at, file.left, file.opened
    return (
        "" if began is None else f"{began:%m-%d %H:%M}",
        "" if left is None else f"{left.at:%H:%M}",
        str(file.persons),
        "" if opened is None or opened.purpose is None else opened.purpose.zh,
        "" if left is None or left.in_vain is None else f"{left.in_vain.zh} {left.note or ''}".strip(),
    )
