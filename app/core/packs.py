"""Pages that a phone keeps for the day without a signal, given by the slices that own them.

`once` marks what gives pages of the person's own, `each` what gives those of some subjects that the
person looks after; app.pwa.pack puts them together.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session

Row = dict[str, Any]


class Soon(IntEnum):
    """What must be on the phone first."""

    TODAY = 1
    FORTNIGHT = 2
    LATER = 3


@dataclass(frozen=True)
class Packed:
    """A page as it is to be rendered; `day`, where it is not "", is the only one that it is for.

    `row` is what the phone's own search looks through, for pages that can be found. `subject` is
    what it goes with when the person may not see that any more. With `marks` it is a page of what
    only the phone knows: {id} stands in its address, and each {mark} for what was written of it.
    """

    url: str
    template: str
    context: dict[str, Any]
    day: str = ""
    row: Row | None = None
    subject: UUID | None = None
    marks: Sequence[str] = ()


@dataclass(frozen=True)
class Item:
    """What the phone's own search finds and looks up, with no page; no `row`: it is gone."""

    url: str
    row: Row | None


@dataclass(frozen=True)
class Packing:
    """For whom and which days pages are wanted.

    `touched` is what was changed; None: everything is wanted. `new_days` the phone has not yet.
    `regrouped`: whom and what the person looks after, or sells by, is not what the phone has.
    """

    db: Session
    person: Any
    days: Sequence[date]
    touched: frozenset[tuple[UUID, str]] | None = None
    new_days: frozenset[date] = frozenset()
    regrouped: bool = False

    @property
    def today(self) -> date:
        return self.days[0]

    @property
    def all(self) -> bool:
        return self.touched is None

    @property
    def subjects(self) -> set[UUID]:
        return {subject for subject, _day in self.touched or ()}


Once = Callable[[Packing, Soon], Iterator[Packed | Item]]
Each = Callable[[Packing, Sequence[Any]], Iterator[Packed]]


@dataclass
class Sources:
    once: list[Once] = field(default_factory=list)
    each: list[Each] = field(default_factory=list)


SOURCES = Sources()


def once(source: Once) -> Once:
    SOURCES.once.append(source)
    return source


def each(source: Each) -> Each:
    SOURCES.each.append(source)
    return source
