"""What was promised at the door: most of it kept, some due now, one late."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from app.catalog.queries import Offer
from app.customers.rules import open_on
from app.demo import said
from app.demo.chance import happens, new_id
from app.demo.customers import Client
from app.demo.days import at, working_days_after, working_days_before
from app.demo.month import Month, Texts, day_of, filled
from app.followups.models import Promise
from app.followups.rules import Side
from app.visits.models import Visit
from app.visits.rules import Outcome

MADE, OURS = 0.13, 0.65
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Maker:
    """Who writes promises: chance, their texts, and the day it is now."""

    rng: Random
    texts: Texts
    today: date

    def promise(self, visit: Visit, side: Side, what: str, due_on: date) -> Promise:
        left = visit.checked_out_at or visit.checked_in_at
        made = left - timedelta(minutes=1)
        return Promise(
            id=new_id(self.rng),
            customer_id=visit.customer_id,
            visit_id=visit.id,
            person_id=visit.person_id,
            side=side,
            what=what,
            due_on=due_on,
            made_at=made,
        )


def promises_of(maker: Maker, month: Month) -> list[Promise]:
    """Those of everybody. Each rep has one that is late, one due today and one due soon."""
    made: list[Promise] = []
    by_person: dict[UUID, list[tuple[Visit, Client]]] = {}
    for visit, client in month.visits:
        if visit.outcome in {Outcome.ORDER, Outcome.PROGRESS, Outcome.NO_PROGRESS}:
            by_person.setdefault(visit.person_id, []).append((visit, client))
    for visits in by_person.values():
        open_ones = promises_open_now(maker, visits)
        taken = {promise.customer_id for promise in open_ones}
        made += open_ones
        made += [
            promise_long_kept(maker, visit, month.stock.listed)
            for visit, client in visits
            if visit.customer_id not in taken and happens(maker.rng, MADE)
        ]
    return made


def promises_open_now(maker: Maker, visits: list[tuple[Visit, Client]]) -> list[Promise]:
    """Made about a week ago at three customers on the map and open today, important ones first."""
    recent = [
        (visit, client)
        for visit, client in visits
        if client.point
        and maker.today - 2 * WEEK <= day_of(visit) < maker.today - WEEK / 2
        and open_on(client.customer.windows or [], maker.today)
    ]
    recent.sort(key=lambda one: str(one[1].customer.grade))
    by_customer = list({visit.customer_id: visit for visit, _client in recent}.values())
    due = (
        (Side.OURS, said.LATE_OURS, before(maker.today)),
        (Side.OURS, said.DUE_OURS, maker.today),
        (Side.THEIRS, said.LATE_THEIRS, working_days_after(maker.today, 1)[0]),
    )
    chosen = by_customer[::3]
    return [maker.promise(visit, *what) for visit, what in zip(chosen, due, strict=False)]


def before(today: date) -> date:
    return working_days_before(today, 4)[-1]


def promise_long_kept(maker: Maker, visit: Visit, goods: list[Offer]) -> Promise:
    """Kept on the day it was due; still open where that day has not come."""
    side = Side.OURS if happens(maker.rng, OURS) else Side.THEIRS
    text = maker.texts.draw(said.OURS if side is Side.OURS else said.THEIRS)
    due = working_days_after(day_of(visit), maker.rng.randint(2, 6))[-1]
    promise = maker.promise(visit, side, filled(maker.rng, text, goods), due)
    if due < maker.today:
        promise.done_at = at(due, maker.rng.randint(9 * 60, 17 * 60 + 30))
    return promise
