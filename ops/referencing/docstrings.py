"""Docstrings as they stand in the source: of classes, and of what Python gives none, fields and constants."""

import ast
import inspect
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from itertools import pairwise

__all__ = ["constant_said", "fields_said", "said_of"]


def said_of(cls: type) -> str:
    """What a class says of itself; raises ``ValueError`` where it says nothing of its own."""
    said = cls.__dict__.get("__doc__")
    if not said or said.startswith(f"{cls.__name__}("):  # what a dataclass or a tuple is given says nothing
        raise ValueError(f"{cls.__module__}.{cls.__name__} has no docstring")
    return inspect.cleandoc(said)


def fields_said(cls: type) -> Mapping[str, str]:
    """What stands below the fields of a class and of those it is made from, by field; what is nearest counts."""
    said: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        if base.__module__ != "builtins":
            said |= _in_source(base.__module__).get(base.__name__, {})
    return said


def constant_said(module: str, name: str) -> str | None:
    """What stands below a constant of a module, where anything does."""
    return _in_source(module).get("", {}).get(name)


@cache
def _in_source(module: str) -> Mapping[str, Mapping[str, str]]:
    """Of each class the docstrings below its fields, and under no name those below the module's constants."""
    tree = ast.parse(inspect.getsource(import_module(module)))
    classes = {node.name: _below(node.body) for node in tree.body if isinstance(node, ast.ClassDef)}
    return {"": _below(tree.body), **classes}


def _below(body: Iterable[ast.stmt]) -> Mapping[str, str]:
    """The docstrings of assignments, by what is assigned."""
    statements = list(body)
    found: dict[str, str] = {}
    for before, after in pairwise(statements):
        match before, after:
            case (
                ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]),
                ast.Expr(value=ast.Constant(value=str(said))),
            ):
                found[name] = inspect.cleandoc(said)
            case _:
                pass
    return found
