"""Telling facts: every fact of every kind of stream has its term in Chinese and its sentence in English."""

from typing import Final, get_args

import pytest
from explained import deemed_accepted, on, resumed, special, yellow
from story import HALL, HEAD, accepted, day, fact, received, submitted

from casecore import (
    ApplicantKind,
    ApprovalGranted,
    ApprovalRefused,
    ApprovalReturned,
    Authority,
    BoxCollected,
    BoxDeposit,
    BoxDeposited,
    CardRevoked,
    CaseClosed,
    CaseJoined,
    CaseRated,
    CaseRouted,
    CaseTransferred,
    CaseVoided,
    CaseWithdrawn,
    Cause,
    CausedBy,
    CertificateCorrected,
    CertificateMade,
    CertificateReissued,
    CertificateRevoked,
    CertificateSealed,
    Channel,
    ConditionFailed,
    ConditionLapsed,
    ConditionMet,
    CoreStep,
    CorrectedOnSpot,
    CorrectionRequested,
    CorrectionSubmitted,
    CourierDispatched,
    CourierLost,
    CourierRefused,
    CourierReturned,
    Decision,
    DecisionMade,
    DeliveryMethod,
    ExtensionApproved,
    FeePaid,
    FeeWaived,
    FeeWay,
    Grade,
    HearingHeld,
    HearingNotified,
    HearingOffered,
    HearingRequested,
    HolderKind,
    HomeServiceRequested,
    LicenceLevel,
    Limit,
    LookupFailed,
    MandateGranted,
    MandateRevoked,
    MaterialMet,
    MaterialPromised,
    MaterialsCouriered,
    MaterialShared,
    MaterialWay,
    MemberAccepted,
    MemberDropped,
    MemberEnded,
    MemberResumed,
    MemberStarted,
    MemberSuspended,
    NotAccepted,
    Outcome,
    PackageAccepted,
    PackageClosed,
    PackageExtended,
    PackageOpened,
    PapersCollected,
    PapersDeposited,
    PapersHandedOver,
    PapersSent,
    Place,
    PlannedCase,
    PreReviewPassed,
    PreReviewReturned,
    RaterCalledBack,
    RatingRectified,
    RatingReview,
    RatingReviewed,
    RenewalDeemed,
    ResultDelivered,
    ReviewCompleted,
    Stage,
    StepCompleted,
    Suspended,
    SuspensionKind,
    Tier,
    TripMade,
    Visitor,
)
from casecore.recorded import Event
from ops.explaining.story import tell

Told = tuple[Event, str, str]

