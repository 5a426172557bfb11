"""What facts, commands and rules declare, held against each other and against what rules do; every check has its control."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, NamedTuple

import pytest
from support.decision_table import ASKED, SAMPLED, Sampled, cell, standing
from support.package_story import Hall
from support.refusal_scenes import SCENES
from support.registers import WORLD
from support.sampling import Samples
from support.story import HERE, NOW, SAMPLES, Story, sample

from casecore import Fact, Refused
from casecore.act import Act, Folded, Rule
from casecore.annotations import Id, Identifier, Shape, UniqueId, localized, shape_of, shapes_of
from casecore.command import Command
from casecore.door import check
from casecore.kind import Decided, File, Kind
from casecore.kinds import COMMANDS, KINDS

RULES = [(kind, command, rule) for kind in KINDS for command, rule in kind.rules.items()]


def titled(value: object) -> str:
    if isinstance(value, Kind | Mark):
        return value.name if isinstance(value, Kind) else f"{value.fact.__name__}.{value.field}"
    return value.__name__ if isinstance(value, type) else ""


# a field of a fact and of the command that asks for it


def alike(one: Shape, other: Shape) -> bool:
    """Whether two fields hold the same, but for giving a name or only using it.

    Either may leave open what the other has to say: a rule fills in what was not asked, an older fact lacks what now is.
    """
    return (one.kind, one.many, _marks(one)) == (other.kind, other.many, _marks(other))


def _marks(shape: Shape) -> set[Any]:
    return {Identifier() if isinstance(mark, Identifier) else mark for mark in shape.marks}


@pytest.mark.parametrize(("kind", "command", "rule"), RULES, ids=titled)
def test_a_field_a_fact_shares_with_the_command_that_asks_for_it_has_one_type(
    kind: Kind[Any], command: type[Command], rule: Rule
) -> None:
    asked = shapes_of(command)
    for fact in rule.makes:
        assert fact in kind.facts
        assert {
            name: shape for name, shape in shapes_of(fact).items() if name in asked and not alike(shape, asked[name])
        } == {}


@pytest.mark.parametrize("other", [str, int, tuple[Id, ...], datetime | None])
def test_two_types_of_one_field_would_be_found(other: Any) -> None:
    assert alike(shape_of(Id), shape_of(UniqueId | None))
    assert not alike(shape_of(Id), shape_of(other))


# what a rule answers


class Asking(NamedTuple):
    """A command to a stream that stands somewhere."""

    file: File | None
    command: Command


def asking() -> Iterator[Asking]:
    """Every command of the decision table in every stage, and every scene of a refusal."""
    for sampled, command in ASKED:
        for stage in sampled.stages:
            yield Asking(_known(standing(sampled, stage, command)), command)
    for scene in SCENES.values():
        yield Asking(_known(Story(*scene.given, office=WORLD)), scene.command)


def _known(story: Story) -> File | None:
    return story.file if story.file is not None and story.file.version else None


def kind_of_command(command: Command) -> Kind[Any]:
    return next(kind for kind in KINDS if type(command) in kind.rules)


def answered(kind: Kind[Any]) -> Iterator[tuple[Asking, Decided]]:
    """What the kind does, wherever it does something."""
    for one in asking():
        if type(one.command) in kind.rules:
            ruling = kind.decide(one.file, one.command, NOW, WORLD)
            if isinstance(ruling, Decided):
                yield one, ruling


def folded_otherwise(kind: Kind[Any]) -> set[str]:
    """The commands whose rule answers with another file than folding its facts gives."""
    return {
        type(one.command).__name__ for one, decided in answered(kind) if decided.file != kind.fold(decided.facts, one.file)
    }


@pytest.mark.parametrize("kind", KINDS, ids=titled)
def test_the_file_a_rule_answers_is_the_one_its_facts_fold_into(kind: Kind[Any]) -> None:
    assert folded_otherwise(kind) == set()


def test_every_rule_that_folds_for_itself_does_so_somewhere_in_these_scenes() -> None:
    does = {
        type(command)
        for file, command in asking()
        if isinstance((kind := kind_of_command(command)).new if file is None else file, type(kind.new))
        and isinstance(kind._ruled(kind.new if file is None else file, command, NOW, WORLD), Folded)
    }

    assert does == {command for _, command, rule in RULES if may_fold(rule)}


def may_fold(rule: Rule) -> bool:
    """Whether a rule, or what it calls in its module, makes a ``Folded``."""
    module = inspect.getmodule(rule.answer)
    assert module is not None
    calls = {
        node.name: {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.FunctionDef)
    }
    reached, more = set[str](), {rule.answer.__name__}
    while more:
        reached |= more
        more = set(chain.from_iterable(calls.get(name, ()) for name in more)) - reached
    return "Folded" in reached


@pytest.mark.parametrize("kind", [kind for kind in KINDS if any(map(may_fold, kind.rules.values()))], ids=titled)
def test_a_rule_that_answers_another_file_would_be_found(kind: Kind[Any]) -> None:
    """The control: each such rule leaves its facts out of the file."""

    def spoilt(rule: Rule) -> Rule:
        def answer(file: Any, *rest: Any) -> Any:
            ruling = rule.answer(file, *rest)
            return replace(ruling, file=file) if isinstance(ruling, Folded) else ruling

        return rule._replace(answer=answer)

    acts = [Act(a.zh, {c: spoilt(r) for c, r in a.rules.items()}, a.facts, a.evolve) for a in kind.acts]
    wrong: Kind[Any] = Kind(kind.name, kind.zh, new=kind.new, acts=tuple(acts), unknown=kind.unknown, keeps=kind._keeps)

    assert folded_otherwise(wrong) == {command.__name__ for command, rule in kind.rules.items() if may_fold(rule)}


@pytest.mark.parametrize("kind", KINDS, ids=titled)
def test_every_fact_a_rule_makes_holds_what_its_fields_declare(kind: Kind[Any]) -> None:
    made = [decided.facts for _, decided in answered(kind)]

    check(tuple(made))
    assert {type(fact) for facts in made for fact in facts} <= set(kind.facts)


# a name given twice


class Mark(NamedTuple):
    """A field of a fact that gives something its name."""

    kind: Kind[Any]
    fact: type[Fact]
    field: str


def unique(shape: Shape) -> bool:
    return shape.identifier is not None and shape.identifier.unique


MARKS = [Mark(k, fact, name) for k in KINDS for fact in k.facts for name, shape in shapes_of(fact).items() if unique(shape)]


def scenes_of(mark: Mark) -> list[tuple[Story, Command]]:
    """Each command that gives such a name, and a stream in which it is carried out."""
    (sampled,) = (one for one in SAMPLED if one.kind is mark.kind)
    rules = sampled.kind.rules
    return [
        (standing(sampled, stage, command), command)
        for command in sampled.asked
        if mark.fact in rules[type(command)].makes and mark.field in shapes_of(type(command))
        for stage in [one for one in sampled.stages if _done(sampled, one, command)][:1]
    ]


def _done(sampled: Sampled, stage: Any, command: Command) -> bool:
    return cell(sampled, stage, command) == "✓"


@pytest.mark.parametrize("mark", MARKS, ids=titled)
def test_a_name_that_was_given_is_given_to_nothing_else_in_its_stream(mark: Mark) -> None:
    scenes = scenes_of(mark)
    assert scenes, f"no command of the decision table gives the name {titled(mark)}"
    for giver in (other.fact for other in MARKS if (other.kind, other.field) == (mark.kind, mark.field)):
        given = replace(sample(giver), **{mark.field: "TAKEN"})
        for story, command in scenes:
            after = story.given(given)
            twice = after.when(replace(command, **{mark.field: "TAKEN"})).ruling

            assert isinstance(twice, Refused)
            assert twice.named == "TAKEN"
            after.when(replace(command, **{mark.field: "FRESH"})).done()


def test_there_are_names_that_are_given_once() -> None:
    assert MARKS
    assert not unique(shape_of(Id))


# instants

ABROAD = Samples({**SAMPLES.plain, datetime: lambda _: NOW.astimezone(UTC)})


def instants_in(value: Any) -> list[datetime]:
    """Every instant in a value, wherever it stands: found in the value itself, not by its annotations."""
    if isinstance(value, datetime):
        return [value]
    if isinstance(value, tuple):
        return [at for part in value for at in instants_in(part)]
    if is_dataclass(value):
        return [at for field in fields(value) for at in instants_in(getattr(value, field.name))]
    return []


def local(at: datetime) -> bool:
    return at.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_instant_of_a_command_is_the_districts_wherever_it_stands(command: type[Command]) -> None:
    abroad = ABROAD.full(command)
    found = Hall().engine._localized(abroad)

    assert instants_in(abroad)
    assert not any(map(local, instants_in(abroad)))
    assert all(map(local, instants_in(found)))
    assert found == abroad


@dataclass(frozen=True)
class Leg:
    """A value that holds an instant."""

    began_at: datetime


@dataclass(frozen=True)
class Trip:
    """A value that holds such values."""

    legs: tuple[Leg, ...]
    ended_at: datetime | None = None


def test_an_instant_is_found_and_made_local_however_deep_it_stands() -> None:
    abroad = Trip((Leg(NOW.astimezone(UTC)), Leg(NOW.astimezone(UTC))))

    assert list(map(local, instants_in(abroad))) == [False, False]
    assert list(map(local, instants_in(localized(abroad, lambda at: at.astimezone(HERE))))) == [True, True]
    assert list(map(local, instants_in(replace(abroad, ended_at=NOW)))) == [False, False, True]
