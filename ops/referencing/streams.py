"""Facts (事实) and commands (命令), by kind of stream and by act."""

from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from typing import Any, Final

from casecore.act import Act, Rule
from casecore.command import Command
from casecore.fact import Fact
from casecore.kind import Kind
from casecore.kinds import COMMANDS, FACTS, KINDS
from ops.referencing.docstrings import constant_said, said_of
from ops.referencing.fields import fields_table
from ops.referencing.markdown import code, page, prose, table

__all__ = ["commands", "facts"]

_OF_EVERY_FACT: Final = frozenset({"at", "by"})
_OF_EVERY_COMMAND: Final = frozenset({"by", "at", "command_id", "correlation_id", "causation_id"})
_MOST_NAMED: Final = 6
"""Stages named one by one; where there are more, those that are left out say it better."""


def facts() -> str:
    """Every fact a log may hold."""
    return page(
        "# Facts (事实)",
        f"{len(FACTS)} facts, by kind of stream and act: what happened, in the past tense. A fact's name in storage and its"
        " bytes are never edited; a newer form supersedes an older one, which is read as the newer. Lists and values are in"
        " [words.md](words.md).",
        "A fact is made by the [commands](commands.md) whose answer may begin with it. In one answer others may follow: a"
        " visit told with what somebody came for is a fact of its own.",
        "Every fact carries:",
        fields_table(Fact),
        *(block for kind in KINDS for block in _kind_of_facts(kind)),
    )


def commands() -> str:
    """Everything a hall backend may ask, and what only follows."""
    following = sum(rule.follows for kind in KINDS for rule in kind.rules.values())
    return page(
        "# Commands (命令)",
        f"{len(COMMANDS)} commands, by kind of stream and act: what may be asked, in the imperative; {following} more only"
        " follow from another stream's facts, and nobody gives them. A command is answered with a receipt, or with a refusal"
        " ([refusals.md](refusals.md)). Lists and values are in [words.md](words.md).",
        "As JSON (`casecore handle`, `adapters.read_command`) a command is an object: its name under `command`, and its"
        " fields, lists and codes by their values, dates and instants in ISO 8601. Every command carries:",
        fields_table(Command),
        *(block for kind in KINDS for block in _kind_of_commands(kind)),
    )


def _kind_of_facts(kind: Kind[Any]) -> Iterator[str]:
    yield f"## {kind.zh} · {kind.name}"
    for act in kind.acts:
        if act.facts:
            yield from _act_head(act)
        for fact in act.facts:
            yield from _fact(kind, fact)


def _act_head(act: Act[Any]) -> Iterator[str]:
    yield f"### {act.zh}"
    module = next(iter(act.rules)).__module__
    names = [name for name, found in vars(import_module(module)).items() if found is act]
    yield prose(next(filter(None, (constant_said(module, name) for name in names)), ""))


def _fact(kind: Kind[Any], fact: type[Fact]) -> Iterator[str]:
    yield f"#### {fact.__name__}"
    yield f"{fact.zh} · {code(fact.wire)}{_superseded(fact)}"
    yield prose(said_of(fact))
    makers = [command for command, rule in kind.rules.items() if fact in rule.makes]
    made = ", ".join(f"[{command.__name__}](commands.md#{command.__name__.lower()})" for command in makers)
    yield f"Made by {made}." if makers else "No command begins with it: it comes with the fact that brought it."
    yield fields_table(fact, without=_OF_EVERY_FACT)


def _superseded(fact: type[Fact]) -> str:
    return f" (before: {', '.join(code(older.wire) for older in fact.older)})" if fact.older else ""


def _kind_of_commands(kind: Kind[Any]) -> Iterator[str]:
    yield f"## {kind.zh} · {kind.name}"
    yield table(("stage", "环节"), ((code(stage.value), _stage_zh(stage)) for stage in type(kind.new.stage)))
    for act in kind.acts:
        if act.rules:
            yield from _act_head(act)
        for command, rule in act.rules.items():
            yield from _command(command, rule)


def _command(command: type[Command], rule: Rule) -> Iterator[str]:
    yield f"#### {command.__name__}"
    yield prose(said_of(command))
    makes = ", ".join(f"[{fact.__name__}](facts.md#{fact.__name__.lower()})" for fact in rule.makes)
    yield "\n".join(
        (
            *(["- Only follows from another stream's facts."] if rule.follows else []),
            f"- Stages: {_stages(rule)}.",
            *(["- May begin its stream."] if rule.begins else []),
            *(["- May be told late: of what happened before the present stage began."] if rule.late else []),
            f"- A yes begins with {makes}.",
        )
    )
    yield fields_table(command, without=_OF_EVERY_COMMAND)


def _stages(rule: Rule) -> str:
    every = type(next(iter(rule.stages)))
    left_out = [stage for stage in every if stage not in rule.stages]
    if not left_out:
        return "any"
    if len(rule.stages) <= _MOST_NAMED:
        return ", ".join(code(stage.value) for stage in every if stage in rule.stages)
    return f"any but {', '.join(code(stage.value) for stage in left_out)}"


def _stage_zh(stage: Enum) -> str:
    return str(getattr(stage, "zh", ""))