OF_EXAMINATION: Final[tuple[Told, ...]] = (
    (submitted(), "申请", "Li Lei applied for FOOD by website"),
    (submitted(assisted=True), "申请", "Li Lei applied for FOOD by website, filed by window staff (帮办)"),
    (fact(PreReviewPassed, "03-02 09:00"), "预审通过", "the papers are fit to be received"),
    (
        fact(PreReviewPassed, "03-02 09:00", opinion="complete"),
        "预审通过",
        "the papers are fit to be received (complete)",
    ),
    (
        fact(PreReviewReturned, "03-02 09:00", reason="unsigned", materials=("form", "lease")),
        "预审退回",
        "handed back: unsigned: form, lease",
    ),
    (received(channel=Channel.WINDOW), "收件", f"received at {HALL} for FOOD, by window"),
    (received(window="12"), "收件", f"received at {HALL}, window 12 for FOOD, by window"),
    (fact(CorrectedOnSpot, "03-02 09:00", materials=("form",)), "当场更正", "put right on the spot: form"),
    (
        fact(CorrectionRequested, "03-02 09:00", materials=("lease", "photo")),
        "补正告知",
        "one complete notice (一次性告知), cause: 申请人: lease, photo",
    ),
    (
        fact(CorrectionRequested, "03-02 09:00", materials=("x",), complete=False, caused_by=CausedBy.AGENCY),
        "补正告知",
        "an incomplete notice, cause: 行政机关: x",
    ),
    (fact(CorrectionSubmitted, "03-02 09:00", materials=("lease",)), "补正提交", "the corrections are in: lease"),
    (
        accepted(),
        "受理",
        (
            "accepted with effect from 2026-03-02: promised 10 working days, by law 20 working days;"
            " FOOD version 1, calendar story.1"
        ),
    ),
    (
        accepted(statutory=None, promised=Limit.hours(2)),
        "受理",
        "accepted with effect from 2026-03-02: promised 2 hours; FOOD version 1, calendar story.1",
    ),
    (
        fact(NotAccepted, "03-02 09:00", reason="not ours", remedy="appeal"),
        "不予受理",
        "not accepted: not ours; remedy: appeal",
    ),
    (
        fact(NotAccepted, "03-02 09:00", reason="not ours", remedy="appeal", redirect_to="the bank"),
        "不予受理",
        "not accepted: not ours; remedy: appeal; go to the bank",
    ),
    (fact(CaseRouted, "03-02 09:00", step="fire", department="Fire"), "分办", "step fire opens at Fire"),
    (
        fact(
            CaseTransferred,
            "03-02 09:00",
            step="fire",
            from_department="Fire",
            to_department="Police",
            reason="theirs",
        ),
        "转办",
        "step fire: Fire to Police, theirs",
    ),
    (fact(StepCompleted, "03-02 09:00", name="survey"), "环节办结", "survey"),
    (
        fact(StepCompleted, "03-02 09:00", name="survey", department="Land", action="passed"),
        "环节办结",
        "survey at Land (passed)",
    ),
    (
        fact(ApprovalGranted, "03-02 09:00", step="fire", department="Fire", opinion="two exits"),
        "审批通过",
        "Fire grants step fire (two exits)",
    ),
    (
        fact(ApprovalRefused, "03-02 09:00", step="fire", department="Fire", reason="no exit"),
        "审批不通过",
        "Fire refuses step fire: no exit",
    ),
    (
        fact(ApprovalReturned, "03-02 09:00", step="fire", department="Fire", reason="no plan"),
        "审批退回",
        "Fire hands step fire back: no plan",
    ),
    (fact(ReviewCompleted, "03-02 09:00", granted=True), "审批完毕", "every department has granted"),
    (fact(ReviewCompleted, "03-02 09:00", granted=False), "审批完毕", "not every department has granted"),
    (
        special("03-02 09:00"),
        "特别程序",
        "S1: samples are tested (检测), 3 working days declared; it may stop the promised and the statutory clock",
    ),
    (
        fact(
            Suspended,
            "03-02 09:00",
            suspension="S2",
            kind=SuspensionKind.ORDINARY,
            reason="a paper is sought",
            moves_promise=True,
        ),
        "普通挂起",
        "S2: a paper is sought; it may stop the promised clock",
    ),
    (
        fact(Suspended, "03-02 09:00", suspension="S3", kind=SuspensionKind.FORWARDED, reason="to the city"),
        "转报",
        "S3: to the city; it stops no clock",
    ),
    (resumed("03-02 09:00"), "解挂", "S1 ends"),
    (
        fact(ExtensionApproved, "03-02 09:00", days=10, approver=HEAD, reason="difficult"),
        "延长审批",
        "10 working days more, approved by zhao: difficult",
    ),
    (fact(DecisionMade, "03-02 09:00", decision=Decision.GRANTED), "决定:准予", "granted"),
    (
        fact(DecisionMade, "03-02 09:00", decision=Decision.CONDITIONALLY_GRANTED, reason="photo to follow"),
        "决定:容缺准予",
        "conditionally granted (photo to follow)",
    ),
    (
        fact(CaseClosed, "03-02 09:00", outcome=Outcome.FORWARDED, forwarded_to="the city", reason="theirs"),
        "办结",
        "4 转报办结, to the city (theirs)",
    ),
    (fact(CaseWithdrawn, "03-02 09:00", reason="moved away"), "撤回", "withdrawn: moved away"),
    (
        fact(CaseVoided, "03-02 09:00", outcome=Outcome.VOIDED, reason="twice"),
        "作废",
        "struck from every figure: twice",
    ),
    (
        fact(CaseVoided, "03-02 09:00", outcome=Outcome.DELETED, reason="a slip"),
        "删除",
        "struck from every figure: a slip",
    ),
    (
        deemed_accepted(),
        "视为受理",
        "nobody said what is missing by 2026-03-13: accepted since 2026-03-07, promised 10 working days",
    ),
    (fact(HearingOffered, "03-02 09:00", notice="T1"), "听证告知", "the applicant may ask for a hearing (T1)"),
    (fact(HearingRequested, "03-02 09:00"), "听证申请", "a hearing is asked for"),
    (
        fact(HearingNotified, "03-02 09:00", hearing_on=on("03-20"), notice="T2"),
        "听证通知",
        "the hearing is on 2026-03-20 (T2)",
    ),
    (fact(HearingHeld, "03-02 09:00", record="R1"), "听证举行", "the hearing was held (R1)"),
    (
        fact(RenewalDeemed, "04-02 00:00", licence_expired_on=on("04-01")),
        "视为准予延续",
        "the licence ran out on 2026-04-01 and nobody had decided",
    ),
    (yellow("03-17 00:00"), "发牌:黄牌", "promise_overdue:promised:2026-03-16: 超承诺时限, due 2026-03-16, 1 day over"),
    (
        fact(CardRevoked, "03-18 09:00", card="manual:1", reason="the system was down"),
        "撤牌",
        "manual:1 revoked: the system was down",
    ),
)

