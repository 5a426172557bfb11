"""A mapping drafted from the head of a file: what can be seen is said, what is guessed carries a comment.

A draft is meant to be read and mended. It names an item, a hall, a tier and a promise, which no file says of itself.
"""

import json
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from adapters.importing.csv_file import csv_rows
from adapters.importing.dates import DateFormat, date_format
from adapters.importing.lines import BROKEN_FILE, opened
from adapters.importing.log_heads import LogHead, ocel_head, xes_head
from adapters.importing.ocel_sqlite import is_sqlite
from adapters.importing.rows import Rows
from adapters.importing.sound_mapping import Encoding, Layout, Pairs
from adapters.importing.values import parse_instant
from adapters.importing.xlsx_file import xlsx_rows
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["suggest_mapping"]

_SAMPLE: Final = 500
"""Rows that are looked at."""
_HEAD_BYTES: Final = 256 * 1024
_HEAD_LINES: Final = 20
_DELIMITERS: Final = ",;\t|，"
_FORMATS: Final = ("iso", "slashes", "compact", "chinese")
_NOTHING: Final = frozenset(
    {"NULL", "null", "None", "NaN", "nan", "N/A", "n/a", "#N/A", "\\N", "-", "--", "/", "无", "9999-12-31", "0000-00-00"}
)
_CASE: Final = re.compile(r"编号|流水号|办件号|业务号|case|\bid\b|_id$|number", re.IGNORECASE)
_BEGIN: Final = re.compile(r"收件|接收|申请|受理|提交|登记|开始|创建|receiv|start|begin|open|creat|submit", re.IGNORECASE)
_END: Final = re.compile(r"办结|办毕|结束|完成|完结|出证|end|clos|complet|finish", re.IGNORECASE)
_PLANNED: Final = re.compile(r"计划|预计|承诺|应|plan|due|deadline|expect|promis", re.IGNORECASE)
"""Of instants that were set and need not have come."""
_STEP: Final = re.compile(r"环节|步骤|活动|状态|节点|activity|step|event|task|status", re.IGNORECASE)


class _Seen(NamedTuple):
    """A column of the sample."""

    name: str
    values: Sequence[str]
    """Without words for nothing."""
    nothing: Sequence[str]
    """Such words, as far as they were met."""
    format: str | None
    """How its instants are written; None where it holds none."""


def suggest_mapping(path: Path) -> str:
    """Draft the TOML of a mapping for a CSV file, a workbook with one sheet, an XES log or an OCEL 2.0 log.

    Raises :class:`~casecore.errors.BadInput` where nothing can be drafted, ``Fault`` where the file is broken.
    """
    try:
        with opened(path) as file:
            head = file.read(_HEAD_BYTES)
    except BROKEN_FILE as flaw:
        raise Fault(f"{path.name}: cannot be read: {flaw}") from flaw
    begins = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if begins == b"<":
        return _draft_log(path, xes_head(path))
    if begins == b"{" or is_sqlite(path):
        return _draft_log(path, ocel_head(path))
    if head.startswith(b"PK"):
        return _draft_table(path, ['format = "xlsx"'], xlsx_rows(path, Layout()))
    layout, said = _layout(head, path.name)
    return _draft_table(path, ['format = "csv"', *said], csv_rows(path, layout))


def _layout(head: bytes, name: str) -> tuple[Layout, list[str]]:
    """How a CSV file is written, and what a mapping says of it."""
    encoding = _encoding(head, name)
    lines = head.decode(encoding, "replace").removeprefix("\ufeff").splitlines()[:_HEAD_LINES]
    delimiter = max(_DELIMITERS, key=lambda sign: max((line.count(sign) for line in lines), default=0))
    most = max((line.count(delimiter) for line in lines), default=0)
    header = next((n for n, line in enumerate(lines, 1) if line.count(delimiter) == most), 1)
    said = []
    if encoding is not Encoding.UTF_8:
        said.append(f"encoding = {_text(encoding)}   # guessed from its bytes")
    if delimiter != ",":
        said.append(f"delimiter = {_text(delimiter)}")
    if header != 1:
        said.append(f"header = {header}   # guessed: the first line with as many fields as any")
    return Layout(encoding=encoding, delimiter=delimiter, header=header), said


def _encoding(head: bytes, name: str) -> Encoding:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Encoding.UTF_16
    whole = head if len(head) < _HEAD_BYTES else head[: head.rfind(b"\n")]
    for encoding in (Encoding.UTF_8, Encoding.GB18030):
        try:
            whole.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise BadInput(Flaw.UNDECODABLE, name, "is neither UTF-8 nor GB18030, and no mark says it is UTF-16")


