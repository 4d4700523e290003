"""The month behind us: what came of every call."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

from app.accounts.models import Person
from app.catalog.queries import Offer
from app.core.places import Fix
from app.demo import said
from app.demo.catalogue import Stock
from app.demo.chance import happens, new_id
from app.demo.customers import Client
from app.demo.days import ZONE
from app.demo.evidence import at_the_door, between_towers, elsewhere
from app.demo.rounds import Call
from app.demo.sales import order_at, usual_goods
from app.orders.models import Order, OrderLine
from app.planning.models import PlannedVisit
from app.visits.models import Note, Visit
from app.visits.queries import evidence_of
from app.visits.rules import Closing, Outcome

OUTCOMES = {
    Outcome.ORDER: 46,
    Outcome.PROGRESS: 33,
    Outcome.NO_PROGRESS: 13,
    Outcome.NOT_MET: 8,
}
BETWEEN_TOWERS, PLANNED, NOTED, NEXT_TOLD, LATE_SIGNAL = 0.08, 0.85, 0.7, 0.4, 0.06
ODD_ONE = 40  # from this call on, the first that fits is the odd one of the month


@dataclass
class Texts:
    """Draws texts like cards: none comes again before all were used."""

    rng: Random
    left: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    def draw(self, texts: tuple[str, ...]) -> str:
        if not self.left.get(texts):
            self.left[texts] = self.rng.sample(texts, len(texts))
        return self.left[texts].pop()


@dataclass
class Month:
    """What the calls of everybody left behind; `stock` is what could be sold."""

    stock: Stock
    texts: Texts
    visits: list[tuple[Visit, Client]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    lines: list[OrderLine] = field(default_factory=list)
    plans: list[PlannedVisit] = field(default_factory=list)


def live_through(rng: Random, month: Month, person: Person, calls: list[Call]) -> None:
    """Write down one rep's calls, with what was noted, sold and agreed."""
    goods: dict[UUID, list[Offer]] = {}
    odd = next((n for n, call in enumerate(calls) if n >= ODD_ONE and call.client.point), -1)
    own = []
    for number, call in enumerate(calls):
        key = call.client.customer.id
        if key not in goods:
            goods[key] = usual_goods(rng, call.client, month.stock)
        visit = visit_of(rng, person, call, odd=person.username if number == odd else "")
        own.append((visit, call.client))
        if visit.outcome is Outcome.NOT_MET or happens(rng, NOTED):
            month.notes.append(note_of(rng, visit, call.client, goods[key], month.texts))
        if visit.outcome is Outcome.ORDER:
            order, lines = order_at(rng, visit, call.client, goods[key])
            month.orders.append(order)
            month.lines += lines
    month.visits += own
    agree_on_next(rng, own, goods, month.texts)
    month.plans += [plan_of(rng, visit) for visit, _client in own if visit.planned]


def visit_of(rng: Random, person: Person, call: Call, *, odd: str) -> Visit:
    """`odd` is the name of whose odd visit it is: each has another oddity."""
    outcome = rng.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
    stayed = rng.randint(4, 9) if outcome is Outcome.NOT_MET else call.stayed_min
    fix = fix_at(rng, call.client, odd)
    judged = evidence_of(call.client.customer, fix)
    visit = Visit(
        id=new_id(rng),
        customer_id=call.client.customer.id,
        person_id=person.id,
        checked_in_at=call.came,
        received_at=received(rng, call.came),
        distance_m=judged.distance_m,
        verdict=judged.verdict,
        reason=rng.choice(said.WHY_FAR) if odd == "alice" else "",
        planned=happens(rng, PLANNED),
        closed_by=Closing.LEFT_OPEN if odd == "charlie" else Closing.CHECKED_OUT,
    )
    if visit.closed_by is Closing.CHECKED_OUT:
        visit.checked_out_at = call.came + timedelta(minutes=stayed, seconds=rng.randint(0, 59))
        visit.outcome = outcome
    if fix:
        visit.lat, visit.lon, visit.accuracy_m = fix.lat, fix.lon, fix.accuracy
    if fix and visit.checked_out_at:
        visit.out_lat, visit.out_lon, visit.out_accuracy_m = fix.lat, fix.lon, fix.accuracy
    return visit


