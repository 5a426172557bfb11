"""撤销重作: facts of a result set aside and decided anew, with what is told of them."""

from typing import Final

from casecore import (
    CaseTakenUpAgain,
    Channel,
    Fact,
    Limit,
    ResultSetAside,
    SetAsideGround,
    SetAsideResult,
    Tier,
)
from casecore.case.acts.redecision import TakeUpAgain
from casecore.command import Command
from support.story import FOOD, HALL, ask, fact

BY_COURT: Final = {"ground": SetAsideGround.COURT, "organ": "区人民法院", "document": "（2026）行初1号"}
SET_ASIDE: Final = fact(ResultSetAside, "06-01 09:00", **BY_COURT)

TOLD: Final[tuple[tuple[Fact, str, str, str], ...]] = (
    (
        SET_ASIDE,
        "结果撤销",
        "办理结果被区人民法院撤销，途径：行政诉讼，文书：（2026）行初1号。",
        "the result is set aside by 区人民法院 (行政诉讼), （2026）行初1号",
    ),
    (
        fact(
            ResultSetAside,
            "06-01 09:00",
            ground=SetAsideGround.RECONSIDERATION,
            organ="区政府",
            document="复决1号",
            redecided_in="A-2",
        ),
        "结果撤销",
        "办理结果被区政府撤销，途径：行政复议，文书：复决1号，重作办件 A-2。",
        "the result is set aside by 区政府 (行政复议), 复决1号, decided anew in A-2",
    ),
    (
        fact(CaseTakenUpAgain, "06-01 09:00", former="A-1", **BY_COURT),
        "重作",
        "重新办理 A-1，区人民法院以 （2026）行初1号 撤销原结果（行政诉讼）。",
        "decides anew what A-1 had decided: set aside by 区人民法院 (行政诉讼), （2026）行初1号",
    ),
    (
        fact(CaseTakenUpAgain, "06-01 09:00", former="A-1", **BY_COURT, limit=Limit.months(2)),
        "重作",
        "重新办理 A-1，区人民法院以 （2026）行初1号 撤销原结果（行政诉讼），限期：2 个月。",
        "decides anew what A-1 had decided: set aside by 区人民法院 (行政诉讼), （2026）行初1号, within 2 months",
    ),
)
ASKED: Final[tuple[Command, ...]] = (
    ask(SetAsideResult, **BY_COURT),
    ask(TakeUpAgain, former="A-1", **BY_COURT, item=FOOD, channel=Channel.WINDOW, tier=Tier.COUNTY, hall=HALL),
)
