"""What docstrings and pages refer to is there: modules, classes, functions, files."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from inspect import isclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("casecore", "projections", "adapters", "ops")
SOURCES = sorted(file for room in ROOMS for file in (ROOT / room).rglob("*.py"))
PAGES = sorted(page for page in ROOT.rglob("*.md") if not any(part.startswith(".") for part in page.relative_to(ROOT).parts))
ROLE = re.compile(r":(?:mod|func|class|meth|data|attr|exc):`~?([\w.]+)`")
NAMED = re.compile(rf"`((?:{'|'.join(ROOMS)})(?:\.\w+)+)(?<!\.toml)`")
PATHED = re.compile(rf"[`(]((?:{'|'.join((*ROOMS, 'tests', 'docs'))})/[\w./-]*\w)[`)#]")


def module_of(source: Path) -> str:
    parts = source.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def there(name: str) -> bool:
    """Whether a dotted name that begins with a room is a module, or something in one."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        module = ".".join(parts[:end])
        try:
            found: Any = find_spec(module) and import_module(module)
        except ModuleNotFoundError:
            continue
        if found is not None:
            return reaches(found, parts[end:])
    return False


def reaches(found: Any, steps: list[str]) -> bool:
    for step in steps:
        if step in getattr(found, "__annotations__", {}):  # a field, or a name loaded when it is asked for
            return True
        if not hasattr(found, step):
            return False
        found = getattr(found, step)
    return True


def beside(module: str, name: str) -> bool:
    """Whether a name is one of a module's own, or of a class of it."""
    here = import_module(module)
    classes = [one for one in vars(here).values() if isclass(one)]
    return any(reaches(place, name.split(".")) for place in (here, *classes))


def missing(source: Path) -> Iterator[str]:
    text = source.read_text("utf-8")
    for name in {*ROLE.findall(text), *NAMED.findall(text)}:
        if not (there(name) if name.split(".")[0] in ROOMS else beside(module_of(source), name)):
            yield name


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_docstring_refers_to_is_there(room: str) -> None:
    sources = [source for source in SOURCES if source.is_relative_to(ROOT / room)]
    assert {str(source.relative_to(ROOT)): left for source in sources if (left := [*missing(source)])} == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    assert [name for name in NAMED.findall(text) if not there(name)] == []
    assert [path for path in PATHED.findall(text) if not (ROOT / path).exists()] == []


def test_a_name_that_is_not_there_is_found_out() -> None:
    assert not there("casecore.case.events")
    assert not there("adapters.reporting.no_such_function")
    assert not beside("casecore.kinds", "no_such_function")
    assert there("casecore.kinds.advance")
    assert beside("casecore.engine", "file")
