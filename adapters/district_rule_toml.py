"""A district's own rule (区划规则) as data: one TOML file, read strictly; a key that is not there keeps its default.

Every key stands in ``adapters/rules/default.toml`` with its default and its source. What is wrong with a file is a
:class:`~casecore.errors.Fault` of one line naming the file and the key.
"""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from adapters.toml_reading import (
    Reader,
    many,
    one_line,
    one_of,
    parse_toml,
    read_date,
    read_flag,
    read_id,
    read_table,
    read_text,
    read_whole,
)
from casecore.district_rule import (
    BY_HAND_ONLY,
    FARTHEST_WARNING_DAYS,
    HOURS_A_DAY,
    LONGEST_COLLECTION_DAYS,
    LONGEST_DOUBLE_FILING_DAYS,
    LONGEST_INSTANT_SECONDS,
    LONGEST_JUMP_DAYS,
    LONGEST_RECTIFICATION_DAYS,
    PERCENT,
    WIDEST_SKEW_MINUTES,
    CardPolicy,
    DistrictRule,
    WindowPolicy,
)
from casecore.errors import BadInput, Fault, Flaw
from casecore.vocabulary import CardGround, CardLevel, ItemType, OffdayAcceptance, ReceiptDate, SuspensionKind

__all__ = ["RULE_KEYS", "district_rule", "load_district_rule", "shipped_rule"]


def load_district_rule(source: Path | Traversable | str) -> DistrictRule:
    """Load the rule of one file; raises :class:`~casecore.errors.Fault` naming the file and its first unsound key."""
    source = Path(source) if isinstance(source, str) else source
    try:
        return DistrictRule(**_settings(read_table(parse_toml(source), _RULE, ("name",))))
    except BadInput as flaw:
        raise Fault(one_line(f"{source.name or source}: {flaw}")) from flaw


def shipped_rule() -> Traversable:
    """Find the file of the default rule, to be copied and changed."""
    return files("adapters") / "rules" / "default.toml"


def district_rule(rule: Path | str | DistrictRule | None) -> DistrictRule:
    """Take the rule as it is, load it from its file, or take the default."""
    if rule is None:
        return DistrictRule()
    return rule if isinstance(rule, DistrictRule) else load_district_rule(rule)


def _settings(parts: dict[str, Any]) -> dict[str, Any]:
    """The keys of a file under the names of :class:`DistrictRule`."""
    windows: tuple[WindowPolicy, ...] = parts.pop("window", ())
    seen = set()
    for number, policy in enumerate(windows):
        if (policy.hall, policy.window) in seen:
            raise BadInput(Flaw.DUPLICATE_ID, f"window[{number}]", "this hall and window stand in the file twice")
        seen.add((policy.hall, policy.window))
    offday = {f"offday_{handling}": policy for handling, policy in parts.pop("offday_acceptance", {}).items()}
    warning = {f"warn_{unit}": number for unit, number in parts.pop("warning", {}).items()}
    trips = {_TRIPS[key]: counts for key, counts in parts.pop("trips", {}).items()}
    if trips.get("near_visits_net") and trips.get("near_visits_gross") is False:
        raise BadInput(Flaw.CONTRADICTION, "trips.near_net", "what is no trip at all cannot count against the promise")
    return {**parts, **offday, **warning, **trips, "windows": windows}


# --- Readers: one for each key ---


def _between(least: int, most: int) -> Reader[int]:
    def read(value: object, place: str) -> int:
        number = read_whole(value, place)
        if not least <= number <= most:
            raise BadInput(Flaw.NUMBER_OUT_OF_RANGE, place, f"must be from {least} to {most}, not {number}")
        return number

    return read


def _table(readers: Mapping[str, Reader[Any]], required: tuple[str, ...] = ()) -> Reader[dict[str, Any]]:
    return lambda value, place: read_table(value, readers, required, place)


