"""A lost phone: shut out at once, heard once more, then wiped. docs/sync.md has the whole of it."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session

from app.accounts.actions import forget_sessions, shut_sessions
from app.accounts.events import SignedIn
from app.accounts.models import Person, SignIn
from app.core import clock
from app.core.commands import handles
from app.core.errors import NotFound
from app.core.events import on
from app.core.i18n import mark as _
from app.settings import settings
from app.sync.commands import LetIn, ShutOut
from app.sync.models import Device
from app.sync.queries import (
    device_to_shut,
    device_to_write,
    kept_back,
    latest_shut_out,
    on_the_same_phone,
)
from app.sync.rules import Farewell, Status, farewell
from app.sync.runs import SHUT_OUT
from app.sync.turns import say


@handles(ShutOut)
def shut_out(db: Session, person: Person, command: ShutOut) -> None:
    device = device_to_shut(db, person, command.device_id)
    now = clock.now()
    for one in whole_phone(db, device):
        if one.revoked_at is None:
            one.revoked_at, one.revoked_by, one.wiped_at = now, person.id, None
    shut_sessions(db, device.person_id, device.phone, now)


@handles(LetIn)
def let_in(db: Session, person: Person, command: LetIn) -> None:
    device = device_to_shut(db, person, command.device_id)
    for one in whole_phone(db, device):
        if one.revoked_at:
            hand_back(db, one)
        one.revoked_at = one.revoked_by = None
    forget_sessions(db, device.person_id, device.phone)


def whole_phone(db: Session, device: Device) -> list[Device]:
    """With the databases that the same phone has had before, or will not have told us of."""
    others = on_the_same_phone(db, device.person_id, device.phone)
    return [device, *(one for one in others if one.id != device.id)]


def hand_back(db: Session, device: Device) -> None:
    """What was written before the phone was shut out is its author's again: it is done next."""
    for row in kept_back(db, device):
        if (row.detail or {}).get("message") == SHUT_OUT:
            say(row, Status.DEFERRED, _("The phone was let in again. This is done next."))
            row.changed_at = clock.now()


def farewell_to(device: Device, owner: Person, now: datetime) -> Farewell | None:
    """What the phone is told; None where it is as any other."""
    since = device.revoked_at or (None if owner.active else owner.changed_at)
    own = device.revoked_by == owner.id
    return said(since, now, own=own, left=device.waiting) if since else None


def farewell_here(db: Session, owner: Person, session: SignIn) -> Farewell | None:
    """The same, for a page that knows no more than whose session it is."""
    now = clock.now()
    if shut := latest_shut_out(db, owner, session.phone):
        return farewell_to(shut, owner, now)
    since = session.shut_out_at or (None if owner.active else owner.changed_at)
    return said(since, now, own=False, left=1) if since else None


def said(since: datetime, now: datetime, *, own: bool, left: int) -> Farewell:
    return farewell(since, now, own=own, left=left, grace=timedelta(days=settings().wipe_days))


def wiped(db: Session, owner: Person, device_id: UUID) -> None:
    """The phone says that nothing of this person is on it any more."""
    device, now = device_to_write(db, device_id), clock.now()
    own = device if device and device.person_id == owner.id else None
    if own is None or farewell_to(own, owner, now) is None:
        raise NotFound(_("This phone is not shut out."))
    for one in whole_phone(db, own):
        one.wiped_at = now
    forget_sessions(db, owner.id, own.phone)


@on(SignedIn)
def stay_out(db: Session, fact: SignedIn) -> None:
    """A password does not open a phone that was shut out, and one that is new here gets its row."""
    session = fact.session
    known = on_the_same_phone(db, session.person_id, session.phone)
    session.shut_out_at = next((one.revoked_at for one in known if one.revoked_at), None)
    if session.phone and not known:
        db.add(silent(session))


def silent(session: SignIn) -> Device:
    """Somebody signed in there, and its database has not spoken yet."""
    now = session.created_at
    return Device(
        id=uuid4(),
        person_id=session.person_id,
        phone=session.phone,
        browser=session.browser,
        first_seen=now,
        last_seen=now,
    )
