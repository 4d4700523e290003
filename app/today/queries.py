"""The rep's day: what is done, what comes next and in which order, read from every slice."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.core import clock
from app.core.geo import Point
from app.core.packs import Packing
from app.customers.models import Customer
from app.customers.queries import customer_to_visit, seen_by
from app.customers.rules import open_on
from app.planning.by_hand import by_hand
from app.planning.frame import NOON, departs_at
from app.planning.models import PlannedVisit, StopByHand
from app.planning.queries import card_of, deeds_of, key_points, planned_between, planned_for
from app.planning.route.planners import Rank
from app.planning.route.problem import Why
from app.planning.rules import (
    MINUTE,
    Deed,
    in_steps,
    seconds_of,
)
from app.planning.territory import territory_of
from app.today.appointments import is_missed
from app.today.candidates import Agreed, Ground, Told, candidates, ground_of
from app.today.day import Changing, DayList, From, Left, Start, StopToday
from app.today.driving import Way, drive, driven, errand
from app.visits.queries import visits_on


def day_list(db: Session, person: Person, here: From | None, day: date | None = None) -> DayList:
    """Of today, with who else might be visited, or of a `day` to come.

    Eight statements at most, whatever is planned; one more once a day.
    """
    now = clock.now().astimezone(ZoneInfo(person.time_zone))
    today = day or now.date()
    now_too = today == now.date()
    now_s = in_steps(now) if now_too else 0
    visits = visits_on(db, person, today)
    plans = planned_for(db, person, today)
    planned = {customer.id: customer for _plan, customer in plans}
    deeds = deeds_of(db, person, today)
    hand = by_hand(deeds)
    expected = planned.keys() | {visit.customer_id for visit in visits} | hand.added | hand.skipped
    ground = ground_of(db, person, today, expected, all_own=now_too)
    ground.appointments = agreed_in([plan for plan, _customer in plans], now_s)
    points = [customer.point for customer in planned.values() if customer.point]
    could = dict(candidates(db, ground, points)) if now_too else {}
    known = planned | unplanned(db, person, (expected | could.keys()) - planned.keys())
    stops = {key: described(ground, one, could.get(key)) for key, one in known.items()}
    for plan, customer in plans:
        stops[customer.id] = replace(stops[customer.id], plan=plan)
    also = [stops.pop(key) for key in could if key in stops]
    stops |= left_by_hand(stops, deeds, hand.skipped)
    frame, rank = ground.book.frame, Rank.PACK if day else Rank.SCREEN
    departs = departs_at(now, frame) if now_too else seconds_of(frame.begins)
    day_list = DayList(today, departs, now_s, could=also, by_hand=hand)
    day_list.points, day_list.latest = key_points(db, person), deeds[-1] if deeds else None
    day_list.territory = territory_of(db, person, now.date())
    way = Way(person, frame, day_list.territory, now, visits, rank)
    return arranged(day_list, way, stops, here)


def left_by_hand(
    stops: Mapping[UUID, StopToday], deeds: Sequence[StopByHand], skipped: Collection[UUID]
) -> dict[UUID, StopToday]:
    """Those that the rep skips today, with what was said of it."""
    said = {one.customer_id: one for one in deeds if one.deed is Deed.SKIP}
    return {key: replace(stops[key], skipped=said[key]) for key in skipped & stops.keys()}


def agreed_in(plans: Sequence[PlannedVisit], now_s: int) -> dict[UUID, Agreed]:
    """The appointments among the plans of a day, by customer."""
    return {
        plan.customer_id: Agreed(plan.at_minute, is_missed(plan.at_minute, now_s))
        for plan in plans
        if plan.at_minute is not None
    }


def changing(db: Session, person: Person, here: From | None, customer_id: UUID) -> Changing:
    """One stop of today's, or somebody who could be one. Raises NotFound, Refused."""
    customer = customer_to_visit(db, person, customer_id)
    return Changing(customer, day_list(db, person, here))


def days_changed(packing: Packing) -> set[date]:
    """The days whose list is to be made anew: a customer on them was touched, or a plan."""
    if packing.all:
        return set(packing.days)
    changed = set(packing.new_days)
    if packing.touched:
        changed.add(packing.today)
    changed |= {date.fromisoformat(day) for _subject, day in packing.touched or () if day}
    planned = planned_between(packing.db, packing.person, packing.today, packing.days[-1])
    return changed | {day for day, customer in planned if customer in packing.subjects}


def unplanned(db: Session, person: Person, ids: set[UUID]) -> dict[UUID, Customer]:
    """Customers that are on today's list without being planned."""
    if not ids:
        return {}
    wanted = select(Customer).where(col(Customer.id).in_(ids), seen_by(person))
    return {customer.id: customer for customer in db.exec(wanted)}


def described(ground: Ground, customer: Customer, told: Told | None) -> StopToday:
    card = card_of(customer, ground.person)
    told = told or ground.told(card, ground.facts(card))
    hours = None if customer.windows is None else open_on(customer.windows, ground.day)
    last, _led = ground.book.visits.get(customer.id, (None, None))
    takes = ground.book.minutes.at(customer.grade, customer.visit_minutes)
    points = ground.book.frame.early if (customer.grade or "").startswith("A") else 0
    return StopToday(
        customer,
        told.reasons,
        hours,
        last,
        told.worth,
        expects=ground.expects(card),
        takes=takes,
        early=(seconds_of(NOON) // MINUTE, points) if points else None,
    )


def arranged(day: DayList, way: Way, stops: dict[UUID, StopToday], here: From | None) -> DayList:
    """Done first as it was done, then where the rep is now, then the rest in driving order."""
    visited = {visit.customer_id: visit for visit in way.visits if visit.customer_id in stops}
    for key, visit in visited.items():
        stop = replace(stops[key], visit=visit)
        (day.now_at if visit.closed_by is None else day.done).append(stop)
    day.skipped = [stop for key, stop in stops.items() if key not in visited and stop.skipped]
    ahead = {key: stop for key, stop in stops.items() if key not in visited and not stop.skipped}
    came_from = [stop for stop in (*day.done, *day.now_at) if stop.visit]
    still = here and here.at.astimezone(way.now.tzinfo).date() == day.day
    start, day.start = starting_point(way.person, came_from, here if still else None, ahead)
    day.begins_at, day.ends_at, day.returns = start, way.end, way.end is not None
    day.meal, day.until = way.lunch, seconds_of(way.frame.ends)
    if start:
        asked = errand(way, day, start, ahead)
        day.departs, day.until = asked.day.depart_s, asked.day.until_s
        drive(day, start, asked, driven(asked, day.by_hand))
    else:
        day.left_out = [replace(stop, left_out=Left(Why.NO_POSITION)) for stop in ahead.values()]
    return day


def starting_point(
    person: Person,
    came_from: Sequence[StopToday],
    here: From | None,
    ahead: Mapping[UUID, StopToday],
) -> tuple[Point | None, Start]:
    """Where the rep is by phone or last check-in, whichever is newer; else where they live."""
    last = max(came_from, key=checked_in, default=None)
    if here and (last is None or here.at > checked_in(last)):
        return here.point, Start.HERE
    if last and last.customer.point:
        return last.customer.point, Start.LAST_VISIT
    if person.home:
        return person.home, Start.HOME
    if person.office:
        return person.office, Start.OFFICE
    known = (stop.customer.point for stop in ahead.values() if stop.customer.point)
    return next(known, None), Start.FIRST_STOP


def checked_in(stop: StopToday) -> datetime:
    if stop.visit is None:
        raise ValueError("only stops with a visit were checked in at")
    return stop.visit.checked_in_at
