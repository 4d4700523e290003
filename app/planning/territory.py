"""What roads are like where a team drives, learned from its own days.

Between a check-out and the next check-in lie minutes, not kilometres: they tell how fast one gets
on, and at which hour, but not how much longer than the geodesic a road is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import cos, exp, hypot, log, radians
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.models import Person
from app.core import clock
from app.customers.models import Customer
from app.planning.route.matrix import CITY, Roads
from app.planning.route.problem import Pace
from app.visits.models import Visit
from app.visits.rules import Closing

LOOK_BACK = timedelta(days=90)
MOST_VISITS = 3_000  # of a team, the latest ones
METRES_A_DEGREE = 111_195
NEAREST_M = 300  # of a leg that tells something
ODD, PAUSE_S = 3.0, 1_200  # times as fast or slow as usual, and so long a pause: more is no road
BOUNDS, BOUNDS_OF_HOUR = (0.6, 2.5), (0.7, 1.6)
MOST_STOP_S = 600  # to the car and from it, beyond what is usual
DOUBT, DOUBT_OF_HOUR = 30, 20  # so many legs count as much as what is usual everywhere
STEP, STEP_S = 0.05, 60
NOON = (11, 12)  # hours in which people eat on their way
FLAT = (1.0,) * 24
KEPT = 1_000  # territories in memory


class Leg(NamedTuple):
    """From one customer to the next: by the geodesic, in minutes of a clock, begun in this hour."""

    metres: float
    seconds: float
    hour: int


@dataclass(frozen=True)
class Territory:
    """`pace` None: every hour is like the others, as far as is known."""

    roads: Roads = CITY
    pace: Pace | None = None

    @property
    def speeds(self) -> Sequence[float]:
        return self.pace.speeds if self.pace else FLAT


def learned(legs: Iterable[Leg]) -> Territory:
    """How many times slower than usual the roads are, and what each stop costs on top.

    By the line through the medians of the nearer and of the farther half (Brown and Mood 1951),
    which a few odd legs do not move. Little is believed of few legs, and nothing beyond the bounds.
    """
    told = sorted(
        (usual_s(leg), leg.seconds - CITY.parking_s, leg.hour) for leg in legs if tells(leg)
    )
    half = len(told) // 2
    near, far = middle(told[:half]), middle(told[len(told) - half :])
    slope = (far[1] - near[1]) / (far[0] - near[0]) if far[0] > near[0] else 1.0
    whole = believed(slope, len(told), DOUBT, BOUNDS)
    stop_s = min(max(near[1] - whole * near[0], 0), MOST_STOP_S) * trust(len(told), DOUBT)
    by_hour: defaultdict[int, list[float]] = defaultdict(list)
    for usual, took, hour in told:
        if hour not in NOON:
            by_hour[hour].append(max(took - stop_s, 0) / (whole * usual))
    speeds = tuple(speed(by_hour[hour]) for hour in range(24))
    roads = slowed(CITY, whole, STEP_S * round(stop_s / STEP_S))
    return Territory(roads, None if speeds == FLAT else Pace(speeds))


def tells(leg: Leg) -> bool:
    """Whether somebody drove there, and neither had lunch nor checked in late."""
    if leg.metres < NEAREST_M:
        return False
    usual = usual_s(leg)
    return usual / ODD <= leg.seconds - CITY.parking_s <= usual * ODD + PAUSE_S


def usual_s(leg: Leg) -> float:
    """Seconds on the road, parking left aside, where it is as everywhere."""
    km = leg.metres * CITY.detour / 1000
    return km / min(CITY.slowest_kmh + CITY.faster_a_km * km, CITY.fastest_kmh) * 3600


def middle(told: Sequence[tuple[float, float, int]]) -> tuple[float, float]:
    if not told:
        return 0, 0
    return median(one[0] for one in told), median(one[1] for one in told)


def speed(slower: Sequence[float]) -> float:
    if not slower:
        return 1.0
    return round(1 / believed(median(slower), len(slower), DOUBT_OF_HOUR, BOUNDS_OF_HOUR), 2)


def believed(times: float, count: int, doubt: int, bounds: tuple[float, float]) -> float:
    """In steps, so that a page that says it stays the same from day to day."""
    least, most = bounds
    shrunk = exp(log(min(max(times, least), most)) * trust(count, doubt))
    return round(shrunk / STEP) * STEP


def trust(count: int, doubt: int) -> float:
    return count / (count + doubt)


def slowed(roads: Roads, times: float, stop_s: int) -> Roads:
    return replace(
        roads,
        slowest_kmh=round(roads.slowest_kmh / times, 2),
        faster_a_km=round(roads.faster_a_km / times, 3),
        fastest_kmh=round(roads.fastest_kmh / times, 2),
        parking_s=roads.parking_s + stop_s,
    )


_known: dict[tuple[UUID, date], Territory] = {}


def territory_of(db: Session, person: Person, day: date) -> Territory:
    """Of the person's team, by the days before this one. One statement, once a day."""
    key = (person.team_id, day)
    if key not in _known:
        if len(_known) >= KEPT:
            _known.clear()
        _known[key] = learned(legs_of(db, person, day))
    return _known[key]


def legs_of(db: Session, person: Person, day: date) -> Iterator[Leg]:
    until = clock.begins(day, person.time_zone)
    wanted = (
        select(
            col(Visit.person_id),
            col(Person.time_zone),
            col(Visit.checked_in_at),
            col(Visit.checked_out_at),
            col(Visit.closed_by),
            col(Customer.lat),
            col(Customer.lon),
        )
        .join(Person, col(Person.id) == col(Visit.person_id))
        .join(Customer, col(Customer.id) == col(Visit.customer_id))
        .where(
            col(Person.team_id) == person.team_id,
            col(Visit.checked_in_at) >= until - LOOK_BACK,
            col(Visit.checked_in_at) < until,
            col(Visit.wrong_clock).is_(False),
        )
        .order_by(col(Visit.checked_in_at).desc())
        .limit(MOST_VISITS)
    )
    by_person: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in db.connection().execute(wanted):
        by_person[row.person_id].append(row)
    for rows in by_person.values():
        for before, after in pairwise(reversed(rows)):
            yield from leg(before, after)


def leg(before: Any, after: Any) -> Iterator[Leg]:
    """Between two visits of a day that began and ended as the person said."""
    if before.closed_by != Closing.CHECKED_OUT or None in (before.lat, after.lat):
        return
    zone = ZoneInfo(before.time_zone)
    left: datetime = before.checked_out_at.astimezone(zone)
    if left.date() == after.checked_in_at.astimezone(zone).date():
        wide = cos(radians(before.lat))
        degrees = hypot(after.lat - before.lat, (after.lon - before.lon) * wide)
        took = (after.checked_in_at - before.checked_out_at).total_seconds()
        yield Leg(degrees * METRES_A_DEGREE, took, left.hour)
