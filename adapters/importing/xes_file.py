"""XES event logs (``.xes``, ``.xes.gz``; IEEE 1849), read trace by trace in constant memory.

Only the attributes that stand directly in a trace or an event count. The placeholders under ``<global>`` are no data,
and a file that brings its own document type or entities is not read.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

from adapters.importing.lines import BROKEN_FILE, opened
from adapters.importing.reading import CaseReader, Reading, rejection
from adapters.importing.sound_mapping import Mapping
from casecore.errors import BadInput, Fault

__all__ = ["read_xes"]

Attributes = dict[str, str]


def read_xes(mapping: Mapping, path: Path) -> Iterator[Reading]:
    """Read every trace; raises :class:`~casecore.errors.Fault` naming file and line where the file itself is broken."""
    reader = CaseReader(mapping, _attribute, path.name)
    for trace in _traces(path):
        yield _read(reader, trace)


def _read(reader: CaseReader, trace: etree._Element) -> Reading:
    """Read one trace: recorded whole, or not at all."""
    line = trace.sourceline or 0
    events = [child for child in trace if _is(child, "event")]
    attributes = _attributes(trace)
    case = reader.case(attributes)
    at_fault = ""
    try:
        draft = reader.draft(case, ())
        reader.add_case(draft, attributes)
        for event in events:
            at_fault = f"event at line {event.sourceline}: "
            reader.add_event(draft, attributes, _attributes(event))
        at_fault = ""
        return reader.reading(draft, line, case, len(events))
    except BadInput as flaw:
        return Reading(line, case, rejection(line, case, flaw.code, f"{at_fault}{flaw}"), len(events))


def _traces(path: Path) -> Iterator[etree._Element]:
    """Each trace as it ends; what was read is let go of."""
    begun = False
    try:
        with opened(path) as file:
            walk = etree.iterparse(
                file,
                events=("start", "end"),
                tag=("{*}log", "{*}trace"),
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
            )
            for moment, element in walk:
                if _is(element, "log"):
                    begun = True
                    if moment == "start" and element.getroottree().docinfo.internalDTD is not None:
                        raise Fault(f"{path.name}: line 1: a document type has no place in an XES log")
                elif moment == "end":
                    if not begun:
                        break
                    yield element
                    _let_go(element)
    except etree.XMLSyntaxError as flaw:
        raise Fault(f"{path.name}: line {flaw.lineno or 1}: broken XML: {' '.join(str(flaw.msg).split())}") from flaw
    except BROKEN_FILE as flaw:
        raise Fault(f"{path.name}: cannot be read: {flaw}") from flaw
    if not begun:
        raise Fault(f"{path.name}: line 1: not an XES log, its outermost element is no <log>")


def _let_go(element: etree._Element) -> None:
    """Free an element and all that stands before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _is(element: etree._Element, name: str) -> bool:
    """Whether it is an element of that name, in the namespace of XES or in none; comments are no elements."""
    tag = element.tag
    return isinstance(tag, str) and (tag == name or tag.endswith("}" + name))


def _attributes(element: etree._Element) -> Attributes:
    """The attributes of a trace or event, by their keys."""
    found: Attributes = {}
    for child in element:
        key, value = child.get("key"), child.get("value")
        if key is not None and value is not None and not _is(child, "event"):
            found[key] = value
    return found


def _attribute(name: str) -> Callable[[Attributes], str]:
    """Find an attribute by its key, in the way a CaseReader asks for one."""
    return lambda attributes: attributes.get(name, "").strip()
