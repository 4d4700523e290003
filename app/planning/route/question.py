"""The question of `roadbook route`, read from JSON: docs/route.md says what each field means."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor
from typing import Any, NamedTuple
from uuid import UUID

from app.core.errors import Refused
from app.core.i18n import mark as _
from app.planning.route.journey import journey_of
from app.planning.route.problem import CLOSED, Day, Early, Lunch, Pace, Problem, Stop
from app.planning.route.told import (
    FAR,
    Told,
    a_count,
    a_flag,
    a_list,
    a_number,
    a_window,
    an_object,
    document,
)

MOST_STOPS = 1_000
PARTS = (60, 300, 3_000, 60_000)  # of a minute: as fine as the numbers told need, not finer
ALL_WORTH = 1_000_000  # what all worths together are counted in, unless they are small and whole


class Asked(NamedTuple):
    """A stop as it was told, in minutes."""

    name: str | int
    worth: float
    minutes: float
    windows: list[tuple[float, float]] | None
    fixed: float | None
    must: bool
    early: tuple[float, float] | None

    def times(self) -> list[float]:
        windows = [time for window in self.windows or () for time in window]
        early = [self.early[0]] if self.early else []
        return [self.minutes, *windows, *early, *([] if self.fixed is None else [self.fixed])]


@dataclass(frozen=True, eq=False)
class Question:
    """Stop number i of `asked` has the id UUID(int=i); `per_minute` parts are a second to it."""

    problem: Problem
    asked: list[Asked]
    per_minute: int
    seconds: float
    seed: int
    with_km: bool


def question_of(text: str) -> Question:
    """Read a question; Refused with a sentence that names the field when it cannot be understood.

    Where no whole number of parts is as fine as the numbers told, they are rounded so that a plan
    that can be kept in parts can be kept as told.
    """
    told = document(text)
    depart, until = (a_number(told.get(name), name) for name in ("depart", "until"))
    stops = a_list(told.get("stops"), "stops")
    if len(stops) > MOST_STOPS:
        raise Refused(
            _("“%(field)s” has more than %(most)s entries."), field="stops", most=MOST_STOPS
        )
    asked = [_asked(stop, f"stops[{at}]") for at, stop in enumerate(stops)]
    _told_once(asked)
    journey = journey_of(told, len(asked))
    lunch = _lunch(told.get("lunch"))
    times = [depart, until, *(lunch or ()), *(time for stop in asked for time in stop.times())]
    per = next((per for per in PARTS if _whole(times, per) and journey.whole(per)), PARTS[-1])
    day = Day(
        journey.nowhere,
        journey.nowhere,
        _up(depart, per),
        _down(until, per),
        Lunch(_up(lunch[0], per), _down(lunch[1], per), _up(lunch[2], per)) if lunch else None,
        None if told.get("max_visits") is None else a_count(told["max_visits"], "max_visits", FAR),
        a_flag(told.get("soon") or False, "soon"),
    )
    worths = _whole_worths(asked)
    several = tuple(_stop(stop, at, per, worths[at]) for at, stop in enumerate(asked))
    return Question(
        Problem(day, several, journey.matrix(per), _pace(told.get("pace"), per)),
        asked,
        per,
        a_number(told.get("seconds", 1), "seconds", least=0, most=3600),
        a_count(told.get("seed", 0), "seed", 2**31 - 1),
        with_km=journey.with_km,
    )


def _asked(told: Any, field: str) -> Asked:
    stop = an_object(told, field)
    name = stop.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise Refused(_("“%(field)s” must be text or a whole number."), field=f"{field}.id")
    windows, fixed, early = stop.get("windows"), stop.get("fixed"), stop.get("early")
    return Asked(
        name,
        a_number(stop.get("worth", 1), f"{field}.worth", least=0),
        a_number(stop.get("minutes", 0), f"{field}.minutes", least=0),
        None
        if windows is None
        else [
            a_window(window, f"{field}.windows[{at}]")
            for at, window in enumerate(a_list(windows, f"{field}.windows"))
        ],
        None if fixed is None else a_number(fixed, f"{field}.fixed"),
        a_flag(stop.get("must") or False, f"{field}.must"),
        None if early is None else _early(an_object(early, f"{field}.early"), f"{field}.early"),
    )


def _early(told: Told, field: str) -> tuple[float, float]:
    until = a_number(told.get("until"), f"{field}.until")
    return until, a_number(told.get("worth"), f"{field}.worth", least=0)


def _told_once(asked: list[Asked]) -> None:
    seen: set[str | int] = set()
    for at, stop in enumerate(asked):
        if stop.name in seen:
            raise Refused(_("“%(field)s” is there twice."), field=f"stops[{at}].id")
        seen.add(stop.name)


def _lunch(told: Any) -> tuple[float, float, float] | None:
    if told is None:
        return None
    lunch = an_object(told, "lunch")
    names = ("from", "to", "minutes")
    first, last, minutes = (a_number(lunch.get(name), f"lunch.{name}") for name in names)
    if last < first:
        raise Refused(_("“%(field)s” ends before it begins."), field="lunch")
    return first, last, a_number(minutes, "lunch.minutes", least=0)


def _pace(told: Any, per: int) -> Pace | None:
    if told is None:
        return None
    speeds = a_list(told, "pace", 24)
    numbers = [
        a_number(speed, f"pace[{at}]", least=0.05, most=20) for at, speed in enumerate(speeds)
    ]
    return Pace(tuple(numbers), 60 * per)


def _whole_worths(asked: list[Asked]) -> list[tuple[int, int]]:
    """Each worth and what being early adds, whole, and together not more than is well counted."""
    told = [(stop.worth, stop.early[1] if stop.early else 0.0) for stop in asked]
    total = sum(map(sum, told))
    if total <= ALL_WORTH and all(number.is_integer() for pair in told for number in pair):
        return [(int(worth), int(early)) for worth, early in told]
    scale = ALL_WORTH / total
    return [(max(1, round(worth * scale)) if worth else 0, round(e * scale)) for worth, e in told]


def _stop(asked: Asked, at: int, per: int, worth: tuple[int, int]) -> Stop:
    windows = [(_up(a, per), _down(b, per)) for a, b in asked.windows or ()]
    return Stop(
        UUID(int=at),
        None,
        _up(asked.minutes, per) + (asked.fixed is not None and not _whole([asked.fixed], per)),
        tuple(windows) if windows or asked.windows is None else CLOSED,
        worth[0],
        asked.must,
        None if asked.fixed is None else _down(asked.fixed, per),
        Early(_down(asked.early[0], per), worth[1]) if asked.early else None,
    )


def _whole(times: Iterable[float], per: int) -> bool:
    return all(abs(time * per - round(time * per)) < 1e-5 for time in times)


def _up(minutes: float, per: int) -> int:
    return ceil(minutes * per - 1e-5)


def _down(minutes: float, per: int) -> int:
    return floor(minutes * per + 1e-5)
