"""A mapping drafted from the head of a file: what can be seen is said, what is guessed carries a comment.

A draft is meant to be read and mended. It names an item, a hall, a tier and a promise, which no file says of itself.
"""

import json
import re
from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import Final

from adapters.importing.log_heads import LogHead, Said, ocel_head, xes_head
from adapters.importing.ocel_sqlite import is_sqlite
from adapters.importing.sound_mapping import Join, Pairs
from adapters.importing.table_heads import Field, Seen, TableHead, begins, seen_in, table_head
from casecore.door import shown
from casecore.errors import BadInput, Flaw

__all__ = ["suggest_mapping"]

_CASE: Final = re.compile(r"编号|流水号|办件号|业务号|case|\bid\b|_id$|number", re.IGNORECASE)
_BEGIN: Final = re.compile(r"收件|接收|申请|受理|提交|登记|开始|创建|receiv|start|begin|open|creat|submit", re.IGNORECASE)
_END: Final = re.compile(r"办结|办毕|结束|完成|完结|出证|end|clos|complet|finish", re.IGNORECASE)
_PLANNED: Final = re.compile(r"计划|预计|承诺|应|plan|due|deadline|expect|promis", re.IGNORECASE)
"""Of instants that were set and need not have come."""
_SHOWN: Final = 20
"""Rows that are named in a draft."""
_ONE_IN: Final = 50
"""Of so many rows one may bear the id of another by mistake; where it is more, a case has several rows."""
_STEP: Final = re.compile(r"环节|步骤|活动|状态|节点|activity|step|event|task|status", re.IGNORECASE)


def suggest_mapping(path: Path, *, sheet: str | None = None, header: int | None = None, joined: Path | None = None) -> str:
    """Draft the TOML of a mapping for a CSV file, a sheet of a workbook, an XES log or an OCEL 2.0 log.

    ``sheet`` names one of several sheets, ``header`` the line (or row) a table's columns are named on, where the first one
    with as many fields as any is not it; ``joined`` is a second table of the same cases, to be joined by its key.
    A field or row that cannot be read is named in a comment of the draft, with its place. Raises
    :class:`~casecore.errors.BadInput` where nothing can be drafted, ``Fault`` where the file is broken.
    """
    head = begins(path)
    if not _is_log(path, head):
        table = table_head(path, head, sheet=sheet, header=header)
        return _draft_table(path, table, None if joined is None else (joined, _second(joined)))
    for name, value in (("sheet", sheet), ("header", header), ("joined", joined)):
        if value is not None:
            raise BadInput(Flaw.CONTRADICTION, name, f"means nothing for {path.name}, which is no table but a log of events")
    return _draft_log(path, xes_head(path) if _first(head) == b"<" else ocel_head(path))


def _is_log(path: Path, head: bytes) -> bool:
    return _first(head) in (b"<", b"{") or is_sqlite(path)


