"""The evidence commands as an auditor meets them: real stores, real files, a real vandal."""

import json
from contextlib import chdir, closing, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Final

import pytest
from support.story import CATALOGUE, CLERK, moment
from support.vandal import Vandal

from adapters.testing.opened import open_desk
from casecore import History, Source, StepCompleted
from ops.cli import app

STORE: Final = ("--store", "sqlite:///cases.db")


class Ran:
    """One run of the command, in this process."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        out, err = StringIO(), StringIO()
        with chdir(folder), redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as left:
            app([*arguments])
        self.code, self.out, self.err = left.value.code, out.getvalue(), err.getvalue()


def record(folder: Path, district: str, cases: range) -> None:
    with open_desk(f"sqlite:///{folder}/cases.db", district=district, catalogue=CATALOGUE) as engine:
        steps = tuple(StepCompleted(at=moment("2025-03-03 09:00"), by=CLERK, name=f"step {n}") for n in range(5))
        engine.record([History(f"C-{n}", f"k{n}", steps, Source("x", "x", n)) for n in cases])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store of 100 facts, a key, a checkpoint; then 100 facts more and another."""
    record(tmp_path, "510107", range(20))
    assert Ran(tmp_path, "checkpoint-key", "hall.key").code == 0
    assert Ran(tmp_path, "checkpoint", *STORE, "--key", "hall.key", "--out", "old.checkpoint").code == 0
    record(tmp_path, "510107", range(20, 40))
    assert Ran(tmp_path, "checkpoint", *STORE, "--key", "hall.key", "--out", "new.checkpoint").code == 0
    return tmp_path


NEW: Final = ("--checkpoint", "new.checkpoint", "--key", "hall.key.pub")


def test_a_case_is_proven_and_the_proof_checked_without_the_store(folder: Path) -> None:
    assert Ran(folder, "prove", "C-7", *STORE, *NEW[:2], "--out", "c7.proof").code == 0
    grown = Ran(folder, "prove", "--since", "old.checkpoint", *STORE, *NEW[:2])
    (folder / "grown.proof").write_text(grown.out, "utf-8")
    (folder / "cases.db").unlink()

    checked = Ran(folder, "check-proof", "c7.proof", "--key", "hall.key.pub")
    assert checked.code == 0
    assert "case C-7, versions 1 to 5, is in log 510107 of 200 events, seen at 20" in checked.out
    assert "not proven: that nothing followed version 5, and anything after the checkpoint" in checked.out
    plain = json.loads(Ran(folder, "check-proof", "c7.proof", "--key", "hall.key.pub", "--json").out)
    assert [event["position"] for event in plain["events"]] == [36, 37, 38, 39, 40]

    checked = Ran(folder, "check-proof", "grown.proof", "--key", "hall.key.pub")
    assert "HOLDS: the 100 events seen at 20" in checked.out

    forged = (folder / "c7.proof").read_text("utf-8").replace("step 3", "step 9")
    (folder / "c7.proof").write_text(forged, "utf-8")
    checked = Ran(folder, "check-proof", "c7.proof", "--key", "hall.key.pub")
    assert (checked.code, checked.out) == (1, "")
    assert "c7.proof: position 39 ('C-7' version 4) is not in the log the checkpoint saw" in checked.err


def test_a_tail_cut_off_to_fit_is_found_against_the_checkpoint_only(folder: Path) -> None:
    with closing(Vandal(f"sqlite:///{folder}/cases.db")) as vandal:
        hash_, at = vandal.run("SELECT hash, recorded_at FROM casecore_receipts WHERE position = 100")[0]
        for table in ("events", "receipts"):
            vandal.run(f"DELETE FROM casecore_{table} WHERE position > 100")  # noqa: S608
        vandal.run("UPDATE casecore_heads SET position = 100, hash = ?, recorded_at = ?", hash_, at)
    assert Ran(folder, "verify", *STORE).code == 0
    assert Ran(folder, "verify", *STORE, "--checkpoint", "old.checkpoint", *NEW[2:]).code == 0
    found = Ran(folder, "verify", *STORE, *NEW, "--checkpoint", "old.checkpoint")
    assert found.code == 1
    assert "BROKEN at position 101: the log ends at position 100, the checkpoint of 20" in found.out
    assert "saw 200\n" in found.out
    assert Ran(folder, "prove", "C-7", *STORE, *NEW[:2]).code == 1
    before = (folder / "new.checkpoint").read_bytes()
    refused = Ran(folder, "checkpoint", *STORE, "--key", "hall.key", "--out", "new.checkpoint")
    assert (refused.code, "the log ends at position 100" in refused.err) == (1, True)
    assert (folder / "new.checkpoint").read_bytes() == before


def test_a_log_that_is_gone_altogether_is_found_against_the_checkpoint(folder: Path) -> None:
    with closing(Vandal(f"sqlite:///{folder}/cases.db")) as vandal:
        for table in ("events", "receipts", "heads"):
            vandal.run(f"DELETE FROM casecore_{table}")  # noqa: S608
    assert Ran(folder, "verify", *STORE).code == 0
    found = Ran(folder, "verify", *STORE, *NEW)
    assert (found.code, "nothing is stored of this log, the checkpoint of" in found.out) == (1, True)


