from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select, text

from app.accounts.models import Person
from app.core.packs import Soon
from app.customers.models import Customer
from app.customers.queries import seen_by
from app.planning.queries import planned_between
from app.visits.queries import visits_on


def answers(db: Session) -> None:
    """Raises when the database does not answer."""
    db.connection().execute(text("SELECT 1"))


@dataclass(frozen=True)
class Kept:
    """The customers whose pages a person's phone keeps, by how soon they may be needed."""

    by_soon: dict[Soon, set[UUID]]

    @property
    def all(self) -> set[UUID]:
        return set[UUID]().union(*self.by_soon.values())


def kept_customers(db: Session, person: Person, days: Sequence[date]) -> Kept:
    """Those that the person looks after, and whom they may see and have planned or visited.

    `days` begins with today.
    """
    own = select(Customer.id).where(Customer.owner_id == person.id, seen_by(person))
    planned = planned_between(db, person, days[0], days[-1])
    now = {customer for day, customer in planned if day == days[0]}
    now |= {visit.customer_id for visit in visits_on(db, person, days[0])}
    soon = {customer for _day, customer in planned}
    mine = set(db.exec(own))
    if others := (now | soon) - mine:
        may = select(Customer.id).where(col(Customer.id).in_(others), seen_by(person))
        mine |= set(db.exec(may))
    now, soon = now & mine, soon & mine - now
    return Kept({Soon.TODAY: now, Soon.FORTNIGHT: soon, Soon.LATER: mine - now - soon})
