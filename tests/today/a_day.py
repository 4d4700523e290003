"""A Tuesday of Alice's, and how to read it."""

from datetime import UTC, date, datetime

from sqlmodel import Session

from app.accounts.models import Person
from app.core.geo import Point
from app.customers.models import Customer
from tests import world
from tests.cast import Cast
from tests.reading import Element

MORNING = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)  # Tuesday 08:30 in Shanghai
TODAY = date(2026, 11, 24)
OPEN = [[day, 480, 1200] for day in range(7)]


def lives_at(db: Session, person: Person, point: Point) -> None:
    person.home_lat, person.home_lon = point
    world.kept(db, person)


def on_a_line(db: Session, cast: Cast, *kilometres: int) -> list[Customer]:
    """Customers planned for Alice today, so many kilometres north of where she lives."""
    lives_at(db, cast.alice, world.PIN)
    shops = [
        world.customer(db, cast.alice, f"Kilometre {km}", at=world.away(km * 1000), windows=OPEN)
        for km in kilometres
    ]
    for shop in shops:
        world.plan(db, cast.alice, shop, TODAY)
    return shops


def stops(page: Element, having: str = "stop") -> list[str]:
    return [one.one("a", href=href(one)).text for one in page.all("li", having=having)]


def href(stop: Element) -> str:
    return next(
        one.attributes["href"] for one in stop.all("a") if "customers" in one.attributes["href"]
    )
