"""Characters: rare names come in, what cannot be seen does not, and every Python says the same of both."""

import sys
import unicodedata
from collections.abc import Iterator
from hashlib import sha256
from itertools import chain

import pytest
from support.story import HALL, ask

from casecore import BadInput, Flaw, ReceiveCase
from casecore.characters import identifier_flaw, quoted, seen, text_flaw
from casecore.door import check, check_id, shown

RARE = {
    "extension G, Unicode 13": "\U00030000",
    "extension H, Unicode 15": "\U00031351",
    "extension I, Unicode 15.1": "\U0002ebf5",
    "extension J, Unicode 17": "\U000323b5",
    "the end of the third ideographic plane": "\U0003fffd",
    "the supplement of extension B, GB 18030-2022": "\U0002a6db",
    "the supplement of the first block, Unicode 14": "\u9ffd",
    "a private name of the old GB 18030": "\ue863",
    "a private name of a register of persons": "\U000f0041",
    "the last private name": "\U0010fffd",
    "a form chosen by a selector": "葛\U000e0100",
    "an ideograph of the compatibility block that is none": "\ufa0e",
}


@pytest.mark.parametrize("character", RARE.values(), ids=RARE)
def test_a_rare_name_is_a_name_like_any_other(character: str) -> None:
    check(ask(ReceiveCase, hall=HALL, applicant=f"欧阳{character}"))
    check_id(character, "case")


@pytest.mark.parametrize("character", RARE.values(), ids=RARE)
def test_a_rare_name_is_shown_as_it_is_written(character: str) -> None:
    assert shown(f"张{character}") == f"'张{character}'"
    assert seen(f"张{character}") == f"张{character}"


UNSEEN = {
    "a blank as wide as an ideograph": "\u3000",
    "a blank that keeps together": "\xa0",
    "a blank without width": "\u200b",
    "a joiner": "\u200d",
    "a soft hyphen": "\xad",
    "a byte order mark": "\ufeff",
    "the end of a paragraph": "\u2029",
    "a tag": "\U000e0041",
    "a format sign of Unicode 15": "\U0001343a",
    "reserved for what nobody sees": "\u2065",
    "no character": "\ufdd0",
    "no character of a plane of ideographs": "\U0002ffff",
    "a tab": "\t",
    "the end of a line": "\n",
}


@pytest.mark.parametrize("character", UNSEEN.values(), ids=UNSEEN)
def test_what_cannot_be_seen_is_in_no_identifier_and_is_named(character: str) -> None:
    with pytest.raises(BadInput, match=rf"^case: character U\+{ord(character):04X} cannot be seen") as caught:
        check_id(f"甲{character}乙", "case")
    assert caught.value.code is Flaw.NOT_PLAIN
    assert text_flaw(f"甲{character}乙") is None
    assert character not in quoted(f"甲{character}乙")
    assert seen(f"甲{character}乙") == "甲 乙"


@pytest.mark.parametrize("name", [" 甲", "甲 ", " A", "A "])
def test_no_identifier_begins_or_ends_with_a_blank(name: str) -> None:
    with pytest.raises(BadInput, match=r"without blanks at its ends$"):
        check_id(name, "case")


COMPATIBILITY = {
    "李": ("\uf9e1", "U+F9E1", "U+674E"),
    "丽": ("\U0002f800", "U+2F800", "U+4E3D"),
    "金": ("\uf90a", "U+F90A", "U+91D1"),
}


@pytest.mark.parametrize("name", COMPATIBILITY)
def test_a_name_nfc_would_rewrite_is_refused_and_says_what_to_write(name: str) -> None:
    given, wrong, right = COMPATIBILITY[name]
    with pytest.raises(
        BadInput, match=rf"NFC: {wrong[:1]}\+{wrong[2:]} is to be written {right[:1]}\+{right[2:]}$"
    ) as caught:
        check(ask(ReceiveCase, hall=HALL, applicant=f"{given}某"))
    assert caught.value.code is Flaw.NOT_NFC
    check(ask(ReceiveCase, hall=HALL, applicant=chr(int(right.removeprefix("U+"), base=16))))


@pytest.mark.parametrize("text", ["Zoe\u0308", "\u1100\u1161\u11a8", "q\u0301\u0323", "\u212b", "a" + "\u0301\u0323" * 20])
def test_what_is_told_of_text_not_in_nfc_is_let_in(text: str) -> None:
    found = text_flaw(text)
    assert found is not None
    _, sentence = found
    wanted = sentence.rpartition(" is to be written ")[2]
    assert text_flaw("".join(chr(int(one.removeprefix("U+"), base=16)) for one in wanted.split())) is None


@pytest.mark.parametrize(
    "text", ["e\u0897\u0301", "\U000105d2\u0307", "a\U0001e08f\u0323", "\U00011382\U000113c9", "\U00016d67\U00016d67"]
)
def test_marks_only_some_pythons_know_are_judged_by_none(text: str) -> None:
    assert text_flaw(text) is None


def verdicts() -> Iterator[str]:
    """What is said of every character but the ideographs' own planes, alone and beside marks that could join it."""
    ends = (plane << 16 | low for plane in range(2, 17) for low in (0, 0x134A, 0xFFFD, 0xFFFE, 0xFFFF))
    for number in chain(range(0x20000), range(0x2F7F0, 0x2FA30), range(0xE0000, 0xE1000), ends):
        one = chr(number)
        found = (identifier_flaw(one), *map(text_flaw, (one, f"{one}\u0307", f"a\u0301{one}", f"e{one}\u0301")))
        yield "".join("-" if flaw is None else flaw[0].value[0] for flaw in found)


@pytest.mark.slow
def test_every_python_says_the_same_of_every_character() -> None:
    told = sha256("".join(verdicts()).encode()).hexdigest()
    assert told == "411532f548110160578995113e2d9f434076874f9765f1b3e6996a641b8d0868", (
        f"{sys.version}, Unicode {unicodedata.unidata_version}"
    )


def test_the_names_of_remarks_may_hold_lines_and_wide_blanks() -> None:
    assert text_flaw("第一行\n第二行\u3000完") is None
