"""Which kinds of streams are examined, and by what: one line each. A kind that is not here has no findings."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from casecore.auditing.book_findings import findings_of_books
from casecore.auditing.box_findings import findings_of_box
from casecore.auditing.finding import Finding
from casecore.auditing.findings import findings_of
from casecore.auditing.package_findings import findings_of_package
from casecore.auditing.visit_findings import findings_of_visit
from casecore.kinds import CASE, DISTRICT, DROP_BOX, PACKAGE, VISIT
from casecore.office import Office
from casecore.recorded import Recorded

__all__ = ["EXAMINERS"]

Examiner = Callable[[Sequence[Recorded], Office, datetime], tuple[Finding, ...]]
"""Everything questionable in one stream's facts, as recorded, judged at an instant."""

EXAMINERS: Final[Mapping[str, Examiner]] = {
    CASE.name: findings_of,
    PACKAGE.name: findings_of_package,
    DROP_BOX.name: findings_of_box,
    VISIT.name: findings_of_visit,
    DISTRICT.name: findings_of_books,
}
"""By the name of the kind."""
