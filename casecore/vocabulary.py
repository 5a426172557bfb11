"""Terms of the field as closed lists, each with the Chinese word a clerk would look for.

Values are wire values: they stand in stored events and are never edited, only added to.
Sources: GB/T 39046-2020 《政务服务平台基础数据规范》 (tables A.1-A.8) and common practice in the field.
"""

from enum import IntEnum, StrEnum
from typing import Self

__all__ = [
    "Answer",
    "ApplicantKind",
    "Area",
    "Authority",
    "CardGround",
    "CardLevel",
    "Cause",
    "CausedBy",
    "Channel",
    "ClockKind",
    "CoreStep",
    "Decision",
    "DeliveryMethod",
    "FeeWay",
    "FindingCode",
    "Grade",
    "HandlingKind",
    "HolderKind",
    "ItemLabel",
    "ItemType",
    "LicenceLevel",
    "MaterialWay",
    "MemberState",
    "OffdayAcceptance",
    "Outcome",
    "PackageStage",
    "Place",
    "RatingReview",
    "ReceiptDate",
    "SpecialGround",
    "Stage",
    "SuspensionKind",
    "Tier",
    "Transit",
    "TripVerdict",
    "Unit",
    "Verdict",
    "Visitor",
]


class Term(StrEnum):
    """A word of the field: its value goes to the wire, ``zh`` is what a clerk calls it."""

    zh: str

    def __new__(cls, value: str, zh: str) -> Self:
        """Make a member that is its wire value and knows its Chinese name."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh = zh
        return member


class Code(IntEnum):
    """A number of an official code table, with its Chinese name."""

    zh: str

    def __new__(cls, value: int, zh: str) -> Self:
        """Make a member that is its official number and knows its Chinese name."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.zh = zh
        return member


class Unit(Term):
    """Unit of a time limit (时限单位)."""

    WORKING_DAY = "working_day", "工作日"
    NATURAL_DAY = "natural_day", "自然日"
    HALF_DAY = "half_day", "半个工作日"
    HOUR = "hour", "小时"
    MINUTE = "minute", "分钟"
    FIXED_DATE = "fixed_date", "约定日期"

    @property
    def within_a_day(self) -> bool:
        """Whether it is counted in minutes of legal working time (法定工作时间) instead of in dates."""
        return self in (Unit.HALF_DAY, Unit.HOUR, Unit.MINUTE)


class Channel(Term):
    """How the application came in (办理形式, GB/T 39046 A.5, with the seeds' kiosks and village points)."""

    WINDOW = "window", "窗口"
    WEBSITE = "website", "网站"
    MOBILE = "mobile", "移动端"
    COURIER = "courier", "快递申请"
    KIOSK = "kiosk", "自助终端"
    AGENT_POINT = "agent_point", "代办点"
    HOME_SERVICE = "home_service", "上门服务"
    OTHER = "other", "其他"

    @property
    def online(self) -> bool:
        """Whether this counts as 网上受理 (A.5 codes 2 and 3)."""
        return self in (Channel.WEBSITE, Channel.MOBILE)


class Tier(Term):
    """Administrative tier (行使层级, GB/T 39046 A.2)."""

    NATION = "nation", "国家级"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级"
    TOWNSHIP = "township", "镇(乡街)"
    VILLAGE = "village", "村(社区)"


class ItemType(Term):
    """Kind of service item (事项类型, GB/T 39046 A.1); the value is the official number."""

    LICENCE = "01", "行政许可"
    PENALTY = "02", "行政处罚"
    COERCION = "03", "行政强制"
    LEVY = "04", "行政征收"
    PAYMENT = "05", "行政给付"
    INSPECTION = "06", "行政检查"
    CONFIRMATION = "07", "行政确认"
    REWARD = "08", "行政奖励"
    RULING = "09", "行政裁决"
    OTHER = "10", "其他行政权力"
    PUBLIC_SERVICE = "20", "公共服务"


