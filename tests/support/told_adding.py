"""加签: facts of a department added to a running review, with what is told of them."""

from typing import Final

from casecore import (
    AddDepartment,
    ApprovalCalledOff,
    CaseRouted,
    DepartmentAdded,
    Fact,
    Limit,
    WithdrawAddedDepartment,
)
from casecore.command import Command
from support.story import ask, fact

WELL: Final = {"step": "well", "department": "Water"}

TOLD: Final[tuple[tuple[Fact, str, str, str], ...]] = (
    (
        fact(DepartmentAdded, "03-03 10:00", **WELL, reason="a well in the yard"),
        "加签",
        "增加Water会签，环节 well，理由：a well in the yard。",
        "Water is asked as well, in step well: a well in the yard",
    ),
    (
        fact(DepartmentAdded, "03-03 10:00", **WELL, reason="a well in the yard", limit=Limit.working_days(2)),
        "加签",
        "增加Water会签，环节 well，时限：2 个工作日，理由：a well in the yard。",
        "Water is asked as well, in step well, within 2 working days: a well in the yard",
    ),
    (
        fact(ApprovalCalledOff, "03-03 11:00", **WELL, reason="the well is dry"),
        "终止审批",
        "环节 well 无需Water审批，撤回加签，理由：the well is dry。",
        "step well needs no answer of Water: it is not asked after all, the well is dry",
    ),
    (
        fact(ApprovalCalledOff, "03-03 11:00", step="fire", department="Fire"),
        "终止审批",
        "环节 fire 无需Fire审批，已有部门审批不通过（否决即止）。",
        "step fire needs no answer of Fire: another department's refusal has ended the review",
    ),
)
ASKED: Final[tuple[Command, ...]] = (
    ask(AddDepartment, **WELL, reason="a well in the yard", limit=Limit.working_days(2)),
    ask(WithdrawAddedDepartment, step="well", reason="the well is dry"),
)
PREPARED: Final = {
    WithdrawAddedDepartment: (
        fact(DepartmentAdded, "03-03 10:00", **WELL, reason="a well in the yard"),
        fact(CaseRouted, "03-03 10:00", **WELL),
    ),
}
