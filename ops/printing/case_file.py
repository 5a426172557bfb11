"""Printing the file of a case (办件卷宗): where it stands, what was promised, what was done to spare the citizen trips."""

from collections.abc import Iterator
from typing import Any

from casecore.case.facts.fees import FeeWaived
from casecore.case.file import CaseFile
from casecore.case.parts import Rating
from casecore.clocks import ClockReading
from casecore.phrases import yuan
from casecore.reading.materials import material_ledger
from casecore.reading.trips import promised_trips
from casecore.vocabulary import HolderKind
from ops.printing.clock_lines import PROVISIONAL
from ops.printing.console import out, put_json, styled, worth_saying

__all__ = ["print_file"]

_IN_SENTENCES = ("mandates", "materials", "originals", "certificates", "fees", "deposits", "ratings")


def print_file(case: str, file: CaseFile, reading: ClockReading | None = None, *, as_json: bool) -> None:
    """Where a case stands; ``reading`` is its promised limit's, where a calendar can count it."""
    plain = {**_standing(case, file, reading), **_beside(file)}
    if as_json:
        put_json(plain)
        return
    out.print(styled((case, "bold"), f"  {file.stage.zh} ({file.stage.value}), version {file.version}"))
    for name, value in plain.items():
        if name == "provisional" and value:
            value = PROVISIONAL.removeprefix("provisional ")  # noqa: PLW2901 - said in words
        if name not in ("case", "stage", "version", *_IN_SENTENCES) and worth_saying(value):
            out.print(f"  {name:<17} {value}")
    for name, said in _sentences(file):
        out.print(f"  {name:<17} {said}")


def _standing(case: str, file: CaseFile, reading: ClockReading | None) -> dict[str, Any]:
    """Where it stands and what was promised."""
    promise = file.promise
    return {
        "case": case,
        "version": file.version,
        "stage": file.stage.value,
        "suspended": file.suspended,
        "item": file.item,
        "channel": file.channel,
        "tier": file.tier,
        "hall": file.hall,
        "department": file.department,
        "applicant": file.applicant,
        "submitted_at": file.submitted_at,
        "received_at": file.received_at,
        "accepted_at": file.accepted_at,
        "closed_at": file.closed_at,
        "outcome": file.outcome,
        "promised": str(promise.promised) if promise else None,
        "statutory": str(promise.statutory) if promise and promise.statutory else None,
        "due_on": reading.due_on if reading is not None else None,
        "due_at": reading.due_at if reading is not None else None,
        "provisional": reading.provisional if reading is not None else None,
        "calendar_version": promise.calendar if promise else None,
        "approvals": [
            {"step": a.step, "department": a.department, "answer": a.answer.value if a.answer else None}
            for a in file.approvals
        ],
        "consignments": [{"consignment": c.consignment, "state": c.state.value} for c in file.consignments],
        "papers_under_way": [{"consignment": c.consignment, "state": c.state.value} for c in file.inbound],
        "trips": len(file.trips),
        "trips_promised": promised_trips(file),
        "rating": int(file.rating.grade) if file.rating else None,
    }


def _beside(file: CaseFile) -> dict[str, Any]:
    """Package, agents, materials, certificates, fees, ratings."""
    service, joined = file.service, file.service.package
    return {
        "package": joined.package if joined is not None else None,
        "theme": joined.theme if joined is not None else None,
        "subject": joined.subject if joined is not None else None,
        "mandates": [
            {
                "agent": fact.agent,
                "applicant": fact.applicant,
                "scope": fact.scope,
                "site": fact.site,
                "since": fact.at,
                "until": fact.until,
                "revoked_at": revoked_at,
            }
            for fact, revoked_at in service.mandates
        ],
        "home_services": [f"{one.wanted_on} {one.where}" for one in service.home_services],
        "materials": [
            {
                **line._asdict(),
                "way": line.way.value if line.way is not None else None,
                "level": line.level.value if line.level is not None else None,
            }
            for line in material_ledger(file)
        ],
        "originals": [
            {"material": material, "holder_kind": kind.value, "holder": name} for material, kind, name in _holders(file)
        ],
        "certificates": [certificate._asdict() for certificate in file.certificates],
        "fees": [
            {
                "fee": one.fee,
                "amount_fen": one.amount_fen,
                "paid": one.at,
                "waived_under": one.basis if isinstance(one, FeeWaived) else None,
            }
            for one in service.fees
        ],
        "deposits": [
            {"box": fact.box, "deposit": fact.deposit, "put_in_at": fact.at, "collected_at": collected_at}
            for fact, collected_at in service.deposits
        ],
        "ratings": [_plain_rating(rating) for rating in service.ratings],
    }


