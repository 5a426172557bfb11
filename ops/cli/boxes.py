"""What is shown of a drop box (小蜜蜂箱) beyond what every kind of stream has: whether it was emptied often enough."""

from datetime import datetime, timedelta
from typing import Annotated, Final

import typer

from adapters.dimensions import calendar_by_day
from adapters.opening import open_store
from adapters.sound_histories import facts_by
from casecore.drop_box.acts import duty_of
from casecore.errors import BadInput, Flaw
from casecore.kinds import DROP_BOX, fold_as
from ops.cli.moments import instant_of, zone
from ops.cli.options import FINDING, AsOfOption, DistrictOption, JsonOption, StoreOption
from ops.cli.views import View
from ops.printing.boxes import print_duty

__all__ = ["VIEW"]

BoxArgument = Annotated[str, typer.Argument(metavar="BOX", help="The box's code.")]


def box_duty(
    box: BoxArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """On which working days a drop box was not emptied often enough (每日取件); exit code 1 when there is any.

    How often is the catalogue's to say. A day is judged once it is over: by --as-of, or by now.

    Example: casecore box duty 小蜜蜂箱 --store sqlite:///demo.db --as-of 2017-08-02
    """
    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district) as opened:
        engine = opened.holding(box, DROP_BOX)
        facts = facts_by(engine, box, DROP_BOX, until=until)
        office = engine.office._replace(calendar=calendar_by_day(engine.district, engine.books))
    register = office.catalogue.boxes
    if box not in register:
        raise BadInput(Flaw.USAGE, f"drop box {box}", "the catalogue does not say how often it is to be emptied")
    file = fold_as(DROP_BOX, facts)
    over = (until or datetime.now(zone())).date() - timedelta(days=1)
    days = tuple(duty_of(box, file, office, over))
    print_duty(box, days, file, as_json=as_json)
    if not all(day.done for day in days):
        raise typer.Exit(FINDING)


VIEW: Final = View(
    help="Look at one drop box (小蜜蜂箱).",
    asked=BoxArgument,
    example="小蜜蜂箱 --store sqlite:///demo.db",
    commands={"duty": box_duty},
)
