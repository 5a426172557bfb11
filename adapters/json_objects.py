"""JSON objects read strictly: what every reader of JSON asks of one, whatever it holds."""

from collections import Counter
from typing import Any

from casecore import door
from casecore.errors import BadInput, Flaw

__all__ = ["each_key_once"]


def each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, every key of which stands in it once; an ``object_pairs_hook``. Raises ``BadInput`` naming the key."""
    found = dict(pairs)
    if len(found) < len(pairs):
        ((twice, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise BadInput(Flaw.DUPLICATE_KEY, door.shown(twice), "stands more than once in one object")
    return found
