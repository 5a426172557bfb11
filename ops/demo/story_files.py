"""The demonstration's stories: files of one JSON command a line, as ``casecore handle`` reads them, and their titles."""

import tomllib
from dataclasses import replace
from importlib.resources import files
from typing import Final, NamedTuple

from adapters.command_json import MAX_COMMAND_BYTES, read_command
from adapters.json_lines import numbered_lines
from casecore.command import Command
from casecore.package.acts.opening import OpenPackage

__all__ = ["STORIES", "Stories", "Story", "load_showcase", "load_stories"]

STORIES: Final = files("ops.demo") / "stories"
"""The folder of the files."""
_SHOWCASE: Final = "showcase"
_SUFFIX: Final = ".jsonl"


class Story(NamedTuple):
    """One story: what is done in it, in the order of its file."""

    about: str
    """Its title."""
    commands: tuple[Command, ...]

    @property
    def stream(self) -> str:
        """The case, package or visit it is told by: the one its first command is about."""
        return self.commands[0].stream

    @property
    def package(self) -> bool:
        """Whether that is a package."""
        return isinstance(self.commands[0], OpenPackage)


class Stories(NamedTuple):
    """The stories that stand beside the week, each kind in the order it is played and shown."""

    clocks: tuple[Story, ...]
    trips: tuple[Story, ...]
    """Those without a title come last, under the names of their files."""
    visits: tuple[Story, ...]
    """Of visits that served no case."""


def load_stories(seed: int) -> Stories:
    """Load all stories but the showcase."""
    titles = tomllib.loads((STORIES / "titles.toml").read_text("utf-8"))
    clocks, trips, visits = titles["clocks"], titles["trips"], titles["visits"]
    there = sorted(file.name.removesuffix(_SUFFIX) for file in STORIES.iterdir() if file.name.endswith(_SUFFIX))
    trips |= {name: name for name in there if name not in {_SHOWCASE, *clocks, *trips, *visits}}
    told = (tuple(_load_story(name, seed, about) for name, about in kind.items()) for kind in (clocks, trips, visits))
    return Stories(*told)


def load_showcase(seed: int) -> Story:
    """Load the story the week begins with: one case with one of everything."""
    return _load_story(_SHOWCASE, seed, _SHOWCASE)


def _load_story(name: str, seed: int, about: str) -> Story:
    """Load one story; its command ids bear the seed, so that weeks of two seeds are not taken for one."""
    with (STORIES / f"{name}{_SUFFIX}").open("rb") as source:
        commands = [read_command(line) for _, line in numbered_lines(source, MAX_COMMAND_BYTES)]
    return Story(about, tuple(replace(command, command_id=f"demo-{seed}:{command.command_id}") for command in commands))
