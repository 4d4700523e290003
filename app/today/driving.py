"""How a day is driven: its stops as the route engine knows them, within the company's frame."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.accounts.models import Person
from app.core.geo import Point
from app.planning.by_hand import ByHand
from app.planning.frame import EndsAt, Frame, lunch_is_over
from app.planning.route.engines import roadmap
from app.planning.route.given import Arranged, Terms, arrange
from app.planning.route.planners import Rank, planners
from app.planning.route.problem import Day, Early, Lunch, Stop
from app.planning.rules import MINUTE, seconds_of, start_windows
from app.planning.territory import Territory
from app.today.appointments import meetings, stretched
from app.today.day import DayList, StopToday
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


class Errand(NamedTuple):
    """A day that is asked for, with its stops; appointments start when one can be there."""

    day: Day
    stops: Mapping[UUID, StopToday]
    terms: Terms


def errand(way: Way, told: DayList, start: Point, ahead: Mapping[UUID, StopToday]) -> Errand:
    """The stops ahead, from then to the end of the day, which appointments may stretch."""
    roads, pace = roadmap(way.territory.roads), way.territory.pace
    until = seconds_of(way.frame.ends)
    day = Day(start, way.end, told.departs, until, way.lunch, way.most, soon=True)
    agreed = meetings(day, list(ahead.values()), roads, pace)
    day = stretched(day, agreed, told.now_s)
    starts = {one.key: one.starts(day.depart_s) for one in agreed if not one.is_gone(day.depart_s)}
    stops = {key: replace(stop, fixed=minute_after(starts.get(key))) for key, stop in ahead.items()}
    terms = Terms(roads, pace, lambda asked: planners().plan(asked, way.rank))
    return Errand(day, stops, terms)


def minute_after(seconds: int | None) -> int | None:
    """The first full minute of the day from then on."""
    return None if seconds is None else -(-seconds // MINUTE)


def driven(asked: Errand, hand: ByHand) -> Arranged:
    """The stops in their driving order, as far as they fit."""
    return arrange(asked.day, [stop_of(stop) for stop in asked.stops.values()], hand, asked.terms)


def stop_of(stop: StopToday) -> Stop:
    service_s = stop.takes * MINUTE
    return Stop(
        stop.customer.id,
        stop.customer.point,
        service_s,
        start_windows(stop.hours, service_s),
        stop.worth,
        stop.plan is not None and (stop.plan.must or stop.appointment is not None),
        None if stop.fixed is None else stop.fixed * MINUTE,
        Early(stop.early[0] * MINUTE, stop.early[1]) if stop.early else None,
    )
