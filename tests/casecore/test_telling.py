"""Telling facts: every fact of every kind of stream has its term, and its sentence in Chinese and in English."""

import re
from datetime import date, datetime
from typing import Final

import pytest
from support.samples_by_hand import each
from support.sampling import Samples
from support.story import day, moment

from casecore import CaseWithdrawn, Fact, LicenceLevel, Limit, Said, Told, tell
from casecore.fact import fact as declared
from casecore.kinds import FACTS

TOLD: Final = tuple(each("TOLD"))
FORMS: Final = ("full", "bare")
"""Everything filled in; only what has to be."""

FILLED: Final = Samples(
    {
        datetime: lambda _: moment("03-02 09:00"),
        date: lambda _: day("03-02"),
        bool: lambda _: True,
        int: lambda _: 3,
        str: lambda _: "某甲",
        Limit: lambda _: Limit.working_days(5),
    },
    named=("{}", "{}"),
)
"""Values to tell of; what people write is in Chinese."""

ASCII_LETTER: Final = re.compile("[A-Za-z]")
HALF_WIDTH: Final = re.compile(r"[,;:!?()]|\.(?!\d)")
"""Punctuation of another language; the point of an amount is none."""


@pytest.mark.parametrize(("fact", "term", "zh", "en"), TOLD, ids=lambda part: type(part).__name__)
def test_every_fact_has_its_term_and_its_sentence_in_both_languages(fact: Fact, term: str, zh: str, en: str) -> None:
    assert tell(fact) == Told(term, zh, en)
    assert (fact.term, fact.told()) == (term, Said(zh, en))


def test_no_kind_of_fact_goes_untold() -> None:
    untold = set(FACTS) - {type(fact) for fact, *_ in TOLD}
    assert not untold, f"no sentence expected of {untold}: add a line to TOLD in a tests/support/told_….py"


@pytest.mark.parametrize("kind", FACTS)
def test_each_fact_says_its_sentence_itself(kind: type[Fact]) -> None:
    """Or a fact it is made of does, which is the same of every kind of stream: a card is."""
    assert kind.told is not Fact.told


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", FACTS)
def test_the_chinese_sentence_of_any_fact_is_chinese_throughout(kind: type[Fact], form: str) -> None:
    zh, en = (FILLED.bare(kind) if form == "bare" else FILLED.full(kind)).told()

    own_words = LicenceLevel.A.zh
    assert not ASCII_LETTER.search(zh.replace(own_words, ""))
    assert not HALF_WIDTH.search(zh)
    assert zh.endswith("。")
    assert zh.count("。") == 1
    assert en != zh
    assert not en.endswith(("。", "."))


def test_a_fact_without_a_sentence_cannot_be_told() -> None:
    @declared("case.silent.v1", "沉默")
    class Silent(Fact):
        """Nobody said what it says."""

    with pytest.raises(NotImplementedError):
        tell(Silent(at=moment("03-02 09:00"), by="wang"))


def test_a_full_stop_in_what_somebody_wrote_is_not_doubled() -> None:
    withdrawn = CaseWithdrawn(at=moment("03-02 09:00"), by="li", reason="已迁往外地。")
    assert withdrawn.told().zh == "申请人撤回申请，理由：已迁往外地。"


@pytest.mark.parametrize(
    ("limit", "zh"),
    [
        (Limit.working_days(5), "5 个工作日"),
        (Limit.natural_days(20), "20 个自然日"),
        (Limit.half_days(1), "0.5 个工作日"),
        (Limit.half_days(4), "2 个工作日"),
        (Limit.hours(2), "2 小时"),
        (Limit.minutes(30), "30 分钟"),
        (Limit.working_days(0), "即办"),
        (Limit.fixed(date(2018, 1, 1)), "于 2018-01-01 前"),
    ],
)
def test_a_limit_is_told_in_chinese(limit: Limit, zh: str) -> None:
    assert limit.zh == zh
