"""Anchoring (外部锚定): a signed checkpoint handed to somebody outside, who keeps it where no owner of the store reaches."""

import shlex
import subprocess
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from casecore.errors import BadInput, Flaw, Unavailable

__all__ = ["anchor"]

ANCHOR_SECONDS: Final = 60
"""The longest wait for whoever keeps it."""


def anchor(hook: str, note: str) -> None:
    """Hand a note to ``hook``: an ``http://`` or ``https://`` URL it is posted to, or a command it is given on its input.

    Raises :class:`~casecore.errors.Unavailable` where nobody confirms: an answer of 2xx, or exit code 0.
    """
    if hook.startswith(("http://", "https://")):
        _post(hook, note)
        return
    try:
        command = shlex.split(hook)
    except ValueError as error:
        raise BadInput(Flaw.WRONG_TYPE, "anchor", f"is no command: {error}") from error
    if not command:
        raise BadInput(Flaw.WRONG_TYPE, "anchor", "is empty: name a command or a URL")
    try:
        subprocess.run(command, input=note.encode(), check=True, timeout=ANCHOR_SECONDS)  # noqa: S603 - the operator's own
    except (OSError, subprocess.SubprocessError) as error:
        raise Unavailable(f"the anchor did not take the checkpoint: {error}") from error


def _post(url: str, note: str) -> None:
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    try:
        with urlopen(Request(url, note.encode(), headers), timeout=ANCHOR_SECONDS):  # noqa: S310 - looked at above
            pass
    except (URLError, OSError, ValueError) as error:
        if isinstance(error, HTTPError):
            error.close()  # a refusal holds the connection it came by
        raise Unavailable(f"the anchor at {urlsplit(url).hostname} did not take the checkpoint: {error}") from error