def fix_at(rng: Random, client: Client, odd: str) -> Fix | None:
    """Nobody can tell where there is no pin; the metro has no signal either."""
    if client.point is None or odd == "bob":
        return None
    if odd == "alice":
        return elsewhere(rng, client.point)
    if happens(rng, BETWEEN_TOWERS):
        return between_towers(rng, client.point)
    return at_the_door(rng, client.point)


def received(rng: Random, sent: datetime) -> datetime:
    """At once, or when the phone had a signal again."""
    waited = rng.randint(300, 2400) if happens(rng, LATE_SIGNAL) else rng.randint(1, 9)
    return sent + timedelta(seconds=waited)


def note_of(rng: Random, visit: Visit, client: Client, goods: list[Offer], texts: Texts) -> Note:
    left = visit.checked_out_at or visit.checked_in_at + timedelta(minutes=15)
    written = visit.checked_in_at + (left - visit.checked_in_at) * rng.uniform(0.5, 0.9)
    text = texts.draw(spoken_of(client)[visit.outcome or Outcome.PROGRESS])
    return Note(
        id=new_id(rng),
        customer_id=visit.customer_id,
        visit_id=visit.id,
        person_id=visit.person_id,
        written_at=written,
        received_at=received(rng, written),
        text=filled(rng, text, goods),
    )


def spoken_of(client: Client) -> dict[Outcome, tuple[str, ...]]:
    if client.trade.dealer_prices:
        return said.AT_DEALERS
    in_shops = client.shop.trade in {"烟酒店", "便利店", "超市"}
    return said.IN_SHOPS if in_shops else said.IN_KITCHENS


def filled(rng: Random, text: str, goods: list[Offer]) -> str:
    """The text with one of the customer's goods in it, called as people call it: without size."""
    product = rng.choice(goods).product
    return text.replace("{good}", product.name.removesuffix(f" {product.size}"))


def agree_on_next(
    rng: Random, visits: list[tuple[Visit, Client]], goods: dict[UUID, list[Offer]], texts: Texts
) -> None:
    """At the door the next date is agreed on now and then; it was kept."""
    by_customer: dict[UUID, list[Visit]] = defaultdict(list)
    for visit, _client in visits:
        by_customer[visit.customer_id].append(visit)
    for key, own in by_customer.items():
        for before, after in pairwise(own):
            if before.closed_by is Closing.CHECKED_OUT and happens(rng, NEXT_TOLD):
                before.next_step = filled(rng, texts.draw(said.NEXT_STEPS), goods[key])
                before.next_on, after.planned = day_of(after), True


def agree_on_plans(rng: Random, month: Month, plans: Sequence[PlannedVisit]) -> None:
    """The last visit to a customer ends with the next date, where there is one."""
    ahead = {plan.customer_id: plan.on_day for plan in plans}
    last = {visit.customer_id: (visit, client) for visit, client in month.visits}
    for key, (visit, client) in last.items():
        if key in ahead and visit.closed_by is Closing.CHECKED_OUT and happens(rng, NEXT_TOLD):
            goods = usual_goods(rng, client, month.stock)
            visit.next_step = filled(rng, month.texts.draw(said.NEXT_STEPS), goods)
            visit.next_on = ahead[key]


def plan_of(rng: Random, visit: Visit) -> PlannedVisit:
    """It was planned the evening before."""
    return PlannedVisit(
        id=new_id(rng),
        person_id=visit.person_id,
        customer_id=visit.customer_id,
        on_day=day_of(visit),
        purpose=rng.choice(said.PURPOSES),
        planned_at=visit.checked_in_at - timedelta(hours=16),
    )


def day_of(visit: Visit) -> date:
    return visit.checked_in_at.astimezone(ZONE).date()
