"""Mappings for files that tests make up, as TOML."""

__all__ = ["CLOSED_IF_OUT", "RECEIVED_AND_ACCEPTED", "mapping_text"]

RECEIVED_AND_ACCEPTED = """\
[[fact]]
event = "received"
at = "in"

[[fact]]
event = "accepted"
at = "in"
"""
CLOSED_IF_OUT = """\
[[fact]]
event = "closed"
at = "out"
required = false
"""


def mapping_text(name: str, *facts: str, **said: str) -> str:
    """A mapping of a CSV file of window cases under ten working days, but for what is said, in TOML."""
    head = {
        "name": f'"{name}"',
        "format": '"csv"',
        "zone": '"Asia/Shanghai"',
        "calendar": '"cn-2026.1"',
        "case": '"id"',
        "by": '"clerk"',
        "item": '"imported"',
        "hall": '"hall 1"',
        "tier": '"county"',
        "channel": '"window"',
        "promise": '{limit = {amount = 10, unit = "working_day"}}',
    }
    lines = "".join(f"{key} = {value}\n" for key, value in (head | said).items())
    return "\n".join((lines, *facts))
