"""The rules of every kind of stream as a whole: complete, printed as a table, and what time has to say to each."""

import os
import re
from dataclasses import fields
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from support.decision_table import ASKED, SAMPLED, Sampled, cell, printed, standing, title
from support.registers import WORLD
from support.story import ITEMS, NOW, OFFICE, ask, sample

from casecore import Reason, Refused, decide
from casecore.act import Rule
from casecore.command import Command
from casecore.kind import Kind
from casecore.kinds import DISTRICT, KINDS
from casecore.service_item import unsound
from casecore.theme import unsound_theme

RULES: dict[type, Rule] = {command: rule for kind in KINDS for command, rule in kind.rules.items()}
EVENTS = [(kind, event) for kind in KINDS for event in sorted(kind.facts, key=lambda event: event.__name__)]
TABLE = Path(__file__).with_name("decision_table.txt")


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def titled(value: object) -> str:
    if isinstance(value, Sampled | Kind):
        return value.kind.name if isinstance(value, Sampled) else value.name
    return value.__name__ if isinstance(value, type) else title(value)


# complete


def test_every_kind_of_stream_is_in_the_table() -> None:
    missing = [kind.name for kind in KINDS if all(sampled.kind is not kind for sampled in SAMPLED)]
    assert not missing, f"{missing}: put a Sampled into SAMPLED of a tests/support/told_….py"


def commands_in(base: type[Command]) -> set[type[Command]]:
    """Every command class there is; what says of which stream it is, is the base of others."""
    below = {one for sub in base.__subclasses__() for one in commands_in(sub)}
    return below if "stream" in vars(base) else below | {base}


def test_every_command_there_is_has_its_rule() -> None:
    # By name: of a slotted class the interpreter keeps the one it was made from for a while.
    there_are = {(one.__module__, one.__name__) for one in commands_in(Command)}

    assert {one for one in there_are if one[0].startswith("casecore.")} == {(one.__module__, one.__name__) for one in RULES}


def test_no_command_is_of_two_kinds() -> None:
    assert len(RULES) == sum(len(kind.rules) for kind in KINDS)


@pytest.mark.parametrize("command", RULES, ids=titled)
def test_the_rule_has_the_name_of_its_command(command: type) -> None:
    assert RULES[command].answer.__name__ == snake(command.__name__)


def test_no_rule_answers_two_commands() -> None:
    assert len({rule.answer for rule in RULES.values()}) == len(RULES)


@pytest.mark.parametrize("sampled", SAMPLED, ids=titled)
def test_every_rule_can_be_asked_somewhere(sampled: Sampled) -> None:
    assert all(rule.stages <= set(sampled.stages) and rule.stages for rule in sampled.kind.rules.values())


@pytest.mark.parametrize(("kind", "event"), EVENTS, ids=titled)
def test_every_fact_is_folded_and_counted(kind: Kind, event: type) -> None:
    told = sample(event)

    assert kind.evolve(kind.new, told).version == 1
    assert kind.evolve(kind.evolve(kind.new, told), told).version == 2


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize(
    ("sampled", "command"), [(sampled, command) for sampled in SAMPLED for command in sampled.kind.rules], ids=titled
)
def test_a_command_with_every_field_filled_is_answered_wherever_the_stream_stands(
    sampled: Sampled, command: type, version: int
) -> None:
    for office, stage in ((office, stage) for office in (OFFICE, WORLD) for stage in sampled.stages):
        file: Any = sampled.kind.new._replace(version=version, stage=stage)

        ruling = decide(file, sample(command), NOW, office)

        assert isinstance(ruling, tuple | Refused)
        if isinstance(ruling, tuple):
            assert ruling or RULES[command].follows
            assert {type(event) for event in ruling} <= set(sampled.kind.facts)


@pytest.mark.parametrize("item", [*ITEMS, *WORLD.catalogue], ids=lambda item: f"{item.code}.{item.version}")
def test_the_catalogue_of_these_stories_is_sound(item: Any) -> None:
    assert list(unsound(item)) == []


def test_the_themes_of_these_stories_are_sound() -> None:
    for theme in WORLD.catalogue.themes:
        assert list(unsound_theme(theme)) == []
        assert all(WORLD.catalogue.known(one.item) for one in theme.items)


# printed


