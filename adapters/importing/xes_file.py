"""XES event logs (``.xes``, ``.xes.gz``; IEEE 1849), read event by event: no trace and no event is kept longer than needed.

Only the attributes that stand directly in a trace or an event count, and those of a trace stand before its events. The
placeholders under ``<global>`` are no data, and a file that brings its own document type or entities is not read.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from pathlib import Path

from lxml import etree

from adapters.importing.lines import BROKEN_FILE, opened
from adapters.importing.reading import CaseReader, Reading
from adapters.importing.sound_mapping import Mapping
from adapters.importing.traces import Trace
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["attribute", "read_xes"]

Attributes = dict[str, str]


def read_xes(mapping: Mapping, path: Path) -> Iterator[Reading]:
    """Read every trace; raises :class:`~casecore.errors.Fault` naming file and line where the file itself is broken."""
    reader = CaseReader(mapping, attribute, path.name)
    current: etree._Element | None = None
    trace: Trace | None = None
    for moment, element in _elements(path):
        if _is(element, "trace"):
            if moment == "start":
                current, trace = element, None
                continue
            yield _done(reader, element, trace)
            current = None
            _let_go(element)
        elif moment == "end" and current is not None and element.getparent() is current:
            if trace is None:  # the parser may be ahead: what stands behind this event is there already
                before_it = takewhile(lambda child: not _is(child, "event"), current)
                trace = Trace(reader, current.sourceline or 0, _attributes(before_it))
            trace.add(element.sourceline or 0, _attributes(element))
            element.clear()
            before = element.getprevious()
            if before is not None and _is(before, "event"):
                current.remove(before)


def _done(reader: CaseReader, element: etree._Element, trace: Trace | None) -> Reading:
    """End a trace; what it says of itself behind its events comes too late."""
    attributes = _attributes(element)
    if trace is None:
        trace = Trace(reader, element.sourceline or 0, attributes)
    elif len(attributes) > trace.width:
        late = ", ".join([*attributes][trace.width :])
        trace.fail(BadInput(Flaw.CONTRADICTION, "", f"{late} stands behind the events of the trace, XES has it before them"))
    return trace.done()


def _elements(path: Path) -> Iterator[tuple[str, etree._Element]]:
    """Traces and events as they begin and end."""
    begun = False
    try:
        with opened(path) as file:
            walk = etree.iterparse(
                file,
                events=("start", "end"),
                tag=("{*}log", "{*}trace", "{*}event"),
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
                elif not begun:
                    if moment == "end":
                        break
                else:
                    yield moment, element
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


def _attributes(element: Iterable[etree._Element]) -> Attributes:
    """The attributes of a trace or event, by their keys."""
    found: Attributes = {}
    for child in element:
        key, value = child.get("key"), child.get("value")
        if key is not None and value is not None and not _is(child, "event"):
            found[key] = value
    return found


def attribute(name: str) -> Callable[[Attributes], str]:
    """Find an attribute by its key, in the way a CaseReader asks for one."""
    return lambda attributes: attributes.get(name, "").strip()
