"""Customers from a file: new ones are added, known ones brought up to date, none doubled."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, or_
from sqlmodel import Session, col, select

from app.accounts.models import Person, Team
from app.core import clock
from app.core.commands import claimed
from app.core.errors import Refused
from app.core.geo import Crs
from app.core.i18n import gettext
from app.core.i18n import mark as _
from app.core.tables import Report, Row, Tally, batches, fingerprint, open_table
from app.core.words import folded
from app.customers.cells import Written, read_customer
from app.customers.columns import Columns, known, recognise
from app.customers.commands import ImportCustomers
from app.customers.models import Contact, Customer
from app.customers.rules import PinSource
from app.customers.search import search_fields

BATCH = 500
SEARCHED = ("name", "short_name", "code", "phones", "address")  # as search_fields takes them


@dataclass
class _Intake:
    """One import on its way."""

    db: Session
    columns: Columns
    crs: Crs
    prefix: str
    owner: Person | None
    team: Team
    blank: dict[str, Any]
    people: dict[str, list[Person]]
    now: datetime
    tally: Tally = field(default_factory=Tally)
    remarks: Counter[str] = field(default_factory=Counter)
    lines: dict[str | UUID, int] = field(default_factory=dict)  # where each customer was first


def import_customers(
    db: Session,
    path: Path,
    *,
    crs: Crs,
    owner: Person | None,
    team: Team,
    by: Person | None,
    prefix: str = "",
) -> Report:
    """Take in a CSV or XLSX list whose positions are in `crs`; the caller commits.

    A customer is known by its code (with `prefix` before it), without one by name and address.
    Blank cells and missing columns change nothing; so do positions where a person set the pin.
    `owner` gets the customers whose row names nobody.
    """
    with open_table(path, known) as table:
        columns = recognise(table.headings, crs)
        sha = fingerprint(path)
        claimed(db, by, ImportCustomers(file_name=path.name, sha256=sha, coords=crs, prefix=prefix))
        now = clock.now()
        intake = _Intake(
            db=db,
            columns=columns,
            crs=crs,
            prefix=prefix,
            owner=owner,
            team=team,
            blank=_blank(path, team, now),
            people=_people(db),
            now=now,
        )
        for batch in batches(_written(intake, table.rows), BATCH):
            _take(intake, batch)
        return intake.tally.report(table, columns.unused, _notes(intake))


def _blank(path: Path, team: Team, now: datetime) -> dict[str, Any]:
    source = re.sub(r"[\W\d_]+", " ", path.stem).strip()  # without the date of next month's file
    card = {"name": "", "source": source, "team_id": team.id, "changed_at": now}
    return Customer.model_validate(card).model_dump()


def _people(db: Session) -> dict[str, list[Person]]:
    """Those who sign in, by user name and by name."""
    found: dict[str, list[Person]] = {}
    for person in db.exec(select(Person).where(col(Person.active))):
        for name in {person.username, folded(person.name), folded(person.latin_name)} - {""}:
            found.setdefault(name, []).append(person)
    return found


def _notes(intake: _Intake) -> list[str]:
    counted = [
        gettext(_("%(remark)s: %(rows)s rows."), remark=remark, rows=rows)
        for remark, rows in intake.remarks.items()
    ]
    unread = _("There are positions in %(coords)s: to read them say so.")
    return counted + [gettext(unread, coords=one) for one in intake.columns.other_systems]


def _written(intake: _Intake, rows: Iterator[Row]) -> Iterator[Written]:
    """Rows that can be taken; the others, and those that repeat a customer, are reported."""
    for row in rows:
        try:
            written = read_customer(row, intake.columns, intake.crs, intake.prefix)
            _first_time(intake, written)
        except Refused as refusal:
            intake.tally.bad(row.line, str(refusal))
            continue
        for warning in written.warnings:
            intake.tally.warn(row.line, warning)
        intake.remarks.update(written.remarks)
        yield written


def _first_time(intake: _Intake, written: Written) -> None:
    first = intake.lines.setdefault(written.code or written.key, written.line)
    if first == written.line:
        return
    if written.code:
        raise Refused(
            _("The code %(code)s stands in line %(first)s already."), code=written.code, first=first
        )
    raise Refused(_("The customer of line %(first)s again, by name and address."), first=first)


def _take(intake: _Intake, batch: list[Written]) -> None:
    by_code, by_id = _stored(intake.db, batch)
    added, contacts = [], {}
    for written in batch:
        customer = _known_as(written, by_code, by_id)
        if customer is None:
            card = _card(intake, written)
            added.append(card)
        elif _is_another(intake, customer, written):
            continue
        else:
            changed = _update(intake, customer, written)
            intake.tally.changed += changed
            intake.tally.unchanged += not changed
        if written.contact:
            contacts[customer.id if customer else card["id"]] = written.contact
    intake.db.flush()
    if added:
        intake.db.execute(insert(Customer), added)
    intake.tally.added += len(added)
    _take_contacts(intake, contacts)


def _stored(
    db: Session, batch: list[Written]
) -> tuple[dict[str | None, Customer], dict[UUID, Customer]]:
    codes, keys = [w.code for w in batch if w.code], [w.key for w in batch]
    wanted = or_(col(Customer.code).in_(codes), col(Customer.id).in_(keys))
    found = db.exec(select(Customer).where(wanted)).all()
    return {one.code: one for one in found}, {one.id: one for one in found}


def _known_as(
    written: Written, by_code: dict[str | None, Customer], by_id: dict[UUID, Customer]
) -> Customer | None:
    """By code; a customer that came without a code may get one by name and address."""
    same = by_id.get(written.key)
    if written.code is None:
        return same
    return by_code.get(written.code) or (same if same and same.code is None else None)


def _is_another(intake: _Intake, customer: Customer, written: Written) -> bool:
    """The code is that of another customer from another list, who must not be overwritten."""
    fields = written.fields
    address = fields.get("address", "")
    other_list = customer.source != fields.get("source", intake.blank["source"])
    other_name = folded(customer.name) != folded(fields["name"])
    other_place = bool(address and customer.address) and folded(address) != folded(customer.address)
    another = other_list and other_name and other_place
    if another:
        sentence = _("The code %(code)s is that of %(name)s in another list: give --prefix.")
        sentence = gettext(sentence, code=customer.code, name=customer.name)
        intake.tally.bad(written.line, sentence)
    return another


def _card(intake: _Intake, written: Written) -> dict[str, Any]:
    own_id = uuid4() if written.code else written.key
    card = intake.blank | {"id": own_id} | written.fields | _owner(intake, written)
    return card | search_fields(*(card[name] for name in SEARCHED))


def _owner(intake: _Intake, written: Written) -> dict[str, UUID]:
    if written.owner:
        found = intake.people.get(folded(written.owner), [])
        if len(found) == 1:
            return {"owner_id": found[0].id, "team_id": found[0].team_id}
        sentence = (
            _("Several people are called %(owner)s: write the user name.")
            if found
            else _("Nobody here is called %(owner)s.")
        )
        intake.tally.warn(written.line, gettext(sentence, owner=written.owner))
    return {"owner_id": intake.owner.id, "team_id": intake.team.id} if intake.owner else {}


def _update(intake: _Intake, customer: Customer, written: Written) -> bool:
    said = written.fields | _owner(intake, written)
    if customer.pin_source not in (None, PinSource.IMPORTED):
        said = {name: said[name] for name in said.keys() - {"lat", "lon", "pin_source"}}
    if said.get("opening_hours") == customer.opening_hours and customer.windows is not None:
        said.pop("windows", None)
    changed = {name: value for name, value in said.items() if getattr(customer, name) != value}
    if not changed:
        return False
    customer.sqlmodel_update(changed)
    if changed.keys() & set(SEARCHED):
        customer.sqlmodel_update(search_fields(*(getattr(customer, name) for name in SEARCHED)))
    customer.rev, customer.changed_at = customer.rev + 1, intake.now
    return True


def _take_contacts(intake: _Intake, named: dict[UUID, dict[str, Any]]) -> None:
    if not named:
        return
    stored = {
        (contact.customer_id, folded(contact.name)): contact
        for contact in intake.db.exec(
            select(Contact).where(col(Contact.customer_id).in_(list(named)))
        )
    }
    for customer_id, said in named.items():
        contact = stored.get((customer_id, folded(said["name"])))
        if contact is None:
            intake.db.add(Contact(customer_id=customer_id, changed_at=intake.now, **said))
        elif any(getattr(contact, name) != text for name, text in said.items()):
            contact.sqlmodel_update(said)
            contact.rev, contact.changed_at = contact.rev + 1, intake.now
    intake.db.flush()
