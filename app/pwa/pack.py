"""The pack: what a person may need without a signal, as pages that the phone keeps. docs/pack.md.

A stream of lines. The phone tells by its last version what it has; whatever was changed since then
comes again, and nothing else.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache, partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts.models import Person
from app.catalog.queries import every_product
from app.core import clock, i18n, public_days, shown
from app.core.db import as_json, transaction
from app.core.packs import SOURCES, Item, Packed, Packing, Soon
from app.core.touches import mark, touched_since
from app.core.web import templates
from app.customers.queries import customers_known
from app.orders.queries import price_lists
from app.planning.queries import reckoned_by
from app.pwa.queries import Kept, kept_customers
from app.settings import ROOT, settings

DAYS = 15  # today and the fourteen after it
AT_ONCE = 50
PROTO = 1
Part = Callable[[Packing], Iterator[Packed | Item]]
VERSION = re.compile(r"([0-9]{1,18})\.([0-9a-f]{10})\.([0-9a-f]{10})\.([0-9]{4}-[0-9]{2}-[0-9]{2})")


@dataclass(frozen=True)
class Version:
    """What a phone has: the pages as of `mark`, made by `maker`, of `whom`, from `day` on.

    `whom` is a digest of the customers and of the price lists that they buy by.
    """

    mark: int
    maker: str
    whom: str
    day: str

    def __str__(self) -> str:
        return f"{self.mark}.{self.maker}.{self.whom}.{self.day}"

    @property
    def until(self) -> date:
        """The last of its days."""
        return date.fromisoformat(self.day) + timedelta(days=DAYS - 1)

    @classmethod
    def read(cls, text: str) -> "Version | None":
        """Nothing for what is no version of ours."""
        found = VERSION.fullmatch(text)
        return cls(int(found[1]), *found.groups()[1:]) if found else None


@dataclass(frozen=True)
class Cursor:
    """How far a stream had come: the customers up to this one, in the order of their keys."""

    soon: Soon
    last: UUID | None

    def __str__(self) -> str:
        return f"{self.soon.value}.{self.last or ''}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        soon, _, last = text.partition(".")
        try:
            return cls(Soon(int(soon)), UUID(last) if last else None)
        except ValueError:
            return None


@lru_cache
def maker() -> str:
    """Changes with everything that pages are made by."""
    made_by = sha256(public_days.VERSION.encode())
    for folder in ("app", "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".po"}:
                made_by.update(path.read_bytes())
    return made_by.hexdigest()[:10]


def maker_for(person: Person) -> str:
    policy = f"{settings().photo_camera_only} {settings().tiles_url} {settings().tiles_credit}"
    said = f"{maker()} {person.rev} {person.language} {i18n.language()} {person.time_zone} {policy}"
    return sha256(said.encode()).hexdigest()[:10]


def whom(kept: Iterable[UUID], lists: Iterable[UUID]) -> str:
    both = (b"".join(one.bytes for one in sorted(ids)) for ids in (kept, lists))
    return sha256(b"|".join(both)).hexdigest()[:10]


@dataclass(frozen=True)
class Order:
    """What is to be sent: `touched` None means all of it; `gone`: the phone has too much."""

    packing: Packing
    kept: Kept
    version: Version
    gone: bool = False

    @property
    def nothing(self) -> bool:
        return not (self.packing.all or self.packing.touched or self.packing.new_days or self.gone)


def ordered(db: Session, person: Person, has: Version | None) -> Order:
    """Compare what the phone has with what there is."""
    now = mark(db)
    today = clock.today(person.time_zone)
    days = [today + timedelta(days=ahead) for ahead in range(DAYS)]
    kept = kept_customers(db, person, days)
    group = whom(kept.all, price_lists(db, person).values())
    version = Version(now, maker_for(person), group, today.isoformat())
    packing = Packing(db, person, days)
    if has is None or has.maker != version.maker or has.mark > now:
        return Order(packing, kept, version, gone=True)
    subjects = kept.all | {person.id}
    touched = touched_since(db, has.mark, subjects) | touched_since(db, has.mark, every_product())
    moved = touched_since(db, has.mark, reckoned_by(person, kept.all))
    if any(not day for _subject, day in moved):  # what is due moves everywhere
        touched |= {(one, "") for one in kept.all}
    new = {day for day in days if has.day != version.day and (day == today or day > has.until)}
    gone = has.whom != version.whom
    packing = replace(packing, touched=frozenset(touched), new_days=frozenset(new), regrouped=gone)
    return Order(packing, kept, version, gone=gone)


def stream(
    engine: Engine, request: Request, person: Person, has: Version | None, cursor: Cursor | None
) -> Iterator[bytes]:
    """The lines, some at a time.

    A slow phone holds up nobody: each part has a transaction of its own, ended before it is sent.
    What was changed in between comes once more with the next look.
    """
    language, zone = i18n.language(), i18n.zone()

    def rendered(part: Part, packing: Packing) -> list[bytes]:
        with transaction(engine, writes=False) as db, speaking(language, zone):
            pages = part(replace(packing, db=db))
            return [line(sent(one, request, person)) for one in pages]

    with transaction(engine, writes=False) as db:
        order = ordered(db, person, has)
    yield line({"proto": PROTO, "version": str(order.version), "count": len(order.kept.all)})
    for part, done in parts(order, cursor):
        yield b"".join((*rendered(part, order.packing), line({"cursor": str(done)})))
        if done == Cursor(Soon.TODAY, None):
            yield line({"ready": True})
    end: dict[str, Any] = {"end": True}
    if order.gone:
        end["groups"] = [str(one) for one in order.kept.all]
    yield line(end)


@contextmanager
def speaking(language: str, zone: str) -> Iterator[None]:
    with i18n.speaking(language, zone), shown.packing():
        yield


def parts(order: Order, cursor: Cursor | None) -> Iterator[tuple[Part, Cursor]]:
    """What to render next, and where a stream that breaks after it goes on."""
    for soon in Soon:
        if cursor and soon < cursor.soon:
            continue
        wanted = [one for one in sorted(order.kept.by_soon[soon]) if wants(order, one)]
        if cursor and cursor.soon is soon:
            if cursor.last is None:
                continue
            wanted = [one for one in wanted if one > cursor.last]
        for at in range(0, len(wanted), AT_ONCE):
            some = wanted[at : at + AT_ONCE]
            yield partial(of_customers, ids=some), Cursor(soon, some[-1])
        yield partial(of_the_person, soon=soon), Cursor(soon, None)


def wants(order: Order, customer_id: UUID) -> bool:
    touched = order.packing.touched
    return touched is None or customer_id in order.packing.subjects


def of_customers(packing: Packing, ids: Sequence[UUID]) -> Iterator[Packed | Item]:
    found = customers_known(packing.db, packing.person, ids)
    for source in SOURCES.each:
        yield from source(packing, found)


def of_the_person(packing: Packing, soon: Soon) -> Iterator[Packed | Item]:
    for source in SOURCES.once:
        yield from source(packing, soon)


def sent(one: Packed | Item, request: Request, person: Person) -> dict[str, Any]:
    """`h` is the SHA-256 of the page's text in UTF-8, in hex, its first 32 characters."""
    if isinstance(one, Item):
        return {"u": one.url, "r": one.row}
    html = templates.env.get_template(one.template).render(
        one.context | {"request": request, "person": person}
    )
    said: dict[str, Any] = {"u": one.url, "h": sha256(html.encode()).hexdigest()[:32], "b": html}
    if one.day:
        said["d"] = one.day
    if one.subject:
        said["g"] = str(one.subject)
    if one.row is not None:
        said["r"] = one.row
    if one.marks:
        said["m"] = list(one.marks)
    return said


def line(said: dict[str, Any]) -> bytes:
    return (as_json(said) + "\n").encode()
