"""Appointments of a day: kept to the minute, else as soon as one can be there."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from app.planning.route.matrix import Roadmap
from app.planning.route.pace import driven
from app.planning.route.problem import Day, Pace
from app.planning.rules import MINUTE, ROUND_TO_S
from app.today.day import StopToday

MISSED_S = 60 * MINUTE  # policy: who would come later than that does not hurry there any more


class Meeting(NamedTuple):
    """An appointment at `at_s`, straight from the start of the day and straight to its end."""

    key: UUID
    at_s: int
    takes_s: int
    there_s: int
    back_s: int
    pace: Pace | None

    def arrives(self, depart_s: int) -> int:
        """The second of the day at which one is there."""
        return driven(self.pace, depart_s, self.there_s) if self.pace else depart_s + self.there_s

    def starts(self, depart_s: int) -> int:
        """As agreed, or in the first full minute in which one can be there."""
        return max(self.at_s, -(-self.arrives(depart_s) // MINUTE) * MINUTE)

    def is_gone(self, depart_s: int) -> bool:
        """Whether one would come too late for it: then it is a visit like others, at any time."""
        return self.starts(depart_s) - self.at_s > MISSED_S

    def departure(self) -> int:
        """When to leave for it at the latest, in steps of five minutes."""
        before_s = self.at_s - self.there_s
        late_s = self.starts(before_s) - self.at_s
        return (before_s - late_s) // ROUND_TO_S * ROUND_TO_S


def is_missed(at_minute: int, now_s: int) -> bool:
    """Whether it is too long ago at that second of the day."""
    return at_minute * MINUTE + MISSED_S < now_s


def meetings(
    day: Day, stops: Sequence[StopToday], roads: Roadmap, pace: Pace | None
) -> list[Meeting]:
    """Those stops that are appointments and have a position."""
    agreed = [stop for stop in stops if stop.appointment is not None and stop.customer.point]
    if not agreed:
        return []
    points = [stop.customer.point for stop in agreed if stop.customer.point]
    travel = roads([day.start, *points, day.end or day.start]).seconds
    return [
        Meeting(
            stop.customer.id,
            (stop.appointment or 0) * MINUTE,
            stop.takes * MINUTE,
            int(travel[0, row]),
            int(travel[row, -1]) if day.end else 0,
            pace,
        )
        for row, stop in enumerate(agreed, start=1)
    ]


def stretched(day: Day, agreed: Sequence[Meeting], now_s: int) -> Day:
    """The day, begun sooner (not before now) or ended later where an appointment needs it."""
    soonest = [(meeting, max(meeting.departure(), now_s)) for meeting in agreed]
    in_time = [depart_s for meeting, depart_s in soonest if not meeting.is_gone(depart_s)]
    depart_s = min([day.depart_s, *in_time])
    ends = [
        meeting.starts(depart_s) + meeting.takes_s + meeting.back_s
        for meeting in agreed
        if not meeting.is_gone(depart_s)
    ]
    return replace(day, depart_s=depart_s, until_s=max([day.until_s, *ends]))
