"""XES event logs (``.xes``, ``.xes.gz``; IEEE 1849), read event by event: no trace and no event is kept longer than needed.

Only the attributes that stand directly in a trace or an event count, and those of a trace stand before its events. The
placeholders under ``<global>`` are no data, and a file that brings its own document type or entities is not read.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from pathlib import Path
from typing import Final

from lxml import etree

from adapters.importing.lines import BROKEN_FILE, opened
from adapters.importing.reading import CaseReader, Reading
from adapters.importing.sound_mapping import Mapping
from adapters.importing.traces import Trace
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["attribute", "read_xes", "xes_parts"]

Attributes = dict[str, str]

_KEPT: Final = 128
"""Events of a trace after which those that were read are let go of; a short trace goes as a whole."""


def read_xes(mapping: Mapping, path: Path) -> Iterator[Reading]:
    """Read every trace; raises :class:`~casecore.errors.Fault` naming file and line where the file itself is broken."""
    reader = CaseReader(mapping, attribute, path.name)
    current: etree._Element | None = None
    trace: Trace | None = None
    known = events = 0
    for element in _ended(path):
        if element.tag.endswith("trace"):
            if trace is not None and current is element and len(current) == known:
                yield trace.done()
            else:
                yield _done(reader, element, trace if element is current else None)
            current = None
            _let_go(element)
            continue
        if current is None or element.getparent() is not current:
            parent = element.getparent()
            if parent is None or not _is(parent, "trace"):
                continue
            # the parser may be ahead: what stands behind this event is there already
            before_it = [*takewhile(lambda child: not _is(child, "event"), parent)]
            current, trace = parent, Trace(reader, parent.sourceline or 0, _attributes(before_it))
            known, events = len(before_it), 0
        if trace is not None:
            trace.add(element.sourceline or 0, _attributes(element))
        known, events = known + 1, events + 1
        if events % _KEPT == 0:
            while (before := element.getprevious()) is not None and _is(before, "event"):
                current.remove(before)
                known -= 1


def xes_parts(path: Path) -> Iterator[tuple[Attributes, Attributes]]:
    """Every event, with the attributes of its trace that stand before it; those of one trace have the same."""
    trace, attributes = None, Attributes()
    for element in _ended(path):
        parent = element.getparent()
        if _is(element, "trace"):
            _let_go(element)
        elif parent is not None and _is(parent, "trace"):
            if parent is not trace:
                trace = parent
                attributes = _attributes(takewhile(lambda child: not _is(child, "event"), parent))
            yield attributes, _attributes(element)


def _done(reader: CaseReader, element: etree._Element, trace: Trace | None) -> Reading:
    """End a trace that is more than attributes and the events behind them: what it says of itself later comes too late."""
    attributes = _attributes(child for child in element if not _is(child, "event"))
    if trace is None:
        trace = Trace(reader, element.sourceline or 0, attributes)
    elif len(attributes) > trace.width:
        late = ", ".join([*attributes][trace.width :])
        trace.fail(BadInput(Flaw.CONTRADICTION, "", f"{late} stands behind the events of the trace, XES has it before them"))
    return trace.done()


def _ended(path: Path) -> Iterator[etree._Element]:
    """Traces and events as they end."""
    walk = None
    try:
        with opened(path) as file:
            walk = etree.iterparse(
                file,
                events=("end",),
                tag=("{*}trace", "{*}event"),
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
            )
            for _, element in walk:
                _check_root(element.getroottree().getroot(), path.name)
                yield element
                break
            for _, element in walk:
                yield element
            _check_root(walk.root, path.name)
    except etree.XMLSyntaxError as flaw:
        raise Fault(f"{path.name}: line {flaw.lineno or 1}: broken XML: {' '.join(str(flaw.msg).split())}") from flaw
    except BROKEN_FILE as flaw:
        raise Fault(f"{path.name}: cannot be read: {flaw}") from flaw


def _check_root(root: etree._Element, name: str) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise Fault(f"{name}: line 1: a document type has no place in an XES log")
    if not _is(root, "log"):
        raise Fault(f"{name}: line 1: not an XES log, its outermost element is no <log>")


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


def _attributes(children: Iterable[etree._Element]) -> Attributes:
    """The attributes of a trace or event, by their keys."""
    found: Attributes = {}
    for child in children:
        key, value = child.get("key"), child.get("value")
        if key is not None and value is not None:
            found[key] = value
    return found


def attribute(name: str) -> Callable[[Attributes], str]:
    """Find an attribute by its key, in the way a CaseReader asks for one."""
    return lambda attributes: attributes.get(name, "").strip()
