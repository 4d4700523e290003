"""Whom to visit today and on the next days, read from what the database holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.customers.models import Customer
from app.customers.rules import Status, open_on
from app.demo import said
from app.demo.chance import dice
from app.demo.days import ZONE, at, working_days_after
from app.demo.evidence import metres_apart
from app.demo.rounds import METRES_A_CADENCE, cadence_of
from app.followups.queries import promises_due
from app.planning.models import PlannedVisit
from app.visits.queries import last_visits

STOPS = {"alice": 8, "bob": 7, "charlie": 6}
DAYS_AHEAD, FEWER_THEN = 3, 3
EVENING = 17 * 60 + 30
MEETING, WITH_A_MEETING = 14 * 60 + 30, 1  # an appointment, and with which stop of a day to come
LONG_AGO = 30
NEVER = 999


@dataclass(frozen=True)
class Due:
    """A customer, the days since anybody was there, and whether something promised is due."""

    customer: Customer
    days: int
    promised: bool

    @property
    def letter(self) -> str:
        return str(self.customer.grade or "")[:1]

    @property
    def story(self) -> str:
        """Whether nobody was ever there, or not for long."""
        if self.days == NEVER:
            return "new"
        return "neglected" if self.days >= LONG_AGO else ""

    @property
    def late(self) -> float:
        return self.days / cadence_of(self.customer.grade)


def plan_ahead(db: Session, people: Sequence[Person], today: date) -> bool:
    """Fill today's plans, and begin those of the next working days; whether there was any need."""
    made = False
    for person in people:
        days = [today, *working_days_after(today, DAYS_AHEAD)]
        for day in days:
            there = plans_on(db, person, [day] if day == today else days)
            taken = {plan.customer_id for plan in there}
            missing = STOPS[person.username] - len(plans_on(db, person, [day]))
            if day > today:
                missing = missing - FEWER_THEN if missing == STOPS[person.username] else 0
            chosen = stops_for(db, person, day, missing, taken)
            db.add_all(planned(person, chosen, day, today))
            made = made or bool(chosen)
    db.flush()
    return made


def plans_on(db: Session, person: Person, days: Sequence[date]) -> Sequence[PlannedVisit]:
    wanted = select(PlannedVisit).where(PlannedVisit.person_id == person.id)
    return db.exec(wanted.where(col(PlannedVisit.on_day).in_(days))).all()


def plans_after(db: Session, people: Sequence[Person], day: date) -> Sequence[PlannedVisit]:
    wanted = select(PlannedVisit).where(col(PlannedVisit.on_day) > day)
    ids = [person.id for person in people]
    return db.exec(wanted.where(col(PlannedVisit.person_id).in_(ids))).all()


def stops_for(
    db: Session, person: Person, day: date, count: int, taken: set[UUID]
) -> list[Customer]:
    """What is promised, one new customer, one neglected one, each letter once; then what is near."""
    due = [one for one in due_on(db, person, day) if one.customer.id not in taken]
    stops: list[Due] = [one for one in due if one.promised][:3]
    for story in ("new", "neglected", "A", "B", "C"):
        stops += next_of([one for one in due if story in {one.story, one.letter}], stops)
    usual = [one for one in due if not one.story]
    neglected = [one for one in due if one.story == "neglected"]
    while len(stops) < count and (more := next_of(usual, stops) or next_of(neglected, stops)):
        stops += more
    return [stop.customer for stop in stops[: max(count, 0)]]


def due_on(db: Session, person: Person, day: date) -> list[Due]:
    """The person's customers that are open on `day`, the latest first."""
    own = db.exec(
        select(Customer).where(Customer.owner_id == person.id, Customer.status != Status.INACTIVE)
    ).all()
    ids = [customer.id for customer in own]
    last, promised = last_visits(db, ids), promises_due(db, ids, day)
    found = [
        Due(customer, days_since(last.get(customer.id), day), customer.id in promised)
        for customer in own
        if customer.windows is None or open_on(customer.windows, day)
    ]
    return sorted(found, key=lambda one: (-one.late, one.customer.code or ""))


def days_since(moment: datetime | None, day: date) -> int:
    return (day - moment.astimezone(ZONE).date()).days if moment else NEVER


def next_of(due: Sequence[Due], stops: Sequence[Due]) -> list[Due]:
    """The one that is most due and least out of the way, if there is any left."""
    left = [one for one in due if one not in stops]

    def urgent(one: Due) -> float:
        points = [stop.customer.point for stop in stops if stop.customer.point]
        here = one.customer.point
        detour = min((metres_apart(here, point) for point in points), default=0) if here else 0
        return one.late - detour / METRES_A_CADENCE

    return [max(left, key=urgent)] if left else []


def planned(
    person: Person, customers: Sequence[Customer], day: date, today: date
) -> list[PlannedVisit]:
    """Put down yesterday evening."""
    rng = dice(f"{person.username} {day}")
    evening = at(today - timedelta(days=1), EVENING)
    return [
        PlannedVisit(
            person_id=person.id,
            customer_id=customer.id,
            on_day=day,
            purpose=said.FIRST_VISIT
            if customer.status is Status.PROSPECT
            else rng.choice(said.PURPOSES),
            planned_at=evening + timedelta(minutes=place),
            at_minute=MEETING if place == WITH_A_MEETING and day != today else None,
        )
        for place, customer in enumerate(customers)
    ]