def _first(head: bytes) -> bytes:
    """The first sign of a file, behind a mark and blanks."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]


def _second(path: Path) -> TableHead:
    """The head of the table that is to be joined."""
    head = begins(path)
    if _is_log(path, head):
        raise BadInput(Flaw.CONTRADICTION, "joined", f"{path.name} is no table but a log of events")
    return table_head(path, head)


def _draft_table(path: Path, table: TableHead, other: tuple[Path, TableHead] | None) -> str:
    """The mapping of a table, with the columns of another one beside its own."""
    said, seen, bad = [*table.said], [*table.seen], [*table.bad]
    case, events = _case_column(seen, path.name)
    lent: list[Seen] = []
    if other is not None:
        lent, join = _lent(case, table, *other)
        said.append(join)
        bad += [f"{other[0].name}, {one}" for one in other[1].bad]
    dated = [column for column in (*seen, *lent) if column.formats]
    if not dated:
        raise BadInput(Flaw.MISSING_FIELD, path.name, "no column holds instants in a form that can be told")
    begin, end = _bounds(dated)
    end = _bounds([column for column in lent if column.formats and column is not begin])[1] or end
    begin = begin or next((column for column in dated if column is not end), None)
    if begin is None:
        sentence = f"no column of instants could be the receipt: {dated[0].name} is the only one, and looks like the end"
        raise BadInput(Flaw.MISSING_FIELD, path.name, sentence)
    if other is not None and begin not in lent and end not in lent:
        sentence = "no column of it holds instants that a receipt or a closing could be taken from"
        raise BadInput(Flaw.MISSING_FIELD, other[0].name, sentence)
    facts = list(_event_facts(seen, case, begin, end) if events else _case_facts(begin, end))
    if events:
        said.append(Said("rows", "event", "case ids stand more than once"))
    else:
        bad += _repeated(case)
    return _whole(path, said, case, [column for column in (begin, end) if column is not None], facts, [*seen, *lent], bad)


def _lent(case: Seen, table: TableHead, path: Path, other: TableHead) -> tuple[list[Seen], Said]:
    """The columns a second table lends, and how it is joined: by the column that holds the cases of the first."""
    cases = set(case.told)
    shared = {column.name: len(cases.intersection(column.told)) for column in other.seen}
    key = max(other.seen, key=lambda column: (shared[column.name], column.name == case.name), default=None)
    if key is None or not shared[key.name]:
        raise BadInput(Flaw.MISSING_FIELD, path.name, f"no column of it holds what {case.name} of the first table does")
    usual = {said.key: said.value for said in table.said if said.key == "format"}
    how = {said.key: said.value for said in other.said if usual.get(said.key) != said.value}
    lent = [
        column._replace(name=f"{Join.OF}{column.name}", fields=_placed(path, column.fields), odd=_placed(path, column.odd))
        for column in other.seen
        if column is not key
    ]
    return lent, Said("join", {"key": key.name, **how}, f"{key.name} holds what {case.name} does")


def _placed(path: Path, fields: Sequence[Field]) -> list[Field]:
    """Fields whose places say in which file they are."""
    return [field._replace(place=f"{path.name} {field.place}") for field in fields]


def _draft_log(path: Path, head: LogHead) -> str:
    """The mapping of a log: its cases by what they say themselves, where they do, and every event a step."""
    cases, events = seen_in(head.cases, "case"), seen_in(head.events, "event")
    case = next((column for column in cases if column.name == head.case), None)
    if case is None or not case.told:
        raise BadInput(Flaw.MISSING_FIELD, path.name, f"not every case has {head.case}, which is its id")
    begin, end = _bounds([column for column in cases if column.formats])
    at = head.at if head.transitions is None else Pairs.BEGAN
    facts = list(_case_facts(begin, end)) if begin is not None else [*_taken(at), *(_case_end(end) if end else ())]
    steps = [f"at = {_toml(at)}", f"name = {{from = {_toml(head.name)}}}"]
    if head.transitions is None:
        facts += ["", "[[fact]]", 'event = "step_completed"', 'scope = "event"', *steps]
    else:
        facts += list(_pair_facts(steps, head.transitions))
    pairs = [] if head.transitions is None else [Said("pairs", {}, "events tell beginnings and ends")]
    used = [column for column in (begin, end) if column is not None]
    when = [column for column in events if column.name == head.at]
    bad = [f"{field.place}: {head.at}: {shown(field.text)} is no instant" for column in when for field in column.odd]
    return _whole(path, [*head.said, *pairs], case, used, facts, [*cases, *events], [*bad, *_repeated(case)])


def _pair_facts(steps: Sequence[str], transitions: Container[str]) -> Iterator[str]:
    """What pairs of events become; a pause is a suspension, whatever else there is set aside."""
    kinds = [Pairs.STEP]
    yield from ("", "[[fact]]", 'event = "step_completed"', 'scope = "event"', *steps, f"until = {_toml(Pairs.ENDED)}")
    yield f'when = {{"{Pairs.KIND}" = ["{Pairs.STEP}"]}}'
    if "suspend" in transitions:
        kinds.append(Pairs.SUSPENSION)
        yield from ("", "[[fact]]", 'event = "suspension"   # guessed: a pause of a step may be none of the case')
        yield from ('scope = "event"', f"at = {_toml(Pairs.BEGAN)}", f"until = {_toml(Pairs.ENDED)}", 'reason = "suspended"')
        yield f'when = {{"{Pairs.KIND}" = ["{Pairs.SUSPENSION}"]}}'
    yield from ("", "[[fact]]", 'event = "ignored"   # guessed: schedule, assign and the like say nothing of the case')
    yield from ('scope = "event"', f'unless = {{"{Pairs.KIND}" = {json.dumps(kinds)}}}')


def _whole(  # noqa: PLR0913, PLR0917 - the parts of a mapping
    path: Path,
    said: Sequence[Said],
    case: Seen,
    used: Sequence[Seen],
    facts: Sequence[str],
    seen: Sequence[Seen],
    bad: Sequence[str],
) -> str:
    """The whole mapping."""
    name = re.sub(r"[^\w-]+", "_", path.name.partition(".")[0]) or "drafted"
    dates = {column.name: column.formats for column in used if [*column.formats] != ["iso"]}
    nothing = {column.name: column.nothing for column in used if column.nothing}
    lines = [
        f"# Drafted from the head of {_plain(path.name)}. What is guessed says so: read it before you import.",
        *_remarks(case, used, bad),
        f"name = {_toml(name)}   # never change it once rows were imported under it: records are known again by it",
        *(f"{key} = {_toml(value)}{f'   # guessed: {_plain(why)}' if why else ''}" for key, value, why in said),
        'zone = "Asia/Shanghai"   # guessed: where the file names no offset',
        'calendar = "cn-2026.1"',
        f"case = {_toml(case.name)}   # guessed",
        *([f"dates = {_toml(dates)}   # guessed from the first rows"] if dates else ()),
        *([f"nothing = {_toml(nothing)}   # guessed from the first rows"] if nothing else ()),
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
    rest = [name for name in names if not any(_toml(name) in fact for fact in facts)]
    if not any('"closed"' in fact for fact in facts):
        lines += ["", "# No fact closes a case: a closing stands in one of its events, or in another file."]
    if rest:
        lines += ["", f"# Read by nothing yet: {', '.join(_plain(name) for name in rest)}"]
    return "\n".join(lines) + "\n"


def _remarks(case: Seen, used: Sequence[Seen], bad: Sequence[str]) -> Iterator[str]:
    """What of the first rows an import under the draft would reject, each with its place."""
    found = [*bad, *(f"{place}: {case.name}: empty" for place in case.gaps)]
    for column in used:
        found += [f"{field.place}: {column.name}: {shown(field.text)} is no instant" for field in column.odd]
        if column is used[0]:
            found += [f"{place}: {column.name}: empty" for place in column.gaps]
    if found:
        yield "# Of the first rows these will not do as they stand:"
        yield from (f"#   {_plain(one)}" for one in found[:_SHOWN])
    if len(found) > _SHOWN:
        yield f"#   … and {len(found) - _SHOWN} more"


def _repeated(case: Seen) -> list[str]:
    """Rows that are a case of their own under an id that stood before."""
    first: dict[str, str] = {}
    told = [field for field in case.fields if field.text]
    again = [field for field in told if first.setdefault(field.text, field.place) != field.place]
    return [f"{field.place}: {case.name}: {shown(field.text)} stood at {first[field.text]} before" for field in again]


def _case_column(seen: Sequence[Seen], file: str) -> tuple[Seen, bool]:
    """The column of the case id, and whether a case has several rows."""
    texts = [column for column in seen if column.told and not (column.formats or column.nothing)]
    whole = [column for column in texts if not column.gaps]
    named = [column for column in (*whole, *texts) if _CASE.search(column.name) and _few(column.gaps, column.told)]
    single = [column for column in (*named, *whole) if _each_once(column, strictly=column not in named)]
    if named and named[0] not in single:
        return named[0], True
    if single:
        return single[0], False
    raise BadInput(Flaw.MISSING_FIELD, file, "no column could be the id of a case: always there, and named so or each once")


def _few(gaps: Sequence[str], told: Sequence[str]) -> bool:
    return len(gaps) <= max(1, len(told) // 10)


def _each_once(column: Seen, *, strictly: bool) -> bool:
    """Whether its fields are different; of many rows some few may be told twice by mistake."""
    repeated = len(column.told) - len(set(column.told))
    return repeated == 0 or (not strictly and repeated * _ONE_IN <= len(column.told))


def _bounds(dated: Sequence[Seen]) -> tuple[Seen | None, Seen | None]:
    """The columns that look like the beginning and the end of a case."""
    happened = [column for column in dated if not _PLANNED.search(column.name)]
    begin = next((column for column in happened if _BEGIN.search(column.name)), None)
    return begin, next((column for column in happened if _END.search(column.name) and column is not begin), None)


def _case_facts(begin: Seen, end: Seen | None) -> Iterator[str]:
    for event in ("received", "accepted"):
        yield from ("", "[[fact]]", f'event = "{event}"', f"at = {_toml(begin.name)}   # guessed")
    if end is not None:
        yield from _case_end(end)


def _case_end(end: Seen) -> Iterator[str]:
    yield from ("", "[[fact]]", 'event = "closed"', f"at = {_toml(end.name)}   # guessed", "required = false")


def _taken(at: str) -> Iterator[str]:
    """The first event is receipt and acceptance."""
    for event in ("received", "accepted"):
        yield from (
            "",
            "[[fact]]",
            f'event = "{event}"',
            'scope = "event"',
            'take = "first"   # guessed',
            f"at = {_toml(at)}",
        )


def _event_facts(seen: Sequence[Seen], case: Seen, begin: Seen, end: Seen | None) -> Iterator[str]:
    """Every row is a step."""
    yield from _taken(begin.name)
    texts = [column for column in seen if column is not case and not column.formats and column.told and not column.gaps]
    name = next((column for column in texts if _STEP.search(column.name)), texts[0] if texts else None)
    yield from ("", "[[fact]]", 'event = "step_completed"', 'scope = "event"', f"at = {_toml(begin.name)}")
    if end is not None:
        yield f"until = {_toml(end.name)}   # guessed"
    yield f"name = {'{from = ' + _toml(name.name) + '}' if name else _toml('step')}   # guessed"


def _toml(value: object) -> str:
    """A value as TOML writes it."""
    match value:
        case dict():
            return f"{{{', '.join(f'{_key(str(key))} = {_toml(one)}' for key, one in value.items())}}}"
        case list() | tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _toml(name)


def _plain(text: str) -> str:
    """Text as a comment may hold it."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in " ".join(text.split()))
