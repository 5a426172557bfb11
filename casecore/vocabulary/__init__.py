"""Terms of the field as closed lists, each with the Chinese word a clerk would look for.

Values are wire values: they stand in stored events and are never edited, only added to.
Sources: GB/T 39046-2020 《政务服务平台基础数据规范》 (tables A.1-A.8) and common practice in the field.
"""

from typing import TYPE_CHECKING

from casecore.exports import names_of
from casecore.vocabulary import books, catalogue, findings, limits, lives, service, visits
from casecore.vocabulary.books import *
from casecore.vocabulary.catalogue import *
from casecore.vocabulary.findings import *
from casecore.vocabulary.limits import *
from casecore.vocabulary.lives import *
from casecore.vocabulary.service import *
from casecore.vocabulary.visits import *

if not TYPE_CHECKING:  # a type checker reads the stars themselves, and knows no sum of names
    __all__ = names_of(books, catalogue, findings, limits, lives, service, visits)
