"""``certificate_facts``: one row a certificate (证照) made in a case."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from casecore.case.file import CaseFile
from projections.projection import Projection, Subject, day_of

__all__ = ["CERTIFICATE_FACTS", "CertificateFact"]


class CertificateFact(NamedTuple):
    """One certificate as it stands."""

    log: str
    case_id: str
    stream_version: int
    certificate: str
    """Its number."""
    kind: str
    made_on: date
    sealed_on: date | None
    """None while it is not sealed, and again after a correction (证照更正)."""
    seal: str | None
    electronic: int
    conditional: int
    """容缺: made before everything promised had come in."""
    valid_until: date | None
    replaces: str | None
    """The certificate it was issued again for (补发, 换发)."""
    revoked_on: date | None
    """When it was revoked, or another took its place."""


def _rows(subject: Subject[CaseFile]) -> Iterator[CertificateFact]:
    for one in subject.file.certificates:
        yield CertificateFact(
            log=subject.log,
            case_id=subject.stream,
            stream_version=subject.file.version,
            certificate=one.certificate,
            kind=one.kind,
            made_on=one.made_at.date(),
            sealed_on=day_of(one.sealed_at),
            seal=one.seal,
            electronic=int(one.electronic),
            conditional=int(one.conditional),
            valid_until=one.valid_until,
            replaces=one.replaces,
            revoked_on=day_of(one.revoked_at),
        )


CERTIFICATE_FACTS = Projection("certificate_facts", 1, CertificateFact, _rows)
"""One row a certificate."""
