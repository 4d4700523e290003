"""The rep's day: what is done, what comes next and in which order, read from every slice."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from itertools import zip_longest
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.core import clock
from app.core.geo import Point, distance_m
from app.core.packs import Packing
from app.customers.models import Customer
from app.customers.queries import customer_to_visit, seen_by
from app.customers.rules import open_on
from app.planning.by_hand import by_hand
from app.planning.queries import card_of, deeds_of, key_points, planned_between, planned_for
from app.planning.route.course import Course, Halt
from app.planning.route.given import Arranged, arrange
from app.planning.route.problem import Day, LeftOut, Stop, Why
from app.planning.rules import (
    DAY_BEGINS,
    DAY_ENDS,
    LITTLE_S,
    MINUTE,
    Deed,
    departs_at,
    minutes_at,
    seconds_of,
    start_windows,
)
from app.today.candidates import Ground, Told, candidates, ground_of
from app.today.day import Changing, DayList, From, Left, OnTheWay, Start, StopToday, Sum
from app.visits.models import Visit
from app.visits.queries import visits_on


def day_list(db: Session, person: Person, here: From | None, day: date | None = None) -> DayList:
    """Of today, with who else might be visited, or of a `day` to come.

    Eight statements at most, whatever is planned.
    """
    now = clock.now().astimezone(ZoneInfo(person.time_zone))
    today = day or now.date()
    departs = departs_at(now) if today == now.date() else seconds_of(DAY_BEGINS)
    visits = visits_on(db, person, today)
    plans = planned_for(db, person, today)
    planned = {customer.id: customer for _plan, customer in plans}
    fixed = {customer.id: plan.at_minute for plan, customer in plans}
    deeds = deeds_of(db, person, today)
    hand = by_hand(deeds)
    expected = planned.keys() | {visit.customer_id for visit in visits} | hand.added | hand.skipped
    now_too = today == now.date()
    ground = ground_of(db, person, today, expected, all_own=now_too)
    points = [customer.point for customer in planned.values() if customer.point]
    could = dict(candidates(db, ground, points)) if now_too else {}
    known = planned | unplanned(db, person, (expected | could.keys()) - planned.keys())
    stops = {
        key: replace(described(ground, one, could.get(key)), fixed=fixed.get(key))
        for key, one in known.items()
    }
    also = [stops.pop(key) for key in could if key in stops]
    day_list = DayList(today, departs, seconds_of(DAY_ENDS), could=also, by_hand=hand)
    day_list.points, day_list.latest = key_points(db, person), deeds[-1] if deeds else None
    said = {one.customer_id: one for one in deeds if one.deed is Deed.SKIP}
    stops |= {key: replace(stops[key], skipped=said[key]) for key in hand.skipped & stops.keys()}
    return arranged(day_list, person, stops, visits, here)


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
    expects = ground.expects(card)
    return StopToday(customer, told.reasons, hours, last, told.worth, expects=expects)


def arranged(
    day: DayList,
    person: Person,
    stops: dict[UUID, StopToday],
    visits: Sequence[Visit],
    here: From | None,
) -> DayList:
    """Done first as it was done, then where the rep is now, then the rest in driving order."""
    visited = {visit.customer_id: visit for visit in visits if visit.customer_id in stops}
    for key, visit in visited.items():
        stop = replace(stops[key], visit=visit)
        (day.now_at if visit.closed_by is None else day.done).append(stop)
    day.skipped = [stop for key, stop in stops.items() if key not in visited and stop.skipped]
    ahead = {key: stop for key, stop in stops.items() if key not in visited and not stop.skipped}
    came_from = [stop for stop in (*day.done, *day.now_at) if stop.visit]
    start, day.start = starting_point(person, came_from, here, ahead)
    day.begins_at, day.ends_at = start, person.home or person.office
    if start:
        drive(day, start, ahead, driven(person, day, start, ahead))
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


def driven(person: Person, day: DayList, start: Point, ahead: Mapping[UUID, StopToday]) -> Arranged:
    """The driving order of the stops ahead, from then to the end of the day."""
    asked = Day(start, person.home or person.office, day.departs, seconds_of(DAY_ENDS))
    return arrange(asked, [stop_of(stop) for stop in ahead.values()], day.by_hand)


def stop_of(stop: StopToday) -> Stop:
    service_s = stop.takes * MINUTE
    windows = start_windows(stop.hours, service_s)
    fixed_s = None if stop.fixed is None else stop.fixed * MINUTE
    point = stop.customer.point
    return Stop(stop.customer.id, point, service_s, windows, stop.worth, fixed_s=fixed_s)


def drive(day: DayList, start: Point, ahead: Mapping[UUID, StopToday], plan: Arranged) -> None:
    """Write the plan's times and distances into the day."""
    before, halts = start, plan.course.halts
    for halt, then in zip_longest(halts, halts[1:]):
        stop = ahead[halt.id]
        here = stop.customer.point or before
        way, pinned = on_the_way(halt, then), halt.id in day.by_hand.pinned
        arrive, metres = clock_of(halt.arrive_s), distance_m(before, here)
        day.ahead.append(replace(stop, arrive=arrive, metres=metres, course=way, pinned=pinned))
        before = here
    day.left_out = [out_of(ahead, out) for out in plan.left_out]
    if halts:
        told = sum_of(plan.course)
        day.metres, day.finish, day.over = told.metres, told.finish, told.over
        day.best = sum_of(plan.best) if plan.best else None


def on_the_way(halt: Halt, then: Halt | None) -> OnTheWay:
    """Little time is told where it is lost, and not again at every stop before."""
    if not halt.kept:
        closed, opens = halt.shut or (0, None)
        return OnTheWay(shut=(closed // MINUTE, None if opens is None else opens // MINUTE))
    own = then is None or halt.slack_s < then.slack_s
    few = own and 0 <= halt.slack_s < LITTLE_S
    return OnTheWay(spare=halt.slack_s // MINUTE if few else None)


def sum_of(course: Course) -> Sum:
    finish = clock_of(course.finish_s)
    return Sum(len(course.halts), course.metres, finish, -(-course.over_s // MINUTE))


def out_of(ahead: Mapping[UUID, StopToday], out: LeftOut) -> StopToday:
    """The last start that the engine tells is made the closing time again."""
    stop = ahead[out.id]
    closes, opens = out.shut or (0, None)
    closed = closes and closes // MINUTE + minutes_at(stop.customer.grade)
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
