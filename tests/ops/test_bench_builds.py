"""``casecore bench builds``: two builds are asked for the same, and what one lacks is said."""

import sys
from pathlib import Path

import pytest

from casecore import BadInput
from ops.bench.builds import bench_builds


def test_a_build_beside_itself_is_asked_for_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ops.bench.builds.CASES", 2)
    monkeypatch.setattr("ops.bench.builds.ROWS", 5)

    found = bench_builds(Path(sys.executable).with_name("casecore"), rounds=1)

    assert [one.what for one in found] == [
        "start (--help)",
        "whole commands (handle)",
        "import",
        "follow",
        "rebuild",
        "start (case show)",
    ]
    for one in found:
        assert one.ours > 0
        assert one.ratio == pytest.approx(one.theirs / one.ours)


def test_a_build_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nobody: there is no such command"):
        bench_builds(tmp_path / "nobody")


def test_a_build_that_fails_is_named_with_what_it_was_asked(tmp_path: Path) -> None:
    broken = tmp_path / "casecore"
    broken.write_text("#!/bin/sh\necho broken >&2\nexit 3\n")
    broken.chmod(0o755)

    with pytest.raises(BadInput, match=r"--help ended with 3: broken"):
        bench_builds(broken, rounds=1)
