"""A restored store taken up in a new epoch, and checkpoints handed to somebody outside."""

import shlex
import sys
from collections.abc import Iterator
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Final

import pytest
from support.set_back import Copied

from adapters.testing.opened import open_desk
from adapters.testing.world import CATALOGUE, DISTRICT, NEIGHBOUR, A, carried, note, receive
from ops.cli import app

STORE: Final = ("--store", "sqlite:///cases.db")
SIGNED: Final = ("--key", "hall.key", "--out", "hall.checkpoint")
CHECKED: Final = ("--checkpoint", "hall.checkpoint", "--key", "hall.key.pub")


def ran(folder: Path, *arguments: str) -> tuple[object, str]:
    """The exit code of a command, and what it printed."""
    said = StringIO()
    with chdir(folder), redirect_stdout(said), redirect_stderr(said), pytest.raises(SystemExit) as left:
        app([*arguments])
    return left.value.code, said.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store of two districts, and a key."""
    url = f"sqlite:///{tmp_path}/cases.db"
    for district in (DISTRICT, NEIGHBOUR):
        with open_desk(url, district=district, catalogue=CATALOGUE) as desk:
            carried(desk, receive(A), note("scan"))
    assert ran(tmp_path, "checkpoint-key", "hall.key")[0] == 0
    return tmp_path


def test_each_log_of_a_restored_store_begins_a_new_epoch(folder: Path) -> None:
    code, said = ran(folder, "adopt-restore", *STORE)
    assert (code, said) == (0, f"log {DISTRICT}: epoch 2, from position 2\nlog {NEIGHBOUR}: epoch 2, from position 2\n")
    assert ran(folder, "adopt-restore", *STORE, "--district", NEIGHBOUR) == (
        0, f"log {NEIGHBOUR}: epoch 3, from position 2\n",
    )  # fmt: skip
    assert ran(folder, "verify", *STORE)[0] == 0
    code, said = ran(folder, "adopt-restore", "--store", "sqlite:///nothing.db")
    assert (code, "nothing.db" in said) == (3, True)


def test_a_store_that_was_left_behind_is_found_against_a_checkpoint_of_the_later_epoch(folder: Path) -> None:
    left_behind = Copied(f"sqlite:///{folder}/cases.db")
    assert ran(folder, "adopt-restore", *STORE)[0] == 0
    assert ran(folder, "checkpoint", *STORE, *SIGNED, "--district", DISTRICT)[0] == 0
    assert "\nepoch 2\n" in (folder / "hall.checkpoint").read_text("utf-8")
    assert ran(folder, "verify", *STORE, *CHECKED)[0] == 0
    left_behind.put_back()
    assert ran(folder, "verify", *STORE)[0] == 0
    code, said = ran(folder, "verify", *STORE, *CHECKED)
    assert (code, "the log is of epoch 1, the checkpoint of" in said, "left behind" in said) == (1, True, True)


# --- who keeps it outside ---


class Kept(BaseHTTPRequestHandler):
    """Keeps what is posted, and refuses it under /full."""

    notes: Final[list[str]] = []

    def do_POST(self) -> None:
        self.notes.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(507 if self.path == "/full" else 201)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def keeper() -> Iterator[str]:
    """The URL of somebody outside who keeps what is posted to him."""
    with ExitStack() as stack:
        server = stack.enter_context(HTTPServer(("127.0.0.1", 0), Kept))
        thread = Thread(target=server.serve_forever)
        thread.start()
        stack.callback(thread.join)
        stack.callback(server.shutdown)
        yield f"http://127.0.0.1:{server.server_port}"


def signed(folder: Path, hook: str) -> tuple[object, str, str]:
    """The exit code of a checkpoint with that anchor, what was printed, and the checkpoint."""
    code, said = ran(folder, "checkpoint", *STORE, *SIGNED, "--district", DISTRICT, "--anchor", hook)
    return code, said, (folder / "hall.checkpoint").read_text("utf-8")


def test_a_checkpoint_is_posted_to_an_anchor(folder: Path, keeper: str) -> None:
    code, _, note_ = signed(folder, f"{keeper}/heads")
    assert (code, Kept.notes[-1]) == (0, note_)
    code, said, _ = signed(folder, f"{keeper}/full")
    assert (code, "did not take the checkpoint: HTTP Error 507" in said) == (3, True)


def test_a_checkpoint_is_handed_to_a_command_and_whoever_does_not_take_it_is_told_of(folder: Path) -> None:
    keeps = "import sys; open('kept', 'wb').write(sys.stdin.buffer.read())"
    code, _, note_ = signed(folder, shlex.join([sys.executable, "-c", keeps]))
    assert (code, (folder / "kept").read_text("utf-8")) == (0, note_)
    for hook in (shlex.join([sys.executable, "-c", "import sys; sys.exit(4)"]), "/no/such/program"):
        code, said, note_ = signed(folder, hook)
        assert (code, "the anchor did not take the checkpoint" in said, note_ != "") == (3, True, True)
    assert signed(folder, "'never closed")[0] == 2
    assert signed(folder, " ")[0] == 2
