"""The fingerprint (指纹) of a value: the SHA-256 of its canonical content, the same wherever it is computed.

A field that says what it says anyway is left out, so that a key which later versions of casecore add changes no
fingerprint of what was written before.
"""

import json
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from typing import Any

__all__ = ["canonical", "fingerprint"]


@lru_cache(maxsize=4096)
def fingerprint(value: object) -> str:
    """The SHA-256, in hexadecimal, of what a frozen value says."""
    text = json.dumps(canonical(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def canonical(value: Any) -> Any:  # noqa: ANN401 - whatever a value is made of
    """A value as plain JSON: dates as ISO text, words of closed lists as they stand on the wire."""
    if is_dataclass(value) and not isinstance(value, type):
        said = ((field.name, getattr(value, field.name), field.default) for field in fields(value))
        return {name: canonical(part) for name, part, usual in said if usual is MISSING or part != usual}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [canonical(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
