"""Whether the law of licences (行政许可法) governs a case: acceptance by silence, hand-over, special procedures, renewal.

Arts. 32, 43, 44, 45 and 50 are the law of licences (行政许可); items of other kinds are under it where the district's rule
says so. The receipt and the acceptance freeze both the kind and the answer.
"""

from casecore.case.facts.acceptance import AcceptanceDeemed
from casecore.case.file import CaseFile
from casecore.district_rule import DistrictRule
from casecore.service_item import Catalogue

__all__ = ["with_kind_of_item"]


def with_kind_of_item(file: CaseFile, catalogue: Catalogue, rule: DistrictRule) -> CaseFile:
    """The file of a case whose facts are older than the kind of its item, with what the catalogue of the day says of it.

    Where the catalogue does not say either, as of an imported placeholder, the case stays as it was decided: under the law.
    """
    promise = file.promise
    if file.item_type is not None or file.item is None:
        return file
    if promise is not None:
        day = promise.effective_on if isinstance(promise, AcceptanceDeemed) else promise.at.date()
    elif file.received_at is not None:
        day = file.received_at.date()
    else:
        return file
    item = catalogue.find(file.item, day)
    if item is None or not item.applied_for or (promise is not None and item.version != promise.item_version):
        return file
    return file._replace(item_type=item.item_type, licence_law=rule.under_licence_law(item.item_type))
