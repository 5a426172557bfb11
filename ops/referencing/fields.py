"""The fields of commands, facts and the values in them: name, type in plain words, default, and what is said of each."""

from dataclasses import MISSING, Field, fields
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

from casecore.annotations import Shape, shapes_of
from ops.referencing.docstrings import fields_said
from ops.referencing.markdown import code, prose, table

__all__ = ["fields_table", "values_in"]

_PLAIN: Final = {str: "text", int: "whole number", bool: "yes or no", date: "date", datetime: "instant"}
_MANY: Final = {
    "text": "texts",
    "identifier": "identifiers",
    "whole number": "whole numbers",
    "date": "dates",
    "instant": "instants",
}


def fields_table(cls: type[Any], *, without: frozenset[str] = frozenset()) -> str:
    """The fields of a class, but for those named, as a table; nothing where it has none."""
    said, shapes = fields_said(cls), shapes_of(cls)
    rows = [
        (code(field.name), _described(shapes[field.name], field), _default(field), prose(said.get(field.name, "")))
        for field in fields(cls)
        if field.name not in without
    ]
    return table(("field", "type", "unless given", ""), rows)


def values_in(classes: tuple[type[Any], ...]) -> tuple[type[Any], ...]:
    """The lists and values the fields of these classes are of, and those within them, each once, by name."""
    found: dict[str, type[Any]] = {}
    waiting = list(classes)
    while waiting:
        for shape in shapes_of(waiting.pop()).values():
            if shape.kind in _PLAIN or shape.kind.__name__ in found:
                continue
            found[shape.kind.__name__] = shape.kind
            if not issubclass(shape.kind, Enum):
                waiting.append(shape.kind)
    return tuple(found[name] for name in sorted(found))


def _described(shape: Shape, field: "Field[Any]") -> str:
    """A type in plain words."""
    if shape.kind in _PLAIN:
        one = "identifier" if shape.identifier is not None else _PLAIN[shape.kind]
        words = _MANY[one] if shape.many else one
    else:
        name = shape.kind.__name__
        words = f"{'list of ' if shape.many else ''}[{name}](words.md#{name.lower()})"
    marks = ["or none"] if shape.optional and field.default is MISSING else []
    if shape.identifier is not None and shape.identifier.unique:
        marks.append("once within its stream")
    if shape.personal:
        marks.append("about a person")
    return ", ".join((words, *marks))


def _default(field: "Field[Any]") -> str:
    if field.default is MISSING:
        return "required"
    match field.default:
        case None:
            return "none"
        case bool():
            return "yes" if field.default else "no"
        case Enum():
            return code(field.default.value)
        case ():
            return "empty"
        case _:
            return code(field.default)
