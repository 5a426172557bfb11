"""The house itself: what holds of all its modules, and what it offers to whoever embeds it. Every check has its control."""

import ast
import gc
import os
import re
from collections.abc import Collection, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, Final

import pytest

import casecore
from casecore.fact import Fact, fact
from casecore.kind import Kind
from casecore.kinds import COMMANDS, FACTS, KINDS

ROOT: Final = Path(__file__).resolve().parents[1]
ROOMS: Final = ("casecore", "projections", "adapters", "ops")
MODULES: Final = tuple(path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
MOST_LINES: Final = 350
GENERATED: Final = "# Generated"
"""How the first line of a module begins that nobody writes by hand."""
LONGEST_NAME: Final = 90

OFFERING: Final = ("casecore", "casecore.testing", "adapters", "adapters.testing")
"""Where an embedder imports from."""
SURFACE: Final = Path(__file__).with_name("public_names.txt")
BEFORE: Final = Path(__file__).with_name("public_names_before.txt")
"""What ``casecore`` offered before facts stood by act: nobody's import breaks."""

GENERIC: Final = (
    *(f"casecore/{name}.py" for name in ("engine", "drafting", "ticking", "histories", "kind", "kinds", "testing")),
    *(f"adapters/{name}.py" for name in ("wire", "folding", "following", "requeueing", "diagnosis")),
)
"""Modules that ask a kind, and never look which one it is."""
FILES_OF_KINDS: Final = frozenset(type(kind.new).__name__ for kind in casecore.kinds.KINDS)


# --- size ---


def too_long(source: str) -> bool:
    return source.count("\n") > MOST_LINES and not source.startswith(GENERATED)


def test_no_module_is_too_long_to_be_read_at_once() -> None:
    assert len(MODULES) > len(ROOMS)
    assert [str(path.relative_to(ROOT)) for path in MODULES if too_long(path.read_text("utf-8"))] == []


def test_a_module_that_is_too_long_would_be_found() -> None:
    assert not too_long("x = 1\n" * MOST_LINES)
    assert too_long("x = 1\n" * (MOST_LINES + 1))
    assert not too_long(f"{GENERATED} from the facts.\n" + "x = 1\n" * MOST_LINES)


# --- the names of tests ---


def long_names(source: str) -> list[str]:
    return [name for name in re.findall(r"^ *(?:async )?def (test_\w+)", source, re.MULTILINE) if len(name) > LONGEST_NAME]


def test_the_name_of_a_test_is_one_sentence_that_can_be_read_at_once() -> None:
    tests = sorted(Path(__file__).parent.rglob("test_*.py"))
    assert Path(__file__) in tests
    assert {path.name: names for path in tests if (names := long_names(path.read_text("utf-8")))} == {}


def test_a_name_that_is_too_long_would_be_found() -> None:
    fits, long = f"test_{'x' * 85}", f"test_{'y' * 86}"
    assert long_names(f"class TestAll:\n    def {fits}(self): ...\n    def {long}(self): ...\n") == [long]


def test_the_page_about_the_tests_shows_one_that_runs() -> None:
    page = (Path(__file__).parent / "README.md").read_text("utf-8")
    (shown,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)

    exec(shown, {})  # noqa: S102 - our own page


# --- what is offered ---


def declared_facts() -> dict[str, type[Fact]]:
    """Every fact some module of the heart declares, whether or not an act knows of it; by where it stands."""
    for module in walk_packages(casecore.__path__, "casecore."):
        import_module(module.name)
    gc.collect()  # of a slotted class the interpreter keeps the one it was made from for a while
    return {f"{one.__module__}.{one.__name__}": one for one in _below(Fact) if one.__module__.startswith("casecore.")}


def _below(base: type[Fact]) -> Iterator[type[Fact]]:
    for one in base.__subclasses__():
        if "wire" in vars(one):
            yield one
        yield from _below(one)


def not_among(declared: Collection[type], known: Collection[type]) -> list[str]:
    return sorted(one.__name__ for one in declared if one not in known)


def test_every_fact_that_is_declared_is_one_an_act_folds() -> None:
    assert not_among(declared_facts().values(), FACTS) == []
    assert not_among(FACTS, declared_facts().values()) == []


def test_a_fact_no_act_folds_would_be_found() -> None:
    @fact("case.forgotten.v1", "遗忘")
    class Forgotten(Fact):
        """Declared, and put into no act."""

    Forgotten.__module__ = "casecore.case.facts.forgotten"
    try:
        assert not_among(declared_facts().values(), FACTS) == ["Forgotten"]
    finally:
        Forgotten.__module__ = __name__


@pytest.mark.parametrize("declared", [*FACTS, *COMMANDS])
def test_every_fact_and_every_command_can_be_imported_from_the_heart(declared: type) -> None:
    assert declared.__name__ in casecore.__all__
    assert getattr(casecore, declared.__name__) is declared


def surface() -> str:
    """Every public name, a line each."""
    names = [f"{module}.{name}" for module in OFFERING for name in import_module(module).__all__]
    assert len(set(names)) == len(names)
    return "".join(f"{name}\n" for name in sorted(names))


def test_what_is_offered_is_as_written_down() -> None:
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        SURFACE.write_text(surface(), encoding="utf-8")

    assert surface() == SURFACE.read_text("utf-8"), "UPDATE_SNAPSHOTS=1 writes it down"


def test_everything_that_is_offered_is_there() -> None:
    for module in map(import_module, OFFERING):
        assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_what_was_ever_offered_is_offered_still() -> None:
    before = BEFORE.read_text("utf-8").split()

    assert len(before) == 264
    assert set(before) - set(casecore.__all__) == set()


# --- generic over kinds ---


def asked_which_kind(source: str) -> list[str]:
    """The files of kinds a module tells apart, by ``isinstance``, ``match``, or a comparison of types."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id="isinstance" | "issubclass"), args=[_, classes]):
                found += _named_in(classes)
            case ast.MatchClass(cls=classes):
                found += _named_in(classes)
            case ast.Compare(left=left, comparators=compared):
                found += [name for side in (left, *compared) for name in _named_in(side)]
    return found


def _named_in(node: ast.expr) -> list[str]:
    names = [part.id if isinstance(part, ast.Name) else part.attr for part in ast.walk(node) if isinstance(part, _NAMES)]
    return [name for name in names if name in FILES_OF_KINDS]


_NAMES: Final = (ast.Name, ast.Attribute)


@pytest.mark.parametrize("module", GENERIC)
def test_what_serves_every_kind_never_looks_which_one_it_is(module: str) -> None:
    assert asked_which_kind((ROOT / module).read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "isinstance(file, CaseFile)",
        "isinstance(file, Fact | package.PackageFile)",
        "isinstance(file, (Fact, DropBoxFile))",
        "match file:\n    case CaseFile(version=1): ...",
        "type(file) is PackageFile",
    ],
)
def test_a_module_that_looks_which_kind_it_is_would_be_found(source: str) -> None:
    assert len(asked_which_kind(source)) == 1


# --- kinds are siblings, whichever there are ---

ORDER: Final = ("facts", "parts", "file", "acts", "kind")
"""How the folder of a kind is built, from the bottom up."""


def wrong_arrows(module: str, source: str, home: str, siblings: Collection[str]) -> list[str]:
    """What a module of a kind imports and must not: a sibling, or what lies above it in its own folder."""
    floor = _floor(module, home)
    found = []
    for node in ast.walk(ast.parse(source)):
        for name in [node.module or ""] if isinstance(node, ast.ImportFrom) else []:
            above = name.startswith(f"{home}.") and floor is not None and (_floor(name, home) or 0) > floor
            if above or any(name == one or name.startswith(f"{one}.") for one in siblings):
                found.append(f"{module} -> {name}")
    return found


def _floor(module: str, home: str) -> int | None:
    part = module.removeprefix(f"{home}.").partition(".")[0]
    return ORDER.index(part) if part in ORDER else None


HOMES: Final = {kind.name: f"casecore.{kind.name}" for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_is_built_upwards_and_knows_no_sibling(kind: Kind[Any]) -> None:
    home = HOMES[kind.name]
    siblings = set(HOMES.values()) - {home}
    package = import_module(home)
    modules = [one.name for one in walk_packages(package.__path__, f"{home}.")]

    assert {f"{home}.{part}" for part in ("facts", "file", "acts", "kind")} <= set(modules)
    for module in modules:
        source = Path(str(import_module(module).__file__)).read_text("utf-8")
        assert wrong_arrows(module, source, home, siblings) == []


@pytest.mark.parametrize(
    "line",
    ["from casecore.package.file import PackageFile", "from casecore.case.acts.trips import record_trip"],
    ids=["sibling", "above"],
)
def test_an_arrow_to_a_sibling_or_upwards_would_be_found(line: str) -> None:
    assert wrong_arrows("casecore.case.facts.trips", line, HOMES["case"], [HOMES["package"]]) != []
