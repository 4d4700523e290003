"""How a day is driven: its stops as the route engine knows them, and its plan."""

from collections.abc import Mapping
from uuid import UUID

from app.accounts.models import Person
from app.core.geo import Point
from app.planning.route.planners import Rank, planners
from app.planning.route.problem import Day, Plan, Stop
from app.planning.route.solve import order_day
from app.planning.rules import DAY_ENDS, MINUTE, minutes_at, seconds_of, start_windows
from app.today.day import StopToday


def driven(
    person: Person, departs: int, start: Point, ahead: Mapping[UUID, StopToday], *, rank: Rank
) -> Plan:
    """The driving order of the stops ahead, from then to the end of the day."""
    day = Day(start, person.home or person.office, departs, seconds_of(DAY_ENDS))
    stops = [stop_of(stop) for stop in ahead.values()]
    return order_day(day, stops, plan=lambda asked: planners().plan(asked, rank))


def stop_of(stop: StopToday) -> Stop:
    grade = stop.customer.grade
    service_s = minutes_at(grade) * MINUTE
    windows = start_windows(stop.hours, service_s)
    return Stop(stop.customer.id, stop.customer.point, service_s, windows, stop.worth)
