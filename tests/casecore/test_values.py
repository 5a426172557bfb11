"""Values of the house: a named tuple that folds quickly changes as any other does."""

import pytest

from casecore import BadInput, CaseFile, PackageFile, PlanStep, Stage
from casecore.door import check


class Seen(CaseFile):
    """A file somebody adds something to."""


def test_a_changed_file_differs_in_what_was_changed() -> None:
    file = CaseFile(item="licence")

    changed = file._replace(stage=Stage.RECEIVED, version=2)

    assert (changed.stage, changed.version, changed.item) == (Stage.RECEIVED, 2, "licence")
    assert (file.stage, file.version) == (Stage.NEW, 0)
    assert type(changed) is CaseFile


def test_a_changed_file_of_a_class_below_is_of_that_class() -> None:
    assert type(Seen()._replace(version=2)) is Seen


@pytest.mark.parametrize("file", [CaseFile(), PackageFile(), CaseFile().service])
def test_a_field_nobody_knows_is_refused_as_python_refuses_it(file: CaseFile) -> None:
    with pytest.raises(ValueError, match=r"^Got unexpected field names: \['nope', 'neither'\]$"):
        file._replace(nope=1, neither=2)  # type: ignore[call-arg]


@pytest.mark.parametrize("field", ["step", "department"])
@pytest.mark.parametrize("name", ["", "x" * 201, " a", "a\nb"])
def test_a_step_of_a_plan_and_its_department_are_named_as_everything_is(field: str, name: str) -> None:
    with pytest.raises(BadInput) as caught:
        check((PlanStep(**{"step": "fire", "department": "Fire", field: name}),), "plan")

    assert caught.value.place == f"plan[0].{field}"
