"""The README of the projections is tested: its code runs, and prints what it says."""

import contextlib
import io
import re
from pathlib import Path
from typing import Any, Final

from support.populations import ASKED, MARCH, WEBSITE, A, accepted, begun, closed, life
from support.story import CLERK, fact

from adapters.calendar_toml import shipped_calendars
from adapters.folding import make_rows
from adapters.open_tables import open_tables
from adapters.reporting import Period
from adapters.tables import CaseRows
from casecore import Cause, Place, TripMade, Visitor
from casecore.books import Books
from casecore.drop_box.file import NEW_BOX
from casecore.kinds import fold_stream
from projections.case_facts import CASE_FACTS
from projections.projection import Subject, subject_of

README: Final = (Path(__file__).resolve().parents[2] / "projections" / "README.md").read_text("utf-8")
CODE: Final = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def at_a_terminal(when: str, visit: str) -> TripMade:
    came = {"visitor": Visitor.APPLICANT, "place": Place.COMMUNITY_KIOSK, "cause": Cause.SUBMIT, "device": "T-7"}
    return fact(TripMade, f"{when} 09:00", by=CLERK, visit=visit, **came)


def test_the_code_of_the_readme_makes_a_table_and_a_figure_of_it() -> None:
    lives = {
        "closed": life(begun(), at_a_terminal("03-02", "V1"), accepted(), closed("03-06")),
        "open": life(begun(channel=WEBSITE), at_a_terminal("03-03", "V2"), accepted()),
    }
    table, indicator, asked, kind = CODE
    said: dict[str, Any] = {"__name__": "readme", "period": Period(*MARCH, ASKED)}
    exec(f"{table}\n{indicator}\n{kind}", said)  # noqa: S102 - our own words
    tables = open_tables("memory:", (CASE_FACTS, said["DEVICE_FACTS"], said["BOX_AGE_FACTS"]))
    with contextlib.closing(tables), contextlib.redirect_stdout(io.StringIO()) as printed:
        generation, books = tables.begin(), Books(shipped_calendars())
        made = []
        for case, events in lives.items():
            file = fold_stream(events)
            assert file is not None
            rows = make_rows(tables, subject_of(books, A, case, file), len(events))
            assert isinstance(rows, CaseRows), rows
            made.append(rows)
        tables.put(generation, A, made, 1)
        tables.show(generation)
        exec(asked, {**said, "tables": tables})  # noqa: S102 - our own words

    assert f"```\n{printed.getvalue()}```" in README
    box = Subject(A, "B-7", NEW_BOX, shipped_calendars())
    assert make_rows(tables, box, 1) == CaseRows("B-7", {"box_age_facts": ((A, "B-7", 0, None, 0, None),)})
