"""Auditing (疑点): what is questionable in what was recorded, beside what the derived clocks do with it."""

from typing import TYPE_CHECKING

from casecore.auditing import finding, findings
from casecore.auditing.finding import *
from casecore.auditing.findings import *
from casecore.exports import names_of

if not TYPE_CHECKING:  # a type checker reads the stars themselves, and knows no sum of names
    __all__ = names_of(finding, findings)