CAME: Final = {"visit": "V1", "place": Place.HALL, "cause": Cause.SUBMIT}

OF_SERVICE: Final[tuple[Told, ...]] = (
    (
        fact(CaseJoined, "03-02 09:00", package="PKG", theme="bookstore", visits_promised=2, subject="门店一"),
        "纳入一件事",
        "of package PKG, theme bookstore, for 门店一; at most 2 visits for the whole",
    ),
    (
        fact(CaseJoined, "03-02 09:00", package="PKG", theme="start-up", visits_promised=1, waiting=True),
        "纳入一件事",
        "of package PKG, theme start-up; at most 1 visit for the whole; others come first (待前置事项)",
    ),
    (
        fact(ConditionLapsed, "03-02 09:00", prerequisite="PKG-FIRE"),
        "附条件未成就",
        "what it was handled on condition of, or waited for, has failed: PKG-FIRE",
    ),
    (
        fact(MandateGranted, "03-02 09:00", agent="ma", applicant="Li Lei", scope="老年证", until=day("06-30"), site="P1"),
        "委托代办",
        "Li Lei entrusts ma, at P1 with 老年证, until 2026-06-30",
    ),
    (
        fact(MandateGranted, "03-02 09:00", agent="ma", applicant="Li Lei", scope="老年证"),
        "委托代办",
        "Li Lei entrusts ma with 老年证",
    ),
    (
        fact(MandateRevoked, "03-02 09:00", agent="ma", reason="he moved"),
        "撤销委托",
        "ma is no longer entrusted: he moved",
    ),
    (
        fact(HomeServiceRequested, "03-02 09:00", wanted_on=day("03-05"), where="1 Station Road"),
        "预约上门",
        "the hall is asked to come on 2026-03-05, 1 Station Road",
    ),
    (
        fact(
            PapersHandedOver,
            "03-02 09:00",
            materials=("photo", "id"),
            giver_kind=HolderKind.APPLICANT,
            giver="Li Lei",
            holder_kind=HolderKind.AGENT,
            holder="ma",
            place=Place.HOME,
        ),
        "原件交接",
        "申请人 Li Lei to 代办员 ma, at 申请人住所(上门服务): photo, id",
    ),
    (fact(MaterialMet, "03-02 09:00", material="id", way=MaterialWay.PAPER), "材料到位", "id: 纸质提交"),
    (
        fact(
            MaterialMet,
            "03-02 09:00",
            material="id",
            way=MaterialWay.E_LICENCE,
            source="L-7",
            level=LicenceLevel.A,
        ),
        "材料到位",
        "id: 电子证照, from L-7, level A",
    ),
    (
        fact(MaterialPromised, "03-02 09:00", material="lease", due_on=day("03-20")),
        "容缺承诺",
        "lease is to follow by 2026-03-20",
    ),
    (
        fact(LookupFailed, "03-02 09:00", material="id", way=MaterialWay.DATA_SHARING, reason="the line was down"),
        "调取失败",
        "id could not be had by 数据共享: the line was down",
    ),
    (
        fact(PapersDeposited, "03-02 09:00", box="BOX", deposit="D1", materials=("form",)),
        "投递",
        "papers put into box BOX, D1: form",
    ),
    (fact(PapersCollected, "03-02 09:00", box="BOX", deposit="D1"), "取件", "D1 taken out of box BOX"),
    (
        fact(FeePaid, "03-02 09:00", fee="工本费", amount_fen=1005, way=FeeWay.ONLINE, receipt="R1"),
        "缴费",
        "工本费: 10.05 yuan (元), 网上支付 (R1)",
    ),
    (
        fact(FeeWaived, "03-02 09:00", fee="刻章费", amount_fen=30000, basis="零成本开办"),
        "减免",
        "刻章费: 300.00 yuan (元) not asked for, under 零成本开办",
    ),
    (fact(CaseRated, "03-02 09:00", grade=Grade.SATISFIED, remark="quick"), "评价", "2 满意 (quick)"),
    (
        fact(CaseRated, "03-02 09:00", grade=Grade.VERY_SATISFIED, defaulted=True),
        "评价",
        "1 非常满意 (by default)",
    ),
    (
        fact(
            CaseRated,
            "03-02 09:00",
            grade=Grade.DISSATISFIED,
            step=CoreStep.RECEIPT,
            channel=Channel.MOBILE,
            real_name=True,
            rectify_within=Limit.working_days(5),
        ),
        "评价",
        "4 不满意 of 受理, through mobile, by name (实名), to be put right within 5 working days",
    ),
    (
        fact(RatingReviewed, "03-02 09:00", review=RatingReview.VALID, reason="the window was shut", step=CoreStep.RECEIPT),
        "差评核实",
        "the bad rating of 受理 is 属实: the window was shut",
    ),
    (
        fact(RatingRectified, "03-02 09:00", measure="a second window"),
        "差评整改",
        "what the bad rating complained of is put right: a second window",
    ),
    (fact(RaterCalledBack, "03-02 09:00", satisfied=True), "差评回访", "the rater was called back and is content"),
    (
        fact(RaterCalledBack, "03-02 09:00", satisfied=False, step=CoreStep.RECEIPT),
        "差评回访",
        "the rater of 受理 was called back and is not content",
    ),
    (
        fact(TripMade, "03-02 09:00", visitor=Visitor.OWN_AGENT, **CAME),
        "跑动",
        "visit V1: 申请人自己的代理人 came to 办事大厅 for 提交申请",
    ),
    (
        fact(TripMade, "03-02 09:00", visitor=Visitor.HALL_AGENT, agent="ma", **CAME),
        "跑动",
        "visit V1: 代办员 ma came to 办事大厅 for 提交申请",
    ),
    (
        fact(
            TripMade,
            "03-02 09:00",
            visitor=Visitor.APPLICANT,
            device="K-07",
            id_hash="ab" * 32,
            **{**CAME, "place": Place.HALL_KIOSK},
        ),
        "跑动",
        "visit V1: 申请人 came to 大厅24小时自助区, terminal K-07 for 提交申请, identity swiped at the entry (刷证)",
    ),
)

