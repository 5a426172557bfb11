"""Words of the catalogue (事项目录): how an item is offered, to whom, by whom."""

from casecore.vocabulary.terms import Term

__all__ = ["ApplicantKind", "Area", "Channel", "HandlingKind", "ItemLabel", "ItemType", "ReceiptDate", "Tier"]


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

    @property
    def in_person(self) -> bool:
        """Whether somebody comes with the papers: to a window, a terminal or a village point."""
        return self in (Channel.WINDOW, Channel.KIOSK, Channel.AGENT_POINT)


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


class Area(Term):
    """How far from its owner an item may be handed in (通办范围, GB/T 39046 table 4)."""

    NATION = "nation", "全国"
    CROSS_PROVINCE = "cross_province", "跨省"
    CROSS_CITY = "cross_city", "跨市"
    CROSS_COUNTY = "cross_county", "跨县"

    def reaches(self, other: "Area") -> bool:
        """Whether it reaches at least as far as another."""
        farthest_first = tuple(Area)
        return farthest_first.index(self) <= farthest_first.index(other)


class ItemLabel(Term):
    """Lists an item may stand on."""

    JOINT_REVIEW = "joint_review", "联审联办"
    CITYWIDE = "citywide", "全城通办"
    ONE_LICENCE = "one_licence", "一证通办"
    INSTANT_APPROVAL = "instant_approval", "秒批"


class ReceiptDate(Term):
    """When papers in a drop box count as received (收件日期)."""

    COLLECTION = "collection", "取件时"
    DEPOSIT = "deposit", "投递时"