@pytest.mark.parametrize(
    ("sampled", "stage"),
    [(sampled, stage) for sampled in SAMPLED for stage in sampled.stages],
    ids=lambda part: part.kind.name if isinstance(part, Sampled) else str(part.value),
)
def test_the_sample_stream_stands_where_the_table_says(sampled: Sampled, stage: Enum) -> None:
    file = sampled.kind.new
    for event in sampled.standing[stage]:
        file = sampled.kind.evolve(file, event)

    assert file.stage is stage


@pytest.mark.parametrize("sampled", SAMPLED, ids=titled)
def test_every_command_is_in_the_table(sampled: Sampled) -> None:
    unasked = set(sampled.kind.rules) - {type(command) for command in sampled.asked}
    assert not unasked, f"{unasked}: put a sample of each into ASKED of a tests/support/told_….py"


@pytest.mark.parametrize(("sampled", "command"), ASKED, ids=titled)
def test_every_command_in_the_table_is_carried_out_somewhere_and_makes_what_its_rule_says(
    sampled: Sampled, command: Command
) -> None:
    rulings = [standing(sampled, stage, command).when(command).ruling for stage in sampled.stages]

    begun = {type(ruling[0]) for ruling in rulings if isinstance(ruling, tuple) and ruling}
    assert begun, f"refused in every stage: {rulings}"
    assert begun <= set(RULES[type(command)].makes)


@pytest.mark.parametrize(("sampled", "command"), ASKED, ids=titled)
def test_only_what_may_begin_a_stream_does_and_in_one_nobody_began_little_follows(
    sampled: Sampled, command: Command
) -> None:
    rule, ruling = RULES[type(command)], decide(None, command, NOW, WORLD)

    if rule.begins:
        assert isinstance(ruling, tuple)
        assert ruling or rule.follows
    else:
        assert isinstance(ruling, Refused)
        assert (ruling.reason, ruling.named) == (sampled.kind.unknown, command.stream)


def test_the_decision_table_is_as_printed() -> None:
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        TABLE.write_text(printed(), encoding="utf-8")

    assert printed() == TABLE.read_text(encoding="utf-8")


# a command to a stream of another kind


@pytest.mark.parametrize(("sampled", "command"), ASKED, ids=titled)
def test_a_command_of_another_kind_is_refused_whatever_it_asks(sampled: Sampled, command: Command) -> None:
    for other in SAMPLED:
        if other is not sampled:
            stage = list(other.stages)[-1]

            told = standing(other, stage, other.asked[0]).when(command)

            told.refused(Reason.OTHER_KIND, other.kind.name)


# times


def first_stage(sampled: Sampled, command: Command) -> Enum:
    """Where it is carried out first; on a stream that has begun, if it can be."""
    fit = [stage for stage in sampled.stages if cell(sampled, stage, command) == "✓"]
    return next((stage for stage in fit if sampled.standing[stage]), fit[0])


def at(command: Command, when: str) -> Command:
    common = {*(kind.word for kind in KINDS), "at", "command_id", "correlation_id", "causation_id"}
    own = {one.name: getattr(command, one.name) for one in fields(command)}
    named = {name: value for name, value in own.items() if name not in common or (name != "at" and value is not None)}
    return ask(type(command), when, **named)


@pytest.mark.parametrize(("sampled", "command"), ASKED, ids=titled)
def test_nothing_happens_in_the_future(sampled: Sampled, command: Command) -> None:
    story = standing(sampled, first_stage(sampled, command), command)

    story.when(at(command, "12-31 17:00")).refused(Reason.IN_THE_FUTURE)


@pytest.mark.parametrize(
    ("sampled", "command"), [(one, asked) for one, asked in ASKED if not RULES[type(asked)].late], ids=titled
)
def test_nothing_happens_before_the_stream_came_this_far(sampled: Sampled, command: Command) -> None:
    story = standing(sampled, first_stage(sampled, command), command)
    if story.file.stage_at is None:  # nothing has happened before, or books, which have always been open
        assert RULES[type(command)].begins or sampled.kind is DISTRICT
        return
    early = story.file.stage_at - timedelta(minutes=1)

    told = story.when(at(command, f"{early:%m-%d %H:%M}"))

    told.refused(Reason.BEFORE_STAGE, story.file.stage_at.isoformat())


def test_rules_read_only_what_they_are_given() -> None:
    for sampled, command in ASKED:
        for stage in sampled.stages:
            file = standing(sampled, stage, command).file
            assert decide(file, command, NOW, WORLD) == decide(file, command, NOW, WORLD)
            assert file == standing(sampled, stage, command).file
