"""Checkpoints are the signed notes of transparency logs, to the byte."""

from base64 import b64decode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from adapters.evidence.checkpoint import Checkpoint, origin_of
from adapters.evidence.note import (
    make_key,
    opened,
    read_note,
    read_private_key,
    read_public_key,
    signed,
    signer,
    unopened,
)
from casecore import BadInput, CasecoreError, Fault

KEY: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NAME: Final = "casecore/510107"
SEEN: Final = Checkpoint.taken("510107", 42, b"r" * 32, b"h" * 32, datetime(2025, 4, 1, 8, 30, 1, 9, tzinfo=UTC))
TEXT: Final = (
    "casecore/510107\n42\ncnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI=\n"
    "head 6868686868686868686868686868686868686868686868686868686868686868\nat 2025-04-01T08:30:01Z\n"
)
NOTE: Final = signed(TEXT, NAME, KEY)

# The note and key of the documentation of golang.org/x/mod/sumdb/note.
PUBLISHED_KEY: Final = b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]
PUBLISHED: Final = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""


def test_a_published_note_opens_with_its_published_key() -> None:
    key = Ed25519PublicKey.from_public_bytes(PUBLISHED_KEY)
    assert signer("PeterNeumann", key) == "PeterNeumann+c74f20a3"
    assert opened(PUBLISHED, "PeterNeumann", key).endswith("what your problem is.\n")
    with pytest.raises(Fault, match="does not hold"):
        opened(PUBLISHED.replace("answer", "Answer"), "PeterNeumann", key)


def test_a_checkpoint_is_written_as_the_format_says_and_read_back() -> None:
    assert SEEN.text() == TEXT
    assert Checkpoint.read(TEXT) == SEEN
    text, line = NOTE.split("\n\n")
    assert f"{text}\n" == TEXT
    dash, name, signature = line.rstrip("\n").split(" ")
    raw, public = b64decode(signature), KEY.public_key()
    assert (dash, name) == ("—", NAME)
    assert raw[:4] == sha256(NAME.encode() + b"\n\x01" + public.public_bytes_raw()).digest()[:4]
    public.verify(raw[4:], TEXT.encode())
    assert opened(NOTE, NAME, public) == TEXT


def test_signatures_of_others_are_let_be() -> None:
    witnessed = NOTE + signed(TEXT, "witness", Ed25519PrivateKey.generate()).split("\n\n")[1]
    assert opened(witnessed, NAME, KEY.public_key()) == TEXT
    with pytest.raises(Fault, match=r"not signed by casecore/510107\+"):
        opened(witnessed, NAME, Ed25519PrivateKey.generate().public_key())


def test_no_byte_of_a_note_can_be_another() -> None:
    raw = NOTE.encode()
    for place in range(len(raw)):
        other = raw[:place] + bytes([raw[place] ^ (1 << place % 7)]) + raw[place + 1 :]
        with pytest.raises((BadInput, Fault, UnicodeDecodeError)):
            Checkpoint.read(opened(other.decode(), NAME, KEY.public_key()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("casecore/", "other/"),
        ("casecore/510107", "casecore/"),
        ("casecore/510107", "casecore/5101 07"),
        ("\n42\n", "\n042\n"),
        ("\n42\n", "\n-1\n"),
        ("cnI=\n", "cnJ=\n"),
        ("head 68", "head 6G"),
        ("2025-04-01", "2025-13-01"),
        ("at ", "on "),
        ("Z\n", "Z\nmore\n"),
        ("Z\n", "Z"),
    ],
)
def test_any_other_text_is_no_checkpoint(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(BadInput, match="is no checkpoint of a casecore log"):
        Checkpoint.read(TEXT.replace(old, new))


@given(st.text() | st.text(alphabet="—\n a=/+", max_size=40))
def test_anything_at_all_is_refused_as_declared(note: str) -> None:
    with pytest.raises(CasecoreError):
        opened(note, NAME, KEY.public_key())
    with pytest.raises(BadInput):
        Checkpoint.read(note)


@pytest.mark.parametrize("district", ["", "a b", "a+b", "a\nb", "x" * 201])
def test_a_district_whose_name_can_be_no_key_name_signs_nothing(district: str) -> None:
    with pytest.raises(BadInput):
        origin_of(district)


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    public = make_key(tmp_path / "hall.key")
    assert public == tmp_path / "hall.key.pub"
    assert (tmp_path / "hall.key").stat().st_mode & 0o777 == 0o600
    note = signed(TEXT, NAME, read_private_key(tmp_path / "hall.key"))
    assert opened(note, NAME, read_public_key(public)) == TEXT
    before = (tmp_path / "hall.key").read_bytes()
    with pytest.raises(BadInput, match="never overwritten"):
        make_key(tmp_path / "hall.key")
    assert (tmp_path / "hall.key").read_bytes() == before
    (tmp_path / "other.key.pub").write_bytes(b"")
    with pytest.raises(BadInput, match=r"other\.key\.pub: is there already"):
        make_key(tmp_path / "other.key")
    assert not (tmp_path / "other.key").exists()


def test_what_is_no_key_or_no_note_is_refused(tmp_path: Path) -> None:
    make_key(tmp_path / "hall.key")
    (tmp_path / "junk").write_bytes(b"\xff" * 70_000)
    for path in (tmp_path / "junk", tmp_path / "hall.key.pub"):
        with pytest.raises(BadInput, match="holds no private Ed25519 key"):
            read_private_key(path)
    for path in (tmp_path / "junk", tmp_path / "hall.key"):
        with pytest.raises(BadInput, match="holds no public Ed25519 key"):
            read_public_key(path)
    with pytest.raises(BadInput, match="is no signed note"):
        read_note(tmp_path / "junk")
    with pytest.raises(BadInput, match="is no signed note"):
        unopened("hello")
