"""A year of visits, notes, orders and promises of one rep of the crowd, as rows to insert."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeAlias
from uuid import UUID

from sqlmodel import SQLModel

from app.accounts.models import Person
from app.catalog.queries import Offer
from app.core.geo import Point
from app.demo import said
from app.demo.chance import happens, new_id
from app.demo.days import at, working_days_after
from app.demo.evidence import around
from app.demo.sales import Numbers
from app.followups.models import Promise
from app.followups.rules import Side
from app.orders.models import Order, OrderLine
from app.orders.queries import Priced, PricedLine
from app.orders.rules import Stage
from app.planning.models import PlannedVisit
from app.visits.models import Note, Visit
from app.visits.rules import RADIUS_M, Closing, Outcome, evidence

Row: TypeAlias = dict[str, Any]
Rows: TypeAlias = dict[type[SQLModel], list[Row]]

VISITS_EACH, SLOT_MIN, FIRST_SLOT = 3, 40, 9 * 60
NOTED, ORDERED, PROMISED = 0.6, 0.45, 0.1
STOPS_TODAY = 12
STAY = timedelta(minutes=25)
NOTES = tuple(
    text
    for told in (said.IN_SHOPS, said.IN_KITCHENS)
    for texts in told.values()
    for text in texts
    if "{good}" not in text
)


@dataclass
class Year:
    """What the years of all reps share. `lines` are the goods by the case, priced."""

    rng: Random
    today: date
    days: list[date]
    offered: list[Offer]
    numbers: Numbers
    lines: list[PricedLine] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = [case_of(offer, cases) for offer in self.offered for cases in (1, 2, 3, 5)]


def case_of(offer: Offer, cases: int) -> PricedLine:
    unit = offer.sold_in[-1]
    return PricedLine(offer, Decimal(cases), unit, offer.price(unit) or 0)


def year_of(year: Year, person: Person, customers: Sequence[Row], rows: Rows) -> None:
    """Every customer three times, in slots of forty minutes over all working days."""
    calls = list(customers) * VISITS_EACH
    year.rng.shuffle(calls)
    slots = sorted((n % len(year.days), n // len(year.days)) for n in range(len(calls)))
    for customer, (day, slot) in zip(calls, slots, strict=True):
        came = at(year.days[day], FIRST_SLOT + slot * SLOT_MIN + year.rng.randint(0, 10))
        one_visit(year, person, customer, came, rows)
    rows[PlannedVisit] += [
        plan_row(year, person, customer)
        for customer in year.rng.sample(list(customers), min(STOPS_TODAY, len(customers)))
    ]


def one_visit(year: Year, person: Person, customer: Row, came: datetime, rows: Rows) -> None:
    rng = year.rng
    ordered = happens(rng, ORDERED)
    visit = visit_row(rng, person, customer, came, Outcome.ORDER if ordered else Outcome.PROGRESS)
    rows[Visit].append(visit)
    if happens(rng, NOTED):
        rows[Note].append(note_row(rng, visit))
    if ordered:
        order, lines = order_rows(year, visit)
        rows[Order].append(order)
        rows[OrderLine] += lines
    if happens(rng, PROMISED):
        rows[Promise].append(promise_row(year, visit))


def written_by(visit: Row) -> Row:
    return {
        "customer_id": visit["customer_id"],
        "visit_id": visit["id"],
        "person_id": visit["person_id"],
    }


def visit_row(rng: Random, person: Person, customer: Row, came: datetime, outcome: Outcome) -> Row:
    metres, accuracy = rng.uniform(2, 60), float(rng.randint(5, 40))
    lat, lon = around(rng, Point(customer["lat"], customer["lon"]), metres)
    return {
        "id": new_id(rng),
        "customer_id": customer["id"],
        "person_id": person.id,
        "checked_in_at": came,
        "received_at": came,
        "lat": lat,
        "lon": lon,
        "accuracy_m": accuracy,
        "distance_m": metres,
        "verdict": evidence(metres, accuracy, RADIUS_M).verdict,
        "reason": "",
        "wrong_clock": False,
        "planned": False,
        "checked_out_at": came + STAY,
        "outcome": outcome,
        "next_step": "",
        "closed_by": Closing.CHECKED_OUT,
    }


def note_row(rng: Random, visit: Row) -> Row:
    written = visit["checked_out_at"]
    said_at = {"written_at": written, "received_at": written, "text": rng.choice(NOTES)}
    return {"id": new_id(rng), **written_by(visit), **said_at}


def order_rows(year: Year, visit: Row) -> tuple[Row, list[Row]]:
    chosen = year.rng.sample(year.lines, year.rng.randint(1, 5))
    sold = Priced(chosen, chosen[0].offer.currency)
    placed, id = visit["checked_out_at"], new_id(year.rng)
    order = {
        "id": id,
        "number": year.numbers.next(placed.date()),
        **written_by(visit),
        "stage": Stage.ENTERED,
        "placed_at": placed,
        "received_at": placed,
        "currency": sold.currency,
        "total": sold.total,
        "line_count": len(chosen),
        "remark": "",
    }
    return order, [line_row(year.rng, id, n, line) for n, line in enumerate(chosen, start=1)]


def line_row(rng: Random, order_id: UUID, position: int, line: PricedLine) -> Row:
    return {
        "id": new_id(rng),
        "order_id": order_id,
        "position": position,
        "product_id": line.offer.product.id,
        "product_name": line.offer.product.name,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "amount": line.amount,
    }


def promise_row(year: Year, visit: Row) -> Row:
    """Kept when it was due; open where that day has not come."""
    made = visit["checked_out_at"]
    due = working_days_after(made.date(), year.rng.randint(2, 6))[-1]
    return {
        "id": new_id(year.rng),
        **written_by(visit),
        "side": Side.THEIRS,
        "what": year.rng.choice(said.THEIRS),
        "due_on": due,
        "made_at": made,
        "done_at": at(due, 16 * 60) if due < year.today else None,
    }


def plan_row(year: Year, person: Person, customer: Row) -> Row:
    return {
        "id": new_id(year.rng),
        "person_id": person.id,
        "customer_id": customer["id"],
        "on_day": year.today,
        "purpose": year.rng.choice(said.PURPOSES),
        "planned_at": at(year.today - timedelta(days=1), FIRST_SLOT),
    }
