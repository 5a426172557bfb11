"""A store of every kind of stream in which whatever is named bears one name, and what every command is asked there."""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any, Final, NamedTuple

from rich.cells import cell_len
from typer.core import TyperGroup
from typer.main import get_group
from typer.testing import CliRunner

from adapters import open_engine
from adapters.csv_cells import text_of
from adapters.district_engine import DistrictEngine
from casecore import Catalogue, DropBox
from casecore.kinds import books_stream
from ops.cli import app
from ops.cli.lazy import Promised, loaded, read_index
from support.followed import LIVES, A, World
from support.story import HALL, ITEMS

__all__ = ["NAMES", "SCREENS", "WITHOUT_NAMES", "Screen", "Town", "commands", "named_store", "neutral", "streams"]

NAMES: Final = (
    "[/x]",
    "审批[fire]科",
    "=1+1",
    "[bold red]科",
    "[link=x]科[/link]",
    "入口:cat:",
    "[/]",
    "@SUM(1)",
    "'=1",
    "https://科.example/x",
)
"""What markup, an emoji's code, a link or a spreadsheet's formula looks like."""

_BEARING: Final = frozenset({
    "action", "agent", "applicant", "approver", "basis", "by", "correction", "courier", "department", "device",
    "document", "fee", "former", "forwarded_to", "from_department", "giver", "hall", "holder", "item_name", "measure",
    "name_en", "name_zh", "note", "notice", "opinion", "organ", "person", "reason", "recipient", "record",
    "redirect_to", "remark", "remedy", "scope", "site", "source", "subject", "title", "to_department", "where",
    "window",
})  # fmt: skip
"""Fields that hold a name or words of somebody's own."""


def neutral(name: str) -> str:
    """As wide as a name, sign by sign, and nothing but letters."""
    return "".join(sign if sign == " " else "字" if cell_len(sign) > 1 else "q" for sign in name)


class Named(World):
    """A world whose books are adopted, and bear the name."""

    def __init__(self, url: str, name: str) -> None:
        super().__init__(url)
        self._name = name

    def engine(self, district: str = A) -> DistrictEngine:
        """Of a district that adopts a catalogue in which everything is called the one name."""
        if district not in self.engines:
            boxes = (DropBox(code=streams(self._name)["box-1"], name_zh=self._name, source=self._name, hall=self._name),)
            items = [_called(item, self._name, {}) for item in ITEMS]
            catalogue = Catalogue(items, boxes=boxes)
            self.engines[district] = open_engine(self.url, district=district, catalogue=catalogue)
        return self.engines[district]


def named_store(url: str, name: str) -> None:
    """Tell every life of :data:`support.followed.LIVES` with one name in the place of every name."""
    ids = streams(name)
    lives = {ids[stream]: tuple(_called(event, name, ids) for event in life) for stream, life in LIVES.items()}
    world = Named(url, name)
    world.happened(lives)
    world.close()


def streams(name: str) -> dict[str, str]:
    """The id of each stream there, which bears the name too, by the one it has in ``LIVES``."""
    found = {stream: f"{name}-{stream}" for stream in LIVES}
    return found | {f"{HALL}/2026-03-02/A023": f"{name}/2026-03-02/A023"}


def _called(one: Any, name: str, ids: dict[str, str]) -> Any:
    """A value with the name in every field that bears one, and the streams by their ids here."""
    if isinstance(one, str) and not isinstance(one, Enum):
        return ids.get(one, one)
    if isinstance(one, tuple) and not hasattr(one, "_fields"):
        return tuple(_called(each, name, ids) for each in one)
    if not is_dataclass(one) or isinstance(one, type):
        return one
    changed: dict[str, Any] = {}
    for field in fields(one):
        value = getattr(one, field.name)
        bears = field.init and field.name in _BEARING and type(value) is str
        made = name if bears else _called(value, name, ids)
        if made is not value and field.init:
            changed[field.name] = made
    return replace(one, **changed) if changed else one


