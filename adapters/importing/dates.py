"""How a file writes its instants, where that is not ISO 8601: formats by name or by pattern, none of them guessed.

A pattern is made of the letters of Unicode's UTS 35: ``yyyy`` year, ``MM``/``M`` month, ``dd``/``d`` day, ``HH``/``H`` hour
0 to 24, ``mm``/``m`` minute, ``ss``/``s`` second, ``SSS`` milliseconds, ``XXX`` offset (``+08:00`` or ``Z``); ``[…]`` may be
missing, and what stands between ``'…'``, as any sign that is no ASCII letter, stands for itself. Two letters are two
digits, one letter is one digit or two.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Final, NamedTuple

from casecore.door import check_text, shown
from casecore.errors import BadInput, Flaw

__all__ = ["ISO", "NAMED_FORMATS", "DateFormat", "date_format", "date_parser"]


class DateFormat(NamedTuple):
    """One way to write an instant."""

    said: str
    """Its name or pattern, as the mapping has it."""
    read: Callable[[str], datetime | None] | None
    """None for ISO 8601, which has one grammar on every way in.

    Else the instant; None where the text is not written so. Raises ``ValueError`` where it is, and is no instant.
    """


ISO: Final = DateFormat("iso", None)

NAMED_FORMATS: Final = {
    "slashes": ("yyyy/M/d[ H:mm[:ss]]",),
    "compact": ("yyyyMMdd[HHmm[ss]]",),
    "chinese": ("yyyy年M月d日[[ ]H:mm[:ss]]", "yyyy年M月d日[ ]H时[mm分[ss秒]]", "yyyy年M月d日[ ]H点[mm分[ss秒]]"),
}
"""Names for what is common; ``iso``, ``excel`` and ``excel-1904`` are names as well."""

_LETTERS: Final = {
    "yyyy": r"(?P<year>[0-9]{4})",
    "MM": r"(?P<month>[0-9]{2})",
    "M": r"(?P<month>[0-9]{1,2})",
    "dd": r"(?P<day>[0-9]{2})",
    "d": r"(?P<day>[0-9]{1,2})",
    "HH": r"(?P<hour>[0-9]{2})",
    "H": r"(?P<hour>[0-9]{1,2})",
    "mm": r"(?P<minute>[0-9]{2})",
    "m": r"(?P<minute>[0-9]{1,2})",
    "ss": r"(?P<second>[0-9]{2})",
    "s": r"(?P<second>[0-9]{1,2})",
    "SSS": r"(?P<milli>[0-9]{3})",
    "XXX": r"(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})",
}
_TOKEN: Final = re.compile(r"(?P<letters>([A-Za-z])\2*)|'(?P<quoted>[^']+)'|(?P<sign>.)")
_LOOSE: Final = ("M", "d", "H", "m", "s")
_EXCEL_LAST: Final = 2958465
"""9999-12-31, in the system of 1900."""
_FALSE_LEAP_DAY: Final = 60
_SERIAL: Final = re.compile(r"[0-9]{1,7}(\.[0-9]+)?")


def date_format(said: str, place: str) -> DateFormat:
    """Read a format by its name or pattern. Raises ``BadInput`` for one that says too little."""
    match said:
        case "iso":
            return ISO
        case "excel":
            return DateFormat(said, _serial_1900)
        case "excel-1904":
            return DateFormat(said, _serial_1904)
        case _:
            patterns = [_compiled(pattern, place) for pattern in NAMED_FORMATS.get(said, (said,))]
            return DateFormat(said, lambda text: _by_patterns(patterns, text))


def date_parser(formats: Sequence[DateFormat], iso: Callable[[str, str], datetime]) -> Callable[[str, str], datetime]:
    """Read a text by the one format it fits, or by several that mean the same instant; what fits two ways is not guessed.

    ``iso`` reads ISO 8601; it raises ``BadInput``.
    """
    names = ", ".join(one.said for one in formats)

    def parse(text: str, name: str) -> datetime:
        found: dict[datetime, str] = {}
        why = ""
        for one in formats:
            try:
                at = iso(text, name) if one.read is None else one.read(text)
            except (ValueError, OverflowError) as flaw:
                why = why or (f": {flaw}" if one.read is not None else "")
                continue
            if at is not None:
                found.setdefault(at, one.said)
        if len(found) == 1:
            return next(iter(found))
        check_text(text, name)
        if found:
            meanings = " or ".join(f"{at.isoformat()} ({said})" for at, said in found.items())
            raise BadInput(Flaw.CONTRADICTION, name, f"{shown(text)} may be {meanings}: two formats of the mapping fit it")
        raise BadInput(Flaw.WRONG_TYPE, name, f"{shown(text)} fits no date format of the mapping ({names}){why}")

    return parse


def _compiled(said: str, place: str) -> re.Pattern[str]:
    """Compile a pattern; raises ``BadInput`` where it is none, or does not say year, month and day."""
    if not _balanced(said):
        raise BadInput(Flaw.CONTRADICTION, place, f"{said!r}: a bracket has no partner")
    try:
        pattern = re.compile("".join(_parts(said, place)))
    except re.error as flaw:
        raise BadInput(Flaw.CONTRADICTION, place, f"{said!r}: stands twice in it: {flaw}") from None
    for part in ("year", "month", "day"):
        if part not in pattern.groupindex:
            raise BadInput(Flaw.MISSING_FIELD, place, f"{said!r} does not say the {part}")
    for finer, coarser in (("minute", "hour"), ("second", "minute"), ("milli", "second"), ("offset", "hour")):
        if finer in pattern.groupindex and coarser not in pattern.groupindex:
            raise BadInput(Flaw.MISSING_FIELD, place, f"{said!r} says the {finer} and not the {coarser}")
    return pattern


def _balanced(said: str) -> bool:
    """Whether every bracket of a pattern has a partner."""
    depth = 0
    for token in _TOKEN.finditer(said):
        depth += (token["sign"] == "[") - (token["sign"] == "]")
        if depth < 0:
            return False
    return depth == 0


def _parts(said: str, place: str) -> Iterator[str]:
    """Translate the letters and signs of a pattern; a number of any width is parted from the next one."""
    loose = False
    for token in _TOKEN.finditer(said):
        letters, sign = token["letters"], token["sign"]
        if not letters:
            loose = loose and sign in ("[", "]")
            yield "(?:" if sign == "[" else ")?" if sign == "]" else re.escape(token["quoted"] or sign)
            continue
        if letters not in _LETTERS:
            names = ", ".join(("iso", "excel", "excel-1904", *NAMED_FORMATS))
            sentence = f"{said!r} is no date format: {letters!r} is none of {names}, nor letters of a pattern"
            raise BadInput(Flaw.UNKNOWN_WORD, place, f"{sentence} ({', '.join(_LETTERS)})")
        if loose and letters != "XXX":
            raise BadInput(Flaw.CONTRADICTION, place, f"{said!r}: nothing parts {letters} from the number before it")
        loose = letters in _LOOSE
        yield _LETTERS[letters]


def _by_patterns(patterns: Sequence[re.Pattern[str]], text: str) -> datetime | None:
    for pattern in patterns:
        match = pattern.fullmatch(text)
        if match:
            return _instant(match)
    return None


def _instant(match: re.Match[str]) -> datetime:
    """The instant a pattern found; 24:00 is the end of its day, as :mod:`casecore.instants` has it."""
    parts = {name: part for name, part in match.groupdict().items() if part is not None}
    offset = parts.pop("offset", None)
    numbers = {name: int(part) for name, part in parts.items()}
    hour, milli = numbers.pop("hour", 0), numbers.pop("milli", 0)
    ends_the_day = hour == 24 and not (numbers.get("minute") or numbers.get("second") or milli)  # noqa: PLR2004 - 24:00
    at = datetime(**numbers, hour=0 if ends_the_day else hour, microsecond=milli * 1000, tzinfo=_zone(offset))
    return datetime.combine(at, time.max, at.tzinfo) if ends_the_day else at


def _zone(offset: str | None) -> timezone | None:
    if offset is None:
        return None
    if offset == "Z":
        return UTC
    away = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6]))
    return timezone(-away if offset[0] == "-" else away)


def _serial(text: str) -> tuple[int, timedelta] | None:
    """The days and the time of day of a spreadsheet's number, to the millisecond, which is as fine as a spreadsheet goes."""
    if not _SERIAL.fullmatch(text):
        return None
    number = Decimal(text)
    days = int(number)
    return days, timedelta(milliseconds=round((number - days) * 86_400_000))


def _serial_1900(text: str) -> datetime | None:
    """An instant of the system that counts 1900-01-01 as 1, and a 1900-02-29 that never was as 60."""
    serial = _serial(text)
    if serial is None or serial[0] > _EXCEL_LAST:
        return None
    days, time = serial
    if days == _FALSE_LEAP_DAY:
        raise ValueError("60 is 1900-02-29 to a spreadsheet, a day that never was")
    if days < 1:
        raise ValueError("0 is no day to a spreadsheet")
    since = datetime(1899, 12, 31) if days < _FALSE_LEAP_DAY else datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet has no zone
    return since + timedelta(days=days) + time


def _serial_1904(text: str) -> datetime | None:
    """An instant of the system that counts 1904-01-01 as 0."""
    serial = _serial(text)
    if serial is None or serial[0] > _EXCEL_LAST - 1462:
        return None
    return datetime(1904, 1, 1) + timedelta(days=serial[0]) + serial[1]  # noqa: DTZ001 - a spreadsheet has no zone
