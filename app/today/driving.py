"""How a day is driven: its stops as the route engine knows them, within the company's frame."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.accounts.models import Person
from app.core.geo import Point
from app.planning.frame import NOON, EndsAt, Frame, lunch_is_over
from app.planning.route.engines import roadmap
from app.planning.route.planners import Rank, planners
from app.planning.route.problem import Day, Early, Lunch, Plan, Stop
from app.planning.route.solve import order_day
from app.planning.rules import MINUTE, minutes_at, seconds_of, start_windows
from app.planning.territory import Territory
from app.today.day import StopToday
from app.visits.models import Visit


@dataclass(frozen=True)
class Way:
    """Whose way it is, within which frame and on which roads, and what was visited so far."""

    person: Person
    frame: Frame
    territory: Territory
    now: datetime
    visits: Sequence[Visit] = ()
    rank: Rank = Rank.SCREEN

    @property
    def end(self) -> Point | None:
        """Where it ends; None: wherever the last visit is."""
        home, office = self.person.home, self.person.office
        ends = {EndsAt.HOME: home or office, EndsAt.OFFICE: office or home}
        return ends.get(self.frame.end_at)

    @property
    def lunch(self) -> Lunch | None:
        """None when it was eaten already, as far as one can see, and where none is wanted."""
        frame = self.frame
        if not frame.lunch_minutes or lunch_is_over(frame, self.free()):
            return None
        first, last = seconds_of(frame.lunch_from), seconds_of(frame.lunch_to)
        return Lunch(first, last, frame.lunch_minutes * MINUTE)

    @property
    def most(self) -> int | None:
        return max(0, self.frame.most - len(self.visits)) if self.frame.most else None

    def free(self) -> list[tuple[int, int]]:
        """When the rep was at no customer since the first visit, in seconds of the day."""
        ends = [visit.checked_out_at for visit in self.visits]
        begins = [*(visit.checked_in_at for visit in self.visits[1:]), self.now]
        return [
            (self.second(left), self.second(came))
            for left, came in zip(ends, begins, strict=False)
            if left and left < came
        ]

    def second(self, at: datetime) -> int:
        return seconds_of(at.astimezone(self.now.tzinfo).time())


def driven(way: Way, departs: int, start: Point, ahead: Mapping[UUID, StopToday]) -> Plan:
    """The driving order of the stops ahead, from then to the end of the day."""
    until = seconds_of(way.frame.ends)
    day = Day(start, way.end, departs, until, way.lunch, way.most)
    stops = [stop_of(stop, way.frame) for stop in ahead.values()]
    return order_day(
        day,
        stops,
        roads=roadmap(way.territory.roads),
        pace=way.territory.pace,
        plan=lambda asked: planners().plan(asked, way.rank),
    )


def stop_of(stop: StopToday, frame: Frame) -> Stop:
    grade = stop.customer.grade
    service_s = minutes_at(grade) * MINUTE
    windows = start_windows(stop.hours, service_s)
    first = (grade or "").startswith("A") and frame.early
    early = Early(seconds_of(NOON), frame.early) if first else None
    point = stop.customer.point
    return Stop(stop.customer.id, point, service_s, windows, stop.worth, early=early)
