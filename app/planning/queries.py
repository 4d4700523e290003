from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.core.errors import NotFound
from app.core.i18n import mark as _
from app.customers.models import Customer
from app.customers.queries import seen_by
from app.planning.models import KeyPoint, PlannedVisit


def planned_for(db: Session, person: Person, day: date) -> list[tuple[PlannedVisit, Customer]]:
    """What the person means to do on `day`, at customers that they may still see."""
    rows = db.exec(
        select(PlannedVisit, Customer)
        .join(Customer, col(Customer.id) == col(PlannedVisit.customer_id))
        .where(PlannedVisit.person_id == person.id, PlannedVisit.on_day == day, seen_by(person))
        .order_by(col(PlannedVisit.planned_at), col(PlannedVisit.id))
    )
    return [(plan, customer) for plan, customer in rows]


def next_planned(
    db: Session, person: Person, customer_id: UUID, after: date
) -> Sequence[PlannedVisit]:
    return db.exec(
        select(PlannedVisit)
        .where(
            PlannedVisit.person_id == person.id,
            PlannedVisit.customer_id == customer_id,
            col(PlannedVisit.on_day) >= after,
        )
        .order_by(col(PlannedVisit.on_day))
        .limit(1)
    ).all()


def planned_between(
    db: Session, person: Person, first: date, last: date
) -> Sequence[tuple[date, UUID]]:
    """The days from `first` to `last` with the customers that the person means to visit on them."""
    wanted = select(col(PlannedVisit.on_day), col(PlannedVisit.customer_id)).where(
        PlannedVisit.person_id == person.id,
        col(PlannedVisit.on_day) >= first,
        col(PlannedVisit.on_day) <= last,
    )
    return [(day, customer) for day, customer in db.exec(wanted)]


def key_points(db: Session, person: Person) -> Sequence[KeyPoint]:
    """What the person has not crossed off, the earliest day first."""
    wanted = select(KeyPoint).where(
        KeyPoint.person_id == person.id, col(KeyPoint.done_at).is_(None)
    )
    return db.exec(wanted.order_by(col(KeyPoint.for_day), col(KeyPoint.written_at))).all()


def key_point_of(db: Session, person: Person, point_id: UUID) -> KeyPoint:
    """Raises NotFound when it is somebody else's, or nobody's."""
    point = db.get(KeyPoint, point_id)
    if point is None or point.person_id != person.id:
        raise NotFound(_("This key point is not one of yours."))
    return point
