"""Words of time limits (时限): units, clocks, suspensions, cards."""

from typing import Final

from casecore.vocabulary.terms import Term

__all__ = [
    "Authority",
    "CardGround",
    "CardLevel",
    "ClockKind",
    "OffdayAcceptance",
    "SpecialGround",
    "SuspensionKind",
    "Unit",
    "Verdict",
]


class Unit(Term):
    """Unit of a time limit (时限单位)."""

    WORKING_DAY = "working_day", "工作日"
    NATURAL_DAY = "natural_day", "自然日"
    MONTH = "month", "月"
    """To the same-numbered day of the month, or the month's last where it has none (民法典 202)."""
    WHOLE_MONTH = "whole_month", "整月"
    """The other reading (自次日起算): months that begin on the day after day 0, so that one that begins a month ends it."""
    YEAR = "year", "年"
    """Twelve months."""
    HALF_DAY = "half_day", "半个工作日"
    HOUR = "hour", "小时"
    MINUTE = "minute", "分钟"
    FIXED_DATE = "fixed_date", "约定日期"

    @property
    def months(self) -> int:
        """How many months one of it is; 0 of what is not counted by the month."""
        return _MONTHS.get(self, 0)

    @property
    def natural(self) -> bool:
        """Whether what is used and what is left of it are natural days (自然日); of months and years they are too."""
        return self is Unit.NATURAL_DAY or self.months > 0

    @property
    def within_a_day(self) -> bool:
        """Whether it is counted in minutes of legal working time (法定工作时间) instead of in dates."""
        return self in (Unit.HALF_DAY, Unit.HOUR, Unit.MINUTE)


_MONTHS: Final = {Unit.MONTH: 1, Unit.WHOLE_MONTH: 1, Unit.YEAR: 12}


class SuspensionKind(Term):
    """Why the clock may stand still."""

    ORDINARY = "ordinary", "普通挂起"
    SPECIAL_PROCEDURE = "special_procedure", "特别程序"
    FORWARDED = "forwarded", "转报"


class SpecialGround(Term):
    """The only grounds whose time is not counted (行政许可法 Art. 45)."""

    HEARING = "hearing", "听证"
    TENDER = "tender", "招标"
    AUCTION = "auction", "拍卖"
    EXAMINATION = "examination", "检验"
    TESTING = "testing", "检测"
    QUARANTINE = "quarantine", "检疫"
    APPRAISAL = "appraisal", "鉴定"
    EXPERT_REVIEW = "expert_review", "专家评审"


class Authority(Term):
    """Who may extend a limit (行政许可法 Art. 42)."""

    ORGAN_HEAD = "organ_head", "行政机关负责人"
    GOVERNMENT_HEAD = "government_head", "本级人民政府负责人"


class OffdayAcceptance(Term):
    """What a window does on a rest day: accept, or only receive and accept on the next working day (周末收件)."""

    ACCEPT = "accept", "当日受理"
    RECEIPT_ONLY = "receipt_only", "只收件, 顺延受理"


class ClockKind(Term):
    """The clocks a case may run (时限)."""

    ACCEPTANCE = "acceptance", "受理时限"
    PROMISED = "promised", "承诺时限"
    STATUTORY = "statutory", "法定时限"
    STEP = "step", "环节时限"
    PRELIMINARY_REVIEW = "preliminary_review", "初审时限"
    DELIVERY = "delivery", "送达时限"
    HEARING_REQUEST = "hearing_request", "听证申请时限"
    HEARING = "hearing", "听证组织时限"
    RENEWAL = "renewal", "延续审查时限"
    RECTIFICATION = "rectification", "差评整改时限"


class Verdict(Term):
    """What a clock says of a case."""

    ON_TIME = "on_time", "按时"
    OVERDUE = "overdue", "超期"
    RUNNING = "running", "在办"


class CardLevel(Term):
    """How grave a card of supervision is (电子监察)."""

    WARNING = "warning", "预警"
    YELLOW = "yellow", "黄牌"
    RED = "red", "红牌"


class CardGround(Term):
    """What a card is issued for (监察规则)."""

    DUE_SOON = "due_soon", "临近承诺时限"
    PROMISE_OVERDUE = "promise_overdue", "超承诺时限"
    STATUTORY_OVERDUE = "statutory_overdue", "超法定时限"
    STEP_OVERDUE = "step_overdue", "环节超时"
    PRELIMINARY_REVIEW_OVERDUE = "preliminary_review_overdue", "初审超时"
    PROCEDURE_OVERRUN = "procedure_overrun", "特别程序超过告知期限"
    ACCEPTANCE_OVERDUE = "acceptance_overdue", "逾期未受理"
    DELIVERY_OVERDUE = "delivery_overdue", "逾期未送达"
    HEARING_OVERDUE = "hearing_overdue", "逾期未组织听证"
    RENEWAL_OVERDUE = "renewal_overdue", "逾期未决定延续"
    RECTIFICATION_OVERDUE = "rectification_overdue", "差评逾期未整改"
    BOX_NOT_EMPTIED = "box_not_emptied", "投递箱取件不足"
    REASONLESS_NEGATIVE = "reasonless_negative", "否定性结果未说明理由"
    ILLEGAL_FEE = "illegal_fee", "违规收费"
    OTHER = "other", "其他"
