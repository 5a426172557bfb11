"""The version of a service item (事项) a case goes by."""

from datetime import datetime

from casecore.case.file import CaseFile
from casecore.office import Office
from casecore.service_item import ServiceItem

__all__ = ["item_of"]


def item_of(file: CaseFile, at: datetime, office: Office) -> ServiceItem | None:
    """The version in force when the case was accepted, before that the one in force at ``at``; None for an unknown item."""
    on = file.promise.at.date() if file.promise is not None else at.date()
    return office.catalogue.find(file.item or "", on)
