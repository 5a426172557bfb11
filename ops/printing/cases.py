"""Printing the explanation of a case."""

from casecore.vocabulary import TripsUnknown
from ops.printing.clocks import print_cards, print_clock, print_path, print_uncounted
from ops.printing.console import out, put_json, styled
from ops.printing.findings import print_findings
from ops.printing.padding import padded
from ops.printing.trips import print_counted
from projections.explaining.explanation import Explanation

__all__ = ["print_explanation"]


def print_explanation(explanation: Explanation, *, as_json: bool) -> None:
    """Story, clocks, the way through the departments, cards and trips, for a clerk."""
    if as_json:
        put_json(explanation.plain())
        return
    file = explanation.file
    rest = f" ({explanation.district}) — {file.stage.zh} {file.stage.value}\n"
    out.print(styled((f"办件 {explanation.case}", "bold"), rest))
    out.print(styled(("经过 Story", "bold")))
    for line in explanation.story:
        out.print(
            f"  {line.at:%Y-%m-%d %H:%M}  {padded(line.term, 10)} {line.sentence}  — {line.by}",
        )
    for clock in explanation.clocks:
        print_clock(clock)
    print_uncounted(explanation.uncounted)
    print_path(explanation.path)
    print_cards(explanation.cards)
    if explanation.findings:
        out.print(styled("\n", ("疑点 Findings", "bold")))
        print_findings(explanation.findings)
    out.print(styled("\n", ("跑动 Trips", "bold")))
    for trip in explanation.trips:
        print_counted(trip)
    gross, net = sum(t.gross for t in explanation.trips), sum(t.net for t in explanation.trips)
    if explanation.unknown is TripsUnknown.NOT_RECORDED:
        out.print("  trips were not recorded")
        return
    unknown = f"; not known: {explanation.unknown.zh} {explanation.unknown.value}" if explanation.unknown else ""
    out.print(f"  gross {gross}, net {net}{unknown}")
