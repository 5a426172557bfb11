"""Words of what is done for the citizen: trips, materials, couriers, fees, ratings."""

from casecore.vocabulary.terms import Code, Term

__all__ = [
    "Cause",
    "CausedBy",
    "DeliveryMethod",
    "FeeWay",
    "Grade",
    "HolderKind",
    "LicenceLevel",
    "MaterialWay",
    "Place",
    "RatingReview",
    "TimeBand",
    "Transit",
    "TripVerdict",
    "TripsUnknown",
    "Visitor",
]


class TimeBand(Term):
    """The band of hours something was done in (时段): legal working time, or one of the extended services around it."""

    BEFORE_OPENING = "before_opening", "早间延时"
    MORNING = "morning", "上午"
    NOON = "noon", "午间不间断"
    AFTERNOON = "afternoon", "下午"
    EVENING = "evening", "晚间延时"
    SATURDAY = "saturday", "周六延时"
    REST_DAY = "rest_day", "其他休息日"


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


class TripsUnknown(Term):
    """Why nobody knows how often the applicant came for a case (跑动不明): such a case is in no figure of trips."""

    NOT_RECORDED = "not_recorded", "未记录跑动"
    """An imported history that says nothing of trips."""
    INTAKE = "intake", "收件未记到场"
    """Taken in at a window, a terminal or a village point, and nobody's coming told."""
    CORRECTION = "correction", "补正未记到场"
    """What was missing was handed in there, and nobody's coming told."""
    PAYMENT = "payment", "缴费未记到场"
    """A fee was paid at a window, and nobody's coming told."""
    ORIGINALS = "originals", "原件交接未记到场"
    """Originals went from hand to hand between applicant and hall, and nobody's coming told."""
    COLLECTION = "collection", "领取未记到场"
    """The result was collected, and nobody's coming told."""
    PENDING = "pending", "结果待领取"
    """Nobody had to come so far, and the result on paper is not handed over yet: it is not yet zero trips (零跑动)."""


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


class RatingReview(Term):
    """What the review of a bad rating found (差评核实)."""

    VALID = "valid", "属实"
    MISTAKEN = "mistaken", "误评"
    MALICIOUS = "malicious", "恶意差评"


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
