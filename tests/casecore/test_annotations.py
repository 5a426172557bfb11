"""What the fields of commands and facts may be annotated with."""

from datetime import date
from typing import Any

import pytest

from casecore import PlanStep
from casecore.annotations import Shape, shape_of, shapes_of
from casecore.kinds import COMMANDS, FACTS


@pytest.mark.parametrize(
    ("hint", "shape"),
    [
        (int, Shape(int, optional=False, many=False)),
        (date | None, Shape(date, optional=True, many=False)),
        (tuple[str, ...], Shape(str, optional=False, many=True)),
        (tuple[PlanStep, ...] | None, Shape(PlanStep, optional=True, many=True)),
    ],
)
def test_an_annotation_is_taken_apart(hint: Any, shape: Shape) -> None:
    assert shape_of(hint) == shape


@pytest.mark.parametrize("hint", [int | str, int | str | None, "int", tuple[tuple[int, ...], ...]])
def test_a_field_has_one_type(hint: Any) -> None:
    with pytest.raises(TypeError):
        shape_of(hint)


@pytest.mark.parametrize("kind", [*COMMANDS, *FACTS])
def test_every_field_of_a_command_or_fact_can_be_taken_apart(kind: Any) -> None:
    assert all(isinstance(shape.kind, type) for shape in shapes_of(kind).values())
