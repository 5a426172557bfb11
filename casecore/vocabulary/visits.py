"""Words of visits (到场): where one stands, what it is for, what help is needed, why it was in vain."""

from casecore.vocabulary.terms import Term

__all__ = ["Need", "Purpose", "VainReason", "VisitStage"]


class VisitStage(Term):
    """Where a visit stands."""

    NEW = "new", "未到场"
    OPEN = "open", "在场"
    LEFT = "left", "已离场"


class Purpose(Term):
    """What somebody comes for, as told on arriving (到场事由)."""

    HANDLE = "handle", "办理"
    COLLECT = "collect", "领取结果"
    CONSULT = "consult", "咨询"
    SELF_SERVICE = "self_service", "自助办理"
    COMPLAIN = "complain", "反映办不成事"
    OTHER = "other", "其他"


class Need(Term):
    """What help a visitor needs (特殊服务需求)."""

    FOREIGN_LANGUAGE = "foreign_language", "外语服务"
    SIGN_LANGUAGE = "sign_language", "手语服务"
    ONE_TO_ONE = "one_to_one", "一对一服务"
    BARRIER_FREE = "barrier_free", "无障碍服务"
    ELDERLY = "elderly", "老年人服务"
    OTHER = "other", "其他"


class VainReason(Term):
    """Why a visit was in vain (白跑原因)."""

    CLOSED = "closed", "未开放"
    QUEUE = "queue", "排队未办上"
    PAPERS_MISSING = "papers_missing", "材料不齐"
    NOT_TAKEN_HERE = "not_taken_here", "不在此处办理"
    SYSTEM_DOWN = "system_down", "系统故障"
    NOT_READY = "not_ready", "结果未出"
    OTHER = "other", "其他"
