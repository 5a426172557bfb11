"""Least privilege on PostgreSQL: the script that makes the roles, to be read before it is run."""

import re
from importlib.resources import files
from typing import Final

from psycopg import sql

from adapters.district_log import translated
from adapters.relations import DIMENSIONS
from adapters.stores.postgres.schema import connected
from casecore.errors import BadInput, Flaw
from projections.registry import PROJECTIONS

__all__ = ["ROLES", "apply_roles", "roles_script"]

ROLES: Final = ("owner", "writer", "auditor", "reporter")
STALE: Final = "stale_cases"
"""The view beside the fact tables that names what they lack."""
PREFIX: Final = re.compile(r"[a-z_][a-z0-9_]{0,39}")


def roles_script(prefix: str = "casecore") -> str:
    """The script for roles ``PREFIX_owner``, ``PREFIX_writer``, ``PREFIX_auditor`` and ``PREFIX_reporter``."""
    if not PREFIX.fullmatch(prefix):
        raise BadInput(Flaw.WRONG_TYPE, f"prefix {prefix!r}", "small letters, digits and _ are wanted, 40 at most")
    names = {role: f"{prefix}_{role}" for role in ROLES}
    facts = [*(projection.name for projection in PROJECTIONS), *DIMENSIONS, STALE]
    made = "|".join(projection.name for projection in PROJECTIONS)
    script = sql.SQL(files("adapters.stores.postgres").joinpath("roles.sql").read_text("utf-8")).format(
        **{role: sql.SQL(name) for role, name in names.items()},
        owner_name=sql.Literal(names["owner"]),
        roles=sql.SQL(", ").join(map(sql.Literal, names.values())),
        facts=sql.SQL(", ").join(map(sql.Literal, facts)),
        ours=sql.Literal(f"^(casecore_.*|{'|'.join([*DIMENSIONS, STALE])}|({made})(_g[0-9]+)?)$"),
    )
    return script.as_string()


def apply_roles(url: str, prefix: str = "casecore") -> tuple[str, ...]:
    """Run the script, all of it or nothing; returns the names of the roles."""
    with translated(), connected(url) as connection:
        connection.execute(roles_script(prefix).encode())
    return tuple(f"{prefix}_{role}" for role in ROLES)
