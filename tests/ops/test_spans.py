"""What ``casecore due`` is told of acts beside a limit, and what it does not take for one."""

import pytest

from casecore import BadInput
from ops.cli.spans import extension_of, spans_of


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-05",
        "2026-03-05-2026-03-12",
        "2026-03-05..",
        "..2026-03-12",
        "2026-03-05..2026-02-30",
        "5 March..12 March",
        "2026-03-05..2026-03-12:three",
        "2026-03-05..2026-03-12:3.5",
        "2026-03-05..2026-03-12:-1",
        "2026-03-05..2026-03-12:5001",
        "2026-03-12..2026-03-05",
    ],
)
def test_an_exclusion_that_is_none_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(BadInput, match=r"^--exclude: ") as refused:
        spans_of([text])

    assert repr(text) in str(refused.value)


@pytest.mark.parametrize("text", ["", "10", "2026-03-10", "2026-03-10:", "2026-13-10:5", "2026-03-10:ten", ":5"])
def test_an_extension_that_is_none_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(BadInput, match=r"^--extend: .* is not DATE:DAYS$") as refused:
        extension_of(text)

    assert repr(text) in str(refused.value)


@pytest.mark.parametrize("days", ["-1", "5001"])
def test_an_extension_by_no_possible_number_of_days_is_refused(days: str) -> None:
    with pytest.raises(BadInput, match=r"^--extend: .* adds no possible number of days$"):
        extension_of(f"2026-03-10:{days}")