class HandlingKind(Term):
    """Instant or promised handling (办件类型, GB/T 39046 A.6)."""

    INSTANT = "instant", "即办件"
    PROMISED = "promised", "承诺件"


class ApplicantKind(Term):
    """Whom the item serves (服务对象, GB/T 39046 A.4)."""

    PERSON = "person", "自然人"
    COMPANY = "company", "企业法人"
    INSTITUTION = "institution", "事业法人"
    ASSOCIATION = "association", "社会组织法人"
    ORGAN = "organ", "行政机关"
    OTHER = "other", "其他组织"


class Stage(Term):
    """Where a case stands. Suspension (挂起) is a state beside the stage, not one of these."""

    NEW = "new", "未申请"
    SUBMITTED = "submitted", "已申请"
    RETURNED = "returned", "预审退回"
    PRE_REVIEWED = "pre_reviewed", "预审通过"
    RECEIVED = "received", "已收件"
    CORRECTING = "correcting", "待补正"
    IN_REVIEW = "in_review", "审批中"
    REVIEWED = "reviewed", "审批完毕"
    DECIDED = "decided", "已决定"
    CLOSED = "closed", "已办结"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    WITHDRAWN = "withdrawn", "已撤回"
    VOIDED = "voided", "已作废"


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
    REASONLESS_NEGATIVE = "reasonless_negative", "否定性结果未说明理由"
    ILLEGAL_FEE = "illegal_fee", "违规收费"
    OTHER = "other", "其他"


