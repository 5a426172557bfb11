"""Commands that look at one drop box (小蜜蜂箱): history, duty."""

from datetime import datetime, timedelta
from typing import Annotated

import typer
from casecore.drop_box.acts import duty_of
from casecore.drop_box.file import NEW_BOX
from casecore.kinds import DROP_BOX, as_kind, fold_stream

from adapters.opening import open_store
from casecore.errors import BadInput, Flaw
from casecore.recorded import Unreadable
from ops.cli.app import (
    FINDING,
    AsOfOption,
    CalendarsOption,
    CatalogueOption,
    DistrictOption,
    JsonOption,
    RuleOption,
    StoreOption,
    box_app,
    guarded,
    instant_of,
    zone,
)
from ops.cli.histories import happened_by, kind_among, sound
from ops.printing.boxes import print_duty
from ops.printing.cases import print_history

__all__ = ["box_duty", "box_history"]

BoxArgument = Annotated[str, typer.Argument(metavar="BOX", help="The box's code.")]


@box_app.command("history")
@guarded
def box_history(
    box: BoxArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every fact of a drop box, as recorded; exit code 1 where one cannot be read.

    Example: casecore box history 小蜜蜂箱 --store sqlite:///demo.db
    """
    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district) as opened:
        entries = happened_by(opened.holding(box, "drop box").log.history(box), box, until)
    kind_among(entries, box, DROP_BOX)
    print_history(entries, as_json=as_json)
    if any(isinstance(entry, Unreadable) for entry in entries):
        raise typer.Exit(FINDING)


@box_app.command("duty")
@guarded
def box_duty(  # noqa: PLR0913 - the options of a command
    box: BoxArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    catalogue: CatalogueOption = None,
    calendars: CalendarsOption = None,
    rule: RuleOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """On which working days a drop box was not emptied often enough (每日取件); exit code 1 when there is any.

    How often is the catalogue's to say. A day is judged once it is over: by --as-of, or by now.

    Example: casecore box duty 小蜜蜂箱 --store sqlite:///demo.db --as-of 2017-08-02
    """
    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district, catalogue=catalogue, calendars=calendars, rule=rule) as opened:
        engine = opened.holding(box, "drop box")
        facts = happened_by(sound(engine, box, DROP_BOX), box, until)
        register = opened.catalogue.boxes
    if box not in register:
        raise BadInput(Flaw.USAGE, f"drop box {box}", "the catalogue does not say how often it is to be emptied")
    file = as_kind(fold_stream(recorded.event for recorded in facts), NEW_BOX, box)
    over = (until or datetime.now(zone())).date() - timedelta(days=1)
    days = tuple(duty_of(file, engine.office.calendar, register[box].collections_a_day, over))
    print_duty(box, days, file, as_json=as_json)
    if not all(day.done for day in days):
        raise typer.Exit(FINDING)
