"""Appointments of a day: kept to the minute, else as soon as one can be there."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from app.planning.route.matrix import travel_between
from app.planning.route.problem import Day
from app.planning.rules import MINUTE, ROUND_TO_S
from app.today.day import StopToday

MISSED_S = 60 * MINUTE  # policy: who would come later than that does not hurry there any more


class Way(NamedTuple):
    """To an appointment at `at_s` straight from the start of the day, and from it to the end."""

    key: UUID
    at_s: int
    takes_s: int
    there_s: int
    back_s: int


def is_missed(at_minute: int, now_s: int) -> bool:
    """Whether it is too long ago at that second of the day."""
    return at_minute * MINUTE + MISSED_S < now_s


def ways(day: Day, stops: Sequence[StopToday]) -> list[Way]:
    """Those stops that are appointments and have a position."""
    agreed = [stop for stop in stops if stop.appointment is not None and stop.customer.point]
    if not agreed:
        return []
    points = [stop.customer.point for stop in agreed if stop.customer.point]
    travel = travel_between([day.start, *points, day.end or day.start]).seconds
    return [
        Way(
            stop.customer.id,
            (stop.appointment or 0) * MINUTE,
            stop.takes * MINUTE,
            int(travel[0, row]),
            int(travel[row, -1]) if day.end else 0,
        )
        for row, stop in enumerate(agreed, start=1)
    ]


def stretched(day: Day, agreed: Sequence[Way], now_s: int) -> Day:
    """The day, begun sooner (not before now) or ended later where an appointment needs it."""
    soonest = [(way.at_s - way.there_s) // ROUND_TO_S * ROUND_TO_S for way in agreed]
    day = replace(day, depart_s=min([day.depart_s, *(max(one, now_s) for one in soonest)]))
    ends = [meets(day, way) + way.takes_s + way.back_s for way in agreed if not gone(day, way)]
    return replace(day, until_s=max([day.until_s, *ends]))


def meets(day: Day, way: Way) -> int:
    """The second of the day at which it starts: as agreed, or when one can be there at best."""
    return max(way.at_s, day.depart_s + way.there_s)


def gone(day: Day, way: Way) -> bool:
    """Whether one would come too late for it: then it is a visit like others, at any time."""
    return meets(day, way) - way.at_s > MISSED_S
