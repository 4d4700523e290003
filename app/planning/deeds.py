"""What a rep does by hand with a day, written down: nothing is changed, only undone."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from app.accounts.models import Person
from app.core.commands import handles
from app.customers.queries import customer_to_visit
from app.planning.commands import (
    AddStop,
    OrderStops,
    PinStop,
    PlanAgain,
    SkipStop,
    UndoByHand,
    UnpinStop,
)
from app.planning.models import StopByHand
from app.planning.queries import deed_of, seen_of
from app.planning.rules import Deed

OfOne = SkipStop | PinStop | UnpinStop | AddStop
OfDay = OrderStops | PlanAgain


@handles(SkipStop)
def skip_stop(db: Session, person: Person, command: SkipStop) -> StopByHand:
    said = {"reason": command.reason, "note": command.note}
    return with_one(db, person, command, Deed.SKIP, **said)


@handles(PinStop)
def pin_stop(db: Session, person: Person, command: PinStop) -> StopByHand:
    return with_one(db, person, command, Deed.PIN, customer_ids=as_text(command.customer_ids))


@handles(UnpinStop)
def unpin_stop(db: Session, person: Person, command: UnpinStop) -> StopByHand:
    return with_one(db, person, command, Deed.UNPIN)


@handles(AddStop)
def add_stop(db: Session, person: Person, command: AddStop) -> StopByHand:
    return with_one(db, person, command, Deed.ADD)


@handles(OrderStops)
def order_stops(db: Session, person: Person, command: OrderStops) -> StopByHand:
    """Whoever was handed over meanwhile is left out of it; NotFound when nobody remains."""
    seen = seen_of(db, person, command.customer_ids)
    return written(db, person, command, Deed.ORDER, customer_ids=as_text(seen))


@handles(PlanAgain)
def plan_again(db: Session, person: Person, command: PlanAgain) -> StopByHand:
    return written(db, person, command, Deed.AGAIN)


@handles(UndoByHand)
def undo_by_hand(db: Session, person: Person, command: UndoByHand) -> StopByHand:
    """Undone once; again changes nothing."""
    deed = deed_of(db, person, command.deed_id)
    deed.undone_at = deed.undone_at or command.at
    return deed


def with_one(db: Session, person: Person, command: OfOne, deed: Deed, **said: Any) -> StopByHand:
    customer = customer_to_visit(db, person, command.customer_id)
    return written(db, person, command, deed, customer_id=customer.id, **said)


def written(
    db: Session, person: Person, command: OfOne | OfDay, deed: Deed, **said: Any
) -> StopByHand:
    row = StopByHand(
        id=command.id,
        person_id=person.id,
        on_day=command.on_day,
        number=1 + latest(db, person, command.on_day),
        deed=deed,
        made_at=command.at,
        **said,
    )
    db.add(row)
    return row


def latest(db: Session, person: Person, day: date) -> int:
    """The number of the latest deed of the day; two at once may get the same."""
    own = select(func.coalesce(func.max(StopByHand.number), 0))
    of_day = own.where(col(StopByHand.person_id) == person.id, col(StopByHand.on_day) == day)
    return db.exec(of_day).one()


def as_text(ids: Sequence[UUID]) -> list[str]:
    return [str(one) for one in ids]
