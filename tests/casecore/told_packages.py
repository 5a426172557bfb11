"""Facts of packages and drop boxes with what is told of them."""

from typing import Final

from story import HALL, HEAD, day, fact

from casecore import (
    ApplicantKind,
    Authority,
    BoxCollected,
    BoxDeposit,
    BoxDeposited,
    Channel,
    ConditionFailed,
    ConditionMet,
    Fact,
    LicenceLevel,
    Limit,
    MaterialShared,
    MaterialWay,
    MemberAccepted,
    MemberDropped,
    MemberEnded,
    MemberResumed,
    MemberStarted,
    MemberSuspended,
    Outcome,
    PackageAccepted,
    PackageClosed,
    PackageExtended,
    PackageOpened,
    PlannedCase,
    Stage,
    Tier,
)

SHELF: Final = PlannedCase(case="PKG-01-shelf", item="shelf", subject="门店一")

OF_PACKAGES: Final[tuple[tuple[Fact, str, str, str], ...]] = (
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
            "Han Books申请办理一件事 bookstore 第 2 版，申请渠道：窗口，由窗口人员帮办；"
            "办件 2 件，涉及对象 2 个；承诺时限：10 个工作日，全程最多到现场 2 次。"
        ),
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
        "Han Books申请办理一件事 start-up 第 1 版，申请渠道：网站；办件 1 件；承诺时限：2 小时，全程最多到现场 1 次。",
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
        "lease：电子证照，来源：L-7，用证等级：B级，供所有需要该材料的办件共用。",
        "lease: 电子证照, from L-7, level B, once for every case that requires it",
    ),
    (
        fact(MemberStarted, "03-02 09:00", case="PKG-tax"),
        "后续办件启动",
        "办件 PKG-tax 启动，其前置事项已获准予。",
        "PKG-tax is opened: what comes before it was granted",
    ),
    (
        fact(MemberAccepted, "03-02 09:00", case="PKG-tax", effective_on=day("03-03")),
        "办件受理",
        "办件 PKG-tax 的受理自 2026-03-03 起生效。",
        "PKG-tax accepted with effect from 2026-03-03",
    ),
    (
        fact(MemberSuspended, "03-02 09:00", case="PKG-tax", suspension="S1", declared_days=3),
        "办件特别程序",
        "办件 PKG-tax 的特别程序 S1 开始，告知期限 3 个工作日，一件事时限随之顺延。",
        "PKG-tax: S1 begins, 3 working days declared; the joint limit moves with it",
    ),
    (
        fact(MemberResumed, "03-02 09:00", case="PKG-tax", suspension="S1"),
        "办件解挂",
        "办件 PKG-tax 的特别程序 S1 结束。",
        "PKG-tax: S1 ends",
    ),
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
        "办件 PKG-tax：0 出证办结，获准予，附条件办结，所待事项：PKG-licence。",
        "PKG-tax: 0 出证办结, granted, on condition of PKG-licence (附条件办结)",
    ),
    (
        fact(MemberEnded, "03-02 09:00", case="PKG-tax", stage=Stage.WITHDRAWN, outcome=None, granted=False),
        "办件结束",
        "办件 PKG-tax：已撤回，未获准予。",
        "PKG-tax: 已撤回, not granted",
    ),
    (
        fact(MemberDropped, "03-02 09:00", case="PKG-tax", prerequisite="PKG-licence"),
        "不再办理",
        "前置事项 PKG-licence 未办成，办件 PKG-tax 不再办理。",
        "PKG-tax is not opened any more: PKG-licence came to nothing",
    ),
    (
        fact(ConditionMet, "03-02 09:00", case="PKG-tax"),
        "附条件成就",
        "办件 PKG-tax 附条件办结所待的最后一个事项已获准予。",
        "PKG-tax: the last thing it was closed on condition of was granted",
    ),
    (
        fact(ConditionFailed, "03-02 09:00", case="PKG-tax", prerequisite="PKG-licence"),
        "附条件未成就",
        "PKG-licence 未办成，办件 PKG-tax 所附条件随之未成就。",
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
        "受理自 2026-03-02 起生效，一件事法定时限：45 个工作日，工作日历 story.1。",
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
        "延长 15 个工作日，批准人：zhao（本级人民政府负责人），告知书：N1，理由：difficult。",
        "15 working days more, approved by zhao (本级人民政府负责人), notice N1: difficult",
    ),
    (
        fact(PackageClosed, "03-02 09:00", granted=11, failed=1),
        "一件事办结",
        "全部办件已结束：11 件获准予，1 件未获准予。",
        "every case has ended: 11 granted, 1 not",
    ),
    (
        fact(BoxDeposited, "03-02 09:00", case="XD-1", deposit="D1"),
        "投递",
        "投递号 D1 的材料已投入，办件：XD-1。",
        "D1 put in (XD-1)",
    ),
    (fact(BoxCollected, "03-02 09:00", deposits=()), "取件", "已开箱，箱内无材料。", "emptied, and nothing was in it"),
    (
        fact(
            BoxCollected,
            "03-02 09:00",
            deposits=(BoxDeposit(case="XD-1", deposit="D1"), BoxDeposit(case="XD-2", deposit="D2")),
        ),
        "取件",
        "取出 2 件投递：D1、D2。",
        "emptied of 2 deposits: D1, D2",
    ),
)
