"""Every refusal of every kind of stream is reached: the facts and the command that together give it."""

import pytest
from support.refusal_scenes import SCENES
from support.registers import WORLD
from support.story import PACKAGE, Story, ask, received

from casecore import CollectBox, Reason, Refused, RouteCase, ShareMaterial

OF_THE_ENGINE = {Reason.COMMAND_ID_REUSED, Reason.PACKAGE_MUST_KNOW, Reason.OTHER_DISTRICT, Reason.CLOCK_AHEAD}
"""A command id used twice, an import past a package, another district's books and a clock ahead are the engine's: its
tests cover them."""


@pytest.mark.parametrize("reason", SCENES)
def test_every_refusal_is_given_for_its_reason(reason: Reason) -> None:
    Story(*SCENES[reason].given, office=WORLD).when(SCENES[reason].command).refused(reason)


def test_no_reason_is_out_of_reach() -> None:
    assert set(SCENES) == set(Reason) - OF_THE_ENGINE


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in OF_THE_ENGINE])
def test_every_reason_says_what_stood_in_the_way_in_both_tongues(reason: Reason) -> None:
    ruling = Story(*SCENES[reason].given, office=WORLD).when(SCENES[reason].command).ruling

    assert isinstance(ruling, Refused)
    assert str(ruling).startswith(f"{SCENES[reason].command.stream} {type(SCENES[reason].command).__name__}: {reason.value}")
    assert str(ruling).endswith(f"{reason.zh} / {reason.en}")
    assert reason.value == reason.name.lower()


def test_a_refusal_names_the_case_and_the_command() -> None:
    ruling = Story(received()).when(ask(RouteCase)).ruling

    assert ruling == Refused(Reason.WRONG_STAGE, "received", "510107-2026-000001", "RouteCase")


def test_a_refusal_names_the_package_or_the_box_as_it_names_a_case() -> None:
    of_a_package = Story(office=WORLD).when(ask(ShareMaterial, material="lease")).ruling
    of_a_box = Story(office=WORLD).when(ask(CollectBox, box="BOX-9")).ruling

    assert of_a_package == Refused(Reason.UNKNOWN_PACKAGE, PACKAGE, PACKAGE, "ShareMaterial")
    assert of_a_box == Refused(Reason.UNKNOWN_BOX, "BOX-9", "BOX-9", "CollectBox")
