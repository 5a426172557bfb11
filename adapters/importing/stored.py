"""What earlier imports under one mapping recorded of the cases in hand: read again only where something was added since."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from adapters.importing.counting import is_mended, key_of, wholly_of
from adapters.importing.known import Known, known_of
from casecore.engine import Engine
from casecore.recorded import Recorded

__all__ = ["Stored", "StoredCases"]


class Stored:
    """What is stored of one case: its records, and how they are told from one another."""

    def __init__(self, case: str, records: dict[str, Known]) -> None:
        self.records = records
        self._case = case

    @cached_property
    def keys(self) -> dict[str, str]:
        """Of each record the fingerprint of what it says but for its end."""
        return {record: key_of(self._case, [one.event for one in known.facts]) for record, known in self.records.items()}

    @cached_property
    def mended(self) -> frozenset[str]:
        """What those records that were rejected once say, but for their ends."""
        return frozenset(key for record, key in self.keys.items() if is_mended(record))

    @cached_property
    def wholly(self) -> dict[str, str]:
        """Of each record the fingerprint of all that it says."""
        return {record: wholly_of(self._case, [one.event for one in known.facts]) for record, known in self.records.items()}

    @cached_property
    def times(self) -> Counter[str]:
        """How often it is stored, of each such fingerprint of all."""
        return Counter(self.wholly.values())


class StoredCases:
    """Reads cases, and keeps those it was asked for last: a long case fills many batches."""

    def __init__(self, engine: Engine, mapping: str) -> None:
        self._log = engine.log
        self._mapping = mapping
        self._last: dict[str, tuple[int, Stored]] = {}

    def of(self, cases: Iterable[str]) -> dict[str, Stored]:
        """What is stored of each of the cases; nothing of one that cannot be read whole."""
        wanted = sorted({*cases})
        if not wanted:
            return {}
        again = [case for case in wanted if case in self._last]
        versions = self._log.versions(again) if again else {}
        kept = {case: self._last[case] for case in again if self._last[case][0] == versions.get(case, 0)}
        others = [case for case in wanted if case not in kept]
        histories = self._log.histories(others) if others else {}
        for case in others:
            entries = histories.get(case, [])
            facts = [entry for entry in entries if isinstance(entry, Recorded)]
            records = known_of(facts, self._mapping) if len(facts) == len(entries) else {}
            kept[case] = entries[-1].version if entries else 0, Stored(case, records)
        self._last = kept
        return {case: stored for case, (_, stored) in kept.items()}
