"""Signed notes (C2SP signed-note): a text, a blank line, and lines of signatures, here by Ed25519 keys kept as PEM files.

A signature line is ``— <name> <base64 of key id and signature>``; the key id is
SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key), its first four bytes. Lines of keys nobody asked about, as witnesses add them,
are let be.
"""

import os
import re
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from casecore.errors import BadInput, Fault, Flaw

__all__ = ["make_key", "opened", "read_note", "read_private_key", "read_public_key", "signed", "signer", "unopened"]

MAX_NOTE_BYTES: Final = 64 * 1024
_MAX_KEY_BYTES: Final = 16 * 1024
_ED25519: Final = b"\x01"
_SIGNATURE: Final = re.compile(r"— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+=*)\n")


def signed(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """A note of the text, signed under a name."""
    signature = _key_id(name, key.public_key()) + key.sign(text.encode())
    return f"{text}\n— {name} {b64encode(signature).decode()}\n"


def opened(note: str, name: str, key: Ed25519PublicKey) -> str:
    """The text of a note the key signed under a name.

    Raises ``BadInput`` for what is no note, ``Fault`` where the key's signature is not on it or does not hold.
    """
    text, signatures = _parts(note)
    key_id = _key_id(name, key)
    for found in signatures:
        raw = _decoded(found["signature"])
        if found["name"] == name and raw.startswith(key_id):
            try:
                key.verify(raw[len(key_id) :], text.encode())
            except InvalidSignature:
                raise Fault("the signature does not hold: not what the key signed") from None
            return text
    raise Fault(f"not signed by {signer(name, key)}")


def unopened(note: str) -> str:
    """The text of a note whoever signed it: for those who have the log itself to hold it against."""
    return _parts(note)[0]


def read_note(path: Path) -> str:
    """The note in a file, its signatures not yet looked at; raises ``BadInput`` where it can be none."""
    with path.open("rb") as file:
        raw = file.read(MAX_NOTE_BYTES + 1)
    try:
        note = raw.decode()
    except UnicodeDecodeError:
        note = ""
    if len(raw) > MAX_NOTE_BYTES or not note:
        raise BadInput(Flaw.UNREADABLE, "", "is no signed note")
    return note


def signer(name: str, key: Ed25519PublicKey) -> str:
    """Name and id of a key, as the tools for signed notes write them."""
    return f"{name}+{_key_id(name, key).hex()}"


def _key_id(name: str, key: Ed25519PublicKey) -> bytes:
    return sha256(name.encode() + b"\n" + _ED25519 + key.public_bytes_raw()).digest()[:4]


def _parts(note: str) -> tuple[str, list[re.Match[str]]]:
    """Text and signature lines."""
    text, blank, lines = note.rpartition("\n\n")
    signatures = list(_SIGNATURE.finditer(lines))
    if not blank or not signatures or "".join(found[0] for found in signatures) != lines:
        raise BadInput(Flaw.UNREADABLE, "", "is no signed note")
    return f"{text}\n", signatures


def _decoded(text: str) -> bytes:
    """Base64 as it is written, and in no other spelling of the same bytes."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        raw = b""
    if b64encode(raw).decode() != text:
        raise BadInput(Flaw.UNREADABLE, "", "is no signed note: a signature is not in base64")
    return raw


# -- keys


def make_key(path: Path) -> Path:
    """Make a key: ``path`` for whoever signs (PKCS 8, for its owner only), ``path.pub`` for everybody (returned).

    Raises ``BadInput`` where either file is there already.
    """
    public = path.with_name(f"{path.name}.pub")
    for file in (path, public):
        if file.exists():
            raise BadInput(Flaw.CONTRADICTION, str(file), "is there already, and a key is never overwritten")
    key = Ed25519PrivateKey.generate()
    private_pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public_pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    for file, pem, mode in ((path, private_pem, 0o600), (public, public_pem, 0o644)):
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as opened_file:
            opened_file.write(pem)
    return public


def read_private_key(path: Path) -> Ed25519PrivateKey:
    """The key in a PEM file of :func:`make_key`; raises ``BadInput`` for anything else."""
    try:
        key = serialization.load_pem_private_key(_pem(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInput(Flaw.UNREADABLE, str(path), "holds no private Ed25519 key in PEM")
    return key


def read_public_key(path: Path) -> Ed25519PublicKey:
    """The key in a ``.pub`` file of :func:`make_key`; raises ``BadInput`` for anything else."""
    try:
        key = serialization.load_pem_public_key(_pem(path))
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise BadInput(Flaw.UNREADABLE, str(path), "holds no public Ed25519 key in PEM")
    return key


def _pem(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MAX_KEY_BYTES)
