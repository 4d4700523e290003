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
NEAREST_M, SHORTEST_S, LONGEST_S = 300, 60, 2 * 3600  # of a leg that tells something
ODD = 5.0  # times as slow, or as fast, as usual: somebody had a coffee, or checked in late
BOUNDS, BOUNDS_OF_HOUR = (0.6, 2.5), (0.7, 1.6)
DOUBT, DOUBT_OF_HOUR = 30, 20  # so many legs count as much as what is usual everywhere
STEP = 0.05
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
    """The median of how many times slower than usual it is, in all and in each hour.

    Little is believed of few legs, and nothing beyond the bounds.
    """
    slower = [(times, leg.hour) for leg in legs if (times := slowness(leg)) is not None]
    whole = believed([times for times, _hour in slower], DOUBT, BOUNDS)
    by_hour: defaultdict[int, list[float]] = defaultdict(list)
    for times, hour in slower:
        by_hour[hour].append(times / whole)
    for hour in NOON:
        by_hour.pop(hour, None)
    speeds = tuple(
        round(1 / believed(by_hour[hour], DOUBT_OF_HOUR, BOUNDS_OF_HOUR), 2) for hour in range(24)
    )
    return Territory(slowed(CITY, whole), None if speeds == FLAT else Pace(speeds))


def slowness(leg: Leg) -> float | None:
    """How many times longer than usual it took, parking left aside; None when it tells nothing."""
    if leg.metres < NEAREST_M or not SHORTEST_S <= leg.seconds <= LONGEST_S:
        return None
    km = leg.metres * CITY.detour / 1000
    usual_s = km / min(CITY.slowest_kmh + CITY.faster_a_km * km, CITY.fastest_kmh) * 3600
    times = max(leg.seconds - CITY.parking_s, 1) / usual_s
    return times if 1 / ODD <= times <= ODD else None


def believed(times: Sequence[float], doubt: int, bounds: tuple[float, float]) -> float:
    """In steps, so that a page that says it stays the same from day to day."""
    if not times:
        return 1.0
    shrunk = exp(log(median(times)) * len(times) / (len(times) + doubt))
    least, most = bounds
    return round(min(max(shrunk, least), most) / STEP) * STEP


def slowed(roads: Roads, times: float) -> Roads:
    return replace(
        roads,
        slowest_kmh=round(roads.slowest_kmh / times, 2),
        faster_a_km=round(roads.faster_a_km / times, 3),
        fastest_kmh=round(roads.fastest_kmh / times, 2),
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