def _draft_table(path: Path, said: list[str], rows: Rows) -> str:
    """The mapping of a table, from the rows beginning with the header or what stands above it."""
    header = next((int(line.split()[2]) for line in said if line.startswith("header")), 1)
    seen = _look(path.name, rows, header)
    case, events = _case_column(seen, path.name)
    dated = [column for column in seen if column.format]
    if not dated:
        raise BadInput(Flaw.MISSING_FIELD, path.name, "no column holds instants in a form that can be told")
    begin, end = _bounds(dated)
    begin = begin or next((column for column in dated if column is not end), None)
    if begin is None:
        sentence = f"no column of instants could be the receipt: only {dated[0].name} is read as one in every row"
        raise BadInput(Flaw.MISSING_FIELD, path.name, sentence)
    facts = list(_event_facts(seen, case, begin, end) if events else _case_facts(begin, end))
    if events:
        said = [*said, 'rows = "event"   # guessed: case ids stand more than once']
    return _whole(path, said, case, [column for column in (begin, end) if column is not None], facts, seen)


def _draft_log(path: Path, head: LogHead) -> str:
    """The mapping of a log: its cases by what they say themselves, where they do, and every event a step."""
    cases, events = _all_seen(head.cases), _all_seen(head.events)
    case = next((column for column in cases if column.name == head.case), None)
    if case is None or "" in case.values:
        raise BadInput(Flaw.MISSING_FIELD, path.name, f"not every case has {head.case}, which is its id")
    begin, end = _bounds([column for column in cases if column.format])
    at = head.at if head.transitions is None else Pairs.BEGAN
    facts = list(_case_facts(begin, end)) if begin is not None else [*_taken(at), *(_case_end(end) if end else ())]
    steps = [f"at = {_text(at)}", f"name = {{from = {_text(head.name)}}}"]
    if head.transitions is None:
        facts += ["", "[[fact]]", 'event = "step_completed"', 'scope = "event"', *steps]
    else:
        facts += list(_pair_facts(steps, head.transitions))
    pairs = [] if head.transitions is None else ["pairs = {}   # guessed: events tell beginnings and ends"]
    used = [column for column in (begin, end) if column is not None]
    return _whole(path, [*head.said, *pairs], case, used, facts, [*cases, *events])


def _pair_facts(steps: Sequence[str], transitions: Container[str]) -> Iterator[str]:
    """What pairs of events become; a pause is a suspension, whatever else there is set aside."""
    kinds = [Pairs.STEP]
    yield from ("", "[[fact]]", 'event = "step_completed"', 'scope = "event"', *steps, f"until = {_text(Pairs.ENDED)}")
    yield f'when = {{"{Pairs.KIND}" = ["{Pairs.STEP}"]}}'
    if "suspend" in transitions:
        kinds.append(Pairs.SUSPENSION)
        yield from ("", "[[fact]]", 'event = "suspension"   # guessed: a pause of a step may be none of the case')
        yield from ('scope = "event"', f"at = {_text(Pairs.BEGAN)}", f"until = {_text(Pairs.ENDED)}", 'reason = "suspended"')
        yield f'when = {{"{Pairs.KIND}" = ["{Pairs.SUSPENSION}"]}}'
    yield from ("", "[[fact]]", 'event = "ignored"   # guessed: schedule, assign and the like say nothing of the case')
    yield from ('scope = "event"', f'unless = {{"{Pairs.KIND}" = {json.dumps(kinds)}}}')


def _whole(  # noqa: PLR0913, PLR0917 - the parts of a mapping
    path: Path, said: list[str], case: _Seen, used: Sequence[_Seen], facts: Sequence[str], seen: Sequence[_Seen]
) -> str:
    """The whole mapping."""
    name = re.sub(r"[^\w-]+", "_", path.name.partition(".")[0]) or "drafted"
    lines = [
        f"# Drafted from the head of {' '.join(path.name.split())}. What is guessed says so: read it before you import.",
        f"name = {_text(name)}",
        *said,
        'zone = "Asia/Shanghai"   # guessed: where the file names no offset',
        'calendar = "cn-2026.1"',
        f"case = {_text(case.name)}   # guessed",
        *_column_table("dates", {column.name: [column.format] for column in used if column.format not in (None, "iso")}),
        *_column_table("nothing", {column.name: column.nothing for column in used if column.nothing}),
        "",
        'by = "imported"   # guessed: the file may say who',
        'item = "imported"   # guessed: or {from = "COLUMN", words = {…}}',
        'hall = "imported"   # guessed',
        'tier = "county"   # guessed',
        'channel = "other"   # guessed',
        'promise = {limit = {amount = 10, unit = "working_day"}}   # guessed',
        *facts,
    ]
    read = {case.name, *(column.name for column in used)}
    names = dict.fromkeys(one.name for one in seen if one.name not in read)
    rest = [name for name in names if not any(_text(name) in fact for fact in facts)]
    if not any('"closed"' in fact for fact in facts):
        lines += ["", "# No fact closes a case: a closing stands in one of its events, or in another file."]
    if rest:
        lines += ["", f"# Read by nothing yet: {', '.join(' '.join(name.split()) for name in rest)}"]
    return "\n".join(lines) + "\n"