class FindingCode(Term):
    """What is questionable in a case's history (疑点): recorded as it is, and named, never refused after the fact.

    Articles are those of the 行政许可法 unless another source is named.
    """

    DEEMED_ACCEPTANCE = "deemed_acceptance", "视为受理"
    """Nobody answered within five working days, so the law accepted it since its receipt. Art. 32(4)."""
    DEEMED_RENEWAL = "deemed_renewal", "视为准予延续"
    """Nobody decided on a renewal filed in time before the licence ran out, so the law renewed it. Art. 50."""
    ANSWERED_TOO_LATE = "answered_too_late", "逾期答复"
    """Accepted, declined or told what is missing only after the five working days. Art. 32(4)."""
    SERIAL_CORRECTIONS = "serial_corrections", "多次补正告知"
    """More than one notice: all that is missing is told once. Art. 32(4); 补交告知 count of 电子监察."""
    SECOND_NOTICE_NAMES_MORE = "second_notice_names_more", "再次告知增加补正内容"
    """A later notice names what the first left out. Art. 32(4), (5)."""
    SPECIAL_PROCEDURE_WITHOUT_NOTICE = "special_procedure_without_notice", "特别程序未书面告知"
    """No ground, no declared days or no written notice: recorded, and the statutory clock goes on. Art. 45."""
    PROCEDURE_OVER_DECLARED_DAYS = "procedure_over_declared_days", "特别程序超过告知期限"
    """It lasted longer than was told, whatever the limits make of it: the surplus runs against the agency. Art. 45."""
    SUSPENDED_NEAR_DEADLINE = "suspended_near_deadline", "临期挂起"
    """Begun within two working days of a due date as it stood then. Practice of 电子监察."""
    ACT_AFTER_DEADLINE = "act_after_deadline", "超期后挂起或延长"
    """A suspension or extension after the due date as it stood then: it does not revive the limit. Art. 42, 45."""
    OVERLAPPING_DECLARATIONS = "overlapping_declarations", "特别程序期限重叠"
    """Two special procedures for the same days: they count once. Art. 45, and the district's rule."""
    ENDED_BEFORE_STARTED = "ended_before_started", "结束早于开始"
    """A suspension said to have ended before it began: it excludes nothing."""
    RESUMED_WITHOUT_SUSPENSION = "resumed_without_suspension", "无挂起而解挂"
    """The end of a suspension that nobody began, or that had ended already: it changes nothing."""
    CLOSED_WHILE_SUSPENDED = "closed_while_suspended", "挂起中办结"
    """Closed while a suspension was open: that one counts up to the closing."""
    EXTENDED_TWICE = "extended_twice", "重复延长审批"
    """Only the first extension counts. Art. 42(1): once."""
    EXTENSION_WRONG_AUTHORITY = "extension_wrong_authority", "越权批准延长"
    """Approved by another than the organ's head, for joint handling the head of government: it adds nothing. Art. 42."""
    EXTENSION_TOO_LONG = "extension_too_long", "延长超过法定上限"
    """Over 10 working days, 15 for joint handling: it counts up to them. Art. 42."""
    EXTENSION_WITHOUT_NOTICE = "extension_without_notice", "延长未告知"
    """The applicant was not told of it; it counts all the same. Art. 42(1)."""
    ACCEPTED_AND_CLOSED_AT_ONCE = "accepted_and_closed_at_once", "受理即办结"
    """Accepted and closed within minutes although the item is no 即办件: handled off the record. 电子监察: 体外循环."""
    ACCEPT_CLOSE_BURST = "accept_close_burst", "突击受理办结"
    """One officer accepted and closed many such cases within minutes. 电子监察: 体外循环, 补录."""
    ENTERED_AFTER_DEADLINE = "entered_after_deadline", "超期后补录"
    """Entered when a clock had run out on record, with an earlier occurrence that puts it in time."""
    OCCURRED_AFTER_RECORDING = "occurred_after_recording", "发生时间晚于入库时间"
    """Said to have happened after it was recorded: nobody can have known of it then. Live it is refused."""
    REASONLESS_NEGATIVE = "reasonless_negative", "否定性结果未说明理由"
    """不予受理, 不予许可, 退回, 作废 or 删除 without a reason. Art. 32, 38."""
    UNKNOWN_CALENDAR = "unknown_calendar", "日历版本不存在"
    """Promised under a calendar version nobody knows: its clocks cannot be read."""
    OUTSIDE_CALENDAR = "outside_calendar", "日期超出工作日历范围"
    """A clock runs over dates its calendar knows nothing of: it cannot be read."""
    TRIP_BEFORE_APPLICATION = "trip_before_application", "申请前到场"
    """A trip for something other than advice, before the application: it counts for the whole journey only."""
    AGENT_WITHOUT_MANDATE = "agent_without_mandate", "代办员无委托"
    """A 代办员 acted whom the applicant had not entrusted, or no longer. 民法典 Art. 165."""
    UNRECORDED_COLLECTION = "unrecorded_collection", "领取未记到场"
    """Collected at a window or a locker, and nobody's coming recorded that day: the trip figures may be too low."""
    SEAL_OUT_OF_FORCE = "seal_out_of_force", "印章不在有效期"
    """Sealed with what the register of seals does not know, or not for that day."""
    MATERIAL_MET_TWICE = "material_met_twice", "重复提交材料"
    """Asked for again although it was met: whatever the citizen has handed in once is not asked for twice."""
    RATED_BEFORE_DONE = "rated_before_done", "评价未完成的环节"
    """A rating of a step that was not done when it was given."""


class Verdict(Term):
    """What a clock says of a case."""

    ON_TIME = "on_time", "按时"
    OVERDUE = "overdue", "超期"
    RUNNING = "running", "在办"


class Decision(Term):
    """The organ's decision on the application (审批决定)."""

    GRANTED = "granted", "准予"
    CONDITIONALLY_GRANTED = "conditionally_granted", "容缺准予"
    REFUSED = "refused", "不予"


class Answer(Term):
    """How a department answered a step of the plan."""

    GRANTED = "granted", "通过"
    REFUSED = "refused", "不通过"
    RETURNED = "returned", "退回"