def _holders(file: CaseFile) -> Iterator[tuple[str, HolderKind, str]]:
    """Who holds each original that was handed in, or over."""
    service = file.service
    for material in dict.fromkeys((*service.papers, *(name for one in service.handovers for name in one.materials))):
        yield material, *(service.holder(material) or (HolderKind.HALL, file.hall or ""))


def _plain_rating(rating: Rating) -> dict[str, Any]:
    fact, review, rectified, called_back = rating
    return {
        "grade": int(fact.grade),
        "defaulted": fact.defaulted,
        "step": fact.step.value if fact.step is not None else None,
        "channel": fact.channel.value if fact.channel is not None else None,
        "real_name": fact.real_name,
        "remark": fact.remark,
        "review": review.review.value if review is not None else None,
        "rectified_at": rectified.at if rectified is not None else None,
        "called_back_at": called_back.at if called_back is not None else None,
        "satisfied": called_back.satisfied if called_back is not None else None,
    }


def _sentences(file: CaseFile) -> Iterator[tuple[str, str]]:
    """What takes a sentence of its own, by what it is about."""
    service = file.service
    for fact, revoked_at in service.mandates:
        site = f" of {fact.site}" if fact.site else ""
        ended = f", revoked {revoked_at.date()}" if revoked_at is not None else f", until {fact.until}" if fact.until else ""
        yield "代办 mandate", f"{fact.agent}{site}: {fact.scope}, since {fact.at.date()}{ended}"
    for line in material_ledger(file):
        way = line.way.zh if line.way is not None else "not told (未说明)"
        source = f", {line.source}" if line.source else ""
        level = f", level {line.level.value}" if line.level is not None else ""
        failed = f", looked up in vain {line.failed_lookups} times" if line.failed_lookups else ""
        promised = f", promised for {line.promised_for} (容缺)" if line.promised_for is not None else ""
        yield "材料 material", f"{line.material}: {way}{source}{level}{failed}{promised}"
    for material, kind, name in _holders(file):
        yield "原件 original", f"{material}: with {kind.zh} {name}"
    for one in file.certificates:
        sealed = f"sealed with {one.seal}" if one.seal else "not sealed"
        electronic = ", electronic (电子证照)" if one.electronic else ""
        condition = ", on condition (容缺)" if one.conditional else ""
        replaces = f", in place of {one.replaces}" if one.replaces else ""
        until = f", valid until {one.valid_until}" if one.valid_until else ""
        revoked = f", revoked {one.revoked_at.date()}" if one.revoked_at is not None else ""
        yield "证照 certificate", f"{one.kind} {one.certificate}, {sealed}{electronic}{condition}{until}{replaces}{revoked}"
    for fee in service.fees:
        how = f"waived under {fee.basis} (减免)" if isinstance(fee, FeeWaived) else f"paid, {fee.way.zh}"
        yield "费用 fee", f"{fee.fee}: {yuan(fee.amount_fen).en}, {how}"
    for deposit, collected_at in service.deposits:
        lies = f"collected {collected_at:%Y-%m-%d %H:%M}" if collected_at is not None else "still inside"
        yield "投递 deposit", f"{deposit.deposit} in {deposit.box}, {deposit.at:%Y-%m-%d %H:%M}; {lies}"
    yield from (("评价 rating", _rated(rating)) for rating in service.ratings)


def _rated(rating: Rating) -> str:
    fact, review, rectified, called_back = rating
    parts = [f"{int(fact.grade)} {fact.grade.zh}" + (f" of {fact.step.zh}" if fact.step is not None else "")]
    parts += ["by default"] if fact.defaulted else []
    parts += [f"review: {review.review.zh}"] if review is not None else []
    parts += [f"put right {rectified.at.date()}"] if rectified is not None else []
    parts += [f"called back {called_back.at.date()}"] if called_back is not None else []
    return ", ".join(parts)
