"""Which characters come in, named by range: the same on every Python, whichever version of Unicode it was made with.

Nothing is asked of the interpreter's tables but what they have agreed on since Unicode 14 (Python 3.11): a name written
with a character that is younger (生僻字: GB 18030-2022, Unicode 15 and later), or with one of a private use area, is a
name like any other. What stays outside stands here.
"""

import re
import unicodedata
from typing import Final

from casecore.errors import Flaw

__all__ = ["identifier_flaw", "quoted", "seen", "text_flaw"]

_NOWHERE: Final = (
    (Flaw.CONTROL_CHARACTER, "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"),
    (Flaw.BIDI_CONTROL, "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"),
    (Flaw.SURROGATE, "\ud800-\udfff"),
)
"""In no text. Tabs and the ends of lines are, though in no identifier."""

_LAST_OF_PLANES: Final = "".join(f"{chr(plane << 16 | 0xFFFE)}-{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
_UNSEEN: Final = (
    "\t\n\r"
    "\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"  # blanks that are no space, the ideographic one too
    "\xad\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufeff\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # signs of format
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # tags; the selectors between them choose the form of an ideograph
    f"\ufdd0-\ufdef{_LAST_OF_PLANES}"  # no characters
)
"""In no identifier: two that differ in them look the same."""

_YOUNGER: Final = re.compile(
    "[\u05c8-\u05cf\u0897\u1acf-\u1aff\U000105c0-\U000105ff\U00010d40-\U00010d8f\U00010ec0-\U00010eff\U00011380-\U000113ff"
    "\U00011f00-\U00011f5f\U00016100-\U0001613f\U00016d40-\U00016d7f\U0001d127\U0001d128\U0001d250-\U0001d28f"
    "\U0001e030-\U0001e08f\U0001e4d0-\U0001e4ff\U0001e5d0-\U0001e5ff\U0001e6c0-\U0001e6ff]"
)
"""What some Pythons know how to compose and put in order and others do not: younger than Unicode 14, up to 18."""
_STANDS_ALONE: Final = "\u4e00"
_MOST_SHOWN: Final = 8

_CODES: Final = "|".join(f"(?P<{code}>[{characters}])" for code, characters in _NOWHERE)
_IN_NO_TEXT: Final = re.compile(f"[{''.join(characters for _, characters in _NOWHERE)}]")
_IN_NO_IDENTIFIER: Final = re.compile(f"[{''.join(characters for _, characters in _NOWHERE)}{_UNSEEN}]")
_CODE: Final = re.compile(_CODES)


def text_flaw(text: str) -> tuple[Flaw, str] | None:
    """What keeps a text out, with a sentence; None where nothing does."""
    if text.isascii():
        return None if text.isprintable() else _character_flaw(_IN_NO_TEXT, text)
    return _character_flaw(_IN_NO_TEXT, text) or _form_flaw(text)


def identifier_flaw(text: str) -> tuple[Flaw, str] | None:
    """What keeps it from naming something, its length aside; None where nothing does."""
    if text.isascii():
        found = None if text.isprintable() else _character_flaw(_IN_NO_IDENTIFIER, text)
    else:
        found = _character_flaw(_IN_NO_IDENTIFIER, text) or _form_flaw(text)
    if found is None and text.strip(" ") != text:
        return Flaw.NOT_PLAIN, "an identifier is one line of printable characters, without blanks at its ends"
    return found


def quoted(text: str) -> str:
    """The text between quotes as ``repr`` writes it, every character that can be seen as it is."""
    if text.isascii():
        return repr(text)
    quote = '"' if "'" in text and '"' not in text else "'"
    inner = text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    return f"{quote}{_IN_NO_IDENTIFIER.sub(lambda unseen: ascii(unseen[0])[1:-1], inner)}{quote}"


def seen(text: str) -> str:
    """The text with a blank for whatever cannot be seen."""
    return _IN_NO_IDENTIFIER.sub(" ", text)


def _character_flaw(outside: re.Pattern[str], text: str) -> tuple[Flaw, str] | None:
    found = outside.search(text)
    if found is None:
        return None
    character = f"character U+{ord(found[0]):04X}"
    if nowhere := _CODE.match(found[0]):
        return Flaw(str(nowhere.lastgroup)), f"{character} is not allowed"
    return Flaw.NOT_PLAIN, f"{character} cannot be seen, an identifier is one line of printable characters"


def _form_flaw(text: str) -> tuple[Flaw, str] | None:
    """Two writings of one text: NFC is wanted, judged by what every Python knows."""
    if unicodedata.is_normalized("NFC", text):
        return None
    known = _YOUNGER.sub(_STANDS_ALONE, text)
    wanted = unicodedata.normalize("NFC", known)
    if known == wanted:
        return None
    at = next((n for n, (one, other) in enumerate(zip(known, wanted, strict=False)) if one != other), len(wanted))
    given = known[at : at + _length_of_change(known[at : at + _MOST_SHOWN])]
    instead = unicodedata.normalize("NFC", given)
    return Flaw.NOT_NFC, f"text is not in normal form NFC: {_by_number(given)} is to be written {_by_number(instead)}"


def _length_of_change(text: str) -> int:
    """How many characters at its beginning become others together."""
    for end in range(1, len(text)):
        changed = unicodedata.normalize("NFC", text[:end])
        if changed != text[:end] and unicodedata.normalize("NFC", text[: end + 1]) == changed + text[end]:
            return end
    return len(text)


def _by_number(text: str) -> str:
    return " ".join(f"U+{ord(one):04X}" for one in text)