class Transit(Term):
    """Where an outgoing consignment is (寄递状态)."""

    UNDER_WAY = "under_way", "寄递中"
    RETURNED = "returned", "已退回"
    LOST = "lost", "已遗失"
    DELIVERED = "delivered", "已签收"
    REFUSED = "refused", "已拒收"


class DeliveryMethod(Term):
    """How the result reached the applicant (送达方式)."""

    WINDOW = "window", "窗口领取"
    LOCKER = "locker", "自助取件柜"
    COURIER = "courier", "寄递"
    E_CERTIFICATE = "e_certificate", "电子证照"
    HOME = "home", "送件上门"

    @property
    def collected(self) -> bool:
        """Whether the applicant comes for it: at a window, or at a locker (自助取件)."""
        return self in (DeliveryMethod.WINDOW, DeliveryMethod.LOCKER)


class Visitor(Term):
    """Who made a trip. The hall's own agents (代办员) spare the applicant one: theirs never count."""

    APPLICANT = "applicant", "申请人"
    OWN_AGENT = "own_agent", "申请人自己的代理人"
    HALL_AGENT = "hall_agent", "代办员"


class Place(Term):
    """Where a trip led."""

    HALL = "hall", "办事大厅"
    HALL_KIOSK = "hall_kiosk", "大厅24小时自助区"
    VILLAGE_POINT = "village_point", "村级代办点"
    COMMUNITY_KIOSK = "community_kiosk", "社区(银行)自助终端"
    HOME = "home", "申请人住所(上门服务)"
    OUTSIDE = "outside", "厅外单位"

    @property
    def near(self) -> bool:
        """A near visit (就近): a village point or a terminal in the neighbourhood."""
        return self in (Place.VILLAGE_POINT, Place.COMMUNITY_KIOSK)


class Cause(Term):
    """What a trip was made for."""

    CONSULT = "consult", "咨询"
    SUBMIT = "submit", "提交申请"
    CORRECT = "correct", "补正"
    INSPECT = "inspect", "核验"
    SIGN = "sign", "签字"
    PAY = "pay", "缴费"
    COLLECT = "collect", "领取结果"
    OTHER = "other", "其他"


class CausedBy(Term):
    """To whose account a repetition goes."""

    APPLICANT = "applicant", "申请人"
    AGENCY = "agency", "行政机关"


class TripVerdict(Term):
    """Whether a trip could have been spared (能否避免), and on whose account it goes."""

    PROMISED = "promised", "承诺内的到场"
    """Within the visits the item promises (到办事现场次数), or made where nothing was promised."""
    OPTIONAL = "optional", "可不跑而跑"
    """Beyond them, though nobody failed: it could have been handled online or by courier."""
    AGENCY = "agency", "因行政机关重复到场"
    """The agency's: after an incomplete notice (一次告知不全), a second one, or a fault of its own."""
    APPLICANT = "applicant", "因申请人补正到场"
    """The applicant's: a correction after one complete notice (一次性告知)."""
    NO_TRIP = "no_trip", "不计跑动"
    """No trip of the applicant: a 代办员 went, home service, before the application, after the result."""


class MaterialWay(Term):
    """How a required material was met (材料提交方式)."""

    PAPER = "paper", "纸质提交"
    UPLOAD = "upload", "上传"
    E_LICENCE = "e_licence", "电子证照"
    DATA_SHARING = "data_sharing", "数据共享"
    EARLIER_CASE = "earlier_case", "历史办件复用"
    PACKAGE = "package", "一件事共用"
    EXEMPTED = "exempted", "免提交"

    @property
    def reused(self) -> bool:
        """Whether it was looked up, so that nobody handed it in: by licence, shared data or an earlier case (免提交, K14).

        What a package shares (一件事共用) was handed in, once for all its cases: that is no 免提交.
        """
        return self in (MaterialWay.E_LICENCE, MaterialWay.DATA_SHARING, MaterialWay.EARLIER_CASE)

    @property
    def handed_in(self) -> bool:
        """Whether somebody brought it or sent it, for this case."""
        return self in (MaterialWay.PAPER, MaterialWay.UPLOAD)