def _moves_promise(value: object, place: str) -> tuple[SuspensionKind, ...]:
    kinds = many(one_of(SuspensionKind))(value, place)
    if SuspensionKind.SPECIAL_PROCEDURE in kinds:
        sentence = "special_procedure moves every limit by law (Art. 45), told in writing; no district decides it"
        raise BadInput(Flaw.CONTRADICTION, place, sentence)
    if len(set(kinds)) < len(kinds):
        raise BadInput(Flaw.CONTRADICTION, place, "a kind of 挂起 is listed twice")
    return kinds


def _licence_law_for(value: object, place: str) -> tuple[ItemType, ...]:
    kinds = many(one_of(ItemType))(value, place)
    if ItemType.LICENCE in kinds:
        raise BadInput(
            Flaw.CONTRADICTION, place, "01 (行政许可) is under the law of licences anyhow; no district decides it"
        )
    if len(set(kinds)) < len(kinds):
        raise BadInput(Flaw.CONTRADICTION, place, "a kind of item (事项类型) is listed twice")
    return kinds


def _window(value: object, place: str) -> WindowPolicy:
    return WindowPolicy(**read_table(value, _WINDOW, ("hall", "offday_acceptance"), place))


def _cards(value: object, place: str) -> tuple[CardPolicy, ...]:
    """The table that takes the place of the default one; it is empty where a district issues no cards."""
    cards = read_table(value, _CARDS, (), place)
    for ground in BY_HAND_ONLY:
        if ground.value in cards:
            sentence = "no card of this ground is ever due: a supervisor issues it, and says its level"
            raise BadInput(Flaw.CONTRADICTION, f"{place}.{ground.value}", sentence)
    return tuple(CardPolicy(ground=one, level=cards[one.value]) for one in CardGround if one.value in cards)


_WINDOW: Final[Mapping[str, Reader[Any]]] = {
    "hall": read_text,
    "window": read_text,
    "offday_acceptance": one_of(OffdayAcceptance),
}

_TRIPS: Final = {
    "near_gross": "near_visits_gross",
    "near_net": "near_visits_net",
    "before_application": "count_before_application",
}

_OFFDAY: Final = dict.fromkeys(("promised", "instant"), one_of(OffdayAcceptance))

_WARNING: Final = {"days": _between(0, FARTHEST_WARNING_DAYS), "percent": _between(0, PERCENT)}

_CARDS: Final[Mapping[str, Reader[Any]]] = {ground.value: one_of(CardLevel) for ground in CardGround}

_RULE: Final[Mapping[str, Reader[Any]]] = {
    "name": read_id,
    "calendar": read_id,
    "moves_promise": _moves_promise,
    "parallel_procedures": read_flag,
    "refusal_ends_review": read_flag,
    "deemed_acceptance": read_flag,
    "licence_law_for": _licence_law_for,
    "hours_per_workday": _between(1, HOURS_A_DAY),
    "offday_acceptance": _table(_OFFDAY),
    "window": many(_window),
    "warning": _table(_WARNING),
    "trips": _table(dict.fromkeys(_TRIPS, read_flag)),
    "drop_box_receipt": one_of(ReceiptDate),
    "collect_days": _between(1, LONGEST_COLLECTION_DAYS),
    "rectify_days": _between(1, LONGEST_RECTIFICATION_DAYS),
    "double_filing_days": _between(0, LONGEST_DOUBLE_FILING_DAYS),
    "instant_seconds": _between(1, LONGEST_INSTANT_SECONDS),
    "skew_minutes": _between(1, WIDEST_SKEW_MINUTES),
    "jump_days": _between(1, LONGEST_JUMP_DAYS),
    "cards": _cards,
    "source": read_text,
    "retrieved_on": read_date,
}

_WITHIN: Final[Mapping[str, Iterable[str]]] = {
    "offday_acceptance": _OFFDAY,
    "window": _WINDOW,
    "warning": _WARNING,
    "trips": _TRIPS,
    "cards": [ground.value for ground in CardGround if ground not in BY_HAND_ONLY],
}

RULE_KEYS: Final[Mapping[str, tuple[str, ...]]] = {key: tuple(_WITHIN.get(key, ())) for key in _RULE}
"""Every key of a rule's file, with those of its table where it is one."""