class Screen(NamedTuple):
    """One command as it is asked of such a store; ``{case}`` and the like stand for the ids of its streams."""

    command: str
    arguments: tuple[str, ...] = ()
    writes: bool = False
    """Whether it writes to the store: then it is not asked where nothing can be written."""
    json: bool = True


_STREAMS: Final = {"case": ("late", "open", "served", "approved", "supervised"), "package": ("PKG",), "box": ("box-1",)}
_OF_A_STREAM: Final = ("show", "history", "explain", "status")
SCREENS: Final = (
    *(
        Screen(f"{word} {command}", (f"{{{stream}}}",))
        for word, some in {**_STREAMS, "visit": (f"{HALL}/2026-03-02/A023",)}.items()
        for stream in some
        for command in _OF_A_STREAM
    ),
    Screen("box duty", ("{box-1}",)),
    Screen("books show"),
    Screen("books history"),
    Screen("books explain", ("{books}",)),
    Screen("books status", ("{books}",)),
    Screen("trips", ("{late}",)),
    Screen("trips", ("{PKG}",)),
    Screen("agent", ("{name}",)),
    Screen("declared"),
    Screen("findings"),
    Screen("reminders"),
    Screen("reminders", ("--department", "{name}")),
    *(Screen("report", ("--by", by)) for by in ("department", "hall", "item", "month,hall")),
    Screen("report", ("--by", "hall", "--csv"), json=False),
    Screen("report", ("--restated",)),
    Screen("report", ("--at", "1")),
    Screen("whatif", ("--promise", "1")),
    Screen("verify"),
    Screen("doctor"),
    Screen("prove", ("{late}", "--checkpoint", "{folder}/there.checkpoint"), json=False),
    Screen("check-proof", ("{folder}/late.proof", "--key", "{folder}/hall.key.pub")),
    Screen("mapping suggest", ("{folder}/cases.csv",), json=False),
    Screen("import", ("{folder}/cases.csv", "--mapping", "{folder}/little.toml", "--district", A, "--dry-run")),
    Screen(
        "import",
        ("{folder}/cases.csv", "--mapping", "{folder}/little.toml", "--district", A, "--rejects", "{folder}/r.csv"),
        writes=True,
    ),
    Screen("handle", ("{folder}/commands.jsonl", "--district", A), writes=True, json=False),
    Screen("tick", writes=True),
    Screen("follow", ("--once",), writes=True, json=False),
    Screen("rebuild", writes=True, json=False),
    Screen("requeue", writes=True),
    Screen("migrate", writes=True, json=False),
    Screen("checkpoint", ("--key", "{folder}/hall.key", "--out", "{folder}/again.checkpoint"), json=False),
)
"""Every command that reads what somebody named, as often as it has several faces."""

WITHOUT_NAMES: Final = {
    "calendars": "calendars, and no store",
    "due": "dates alone",
    "demo": "names of its own", "simulate": "counts what it writes",
    "bench append": "measures", "bench builds": "measures", "bench clock": "measures",
    "clock vectors": "dates alone", "clock check": "dates alone",
    "checkpoint-key": "a key",
    "adopt-restore": "districts and positions", "backup": "districts and positions", "restore": "districts and positions",
    "roles": "our own roles",
    "books adopt": "counts what it adopts",
}  # fmt: skip
"""Every other command, and why it shows nobody's names."""


def commands() -> Iterator[str]:
    """Every command there is, by its words: read off the command line itself."""
    group = get_group(app)
    assert isinstance(group, TyperGroup)
    for name, line in read_index().items():
        found = loaded(name, line["module"])
        assert not isinstance(found, Promised)
        inner: Sequence[str] = tuple(getattr(found, "commands", ()))
        yield from (f"{name} {one}" for one in inner) if inner else (name,)


MAPPING: Final = """
name = "little"
format = "csv"
zone = "Asia/Shanghai"
case = "number"
item = "TAXI"
by = "import"
hall = "H1"
tier = "county"
channel = "window"
[[fact]]
event = "received"
at = "received"
[[fact]]
event = "step_completed"
at = "received"
name = {from = "hall"}
"""