class LicenceLevel(Term):
    """How far an electronic licence is trusted (电子证照用证等级): from A, as good as the original, to D, for reference."""

    A = "A", "A级"
    B = "B", "B级"
    C = "C", "C级"
    D = "D", "D级"


class HolderKind(Term):
    """Who may hold an original (原件保管)."""

    APPLICANT = "applicant", "申请人"
    AGENT = "agent", "代办员"
    HALL = "hall", "窗口"
    DEPARTMENT = "department", "部门"
    COURIER = "courier", "寄递"


class FeeWay(Term):
    """How a fee was paid (缴费方式)."""

    ONLINE = "online", "网上支付"
    WINDOW = "window", "窗口缴费"


class CoreStep(Term):
    """The five steps shown to citizens (五个环节); a rating is tied to one."""

    RECEIPT = "receipt", "受理"
    REVIEW = "review", "审核"
    APPROVAL = "approval", "审批"
    CLOSING = "closing", "办结"
    DELIVERY = "delivery", "送达"


class RatingReview(Term):
    """What the review of a bad rating found (差评核实)."""

    VALID = "valid", "属实"
    MISTAKEN = "mistaken", "误评"
    MALICIOUS = "malicious", "恶意差评"


class Area(Term):
    """How far from its owner an item may be handed in (通办范围, GB/T 39046 table 4)."""

    NATION = "nation", "全国"
    CROSS_PROVINCE = "cross_province", "跨省"
    CROSS_CITY = "cross_city", "跨市"
    CROSS_COUNTY = "cross_county", "跨县"


class ReceiptDate(Term):
    """When papers in a drop box count as received (收件日期)."""

    COLLECTION = "collection", "取件时"
    DEPOSIT = "deposit", "投递时"


class ItemLabel(Term):
    """Lists an item may stand on."""

    JOINT_REVIEW = "joint_review", "联审联办"
    CITYWIDE = "citywide", "全城通办"
    ONE_LICENCE = "one_licence", "一证通办"
    INSTANT_APPROVAL = "instant_approval", "秒批"


class PackageStage(Term):
    """Where a package (一件事) stands."""

    NEW = "new", "未申请"
    OPENED = "opened", "已申请"
    ACCEPTED = "accepted", "已受理"
    CLOSED = "closed", "已办结"


class MemberState(Term):
    """Where a case of a package stands, as the package sees it."""

    WAITING = "waiting", "待前置事项"
    RUNNING = "running", "在办"
    ENDED = "ended", "已结束"
    DROPPED = "dropped", "前置事项未通过, 不再办理"


class Outcome(Code):
    """办结结果: how a case was closed. Reasons are mandatory for 1, 2 and 3."""

    CERTIFICATE_ISSUED = 0, "出证办结"
    RETURNED = 1, "退回办结"
    VOIDED = 2, "作废办结"
    DELETED = 3, "删除办结"
    FORWARDED = 4, "转报办结"
    CORRECTION_NOT_SUPPLIED = 5, "补交不来办结"
    OTHER = 6, "办结"

    @property
    def reason_required(self) -> bool:
        """Whether closing this way without a reason would be a supervision finding."""
        return self in (Outcome.RETURNED, Outcome.VOIDED, Outcome.DELETED)


class Grade(Code):
    """满意度 (好差评): GB/T 39046 A.8."""

    VERY_SATISFIED = 1, "非常满意"
    SATISFIED = 2, "满意"
    FAIRLY_SATISFIED = 3, "基本满意"
    DISSATISFIED = 4, "不满意"
    VERY_DISSATISFIED = 5, "非常不满意"

    @property
    def bad(self) -> bool:
        """差评: it has to be reviewed, put right and answered."""
        return self in (Grade.DISSATISFIED, Grade.VERY_DISSATISFIED)
