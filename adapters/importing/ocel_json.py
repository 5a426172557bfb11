"""OCEL 2.0 as JSON: one object of four lists, read element by element in constant memory."""

import json
from collections.abc import Iterator
from contextlib import suppress
from io import TextIOWrapper
from typing import Any, Final

from adapters.importing.lines import Bytes
from adapters.importing.ocel_parts import Event, Object, latest, text_of, type_of
from casecore.errors import BadInput, Flaw

__all__ = ["json_log"]

_CHUNK: Final = 256 * 1024
_LONGEST: Final = 16 * 1024 * 1024
_BLANKS: Final = " \t\r\n"
_LISTS: Final = ("objects", "events")


def json_log(file: Bytes) -> Iterator[Object | Event]:
    """The objects and events of a log; raises ``BadInput`` where it is none."""
    text = TextIOWrapper(file, "utf-8-sig")
    counts = dict.fromkeys(_LISTS, 0)
    try:
        for key, value in _Walk(text).elements():
            if key in counts:
                counts[key] += 1
                place = f"{key}[{counts[key] - 1}]"
                yield _object(value, place) if key == "objects" else _event(value, place)
    except UnicodeDecodeError as flaw:
        raise BadInput(Flaw.NOT_UTF8, "", f"is not UTF-8: {flaw.reason}") from flaw
    finally:
        with suppress(ValueError):  # it may be closed already
            text.detach()  # the file is its opener's


def _object(value: Any, place: str) -> Object:  # noqa: ANN401 - whatever JSON may hold
    try:
        said = [
            (text_of(one["name"], place), text_of(one.get("time"), place), text_of(one["value"], place))
            for one in value.get("attributes", ())
        ]
        return Object(text_of(value["id"], place), type_of(value["type"], place), latest(said))
    except (KeyError, TypeError, AttributeError) as flaw:
        raise BadInput(Flaw.NOT_JSON, place, f"is no object of OCEL 2.0: {flaw}") from None


def _event(value: Any, place: str) -> Event:  # noqa: ANN401 - whatever JSON may hold
    try:
        attributes = {text_of(one["name"], place): text_of(one["value"], place) for one in value.get("attributes", ())}
        relations = [
            (text_of(one["objectId"], place), text_of(one.get("qualifier"), place)) for one in value.get("relationships", ())
        ]
        time = text_of(value["time"], place)
        return Event(text_of(value["id"], place), type_of(value["type"], place), time, attributes, relations)
    except (KeyError, TypeError, AttributeError) as flaw:
        raise BadInput(Flaw.NOT_JSON, place, f"is no event of OCEL 2.0: {flaw}") from None


class _Walk:
    """A walk over one JSON object, of whose lists each element is read by itself."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._held = ""
        self._at = 0
        self._decode = json.JSONDecoder().raw_decode

    def elements(self) -> Iterator[tuple[str, Any]]:
        """Each element of each list, with the key of the list."""
        self._expect("{")
        while self._peek() != "}":
            key = self._value()
            self._expect(":")
            if self._peek() == "[":
                self._at += 1
                while self._peek() != "]":
                    yield key, self._value()
                    if self._peek() != "]":
                        self._expect(",")
                self._at += 1
            elif key in _LISTS:
                raise BadInput(Flaw.NOT_JSON, key, "is no list")
            else:
                self._value()
            if self._peek() != "}":
                self._expect(",")

    def _value(self) -> Any:  # noqa: ANN401 - whatever JSON may hold
        self._peek()
        while True:
            try:
                value, end = self._decode(self._held, self._at)
            except (ValueError, RecursionError) as flaw:
                if len(self._held) - self._at > _LONGEST or not self._more():
                    raise BadInput(Flaw.NOT_JSON, "", f"is not JSON: {flaw}") from None
                continue
            if end == len(self._held) and self._more():  # a number may go on
                continue
            self._at = end
            return value

    def _peek(self) -> str:
        """The next sign that is no blank."""
        while True:
            while self._at < len(self._held) and self._held[self._at] in _BLANKS:
                self._at += 1
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more():
                raise BadInput(Flaw.NOT_JSON, "", "is not JSON: it ends too soon")

    def _expect(self, sign: str) -> None:
        found = self._peek()
        if found != sign:
            raise BadInput(Flaw.NOT_JSON, "", f"is no OCEL 2.0 log in JSON: {found!r} stands where {sign!r} should")
        self._at += 1

    def _more(self) -> bool:
        """Read on; whether there was anything."""
        chunk = self._text.read(_CHUNK)
        self._held, self._at = self._held[self._at :] + chunk, 0
        return bool(chunk)