class Town(NamedTuple):
    """A folder with a store in which everything is called one name, and the files its screens are asked with."""

    folder: Path
    name: str
    store: str

    @classmethod
    def of(cls, folder: Path, name: str, store: str | None = None) -> "Town":
        """Make it, by default in a file: the store followed, a checkpoint taken, a proof written."""
        folder.mkdir()
        town = cls(folder, name, store or f"sqlite:///{folder}/cases.db")
        named_store(town.store, name)
        rows = "".join(f'C{n},"{name}",1,{at}\n' for n, at in enumerate(("2026-03-02T09:00:00+08:00", "never")))
        (folder / "cases.csv").write_text(f'number,hall,"{name}",received\n{rows}', "utf-8")
        (folder / "little.toml").write_text(MAPPING, "utf-8")
        handed_in = {"command": "ReceiveCase", "case": name, "by": name, "item": name, "hall": name, "applicant": name}
        (folder / "commands.jsonl").write_text(json.dumps({**handed_in, "applicant_kind": "person"}), "utf-8")
        town.ran("checkpoint-key", f"{folder}/hall.key")
        town.ran("checkpoint", "--key", f"{folder}/hall.key", "--out", f"{folder}/there.checkpoint")
        proven = streams(name)["late"], "--checkpoint", f"{folder}/there.checkpoint", "--out", f"{folder}/late.proof"
        town.ran("prove", *proven)
        town.ran("follow", "--once")
        return town

    def ran(self, *arguments: str) -> str:
        """What a command says, on stdout and on stderr; it may find something, and may not fail."""
        code, said = self.asked(*arguments)
        assert code in (0, 1), (arguments, said)
        return said

    def asked(self, *arguments: str) -> tuple[int, str]:
        """Exit code of a command, and what it says on stdout and on stderr."""
        words = (*arguments, *(() if arguments[0] in STORELESS else ("--store", self.store)))
        done = CliRunner().invoke(app, words)
        assert done.exception is None or isinstance(done.exception, SystemExit), (words, done.exception)
        return done.exit_code, done.output

    def screens(self, *, writing: bool = False) -> dict[str, tuple[int, str]]:
        """What every command that only reads says on one of its screens, or every command that writes."""
        chosen = {screen.command: screen for screen in SCREENS if screen.writes is writing}
        return {name: self.asked(*self.arguments(screen)) for name, screen in chosen.items()}

    def arguments(self, screen: Screen) -> tuple[str, ...]:
        """A screen as it is asked for here."""
        known = {**streams(self.name), "books": books_stream(A), "name": self.name, "folder": str(self.folder)}
        filled = [re.sub(r"\{([^}]+)\}", lambda found: known[found[1]], one) for one in screen.arguments]
        return (*screen.command.split(), *filled)

    def count(self, screen: Screen, as_json: bool) -> int:  # noqa: FBT001 - one of two faces
        """How often the name stands on a screen, and in the file it has written."""
        said = self.ran(*self.arguments(screen), *(("--json",) if as_json else ()))
        if screen.command == "report" and "--csv" in screen.arguments:
            said = "\n".join(text_of(cell) for row in csv.reader(said.splitlines()) for cell in row)
        elif as_json or screen.command in ("handle", "prove"):
            said = "\n".join(texts_in(said))
        file = self.folder / "r.csv"
        if file.exists():
            rows = csv.reader(file.read_text("utf-8-sig").splitlines())
            said += "\n".join(text_of(cell) for row in rows for cell in row)
            file.unlink()
        return said.count(self.name)


STORELESS: Final = ("checkpoint-key", "check-proof", "mapping")


def texts_in(written: str) -> Iterator[str]:
    """Every text in JSON, or in what stands beside it; keys too."""
    at, decoder = 0, json.JSONDecoder()
    while at < len(written):
        if written[at] in '{["':
            with suppress(ValueError):
                value, at = decoder.raw_decode(written, at)
                yield from _texts(value)
                continue
        end = min((found for sign in '{["' if (found := written.find(sign, at + 1)) > 0), default=len(written))
        yield written[at:end]
        at = end


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield value
