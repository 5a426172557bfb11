"""``casecore declared`` and ``casecore agent``: what is declared beside what was needed, and an agent's ledger."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.followed import World, nationally, trip
from support.story import accepted, day, fact, received

from adapters.agent_list import agent_entries, agent_totals
from adapters.following import follow
from casecore import Cause, HolderKind, MandateGranted, MandateRevoked, PapersHandedOver, Place

CASECORE = Path(sys.executable).parent / "casecore"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([CASECORE, *arguments], capture_output=True, text=True, timeout=120, check=False)


def plain(*arguments: str) -> Any:
    done = run(*arguments, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


# --- declared ---


def test_what_was_declared_stands_beside_what_was_needed_with_the_cases_against_it(own_kinds: str) -> None:
    found = plain("declared", "--store", own_kinds)

    items = {one["item"]: one for one in found["items"]}
    house = items["house-transfer"]
    assert (house["declared_visits"], house["mean_net"]) == (1, {"numerator": 3, "denominator": 1})
    assert (house["contradiction"], house["against"]) == ("more_on_average", ["DEMO-REPEAT"])
    assert (items["senior-card"]["contradiction"], items["senior-card"]["fewer"]) == ("nobody_came", ["DEMO-AGENT"])
    assert items["courier-application"]["contradiction"] is None
    assert {one["theme"]: one["mean_net"]["numerator"] for one in found["themes"]} == {
        "company-020": 1,
        "house-and-utilities": 1,
    }
    printed = run("declared", "--store", own_kinds).stdout
    assert "more_on_average 实际到场多于申报: DEMO-REPEAT" in printed
    assert "nobody_came 申报须到场而无人到场: DEMO-AGENT" in printed


def test_only_what_contradicts_its_declaration_is_shown_where_that_is_asked(own_kinds: str) -> None:
    found = plain("declared", "--store", own_kinds, "--contradicting")

    assert ({one["item"] for one in found["items"]}, found["themes"]) == ({"house-transfer", "senior-card"}, [])


def test_of_a_period_without_closings_nothing_contradicts(own_kinds: str) -> None:
    done = run("declared", "--store", own_kinds, "--from", "2016-01-01", "--to", "2016-12-31")

    assert (done.returncode, "no contradiction (无矛盾)" in done.stdout) == (0, True)


def test_without_fact_tables_it_is_said_what_makes_them(own_kinds: str) -> None:
    done = run("declared", "--store", own_kinds, "--no-follow")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("no fact tables yet, run casecore follow first\n")


# --- agent ---


def test_an_agents_ledger_shows_what_was_carried_and_walked(own_kinds: str) -> None:
    found = plain("agent", "叶伦康", "--store", own_kinds)

    (mandate,) = found["mandates"]
    assert (mandate["case"], mandate["item"], mandate["stage"]) == ("DEMO-AGENT", "senior-card", "closed")
    assert (mandate["granted_on"], mandate["site"]) == ("2017-08-01", "木兰镇宫王社区代办点")
    assert found["totals"] == {"mandates": 1, "cases": 1, "pickups": 1, "brought_home": 2, "trips": 1}
    printed = run("agent", "叶伦康", "--store", own_kinds).stdout
    assert "代办记录本 叶伦康" in printed
    assert "1 cases under 1 mandates: picked up 1 times, brought home 2 times, 1 journeys" in printed


def test_somebody_nobody_entrusted_has_no_ledger(own_kinds: str) -> None:
    done = run("agent", "nobody", "--store", own_kinds)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("casecore: agent nobody: nobody was entrusted under that name in ")


@pytest.mark.parametrize("arguments", [("agent", "\udcff"), ("agent", "叶伦康", "--district", "\udcff")])
def test_what_is_no_text_was_entrusted_with_nothing(own_kinds: str, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, "--store", own_kinds)

    assert (done.returncode, done.stdout) == (2, "")
    assert "nobody was entrusted under that name" in done.stderr


def test_a_district_that_is_no_text_declares_nothing(own_kinds: str) -> None:
    assert plain("declared", "--store", own_kinds, "--district", "\udcff") == {"items": [], "themes": []}


def test_mandates_are_listed_by_the_day_they_were_given_revoked_ones_with_that_day(world: World) -> None:
    def entrusted(when: str, **rest: Any) -> MandateGranted:
        return fact(MandateGranted, when, by="li", agent="ma", applicant="Li Lei", scope="老年证", **rest)

    fetched = fact(
        PapersHandedOver,
        "03-02 08:30",
        by="ma",
        materials=("photo",),
        giver_kind=HolderKind.APPLICANT,
        giver="Li Lei",
        holder_kind=HolderKind.AGENT,
        holder="ma",
        place=Place.HOME,
    )
    revoked = fact(MandateRevoked, "03-04 09:00", by="li", agent="ma", reason="moved")
    world.happened(
        {
            "later": (entrusted("03-03 08:00", until=day("06-30")), *nationally(received(), accepted())),
            "first": (entrusted("03-02 08:00"), fetched, *nationally(received(), accepted()), revoked),
            "nobodys": (*nationally(received(), accepted()), trip("03-05 09:00", "V1", Cause.COLLECT)),
        }
    )
    follow(world.logs, world.tables)

    entries = agent_entries(world.tables, "ma")

    assert [(one.case, one.granted_on, one.until, one.revoked_on, one.pickups) for one in entries] == [
        ("first", date(2026, 3, 2), None, date(2026, 3, 4), 1),
        ("later", date(2026, 3, 3), date(2026, 6, 30), None, 0),
    ]
    assert agent_totals(entries) == (2, 2, 1, 0, 0)
    assert agent_entries(world.tables, "ma", district="000000") == ()
