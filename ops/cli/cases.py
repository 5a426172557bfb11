"""Commands that look at one case (办件): show, history, explain."""

from datetime import datetime

from casecore.case.state import fold
from casecore.engine import Engine
from casecore.errors import BadInput
from casecore.recorded import Recorded
from ops.case_printing import print_explanation, print_file, print_history
from ops.cli.app import (
    AsOfOption,
    CaseArgument,
    DistrictOption,
    JsonOption,
    StoreOption,
    case_app,
    guarded,
    instant_of,
    zone,
)
from ops.explaining import explain
from ops.stores import open_store

__all__ = ["explain_", "history", "show"]


def _happened(engine: Engine, case: str, until: datetime | None) -> list[Recorded]:
    """What had happened in a case by an instant, which must be something."""
    facts = [fact for fact in engine.history(case) if until is None or fact.occurred_at <= until]
    if not facts:
        raise BadInput(f"case {case}: nothing had happened by {until}")
    return facts


@case_app.command("show")
@guarded
def show(
    case: CaseArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """The file of a case: where it stands and what was promised.

    Example: casecore case show DEMO-0001 --store sqlite:///demo.db --as-of 2017-08-10T12:00
    """
    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district) as opened:
        facts = _happened(opened.holding(case), case, until)
    print_file(case, fold(fact.event for fact in facts), as_json=as_json)


@case_app.command("history")
@guarded
def history(
    case: CaseArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every fact of a case, as recorded.

    Example: casecore case history DEMO-0001 --store sqlite:///demo.db --json
    """
    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district) as opened:
        facts = _happened(opened.holding(case), case, until)
    print_history(facts, as_json=as_json)


@case_app.command("explain")
@guarded
def explain_(
    case: CaseArgument,
    *,
    store: StoreOption,
    district: DistrictOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """A case's story, its clocks day by day, and its trips.

    Example: casecore case explain DEMO-0001 --store sqlite:///demo.db
    """
    until = instant_of(as_of, "--as-of")
    with open_store(store, district=district) as opened:
        facts = _happened(opened.holding(case), case, until)
    print_explanation(explain(facts, until or datetime.now(zone())), as_json=as_json)
