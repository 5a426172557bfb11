"""The group of commands every kind of streams has: show, history, explain, status. All of it is asked of the kind."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from inspect import cleandoc
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.opening import Store, open_store
from adapters.sound_histories import facts_by, history_by
from casecore.kind import Kind
from casecore.kinds import KINDS
from casecore.recorded import Recorded, Unreadable
from ops.cli.app import app
from ops.cli.moments import instant_of, zone
from ops.cli.options import FINDING, AsOfOption, DistrictOption, JsonOption, StoreOption, guarded
from ops.cli.views import PLAIN, VIEWS, View

if TYPE_CHECKING:
    from ops.printing.stream import Stream

__all__ = ["group_of", "hang_up"]

Command = Callable[..., Any]


def hang_up(word: str) -> None:
    """Hang up the group of the kind that is typed as ``word``, if there is one and it does not hang there yet."""
    if any(group.name == word for group in app.registered_groups):
        return
    for kind in KINDS:
        if kind.word == word:
            view = import_module(VIEWS[kind.name]).VIEW if kind.name in VIEWS else PLAIN
            app.add_typer(group_of(kind, view), name=word)


def group_of(kind: Kind[Any], view: View = PLAIN) -> typer.Typer:
    """The group of a kind: what every kind has, unless its view shows it richer, then what the view has beside."""
    asked = view.asked or Annotated[str, typer.Argument(metavar="ID", help=f"The id of a {kind.en} ({kind.zh}).")]
    plain = {"show": _show(kind, asked), "history": _history(kind, asked)}
    plain |= {"explain": _explain(kind, asked), "status": _status(kind, asked)}
    for name, command in plain.items():
        said = cleandoc(command.__doc__ or "").format(kind=f"{kind.en} ({kind.zh})", en=kind.en)
        command.__doc__ = f"{said}\n\nExample: casecore {kind.word} {name} {view.example}"
    group = typer.Typer(help=view.help or f"Look at one {kind.en} ({kind.zh}).", no_args_is_help=True)
    for name, command in {**plain, **view.commands}.items():
        group.command(name)(guarded(command))
    return group


def _history(kind: Kind[Any], asked: Any) -> Command:  # noqa: ANN401 - an annotation
    def history(
        stream: asked,
        *,
        store: StoreOption,
        district: DistrictOption = None,
        as_of: AsOfOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Every fact of a {en}, as recorded; exit code 1 where one cannot be read."""
        from ops.printing.history import print_history

        until = instant_of(as_of, "--as-of")
        with open_store(store, district=district) as opened:
            entries = history_by(opened.holding(stream, kind), stream, kind, until)
        print_history(entries, as_json=as_json)
        if any(isinstance(entry, Unreadable) for entry in entries):
            raise typer.Exit(FINDING)

    return history


def _show(kind: Kind[Any], asked: Any) -> Command:  # noqa: ANN401 - an annotation
    def show(
        stream: asked,
        *,
        store: StoreOption,
        district: DistrictOption = None,
        as_of: AsOfOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """The file of a {kind}: where it stands, and all that is known of it."""
        from ops.printing.stream import print_stream

        until = instant_of(as_of, "--as-of")
        with open_store(store, district=district) as opened:
            print_stream(_read(opened, kind, stream, until), as_json=as_json)

    return show


def _status(kind: Kind[Any], asked: Any) -> Command:  # noqa: ANN401 - an annotation
    def status(
        stream: asked,
        *,
        store: StoreOption,
        district: DistrictOption = None,
        as_of: AsOfOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Where a {kind} stands, and when its clocks are due."""
        from ops.printing.stream import print_standing

        until = instant_of(as_of, "--as-of")
        with open_store(store, district=district) as opened:
            print_standing(_read(opened, kind, stream, until), as_json=as_json)

    return status


def _explain(kind: Kind[Any], asked: Any) -> Command:  # noqa: ANN401 - an annotation
    def explain(
        stream: asked,
        *,
        store: StoreOption,
        district: DistrictOption = None,
        as_of: AsOfOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """The story of a {kind}, fact by fact: what its clocks say, its cards, and what is questionable (疑点)."""
        from ops.printing.stream import print_story

        until = instant_of(as_of, "--as-of")
        with open_store(store, district=district) as opened:
            print_story(_read(opened, kind, stream, until), as_json=as_json)

    return explain


def _read(opened: Store, kind: Kind[Any], stream: str, until: datetime | None) -> "Stream":
    from ops.printing.stream import Stream

    engine = opened.holding(stream, kind)
    facts: list[Recorded] = facts_by(engine, stream, kind, until=until)
    file = kind.fold(recorded.event for recorded in facts)
    return Stream(engine.district, stream, kind, file, tuple(facts), until or datetime.now(zone()), engine.office_for(file))
