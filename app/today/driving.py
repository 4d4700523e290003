"""How a day is driven: its stops as the route engine knows them, within the company's frame."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from itertools import zip_longest
from typing import NamedTuple
from uuid import UUID

from app.accounts.models import Person
from app.core.geo import Point, distance_m
from app.planning.by_hand import ByHand
from app.planning.frame import EndsAt, Frame, lunch_is_over
from app.planning.route.course import Course, Halt
from app.planning.route.engines import roadmap
from app.planning.route.given import Arranged, Terms, arrange
from app.planning.route.planners import Rank, planners
from app.planning.route.problem import Day, Early, LeftOut, Lunch, Stop
from app.planning.rules import LITTLE_S, MINUTE, seconds_of, start_windows
from app.planning.territory import Territory
from app.today.appointments import is_missed, meetings, stretched
from app.today.day import DayList, Left, OnTheWay, StopToday, Sum
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
    free_s = max([told.now_s, *(leaves(way, stop) for stop in told.now_at)])
    departs = told.departs
    if told.now_at or awaited(ahead, told.now_s):
        departs = max(departs, free_s)
    day = Day(start, way.end, departs, until, way.lunch, way.most, soon=True)
    agreed = meetings(day, list(ahead.values()), roads, pace)
    day = stretched(day, agreed, free_s)
    kept = [meeting for meeting in agreed if not meeting.is_gone(day.depart_s)]
    starts = {meeting.key: meeting.starts(day.depart_s) // MINUTE for meeting in kept}
    stops = {key: replace(stop, fixed=starts.get(key)) for key, stop in ahead.items()}
    terms = Terms(roads, pace, lambda asked: planners().plan(asked, way.rank))
    return Errand(day, stops, terms)


def leaves(way: Way, stop: StopToday) -> int:
    """The second of the day at which a visit that has begun is over, as long as it usually is."""
    return way.second(stop.visit.checked_in_at) + stop.takes * MINUTE if stop.visit else 0


def awaited(ahead: Mapping[UUID, StopToday], now_s: int) -> bool:
    """Whether there is an appointment to come, such as one in the evening."""
    times = [stop.appointment for stop in ahead.values()]
    return any(at is not None and not is_missed(at, now_s) for at in times)


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


def drive(day: DayList, start: Point, asked: Errand, plan: Arranged) -> None:
    """Write the plan's times and distances into the day."""
    before, halts, lunch_s = start, plan.course.halts, plan.course.lunch_s
    for halt, then in zip_longest(halts, halts[1:]):
        stop = asked.stops[halt.id]
        here = stop.customer.point or before
        eaten_s = lunch_s if lunch_s is not None and lunch_s < halt.start_s else None
        lunch_s = None if eaten_s is not None else lunch_s
        stop = replace(
            stop,
            arrive=clock_of(halt.start_s),
            metres=distance_m(before, here),
            lunch=None if eaten_s is None else clock_of(eaten_s),
            course=on_the_way(stop, halt, then),
            pinned=halt.id in day.by_hand.pinned,
        )
        day.ahead.append(stop)
        before = here
    day.lunch = None if lunch_s is None else clock_of(lunch_s)
    day.left_out = [out_of(asked.stops, out) for out in plan.left_out]
    day.hasty = plan.hasty
    if halts:
        told = sum_of(plan.course)
        day.metres, day.road = told.metres, told.road
        day.finish, day.over = told.finish, told.over
        day.best = sum_of(plan.best) if plan.best else None


def on_the_way(stop: StopToday, halt: Halt, then: Halt | None) -> OnTheWay:
    """Little time is told where it is lost, and not again at every stop before.

    Before an appointment it is that between arriving and beginning.
    """
    if not halt.kept and halt.shut:
        closed, opens = halt.shut
        return OnTheWay(shut=(closed // MINUTE, None if opens is None else opens // MINUTE))
    if stop.fixed is not None:
        late = max(0, halt.start_s // MINUTE - (stop.appointment or 0))
        waits_s = halt.start_s - halt.arrive_s
        return OnTheWay(waits_s // MINUTE if not late and waits_s < LITTLE_S else None, late=late)
    own = then is None or halt.slack_s < then.slack_s
    few = halt.kept and own and 0 <= halt.slack_s < LITTLE_S
    return OnTheWay(spare=halt.slack_s // MINUTE if few else None)


def sum_of(course: Course) -> Sum:
    finish = clock_of(course.finish_s)
    road, over = -(-course.seconds // MINUTE), -(-course.over_s // MINUTE)
    return Sum(len(course.halts), course.metres, road, finish, over)


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
