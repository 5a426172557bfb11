"""Which kinds of streams are examined, and by what: one line each. A kind that is not here has no findings."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from casecore.auditing.finding import Finding
from casecore.auditing.findings import findings_of
from casecore.kinds import CASE
from casecore.office import Office
from casecore.recorded import Recorded

__all__ = ["EXAMINERS"]

Examiner = Callable[[Sequence[Recorded], Office, datetime], tuple[Finding, ...]]
"""Everything questionable in one stream's facts, as recorded, judged at an instant."""

EXAMINERS: Final[Mapping[str, Examiner]] = {CASE.name: findings_of}
"""By the name of the kind."""
