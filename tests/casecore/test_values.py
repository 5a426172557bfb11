"""Values of the house: a named tuple that folds quickly changes as any other does."""

import copy
import pickle
from dataclasses import FrozenInstanceError, fields, replace

import pytest

from casecore import BadInput, CaseFile, PackageFile, PlanStep, Stage
from casecore.door import check
from casecore.value import value


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


@value
class Asked:
    """A value, and one that has more."""

    name: str
    number: int = 1


@value
class AskedAgain(Asked):
    """One more field."""

    again: bool


def test_a_value_is_made_by_the_names_of_its_fields_and_refuses_what_python_refuses() -> None:
    made = AskedAgain(name="a", again=True)
    assert (made, made.number) == (AskedAgain(name="a", number=1, again=True), 1)
    with pytest.raises(TypeError, match=r"AskedAgain.__init__\(\) missing 1 required keyword-only argument: 'again'"):
        AskedAgain(name="a")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"Asked.__init__\(\) got an unexpected keyword argument 'again'"):
        Asked(name="a", again=True)  # type: ignore[call-arg]


def test_a_value_is_fixed_and_is_copied_and_kept_whole() -> None:
    made = Asked(name="a")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'name'"):
        made.name = "b"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'name'"):
        del made.name
    assert copy.copy(made) == copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == made  # noqa: S301 - our own
    assert replace(made, number=2) == Asked(name="a", number=2)
    assert not hasattr(made, "__dict__")
    assert [field.name for field in fields(AskedAgain)] == ["name", "number", "again"]


def test_what_makes_a_value_is_compiled_when_the_first_is_made() -> None:
    @value
    class Made:
        name: str

    first = Made.__init__
    Made(name="a")
    compiled = Made.__init__
    Made(name="b")
    assert first is not compiled
    assert Made.__init__ is compiled
