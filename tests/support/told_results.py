"""Facts of certificates and consignments with what is told of them."""

from typing import Final

from casecore import (
    CertificateCorrected,
    CertificateMade,
    CertificateReissued,
    CertificateRevoked,
    CertificateSealed,
    CourierDispatched,
    CourierLost,
    CourierRefused,
    CourierReturned,
    DeliveryMethod,
    Fact,
    MaterialsCouriered,
    PapersSent,
    ResultDelivered,
)
from support.story import day, fact

TOLD: Final[tuple[tuple[Fact, str, str, str], ...]] = (
    (fact(CertificateMade, "03-02 09:00", certificate="C1", kind="licence"), "制证", "制作licence C1。", "licence C1"),
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
        "制作licence C1，电子证照，有效期至 2026-12-31，容缺制证。",
        "licence C1, electronic (电子证照), valid until 2026-12-31, on condition (容缺)",
    ),
    (
        fact(CertificateSealed, "03-02 09:00", certificate="C1", seal="seal-7"),
        "用印",
        "C1 已加盖印章 seal-7。",
        "C1 sealed with seal-7",
    ),
    (
        fact(CertificateCorrected, "03-02 09:00", certificate="C1", correction="the street", reason="a slip"),
        "证照更正",
        "C1 须重新用印，更正内容：the street，理由：a slip。",
        "C1 to be sealed again, the street: a slip",
    ),
    (
        fact(CertificateRevoked, "03-02 09:00", certificate="C1", reason="a false lease"),
        "证照撤销",
        "C1 已撤销，理由：a false lease。",
        "C1 revoked: a false lease",
    ),
    (
        fact(CertificateReissued, "03-02 09:00", certificate="C2", kind="licence", replaces="C1", reason="lost"),
        "证照补发",
        "补发licence C2，代替 C1，理由：lost。",
        "licence C2 in place of C1: lost",
    ),
    (
        fact(PapersSent, "03-02 09:00", consignment="P0", courier="EMS", materials=("form",)),
        "寄件",
        "EMS上门收取材料，运单 P0，材料：form。",
        "EMS took in papers at the door, P0: form",
    ),
    (
        fact(MaterialsCouriered, "03-02 09:00", consignment="P0", materials=("form",)),
        "材料寄达",
        "材料已寄达，运单 P0，材料：form。",
        "papers came by courier, P0: form",
    ),
    (fact(CourierDispatched, "03-02 09:00", consignment="P1", courier="EMS"), "寄出", "运单 P1 由EMS寄出。", "P1 by EMS"),
    (
        fact(CourierDispatched, "03-02 09:00", consignment="P2", courier="EMS", replaces="P1", charge_fen=1200),
        "重新寄出",
        "运单 P2 由EMS寄出，为 P1 重新寄送，收费 12.00 元。",
        "P2 by EMS, again for P1, charged 12.00 yuan (元)",
    ),
    (
        fact(CourierReturned, "03-02 09:00", consignment="P1", reason="nobody in"),
        "寄递退回",
        "运单 P1 被退回，原因：nobody in。",
        "P1 came back: nobody in",
    ),
    (fact(CourierLost, "03-02 09:00", consignment="P1"), "寄递遗失", "运单 P1 遗失。", "P1 was lost"),
    (
        fact(CourierRefused, "03-02 09:00", consignment="P1", reason="torn"),
        "拒收",
        "运单 P1 被拒收，原因：torn。",
        "P1 was not taken: torn",
    ),
    (
        fact(ResultDelivered, "03-02 09:00", method=DeliveryMethod.COURIER, certificate="C1", consignment="P2"),
        "送达",
        "证照 C1 已送达，方式：寄递，运单：P2。",
        "C1 delivered: 寄递 (P2)",
    ),
    (
        fact(ResultDelivered, "03-02 09:00", method=DeliveryMethod.LOCKER, recipient="Li Lei"),
        "送达",
        "办理结果已送达，方式：自助取件柜，接收人：Li Lei。",
        "the result delivered: 自助取件柜, to Li Lei",
    ),
)