@pytest.mark.parametrize("table", ["heads", "events", "receipts"])
def test_a_log_whose_name_was_changed_is_found_without_a_checkpoint(folder: Path, table: str) -> None:
    with closing(Vandal(f"sqlite:///{folder}/cases.db")) as vandal:
        vandal.run(f"UPDATE casecore_{table} SET log = '510109'")  # noqa: S608
    assert Ran(folder, "verify", *STORE).code == 1


def test_nothing_is_signed_of_a_log_that_is_not_whole(folder: Path) -> None:
    with closing(Vandal(f"sqlite:///{folder}/cases.db")) as vandal:
        vandal.run("DELETE FROM casecore_receipts WHERE command_id = 'k7'")
    refused = Ran(folder, "checkpoint", *STORE, "--key", "hall.key", "--out", "third.checkpoint")
    assert (refused.code, refused.out) == (1, "")
    assert "log 510107: BROKEN at position 36: command k7 has no receipt" in refused.err
    assert not (folder / "third.checkpoint").exists()


def test_a_checkpoint_goes_on_from_the_one_it_replaces(folder: Path) -> None:
    assert Ran(folder, "checkpoint", *STORE, "--key", "hall.key", "--out", "old.checkpoint").code == 0
    assert (folder / "old.checkpoint").read_text("utf-8").splitlines()[1] == "200"
    record(folder, "510108", range(3))
    which = Ran(folder, "checkpoint", *STORE, "--key", "hall.key", "--out", "x")
    assert (which.code, "--district: say which of 2 logs (510107, 510108)" in which.err) == (2, True)
    other = Ran(folder, "checkpoint", *STORE, "--key", "hall.key", "--out", "old.checkpoint", "--district", "510108")
    assert (other.code, "is a checkpoint of log 510107 and not overwritten" in other.err) == (2, True)
    assert Ran(folder, "verify", *STORE, *NEW).code == 0
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(".")) == []


BAD: Final = {
    "no key": (("verify", *STORE, *NEW[:2]), 2, "--checkpoint: needs the public key"),
    "another key": (("verify", *STORE, *NEW[:3], "other.key.pub"), 1, "new.checkpoint: not signed by casecore/510107+"),
    "private for public": (("verify", *STORE, *NEW[:3], "hall.key"), 2, "hall.key: holds no public Ed25519 key"),
    "no note": (("verify", *STORE, "--checkpoint", "hall.key", *NEW[2:]), 2, "hall.key: is no signed note"),
    "forged note": (("verify", *STORE, "--checkpoint", "forged", *NEW[2:]), 1, "forged: the signature does not hold"),
    "of another log": (("verify", *STORE, *NEW, "--district", "510107x"), 2, "--checkpoint: of log 510107, not of 510107x"),
    "a key that is there": (("checkpoint-key", "hall.key"), 2, "hall.key: is there already"),
    "an out that is no checkpoint": (
        ("checkpoint", *STORE, "--key", "hall.key", "--out", "hall.key.pub"), 2, "hall.key.pub: is no signed note",
    ),
    "an unknown case": (("prove", "X", *STORE, *NEW[:2]), 2, "case X: no fact of it in the log the checkpoint saw"),
    "a later case": (("prove", "C-30", *STORE, "--checkpoint", "old.checkpoint"), 2, "case C-30: no fact of it"),
    "both": (("prove", "C-7", *STORE, *NEW[:2], "--since", "old.checkpoint"), 2, "prove: either a case or --since"),
    "backward": (
        ("prove", *STORE, "--checkpoint", "old.checkpoint", "--since", "new.checkpoint"), 2, "is no earlier checkpoint",
    ),
    "no proof": (("check-proof", "hall.key", "--key", "hall.key.pub"), 1, "hall.key: is not JSON"),
    "a key for no checkpoint": (("verify", *STORE, "--key", "hall.key.pub"), 2, "--key: is the key of a --checkpoint"),
    "no file": (("check-proof", "gone", "--key", "hall.key.pub"), 2, "gone: No such file"),
}  # fmt: skip


def test_bad_input_is_one_line_with_its_place(folder: Path) -> None:
    assert Ran(folder, "checkpoint-key", "other.key").code == 0
    (folder / "forged").write_text((folder / "new.checkpoint").read_text("utf-8").replace("\n200\n", "\n199\n"), "utf-8")
    for name, (arguments, code, message) in BAD.items():
        ran = Ran(folder, *arguments)
        assert (ran.code, ran.out) == (code, ""), (name, ran.err)
        assert message in ran.err, name
        assert len(ran.err.strip().splitlines()) == 1, name


def test_every_command_has_help_with_an_example(folder: Path) -> None:
    for command in ("checkpoint", "checkpoint-key", "prove", "check-proof", "verify"):
        assert f"casecore {command}" in Ran(folder, command, "--help").out.split("Example:")[1], command
