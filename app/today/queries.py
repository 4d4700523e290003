"""The rep's day: what is done, what comes next and in which order, read from every slice."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.core import clock
from app.core.geo import Point, distance_m
from app.core.packs import Packing
from app.customers.models import Customer
from app.customers.queries import seen_by
from app.customers.rules import open_on
from app.planning.frame import departs_at
from app.planning.models import PlannedVisit
from app.planning.queries import card_of, key_points, planned_between, planned_for
from app.planning.route.planners import Rank
from app.planning.route.problem import LeftOut, Plan, Why
from app.planning.rules import (
    MINUTE,
    in_steps,
    seconds_of,
)
from app.planning.territory import territory_of
from app.today.appointments import is_missed
from app.today.candidates import Agreed, Ground, Told, candidates, ground_of
from app.today.day import DayList, From, Left, Start, StopToday
from app.today.driving import Way, driven
from app.visits.queries import visits_on


def day_list(db: Session, person: Person, here: From | None, day: date | None = None) -> DayList:
    """Of today, with who else might be visited, or of a `day` to come.

    Seven statements at most, whatever is planned; one more once a day.
    """
    now = clock.now().astimezone(ZoneInfo(person.time_zone))
    today = day or now.date()
    now_too = today == now.date()
    now_s = in_steps(now) if now_too else 0
    visits = visits_on(db, person, today)
    plans = planned_for(db, person, today)
    planned = {customer.id: customer for _plan, customer in plans}
    expected = planned.keys() | {visit.customer_id for visit in visits}
    ground = ground_of(db, person, today, expected, all_own=now_too)
    ground.appointments = agreed_in([plan for plan, _customer in plans], now_s)
    points = [customer.point for customer in planned.values() if customer.point]
    could = dict(candidates(db, ground, points)) if now_too else {}
    known = planned | unplanned(db, person, (expected | could.keys()) - planned.keys())
    stops = {key: described(ground, one, could.get(key)) for key, one in known.items()}
    for plan, customer in plans:
        stops[customer.id] = replace(stops[customer.id], plan=plan)
    also = [stops.pop(key) for key in could if key in stops]
    frame, rank = ground.book.frame, Rank.PACK if day else Rank.SCREEN
    departs = departs_at(now, frame) if now_too else seconds_of(frame.begins)
    day_list = DayList(today, departs, now_s, could=also, points=key_points(db, person))
    territory = territory_of(db, person, now.date())
    way = Way(person, frame, territory, now, visits, rank)
    return arranged(day_list, way, stops, here)


def agreed_in(plans: Sequence[PlannedVisit], now_s: int) -> dict[UUID, Agreed]:
    """The appointments among the plans of a day, by customer."""
    return {
        plan.customer_id: Agreed(plan.at_minute, is_missed(plan.at_minute, now_s))
        for plan in plans
        if plan.at_minute is not None
    }


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
    return StopToday(customer, told.reasons, hours, last, told.worth, takes=takes)


def arranged(day: DayList, way: Way, stops: dict[UUID, StopToday], here: From | None) -> DayList:
    """Done first as it was done, then where the rep is now, then the rest in driving order."""
    visited = {visit.customer_id: visit for visit in way.visits if visit.customer_id in stops}
    for key, visit in visited.items():
        stop = replace(stops[key], visit=visit)
        (day.now_at if visit.closed_by is None else day.done).append(stop)
    ahead = {key: stop for key, stop in stops.items() if key not in visited}
    came_from = [stop for stop in (*day.done, *day.now_at) if stop.visit]
    start, day.start = starting_point(way.person, came_from, here, ahead)
    if start:
        day.returns = way.end is not None
        drive(day, start, ahead, driven(way, day, start, ahead))
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


def drive(day: DayList, start: Point, ahead: Mapping[UUID, StopToday], plan: Plan) -> None:
    """Write the plan's times and distances into the day."""
    before, lunch = start, None if plan.lunch_s is None else clock_of(plan.lunch_s)
    for leg in plan.order:
        stop = ahead[leg.id]
        here = stop.customer.point or before
        eaten, lunch = (
            (lunch, None) if lunch and (plan.lunch_s or 0) < leg.start_s else (None, lunch)
        )
        arrive = clock_of(leg.start_s if eaten else leg.arrive_s)
        metres = distance_m(before, here)
        day.ahead.append(replace(stop, arrive=arrive, metres=metres, lunch=eaten))
        before = here
    day.lunch = lunch
    day.left_out = [out_of(ahead, out) for out in plan.left_out]
    day.metres, day.finish = plan.metres, clock_of(plan.finish_s) if plan.order else None


def out_of(ahead: Mapping[UUID, StopToday], out: LeftOut) -> StopToday:
    """The last start that the engine tells is made the closing time again."""
    stop = ahead[out.id]
    closes, opens = out.shut or (0, None)
    closed = closes and closes // MINUTE + stop.takes
    letters = Counter((ahead[one].customer.grade or "")[:1] for one in out.instead)
    left = Left(
        out.why,
        round(out.away_s / MINUTE),
        (closed, None if opens is None else opens // MINUTE),
        tuple(sorted(letters.items(), key=lambda letter: letter[0] or "Z")),
    )
    return replace(stop, left_out=left)


def clock_of(seconds: int) -> time:
    return time(seconds // 3600 % 24, seconds // 60 % 60)