OF_RESULTS: Final[tuple[Told, ...]] = (
    (fact(CertificateMade, "03-02 09:00", certificate="C1", kind="licence"), "制证", "licence C1"),
    (
        fact(
            CertificateMade,
            "03-02 09:00",
            certificate="C1",
            kind="licence",
            electronic=True,
            conditional=True,
            valid_until=day("12-31"),
        ),
        "制证",
        "licence C1, electronic (电子证照), valid until 2026-12-31, on condition (容缺)",
    ),
    (fact(CertificateSealed, "03-02 09:00", certificate="C1", seal="seal-7"), "用印", "C1 sealed with seal-7"),
    (
        fact(CertificateCorrected, "03-02 09:00", certificate="C1", correction="the street", reason="a slip"),
        "证照更正",
        "C1 to be sealed again, the street: a slip",
    ),
    (
        fact(CertificateRevoked, "03-02 09:00", certificate="C1", reason="a false lease"),
        "证照撤销",
        "C1 revoked: a false lease",
    ),
    (
        fact(CertificateReissued, "03-02 09:00", certificate="C2", kind="licence", replaces="C1", reason="lost"),
        "证照补发",
        "licence C2 in place of C1: lost",
    ),
    (
        fact(PapersSent, "03-02 09:00", consignment="P0", courier="EMS", materials=("form",)),
        "寄件",
        "EMS took in papers at the door, P0: form",
    ),
    (
        fact(MaterialsCouriered, "03-02 09:00", consignment="P0", materials=("form",)),
        "材料寄达",
        "papers came by courier, P0: form",
    ),
    (fact(CourierDispatched, "03-02 09:00", consignment="P1", courier="EMS"), "寄出", "P1 by EMS"),
    (
        fact(CourierDispatched, "03-02 09:00", consignment="P2", courier="EMS", replaces="P1", charge_fen=1200),
        "重新寄出",
        "P2 by EMS, again for P1, charged 12.00 yuan (元)",
    ),
    (
        fact(CourierReturned, "03-02 09:00", consignment="P1", reason="nobody in"),
        "寄递退回",
        "P1 came back: nobody in",
    ),
    (fact(CourierLost, "03-02 09:00", consignment="P1"), "寄递遗失", "P1 was lost"),
    (fact(CourierRefused, "03-02 09:00", consignment="P1", reason="torn"), "拒收", "P1 was not taken: torn"),
    (
        fact(ResultDelivered, "03-02 09:00", method=DeliveryMethod.COURIER, certificate="C1", consignment="P2"),
        "送达",
        "C1 delivered: 寄递 (P2)",
    ),
    (
        fact(ResultDelivered, "03-02 09:00", method=DeliveryMethod.LOCKER, recipient="Li Lei"),
        "送达",
        "the result delivered: 自助取件柜, to Li Lei",
    ),
)

