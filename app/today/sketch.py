"""The day as a map of our own: what is drawn where."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlmodel import Session

from app.accounts.models import Person
from app.core.geo import Crs, Point
from app.core.sketch import Bar, Frame, Spot, course, framed, scale_bar, spots
from app.core.tiles import Tile, tiles
from app.maps.queries import atlas_of
from app.maps.rules import Stroke, drawn
from app.settings import settings
from app.today.day import DayList, From, Start, StopToday


class State(StrEnum):
    DONE = "done"
    NOW = "now"
    NEXT = "next"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Look:
    """How large a drawing is, in units, and how many bytes what lies under it may take."""

    width: int
    height: int
    margin: int
    gap: float
    ground: int
    coarse: float


STRIP = Look(358, 140, 20, 25, 2200, 1.5)
SHEET = Look(358, 430, 30, 40, 14_000, 0.8)


@dataclass(frozen=True)
class Mark:
    """A stop by its number in the day; `spot` None: it has no position."""

    number: int
    stop: StopToday
    state: State
    spot: Spot | None = None


@dataclass(frozen=True)
class Sketch:
    """`gone` leads through what is done, `course` through what is ahead, from `begins` on.

    `start` is where the rep sets out, where that is no stop.
    """

    frame: Frame
    marks: Sequence[Mark]
    start: Spot | None
    begins: Spot | None
    gone: str
    course: str
    bar: Bar
    ground: Sequence[Stroke]
    tiles: Sequence[Tile] = ()

    @property
    def placed(self) -> list[tuple[Mark, Spot]]:
        """From the last to the first, so that the nearest lies on top; the next one above all."""
        both = [(mark, mark.spot) for mark in self.marks if mark.spot]
        return sorted(both, key=lambda one: (one[0].state in FIRST, -one[0].number))


FIRST = {State.NOW, State.NEXT}


def sketched(
    db: Session, person: Person, plan: DayList, here: From | None, look: Look = STRIP
) -> Sketch | None:
    """None on a day without any place. One statement; two the first time after a map was loaded."""
    marks, start = marks_of(plan), start_of(plan, person, here)
    placed = [one.stop.customer.point for one in marks if one.stop.customer.point]
    if not placed:
        return None
    points = [start, *placed] if start else placed
    frame = framed(points, look.width, look.height, look.margin)
    found = iter(spots(frame, points, look.gap, look.margin))
    begins = next(found) if start else None
    marks = [replace(one, spot=next(found)) if one.stop.customer.point else one for one in marks]
    gone = [one.spot for one in marks if one.spot and one.state in {State.DONE, State.NOW}]
    ahead = [one.spot for one in marks if one.spot and one.state in {State.NEXT, State.AHEAD}]
    before = begins or (gone[-1] if gone else None)
    return Sketch(
        frame=frame,
        marks=marks,
        start=begins,
        begins=before,
        gone=course([*gone, begins] if begins and gone else gone),
        course=course([before, *ahead] if before else ahead),
        bar=scale_bar(frame),
        ground=drawn(atlas_of(db, person), frame, look.ground, look.coarse),
        tiles=tiles_of(frame) if look is SHEET else (),
    )


def marks_of(plan: DayList) -> list[Mark]:
    """Numbered as the day's list numbers them."""
    first_ahead = State.AHEAD if plan.now_at else State.NEXT
    told = [(stop, State.DONE) for stop in plan.done]
    told += [(stop, State.NOW) for stop in plan.now_at]
    told += [(stop, State.AHEAD if at else first_ahead) for at, stop in enumerate(plan.ahead)]
    return [Mark(number, stop, state) for number, (stop, state) in enumerate(told, 1)]


def start_of(plan: DayList, person: Person, here: From | None) -> Point | None:
    """Where the way ahead begins, unless that is a stop."""
    if plan.start is Start.HERE:
        return here.point if here else None
    return {Start.HOME: person.home, Start.OFFICE: person.office}.get(plan.start)


def tiles_of(frame: Frame) -> tuple[Tile, ...]:
    return tuple(tiles(frame, settings().tiles_url, Crs(settings().tiles_system)))
