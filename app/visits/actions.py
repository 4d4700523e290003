from uuid import UUID

from sqlmodel import Session

from app.accounts.models import Person
from app.accounts.queries import take_turn
from app.core import clock
from app.core.commands import handles
from app.core.errors import Refused
from app.core.events import emit
from app.core.i18n import mark as _
from app.core.memory import put
from app.core.places import Fix
from app.customers.actions import pin_by_check_in
from app.customers.queries import customer_to_tell_of
from app.visits.commands import (
    CheckIn,
    CheckOut,
    GiveUpPhoto,
    RecordContact,
    TakePhoto,
    WriteNote,
)
from app.visits.events import CheckedOut
from app.visits.models import Note, OtherContact, Photo, Visit
from app.visits.photos import photo_to_close
from app.visits.queries import begun, evidence_of, left_open, own_visit, own_visit_at, visit_today
from app.visits.rules import (
    EXPECTED_FOR,
    Closing,
    clock_is_wrong,
    may_be_given_up,
    minute_of,
)


@handles(CheckIn)
def check_in(db: Session, person: Person, command: CheckIn) -> Visit:
    """Recorded whatever the evidence says; who is far and gives no reason shows as such."""
    customer = customer_to_tell_of(db, person, command.customer_id)
    take_turn(db, person)
    close_left_open(db, person, customer.id)
    seen = evidence_of(customer, command.position)
    visit = Visit(
        id=command.id,
        customer_id=customer.id,
        person_id=person.id,
        checked_in_at=command.at,
        received_at=clock.now(),
        distance_m=seen.distance_m,
        verdict=seen.verdict,
        reason=command.reason,
        wrong_clock=clock_is_wrong(command.at - clock.now()),
    )
    locate(visit, "", command.position)
    begin(db, person, visit)
    if command.position:
        pin_by_check_in(customer, command.position)
    return visit


def begin(db: Session, person: Person, visit: Visit) -> None:
    """What is done next finds it, though it is not written yet."""
    db.add(visit)
    left_open(db, person)[:] = [visit]
    begun(db)[visit.id] = visit


def close_left_open(db: Session, person: Person, customer_id: UUID) -> None:
    """A person is at one place: visits left open end where the next begins, and say so."""
    for visit in left_open(db, person):
        if visit.closed_by:
            continue
        if visit.customer_id == customer_id and visit == visit_today(db, person, customer_id):
            raise Refused(_("You are checked in here already."))
        visit.closed_by = Closing.LEFT_OPEN


@handles(WriteNote)
def write_note(db: Session, person: Person, command: WriteNote) -> None:
    customer = customer_to_tell_of(db, person, command.customer_id)
    note = {
        "id": command.id,
        "customer_id": customer.id,
        "visit_id": own_visit_at(db, person, customer, command.visit_id),
        "person_id": person.id,
        "written_at": command.at,
        "received_at": clock.now(),
        "text": command.text,
    }
    put(db, Note, note)


@handles(RecordContact)
def record_contact(db: Session, person: Person, command: RecordContact) -> None:
    customer = customer_to_tell_of(db, person, command.customer_id)
    contact = {
        "id": command.id,
        "customer_id": customer.id,
        "person_id": person.id,
        "kind": command.kind,
        "outcome": command.outcome,
        "note": command.note,
        "next_on": command.next_on,
        "made_at": command.at,
        "received_at": clock.now(),
    }
    put(db, OtherContact, contact)


@handles(TakePhoto)
def take_photo(db: Session, person: Person, command: TakePhoto) -> None:
    """Done whether or not the picture has arrived: until then it is expected."""
    customer, position = customer_to_tell_of(db, person, command.customer_id), command.position
    photo = {
        "id": command.id,
        "customer_id": customer.id,
        "visit_id": own_visit_at(db, person, customer, command.visit_id),
        "person_id": person.id,
        "sha256": command.sha256,
        "size": command.size,
        "kind": command.type,
        "caption": command.caption,
        "from_camera": command.from_camera,
        "taken_at": command.taken_at or command.at,
        "written_at": command.at,
        "received_at": clock.now(),
        "lat": position.lat if position else None,
        "lon": position.lon if position else None,
        "accuracy_m": position.accuracy if position else None,
        "distance_m": evidence_of(customer, position).distance_m,
    }
    put(db, Photo, photo)


@handles(GiveUpPhoto)
def give_up_photo(db: Session, person: Person, command: GiveUpPhoto) -> Photo:
    """Given up once; a picture that comes after all is shown all the same."""
    told = photo_to_close(db, person, command.photo_id)
    if told.picture:
        raise Refused(_("This photo has arrived since."))
    if not may_be_given_up(clock.now() - told.what.received_at):
        raise Refused(
            _("This photo may still come: it can be given up after %(days)s days."),
            days=EXPECTED_FOR.days,
        )
    if told.what.given_up_at is None:
        told.what.given_up_at, told.what.given_up_by_id = command.at, person.id
    return told.what


@handles(CheckOut)
def check_out(db: Session, person: Person, command: CheckOut) -> Visit:
    take_turn(db, person)
    visit = own_visit(db, person, command.visit_id)
    if visit.closed_by is Closing.CHECKED_OUT:
        raise Refused(_("You have checked out of this visit already."))
    visit.closed_by, visit.checked_out_at = Closing.CHECKED_OUT, command.at
    visit.outcome, visit.next_step = command.outcome, command.next_step
    visit.next_on, visit.next_minute = command.next_on, minute_of(command.next_at)
    locate(visit, "out_", command.position)
    emit(db, CheckedOut(visit))
    return visit


def locate(visit: Visit, prefix: str, position: Fix | None) -> None:
    """Write a position into the visit's columns that begin with `prefix`."""
    if position is None:
        return
    setattr(visit, f"{prefix}lat", position.lat)
    setattr(visit, f"{prefix}lon", position.lon)
    setattr(visit, f"{prefix}accuracy_m", position.accuracy)
