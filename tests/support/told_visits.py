"""Facts of visits with what is told of them, and the visit in each of its stages."""

from typing import Final

from casecore import (
    CaseServed,
    Cause,
    Fact,
    LeaveVisit,
    Need,
    OpenVisit,
    Place,
    Purpose,
    TripMade,
    VainReason,
    VisitLeft,
    VisitOpened,
    Visitor,
    VisitStage,
)
from casecore.kinds import VISIT
from casecore.visit.acts import ServeInVisit
from support.sampled import Sampled
from support.story import FOOD, HALL, TICKET, ask, day, fact, scoped

HERE: Final = {"hall": HALL, "number": TICKET}
TODAY: Final = {**HERE, "on": day("12-30")}
CAME: Final = fact(VisitOpened, "12-30 09:00", **HERE)
SERVED: Final = {"case": "A", "cause": Cause.SUBMIT, "visitor": Visitor.APPLICANT, "place": Place.HALL}

TOLD: Final[tuple[tuple[Fact, str, str, str], ...]] = (
    (
        fact(VisitOpened, "03-02 09:00", **HERE),
        "到场",
        "A023 号：申请人到 Chengbei Hall（办事大厅）。",
        "A023: 申请人 came to Chengbei Hall (办事大厅)",
    ),
    (
        fact(
            VisitOpened, "03-02 09:00", **HERE, purpose=Purpose.CONSULT, person="Anna", persons=2, items=("shop", "tax"),
            needs=(Need.FOREIGN_LANGUAGE, Need.ONE_TO_ONE),
        ),
        "到场",
        ("A023 号：申请人Anna等 2 人到 Chengbei Hall（办事大厅），事由：咨询，"
        "拟办事项：shop、tax，需要外语服务、一对一服务。"),
        ("A023: 申请人 Anna, 2 persons came to Chengbei Hall (办事大厅) for 咨询, asks for shop, tax,"
        " needs 外语服务, 一对一服务"),
    ),
    (
        fact(
            VisitOpened, "03-02 22:00", **HERE, place=Place.HALL_KIOSK, purpose=Purpose.SELF_SERVICE, device="G1",
            id_hash="ab" * 32,
        ),
        "到场",
        "A023 号：申请人到 Chengbei Hall（大厅24小时自助区），事由：自助办理，设备 G1，已刷证入场。",
        "A023: 申请人 came to Chengbei Hall (大厅24小时自助区) for 自助办理, device G1, identity swiped at the entry (刷证)",
    ),
    (
        fact(CaseServed, "03-02 09:20", **HERE, **SERVED),
        "办理办件",
        "Chengbei Hall A023 号：申请人办理办件 A，事由：提交申请。",
        "A023 at Chengbei Hall: 申请人 for 提交申请 of A",
    ),
    (
        fact(CaseServed, "03-02 09:20", **HERE, **{**SERVED, "visitor": Visitor.HALL_AGENT}, agent="ma"),
        "办理办件",
        "Chengbei Hall A023 号：代办员ma办理办件 A，事由：提交申请。",
        "A023 at Chengbei Hall: 代办员 ma for 提交申请 of A",
    ),
    (fact(VisitLeft, "03-02 10:00"), "离场", "已离场。", "left"),
    (
        fact(VisitLeft, "03-02 10:00", in_vain=VainReason.PAPERS_MISSING, note="no lease"),
        "离场:白跑",
        "白跑，原因：材料不齐，说明：no lease。",
        "left in vain (白跑): 材料不齐 (no lease)",
    ),
    (
        fact(
            TripMade, "03-02 09:00", visit=scoped(TICKET), hall=HALL, visitor=Visitor.APPLICANT, place=Place.HALL,
            cause=Cause.SUBMIT,
        ),
        "跑动",
        "到场 A023（Chengbei Hall）：申请人到办事大厅，事由：提交申请。",
        "visit A023 at Chengbei Hall: 申请人 came to 办事大厅 for 提交申请",
    ),
)  # fmt: skip

SAMPLED: Final = (
    Sampled(
        VISIT,
        VisitStage,
        {
            VisitStage.NEW: (),
            VisitStage.OPEN: (CAME,),
            VisitStage.LEFT: (CAME, fact(VisitLeft, "12-30 16:00")),
        },
        {},
        (
            ask(OpenVisit, **TODAY, items=(FOOD,)),
            ask(ServeInVisit, **TODAY, **SERVED, applicant="Li Lei"),
            ask(LeaveVisit, **TODAY),
        ),
    ),
)
