"""Refusals: what the rules say no with. A closed list, in order of precedence, in Chinese and English.

A refusal is a value, not an exception. Lawful noes to the citizen (不予受理, 不予许可) are facts, not refusals.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

__all__ = ["Reason", "Refused"]


class Reason(StrEnum):
    """Why a command was not carried out; where several apply, the first in this order is given."""

    zh: str
    en: str

    def __new__(cls, code: str, zh: str, en: str) -> Self:
        """Make a member that is its stable code and carries both sentences."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.zh, member.en = zh, en
        return member

    # the command itself
    COMMAND_ID_REUSED = "command_id_reused", "同一命令编号已用于另一命令", "this command id was used for another command"
    UNKNOWN_CASE = "unknown_case", "办件不存在", "no such case"
    UNKNOWN_PACKAGE = "unknown_package", "一件事不存在", "no such package"
    OTHER_KIND = "other_kind", "该编号属于另一类记录", "this id is that of another kind of record"
    UNKNOWN_BOX = "unknown_box", "投递箱不存在", "no such drop box"
    OTHER_DISTRICT = "other_district", "此库属于另一区划", "this log is that of another district"
    UNKNOWN_VISIT = "unknown_visit", "该次到场不存在", "no such visit"
    # where the case stands
    WRONG_STAGE = "wrong_stage", "办件当前环节不能进行此操作", "the case does not stand where this can be done"
    # when
    IN_THE_FUTURE = "in_the_future", "发生时间晚于当前时间", "it is said to have happened in the future"
    BEFORE_STAGE = (
        "before_stage",
        "发生时间早于办件进入当前环节的时间",
        "it is said to have happened before the case came this far",
    )
    OUTSIDE_CALENDAR = "outside_calendar", "日期超出工作日历范围", "the calendar knows nothing of that date"
    NOTHING_DUE = "nothing_due", "时间尚未带来任何变化", "the passing of time has brought nothing yet"
    # whether it may go on
    CASE_SUSPENDED = "case_suspended", "办件已挂起", "the case is suspended"
    # who
    ACCEPTOR_MAY_NOT_APPROVE = (
        "acceptor_may_not_approve",
        "受审分离:受理人员不得审批同一办件",
        "who accepted a case may not approve or decide it",
    )
    NO_MANDATE = "no_mandate", "代办员无有效委托", "the agent has no mandate in force from the applicant"
    MANDATE_EXISTS = "mandate_exists", "已委托该代办员", "the agent was entrusted already"
    ID_NOT_HASHED = (
        "id_not_hashed",
        "证件号须为SHA-256摘要",
        "an identity is recorded as its SHA-256 only (64 hexadecimal digits)",
    )
    # the item
    UNKNOWN_ITEM = "unknown_item", "事项不存在", "no such service item"
    ITEM_NOT_IN_FORCE = "item_not_in_force", "事项在该日期未生效或已取消", "the item is not in force on that date"
    ITEM_DIFFERS = "item_differs", "与申请的事项不一致", "the case was filed for another item"
    SITE_NOT_IN_SERVICE = (
        "site_not_in_service",
        "该办理点在该日期未启用或已停用",
        "this place of intake takes no papers on that date",
    )
    NOT_TAKEN_HERE = "not_taken_here", "该办理点不受理此事项", "this place of intake does not take the item"
    OUTSIDE_AREA = (
        "outside_area",
        "超出该事项的通办范围",
        "the item may not be handed in so far from its owner",
    )
    CHANNEL_NOT_OFFERED = (
        "channel_not_offered",
        "该事项不支持此办理形式",
        "the item is not offered through this channel",
    )
    APPLICANT_NOT_SERVED = (
        "applicant_not_served",
        "申请人不属于该事项的服务对象",
        "the item does not serve this kind of applicant",
    )
    ENTITLING_DAY_MISSING = (
        "entitling_day_missing",
        "该事项有申报期,须说明起算日期",
        "the item has an application window: say when it opened",
    )
    OUTSIDE_APPLICATION_WINDOW = "outside_application_window", "已超过申报期", "the application window has closed"
    # intake
    NOTHING_NAMED = "nothing_named", "未列明材料", "no material is named"
    NOTICE_TOO_LATE = (
        "notice_too_late",
        "已超过五个工作日未告知,自收件之日起视为受理",
        "nothing was said within five working days: the case is deemed accepted since its receipt",
    )
    NOT_IN_FIRST_NOTICE = (
        "not_in_first_notice",
        "补正内容应当一次性告知,不得要求首次告知以外的材料",
        "all corrections are told once: this was not in the first notice",
    )
    # the package
    IN_ANOTHER_PACKAGE = "in_another_package", "该办件已属于另一个一件事", "the case belongs to another package"
    WAITS_FOR_OTHERS = "waits_for_others", "前置事项尚未准予", "the case waits for others of its package to be granted"
    PACKAGE_MUST_KNOW = (
        "package_must_know",
        "该办件属于本库的一件事, 此事实须以命令办理",
        "a package kept here must learn of this: it is given as a command, not imported",
    )
    UNKNOWN_THEME = "unknown_theme", "一件事主题不存在", "no such theme"
    THEME_NOT_IN_FORCE = "theme_not_in_force", "主题在该日期未生效或已取消", "the theme is not in force on that date"
    ANSWERS_UNFIT = "answers_unfit", "情形问卷未答全或答案不在选项内", "the questionnaire is not answered as it asks"
    NO_ITEM_CALLED_FOR = "no_item_called_for", "按所选情形无需办理任何事项", "these answers call for no item"
    FORM_UNFIT = "form_unfit", "申请表字段缺失或多余", "the form lacks a field, or has one the theme does not"
    SUBJECT_TWICE = "subject_twice", "办理对象重复", "a subject is named twice"
    # the books of the district
    CONTRADICTS_BOOKS = (
        "contradicts_books",
        "与已采用的账簿矛盾:已有版本的内容不得更改,须另立新版本",
        "what was adopted says otherwise under this name: it stays, and what changes takes a new version",
    )
    ADOPTED_LATER = (
        "adopted_later",
        "生效日期早于已采用者的生效日期",
        "what is adopted already is in force from a later day than this",
    )
    COUNTED_UNDER = (
        "counted_under",
        "办件据此计时,不得移出账簿",
        "cases are counted under it: it may be followed by another, and not withdrawn",
    )
    NOT_IN_BOOKS = "not_in_books", "账簿中无此条目", "there is no such entry in the books"
    BOOKS_UNSOUND = "books_unsound", "账簿内容有误", "nobody could decide by these books"
    BOOKS_UNCHANGED = "books_unchanged", "账簿无变化", "the books say all of this already"
    # materials
    MATERIAL_NOT_REQUIRED = "material_not_required", "该事项不要求此材料", "the item does not require this material"
    MATERIAL_MET = "material_met", "该材料已提交", "this material was met already"
    MATERIAL_PROMISED = "material_promised", "该材料已承诺后补", "this material was promised for later already"
    SOURCE_REQUIRED = (
        "source_required",
        "须说明材料来源(证照编号及等级、数据源或办件编号)",
        "say where it comes from: licence number and level, data source or earlier case",
    )
    NO_LICENCE_FOR_IT = "no_licence_for_it", "该材料不能以电子证照替代", "no electronic licence may stand for this material"
    NOT_THE_HOLDER = "not_the_holder", "交出方并未持有该材料", "who hands it over does not hold it"
    # drop boxes
    BOX_NOT_IN_SERVICE = "box_not_in_service", "投递箱在该日期未启用或已停用", "the drop box is not in service on that date"
    DEPOSIT_EXISTS = "deposit_exists", "投递编号已使用", "this deposit was recorded already"
    # approvals
    UNKNOWN_STEP = "unknown_step", "审批流程中没有该步骤", "the approval plan has no such step"
    STEP_NOT_READY = (
        "step_not_ready",
        "前置环节尚未完成或该步骤已分办",
        "the step waits for another or was routed already",
    )
    STEP_NOT_OPEN = "step_not_open", "该步骤未在审批中", "the step is not open at any department"
    WRONG_DEPARTMENT = "wrong_department", "该步骤不由此部门审批", "the step is open at another department"
    SAME_DEPARTMENT = "same_department", "该步骤已在此部门", "the step is at this department already"
    STEP_EXISTS = "step_exists", "环节编号已使用", "the review has a step of that name"
    DEPARTMENT_ASKED = (
        "department_asked",
        "该部门已在审批之列且尚未答复",
        "the department is asked already and has not answered",
    )
    STEP_NOT_ADDED = "step_not_added", "该环节属于审批流程,不是加签", "the step is of the plan itself: it was not added"
    REVIEW_REFUSED = "review_refused", "有部门审批不通过,不能准予", "a department refused: the decision cannot grant"
    # time limits
    GROUND_MISSING = (
        "ground_missing",
        "特别程序须说明法定事由",
        "a special procedure needs its ground in law (Art. 45)",
    )
    DAYS_OUT_OF_RANGE = "days_out_of_range", "天数超出允许范围", "the number of days is out of range"
    SUSPENSION_EXISTS = "suspension_exists", "该挂起编号已使用", "this suspension id was used already"
    OVERLAPPING_DECLARATION = (
        "overlapping_declaration",
        "与已告知的特别程序期限重叠",
        "it overlaps the days already declared for another special procedure",
    )
    ENDED_BEFORE_STARTED = (
        "ended_before_started",
        "结束时间早于开始时间",
        "it is said to have ended before it started",
    )
    NOT_SUSPENDED = "not_suspended", "没有可解除的挂起", "there is no such open suspension"
    EXTENSION_TOO_LONG = (
        "extension_too_long",
        "延长天数超过法定上限",
        "the extension is longer than the law allows (Art. 42)",
    )
    WRONG_AUTHORITY = (
        "wrong_authority",
        "批准机关不符:一般由行政机关负责人、联办由本级人民政府负责人批准",
        "another authority must approve: the organ's head, for joint handling the head of government",
    )
    ALREADY_EXTENDED = "already_extended", "延长审批只能一次", "the limit can be extended once only"
    # hearings
    HEARING_OFFERED = "hearing_offered", "已告知听证权利", "the right to a hearing was told already"
    HEARING_NOT_OFFERED = "hearing_not_offered", "尚未告知听证权利", "nobody has offered a hearing"
    HEARING_REQUESTED = "hearing_requested", "已申请听证", "the hearing was asked for already"
    HEARING_REQUEST_TOO_LATE = (
        "hearing_request_too_late",
        "已超过五个工作日的听证申请期",
        "a hearing is asked for within five working days",
    )
    HEARING_NOT_REQUESTED = "hearing_not_requested", "无人申请听证", "nobody has asked for a hearing"
    HEARING_NOT_NOTIFIED = "hearing_not_notified", "听证尚未通知或未到通知的日期", "no hearing was announced for that day"
    HEARING_NOTICE_TOO_SHORT = (
        "hearing_notice_too_short",
        "听证应当在举行七日前通知",
        "a hearing is announced seven days ahead",
    )
    # extensions and hearings
    NOTICE_REQUIRED = "notice_required", "须书面告知申请人", "the applicant must be told in writing"
    # supervision
    CARD_EXISTS = "card_exists", "该牌已发出", "this card was issued already"
    UNKNOWN_CARD = "unknown_card", "没有这张牌", "no such card"
    CARD_REVOKED = "card_revoked", "该牌已撤销", "the card was revoked already"
    # certificates and delivery
    NOT_GRANTED = "not_granted", "未准予的办件不能制证", "only a granted case gets a certificate"
    CONDITION_FAILED = (
        "condition_failed",
        "前置事项未通过,附条件办理已失效",
        "what it was handled on condition of came to nothing",
    )
    RESULT_SET_ASIDE = "result_set_aside", "办理结果已被撤销", "the result was set aside"
    NEW_CASE_REQUIRED = (
        "new_case_required",
        "重作期限或地点须附重作办件编号",
        "a period or place for deciding anew needs the case that does",
    )
    CERTIFICATE_EXISTS = "certificate_exists", "证照编号已存在", "this certificate was made already"
    UNKNOWN_CERTIFICATE = "unknown_certificate", "证照不存在", "no such certificate"
    CERTIFICATE_REVOKED = "certificate_revoked", "证照已撤销或已被换发", "the certificate was revoked or replaced"
    UNKNOWN_SEAL = "unknown_seal", "印章未登记", "the seal is in no register"
    SEAL_NOT_IN_FORCE = "seal_not_in_force", "印章不在有效期", "the seal is not in force on that date"
    SEAL_OF_ANOTHER = "seal_of_another", "印章不属于该事项的实施机关", "the seal is that of another department"
    SEAL_NOT_ELECTRONIC = (
        "seal_not_electronic",
        "电子证照须加盖电子印章",
        "an electronic certificate needs an electronic seal",
    )
    ALREADY_SEALED = "already_sealed", "证照已用印", "the certificate is sealed already"
    NOT_SEALED = "not_sealed", "证照尚未用印", "the certificate is not sealed yet"
    ALREADY_DELIVERED = "already_delivered", "已送达", "it was delivered already"
    CONSIGNMENT_EXISTS = "consignment_exists", "寄递单号已使用", "this consignment number was used already"
    UNKNOWN_CONSIGNMENT = "unknown_consignment", "寄递单号不存在", "no such consignment"
    CONSIGNMENT_HOLDS_ANOTHER = (
        "consignment_holds_another",
        "该件寄递的是另一证照",
        "the consignment carries another certificate",
    )
    CONSIGNMENT_NOT_IN_TRANSIT = "consignment_not_in_transit", "该件不在寄递途中", "the consignment is not under way"
    CONSIGNMENT_NOT_FAILED = (
        "consignment_not_failed",
        "该件未退回、未被拒收也未遗失,不能重寄",
        "only a returned, refused or lost consignment is sent again",
    )
    # closing
    OUTCOME_UNFIT = "outcome_unfit", "该办结结果不适用于办件当前环节", "a case that stands here cannot be closed this way"
    REASON_REQUIRED = "reason_required", "必须说明理由", "a reason is required"
    DESTINATION_REQUIRED = "destination_required", "转报须说明去向", "forwarding needs a destination"
    CERTIFICATE_NOT_MADE = "certificate_not_made", "出证办结须先制证", "closing with a certificate needs one made"
    # fees, ratings, trips
    NO_FEE = "no_fee", "该事项不收费", "nothing is charged for this item"
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range", "金额超出允许范围", "the amount is out of range"
    FEE_SETTLED = "fee_settled", "该费用已缴纳或减免", "this fee was paid or waived already"
    ALREADY_RATED = "already_rated", "已评价", "this was rated already"
    NOTHING_TO_RATE = "nothing_to_rate", "所评环节尚未完成", "the step to be rated was not done yet"
    NOT_RATED_BADLY = "not_rated_badly", "没有该环节的差评", "there is no bad rating of that step"
    RATING_REVIEWED = "rating_reviewed", "差评已核实", "the bad rating was reviewed already"
    RATING_NOT_VALID = "rating_not_valid", "差评未经核实属实", "the bad rating was not found valid"
    RATING_RECTIFIED = "rating_rectified", "差评已整改", "the bad rating was rectified already"
    RATER_CALLED_BACK = "rater_called_back", "已回访", "the rater was called back already"
    RATER_UNKNOWN = "rater_unknown", "匿名差评无法回访", "an anonymous rater cannot be called back"
    VISIT_RECORDED = "visit_recorded", "该次到场已记录", "this visit was recorded for the case already"
    HALL_REQUIRED = "hall_required", "须说明到场的办理点", "say to which hall or site they came"
    TRIP_BEFORE_APPLICATION = (
        "trip_before_application",
        "申请之前只记录咨询",
        "before the application only advice is a reason to come",
    )
    # visits
    VISIT_OPENED = "visit_opened", "该次到场已登记", "that this visit began was told already"
    VISIT_ON_ANOTHER_DAY = "visit_on_another_day", "到场时间不在该日", "they are said to have come on another day"
    PERSONS_OUT_OF_RANGE = "persons_out_of_range", "到场人数至少为一人", "at least one person comes"
    BEFORE_ARRIVAL = "before_arrival", "办理时间早于到场时间", "it is said to have been done before they came"
    LEFT_BEFORE_ARRIVAL = "left_before_arrival", "离场时间早于到场时间", "they are said to have left before they came"
    LEFT_WHILE_SERVED = "left_while_served", "离场时间早于最后办理时间", "they are said to have left before the last act"
    VISIT_IN_VAIN = "visit_in_vain", "该次到场已记为白跑", "this visit was in vain: it served no case"
    VISIT_LEFT = "visit_left", "到场人已离场", "they had left by then"
    VISIT_SERVED = "visit_served", "该次到场已办理办件,不能记为白跑", "the visit served a case: it was not in vain"
    TWO_APPLICANTS = (
        "two_applicants",
        "一次到场不能有多于到场人数的申请人",
        "more applicants in person than came in this visit",
    )
    VISITOR_DIFFERS = "visitor_differs", "与登记的到场人不一致", "another came than was told on arriving"
    # the machine that writes
    CLOCK_AHEAD = (
        "clock_ahead",
        "本机时钟超前于库的时钟或最后记录,超出允许范围:请校准,或由负责人准许(AdmitClock)",
        "this machine's clock is further ahead of the store's, or of the last fact, than it may be: set it, or AdmitClock",
    )


@dataclass(frozen=True, slots=True)
class Refused:
    """The rules say no: which command, why, and what exactly stood in the way."""

    reason: Reason
    named: str = ""
    """The stage, step, item or number it turned on."""
    case: str = ""
    command: str = ""

    def __str__(self) -> str:
        place = f" [{self.named}]" if self.named else ""
        return f"{self.case} {self.command}: {self.reason.value}{place}: {self.reason.zh} / {self.reason.en}".strip()


def blank(text: str | None) -> bool:
    """Whether a reason that has to be given is not."""
    return text is None or not text.strip()