SHELF: Final = PlannedCase(case="PKG-01-shelf", item="shelf", subject="门店一")

OF_PACKAGES: Final[tuple[Told, ...]] = (
    (
        fact(
            PackageOpened,
            "03-02 09:00",
            theme="bookstore",
            theme_version=2,
            applicant="Han Books",
            applicant_kind=ApplicantKind.COMPANY,
            channel=Channel.WINDOW,
            hall=HALL,
            tier=Tier.COUNTY,
            window="7",
            assisted=True,
            answers=(),
            form=(),
            cases=(SHELF, PlannedCase(case="PKG-02-shelf", item="shelf", subject="门店二")),
            promised=Limit.working_days(10),
            visits_promised=2,
        ),
        "一件事申请",
        (
            "Han Books applied for bookstore version 2, by window, filed by window staff (帮办):"
            " 2 cases about 2 subjects; promised 10 working days, at most 2 visits"
        ),
    ),
    (
        fact(
            PackageOpened,
            "03-02 09:00",
            theme="start-up",
            theme_version=1,
            applicant="Han Books",
            applicant_kind=ApplicantKind.COMPANY,
            channel=Channel.WEBSITE,
            hall=HALL,
            tier=Tier.COUNTY,
            window=None,
            assisted=False,
            answers=(),
            form=(),
            cases=(PlannedCase(case="PKG-licence", item="licence"),),
            promised=Limit.hours(2),
            visits_promised=1,
        ),
        "一件事申请",
        "Han Books applied for start-up version 1, by website: 1 case; promised 2 hours, at most 1 visit",
    ),
    (
        fact(
            MaterialShared,
            "03-02 09:00",
            material="lease",
            way=MaterialWay.E_LICENCE,
            source="L-7",
            level=LicenceLevel.B,
        ),
        "共用材料",
        "lease: 电子证照, from L-7, level B, once for every case that requires it",
    ),
    (
        fact(MemberStarted, "03-02 09:00", case="PKG-tax"),
        "后续办件启动",
        "PKG-tax is opened: what comes before it was granted",
    ),
    (
        fact(MemberAccepted, "03-02 09:00", case="PKG-tax", effective_on=day("03-03")),
        "办件受理",
        "PKG-tax accepted with effect from 2026-03-03",
    ),
    (
        fact(MemberSuspended, "03-02 09:00", case="PKG-tax", suspension="S1", declared_days=3),
        "办件特别程序",
        "PKG-tax: S1 begins, 3 working days declared; the joint limit moves with it",
    ),
    (fact(MemberResumed, "03-02 09:00", case="PKG-tax", suspension="S1"), "办件解挂", "PKG-tax: S1 ends"),
    (
        fact(
            MemberEnded,
            "03-02 09:00",
            case="PKG-tax",
            stage=Stage.CLOSED,
            outcome=Outcome.CERTIFICATE_ISSUED,
            granted=True,
            pending=("PKG-licence",),
        ),
        "办件结束",
        "PKG-tax: 0 出证办结, granted, on condition of PKG-licence (附条件办结)",
    ),
    (
        fact(MemberEnded, "03-02 09:00", case="PKG-tax", stage=Stage.WITHDRAWN, outcome=None, granted=False),
        "办件结束",
        "PKG-tax: 已撤回, not granted",
    ),
    (
        fact(MemberDropped, "03-02 09:00", case="PKG-tax", prerequisite="PKG-licence"),
        "不再办理",
        "PKG-tax is not opened any more: PKG-licence came to nothing",
    ),
    (
        fact(ConditionMet, "03-02 09:00", case="PKG-tax"),
        "附条件成就",
        "PKG-tax: the last thing it was closed on condition of was granted",
    ),
    (
        fact(ConditionFailed, "03-02 09:00", case="PKG-tax", prerequisite="PKG-licence"),
        "附条件未成就",
        "PKG-tax: PKG-licence came to nothing, and its condition with it",
    ),
    (
        fact(
            PackageAccepted,
            "03-02 09:00",
            effective_on=day("03-02"),
            statutory=Limit.working_days(45),
            calendar="story.1",
        ),
        "一件事受理",
        "accepted with effect from 2026-03-02: joint limit by law 45 working days, calendar story.1",
    ),
    (
        fact(
            PackageExtended,
            "03-02 09:00",
            days=15,
            approver=HEAD,
            reason="difficult",
            notice="N1",
            authority=Authority.GOVERNMENT_HEAD,
        ),
        "延长审批",
        "15 working days more, approved by zhao (本级人民政府负责人), notice N1: difficult",
    ),
    (
        fact(PackageClosed, "03-02 09:00", granted=11, failed=1),
        "一件事办结",
        "every case has ended: 11 granted, 1 not",
    ),
    (fact(BoxDeposited, "03-02 09:00", case="XD-1", deposit="D1"), "投递", "D1 put in (XD-1)"),
    (fact(BoxCollected, "03-02 09:00", deposits=()), "取件", "emptied, and nothing was in it"),
    (
        fact(
            BoxCollected,
            "03-02 09:00",
            deposits=(BoxDeposit(case="XD-1", deposit="D1"), BoxDeposit(case="XD-2", deposit="D2")),
        ),
        "取件",
        "emptied of 2 deposits: D1, D2",
    ),
)

TOLD: Final = (*OF_EXAMINATION, *OF_SERVICE, *OF_RESULTS, *OF_PACKAGES)


@pytest.mark.parametrize(("event", "term", "sentence"), TOLD, ids=lambda part: type(part).__name__)
def test_every_fact_has_its_term_and_its_sentence(event: Event, term: str, sentence: str) -> None:
    assert tell(event) == (term, sentence)


def test_no_kind_of_fact_goes_untold() -> None:
    assert {type(event) for event, _, _ in TOLD} == set(get_args(Event))


def test_a_suspension_that_moves_the_statutory_clock_alone_says_so() -> None:
    alone = fact(
        Suspended,
        "03-02 09:00",
        suspension="S1",
        kind=SuspensionKind.SPECIAL_PROCEDURE,
        reason="imported",
        moves_statutory=True,
    )

    assert "it stops no clock" not in tell(alone)[1]
    assert "statutory clock" in tell(alone)[1]
