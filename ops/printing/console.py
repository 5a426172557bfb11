"""The two consoles: what a command has to say on stdout, for people or as JSON for scripts; what went wrong on stderr."""

import re
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

import orjson
from rich.console import Console
from rich.text import Text

from adapters.stores.addresses import without_passwords

__all__ = ["err", "inert", "out", "put", "put_json", "put_json_object", "styled", "visible", "worth_saying"]

WIDE: Final = 200
_UNSEEN: Final = "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""What turns the direction of what stands beside it, or ends a line; the door lets none of it in."""
_CONTROLS: Final = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"} | {
    0x7F: "\u2421",
    **dict.fromkeys(range(128, 160), "�"),
    **dict.fromkeys(map(ord, _UNSEEN), "�"),
}
"""What a terminal obeys is shown as a picture of it: names come from files, and from stores somebody may have written to."""
_IN_JSON: Final = re.compile(f"[\x7f-\x9f{_UNSEEN}]")
"""What JSON lets stand in a text as it is, and a terminal obeys."""


def visible(text: str) -> str:
    """A text a terminal obeys in nothing."""
    return text.translate(_CONTROLS)


def inert(written: str) -> str:
    """JSON of the same value a terminal obeys in nothing: it stands in texts only, and is escaped there."""
    return _IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


class _Screen(Console):
    """A console that shows what it is given and obeys none of it; lines are left whole, for the terminal to break."""

    def print(self, *objects: Any, **options: Any) -> None:  # noqa: ANN401 - rich's own
        options.setdefault("soft_wrap", all(isinstance(one, str | Text) for one in objects))
        super().print(*objects, **options)

    def render_str(self, text: str, **options: Any) -> Text:  # noqa: ANN401 - rich's own
        return super().render_str(visible(text), **options)


class _Errors(_Screen):
    """The console of what went wrong, on which no address stands with its password."""

    def render_str(self, text: str, **options: Any) -> Text:  # noqa: ANN401 - rich's own
        return super().render_str(without_passwords(text), **options)


_PLAIN: Final[dict[str, Any]] = {"markup": False, "highlight": False, "emoji": False}
out = _Screen(width=None if sys.stdout.isatty() else WIDE, **_PLAIN)
err = _Errors(stderr=True, **_PLAIN)


def styled(*parts: str | tuple[str, str]) -> Text:
    """Text of which a part ``(text, style)`` stands out. A name is never markup, whatever is in it."""
    return Text.assemble(*(visible(one) if isinstance(one, str) else (visible(one[0]), one[1]) for one in parts))


def put(value: object) -> None:
    """One line of JSON on stdout, there at once."""
    sys.stdout.write(inert(orjson.dumps(value).decode()) + "\n")
    sys.stdout.flush()


def put_json(value: object) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(f"{_json(value)}\n")


def put_json_object(fields: Mapping[str, object]) -> None:
    """One JSON object on stdout, as :func:`put_json` writes it; a field that is an iterator is written as it is read."""
    sep = "{"
    for name, value in fields.items():
        sys.stdout.write(f"{sep}\n  {_json(name)}: ")
        if isinstance(value, Iterator):
            _put_list(value)
        else:
            sys.stdout.write(_json(value, 2))
        sep = ","
    sys.stdout.write("\n}\n")


def _put_list(ones: Iterator[object]) -> None:
    sep = "["
    for one in ones:
        sys.stdout.write(f"{sep}\n    {_json(one, 4)}")
        sep = ","
    sys.stdout.write("[]" if sep == "[" else "\n  ]")


def _json(value: object, indent: int = 0) -> str:
    """A value as JSON, of which all lines but the first are indented; no line ends within a text of it."""
    text = inert(orjson.dumps(value, default=_plain, option=orjson.OPT_INDENT_2).decode())
    return text.replace("\n", f"\n{' ' * indent}") if indent else text


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(type(value).__name__)


def worth_saying(value: object) -> bool:
    """Whether a field says anything: 0 does (出证办结), None, False and an empty list do not."""
    return value is not None and value is not False and value != []
