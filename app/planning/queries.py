from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.customers.models import Customer
from app.customers.queries import seen_by
from app.planning.models import PlannedVisit


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
