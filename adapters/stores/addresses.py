"""The address of a store as it may be shown: in no error, line of a log, report or prompt does it bear its password.

What cannot be read as an address hides more than its password rather than less.
"""

import re
from typing import Final
from urllib.parse import unquote

__all__ = ["HIDDEN", "shown_address", "without_passwords"]

HIDDEN: Final = "***"
"""What stands where a password stood."""

_SECRET_WORDS: Final = ("password", "secret", "scram_", "token", "pwd")
"""A parameter with one of them in its name bears a secret; ``passfile`` names a file and bears none."""
_USER: Final = re.compile(r"([a-z][a-z0-9+.-]*:(?://)?(?!/)[^:@/?\s]*):.*@", re.IGNORECASE | re.DOTALL)
"""Greedy: a password in which signs were not written as %40 and the like ends at the last @ there is."""
_PARAMETER: Final = re.compile(r"[?&;\s]([^=&?;\s]+)\s*=")
_IN_TEXT: Final = re.compile(r"\b[a-z][a-z0-9+.-]*:/[^\s'\"]+", re.IGNORECASE)
_BARE: Final = re.compile(rf"\b(\w*(?:{'|'.join(_SECRET_WORDS)})\w*\s*=\s*)(?:'[^']*'|[^\s'\"]+)", re.IGNORECASE)


def shown_address(url: str) -> str:
    """An address without its password, and without whatever stands behind a parameter that bears a secret."""
    for found in _PARAMETER.finditer(f" {url}"):
        if any(word in unquote(found[1]).lower() for word in _SECRET_WORDS):
            url = f"{url[: found.end() - 1]}{HIDDEN}"
            break
    return _USER.sub(rf"\1:{HIDDEN}@", url, count=1)


def without_passwords(text: str) -> str:
    """A text in which every address, and every parameter of one, is shown without its password."""
    return _BARE.sub(rf"\1{HIDDEN}", _IN_TEXT.sub(lambda found: shown_address(found[0]), text))
