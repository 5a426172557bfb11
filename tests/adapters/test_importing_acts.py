"""Special procedures (特别程序) and extensions (延长审批) from a file: what they move, and what is wrong with some."""

from datetime import datetime

import pytest
from support.import_bench import GOOD, Bench

from casecore import (
    Authority,
    ExtensionApproved,
    Fault,
    FindingCode,
    Flaw,
    Resumed,
    SpecialGround,
    Suspended,
    SuspensionKind,
)
from casecore.auditing.findings import findings_of

FROM, TO = "2023-03-06T09:00:00+08:00", "2023-03-10T09:00:00+08:00"


@pytest.mark.parametrize(
    ("row", "ground", "declared_days", "notice", "moves"),
    [
        (f"A-1,专家评审,{FROM},{TO},5,N-1,,", SpecialGround.EXPERT_REVIEW, 5, "N-1", True),
        (f"A-1,专家评审,{FROM},{TO},5,,,", SpecialGround.EXPERT_REVIEW, 5, None, False),
        (f"A-1,检测,{FROM},{TO},,N-1,,", SpecialGround.TESTING, None, "N-1", False),
    ],
)
def test_a_special_procedure_moves_the_limits_where_a_live_one_would(  # noqa: PLR0913 - a table
    bench: Bench, row: str, ground: SpecialGround, declared_days: int | None, notice: str | None, *, moves: bool
) -> None:
    bench.cases(GOOD)

    assert bench.acts(row).rejected == []

    procedure, end = bench.events("A-1")[3:]
    assert isinstance(procedure, Suspended)
    assert isinstance(end, Resumed)
    assert (procedure.kind, procedure.ground, procedure.reason) == (
        SuspensionKind.SPECIAL_PROCEDURE,
        ground,
        row.split(",")[1],
    )
    assert (procedure.declared_days, procedure.notice) == (declared_days, notice)
    assert (procedure.moves_promise, procedure.moves_statutory) == (moves, moves)
    assert (procedure.at, end.at) == (datetime.fromisoformat(FROM), datetime.fromisoformat(TO))
    assert end.suspension == procedure.suspension


def test_a_special_procedure_may_be_on_still(bench: Bench) -> None:
    bench.cases(GOOD)

    bench.acts(f"A-1,检测,{FROM},,5,N-1,,")

    assert [type(event) for event in bench.events("A-1")[3:]] == [Suspended]


def test_a_special_procedure_that_ended_before_it_began_is_recorded_as_the_file_says(bench: Bench) -> None:
    bench.cases(GOOD)

    assert bench.acts(f"A-1,检测,{TO},{FROM},5,N-1,,").rejected == []

    procedure, end = bench.events("A-1")[3:]
    assert (type(procedure), procedure.at) == (Suspended, datetime.fromisoformat(TO))
    assert (type(end), end.at) == (Resumed, datetime.fromisoformat(FROM))
    found = findings_of(bench.engine.history("A-1"), bench.engine.office, datetime.fromisoformat(TO))
    assert FindingCode.ENDED_BEFORE_STARTED in {finding.code for finding in found}


@pytest.mark.parametrize(
    ("said", "authority"),
    [("局长", Authority.ORGAN_HEAD), ("县长", Authority.GOVERNMENT_HEAD), ("", None)],
)
def test_an_extension_says_by_how_much_by_whom_and_as_whom(bench: Bench, said: str, authority: Authority | None) -> None:
    bench.cases(GOOD)

    assert bench.acts(f"A-1,延长,{FROM},,12,,Qian,{said}").rejected == []

    (extension,) = bench.events("A-1")[3:]
    assert extension == ExtensionApproved(
        at=datetime.fromisoformat(FROM), by="clerk", days=12, approver="Qian", reason="complex", authority=authority
    )


@pytest.mark.parametrize(
    ("row", "code", "place"),
    [
        (f"A-1,riddle,{FROM},{TO},5,N-1,,", Flaw.UNKNOWN_WORD, "ground"),
        (f"A-1,检测,{FROM},{TO},five,N-1,,", Flaw.WRONG_TYPE, "declared_days"),
        (f"A-1,检测,{FROM},{TO},-5,N-1,,", Flaw.WRONG_TYPE, "declared_days"),
        (f"A-1,检测,{FROM},{TO},5.5,N-1,,", Flaw.WRONG_TYPE, "declared_days"),
        (f"A-1,检测,{FROM},{TO},٥,N-1,,", Flaw.WRONG_TYPE, "declared_days"),
        (f"A-1,检测,{FROM},{TO},0,N-1,,", Flaw.NUMBER_OUT_OF_RANGE, "declared_days"),
        (f"A-1,检测,,{TO},5,N-1,,", Flaw.MISSING_FIELD, "from"),
        (f"A-1,延长,{FROM},,,N-1,Qian,", Flaw.MISSING_FIELD, "days"),
        (f"A-1,延长,{FROM},,0,N-1,Qian,", Flaw.NUMBER_OUT_OF_RANGE, "days"),
        (f"A-1,延长,{FROM},,{'9' * 5000},N-1,Qian,", Flaw.WRONG_TYPE, "days"),
        (f"A-1,延长,{FROM},,5,N-1,,", Flaw.MISSING_FIELD, "approver"),
        (f"A-1,延长,{FROM},,5,N-1,Qian,省长", Flaw.UNKNOWN_WORD, "authority"),
        (f"A-9,延长,{FROM},,5,N-1,Qian,", "unknown_case", "the store has no case A-9"),
    ],
)
def test_an_act_that_cannot_be_read_is_rejected_with_its_code_and_place(
    bench: Bench, row: str, code: str, place: str
) -> None:
    bench.cases(GOOD)

    (rejected,) = bench.acts(row, f"A-1,延长,{FROM},,5,N-1,Qian,局长").rejected

    assert (rejected.line, rejected.code) == (2, code)
    assert rejected.reason.startswith(place)
    assert [type(event) for event in bench.events("A-1")[3:]] == [ExtensionApproved]


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ('days = "many"\napprover = "Qian"\nreason = "x"', "fact[0].days: 'many' is no whole number of days"),
        ('days = 5\napprover = "Qian"\nreason = "x"', "fact[0].days"),
        ('days = "0"\napprover = "Qian"\nreason = "x"', "fact[0].days: must be 1 or more"),
        ('approver = "Qian"\nreason = "x"', "fact[0].days: missing"),
        ('days = "5"\nreason = "x"', "fact[0].approver: missing"),
        (
            'days = "5"\napprover = "Qian"\nreason = "x"\nauthority = "king"',
            "fact[0].authority: 'king' is none of organ_head",
        ),
        ('days = "5"\napprover = "Qian"\nreason = "x"\nuntil = "to"', "fact[0].until: means nothing for extension"),
        ('days = "5"\napprover = "Qian"\nreason = "x"\nground = "testing"', "fact[0].ground: means nothing for extension"),
    ],
)
def test_a_mapping_of_extensions_is_read_strictly(bench: Bench, lines: str, complaint: str) -> None:
    head = 'name = "own"\nformat = "csv"\ncase = "id"\ncontinues = true\nby = "clerk"\n'

    with pytest.raises(Fault) as caught:
        bench.mapping(f'{head}[[fact]]\nevent = "extension"\nat = "from"\n{lines}\n')

    assert complaint in str(caught.value)