def _look(file: str, rows: Rows, header: int) -> list[_Seen]:
    """The columns of the first rows; bad rows tell nothing."""
    found = ((line, row) for line, row in rows if line >= header)
    _, names = next(found, (header, BadInput(Flaw.NOT_CSV, file, "no header")))
    if isinstance(names, BadInput):
        raise names
    names = [name.strip() for name in names]
    sample = [row for _, row in islice(found, _SAMPLE) if not isinstance(row, BadInput) and len(row) == len(names)]
    if not sample:
        raise BadInput(Flaw.MISSING_FIELD, file, "has no rows to look at")
    sound = [(n, name) for n, name in enumerate(names) if name and names.count(name) == 1]
    return [_seen(name, [row[n].strip() for row in sample]) for n, name in sound]


def _all_seen(sample: Sequence[Mapping[str, str]]) -> list[_Seen]:
    """The attributes of some cases, or events."""
    names = dict.fromkeys(name for one in sample for name in one)
    return [_seen(name, [one.get(name, "").strip() for one in sample]) for name in names]


def _seen(name: str, values: list[str]) -> _Seen:
    nothing = sorted(_NOTHING.intersection(values))
    said = [value for value in values if value and value not in _NOTHING]
    form = next((form for form in _FORMATS if said and _all_fit(form, said)), None)
    return _Seen(name, said if len(said) == len(values) else [*said, ""], nothing, form)


def _all_fit(form: str, values: Iterable[str]) -> bool:
    read: Callable[[str], object] = _reader(date_format(form, "dates"))
    try:
        return all(read(value) is not None for value in values)
    except (ValueError, OverflowError):
        return False


def _reader(form: DateFormat) -> Callable[[str], object]:
    return form.read or (lambda text: parse_instant(text, "dates"))


def _case_column(seen: Sequence[_Seen], file: str) -> tuple[_Seen, bool]:
    """The column of the case id, and whether a case has several rows."""
    whole = [column for column in seen if "" not in column.values and not column.nothing and not column.format]
    named = [column for column in whole if _CASE.search(column.name)]
    single = [column for column in (*named, *whole) if len(set(column.values)) == len(column.values)]
    if named and named[0] not in single:
        return named[0], True
    if single:
        return single[0], False
    raise BadInput(Flaw.MISSING_FIELD, file, "no column could be the id of a case: always there, and named so or each once")


def _bounds(dated: Sequence[_Seen]) -> tuple[_Seen | None, _Seen | None]:
    """The columns that look like the beginning and the end of a case."""
    happened = [column for column in dated if not _PLANNED.search(column.name)]
    begin = next((column for column in happened if _BEGIN.search(column.name)), None)
    return begin, next((column for column in happened if _END.search(column.name) and column is not begin), None)


def _case_facts(begin: _Seen, end: _Seen | None) -> Iterator[str]:
    for event in ("received", "accepted"):
        yield from ("", "[[fact]]", f'event = "{event}"', f"at = {_text(begin.name)}   # guessed")
    if end is not None:
        yield from _case_end(end)


def _case_end(end: _Seen) -> Iterator[str]:
    yield from ("", "[[fact]]", 'event = "closed"', f"at = {_text(end.name)}   # guessed", "required = false")


def _taken(at: str) -> Iterator[str]:
    """The first event is receipt and acceptance."""
    for event in ("received", "accepted"):
        yield from (
            "",
            "[[fact]]",
            f'event = "{event}"',
            'scope = "event"',
            'take = "first"   # guessed',
            f"at = {_text(at)}",
        )


def _event_facts(seen: Sequence[_Seen], case: _Seen, begin: _Seen, end: _Seen | None) -> Iterator[str]:
    """Every row is a step."""
    yield from _taken(begin.name)
    texts = [column for column in seen if column is not case and not column.format and "" not in column.values]
    name = next((column for column in texts if _STEP.search(column.name)), texts[0] if texts else None)
    yield from ("", "[[fact]]", 'event = "step_completed"', 'scope = "event"', f"at = {_text(begin.name)}")
    if end is not None:
        yield f"until = {_text(end.name)}   # guessed"
    yield f"name = {'{from = ' + _text(name.name) + '}' if name else _text('step')}   # guessed"


def _column_table(key: str, columns: dict[str, Sequence[str | None]]) -> Iterator[str]:
    if columns:
        parts = (f"{_text(name)} = [{', '.join(_text(word or '') for word in words)}]" for name, words in columns.items())
        yield f"{key} = {{{', '.join(parts)}}}   # guessed from the first rows"


def _text(text: str) -> str:
    """Text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
