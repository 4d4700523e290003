"""How a rep went through the days of the month: whom they called on, when, and for how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from app.core.geo import Point
from app.customers.rules import open_on
from app.demo.customers import Client
from app.demo.days import at, is_working
from app.demo.evidence import metres_apart
from app.planning.rules import minutes_at

CADENCE_DAYS = {"A": 3, "B": 4, "C": 6, "D": 12}
SETS_OUT, LAST_START, LUNCH = 9 * 60, 17 * 60, (11 * 60 + 50, 12 * 60 + 50)
LUNCH_LASTS = 40
ANY_TIME = [(8 * 60, 18 * 60)]
METRES_A_CADENCE = 5000  # as far a rep goes out of the way for a customer one cadence late


@dataclass(frozen=True)
class Call:
    """A visit of the past: who, and from when to when."""

    client: Client
    came: datetime
    stayed_min: int


def cadence_of(grade: str | None) -> int:
    return CADENCE_DAYS[(grade or "C")[0]]


def month_of_calls(
    rng: Random,
    home: Point,
    clients: Sequence[Client],
    days: Sequence[date],
    a_day: tuple[int, int],
) -> list[Call]:
    """Every working day's calls in order: those most due, near to one another."""
    regular = [client for client in clients if client.shop.last_seen is None]
    last = {c.customer.id: days[0] - timedelta(days=rng.randint(1, 7)) for c in regular}
    calls: list[Call] = []
    for day in days:
        today = day_of_calls(rng, home, most_due(regular, last, day), day, rng.randint(*a_day))
        calls += today
        last |= {call.client.customer.id: day for call in today}
    return calls


def day_of_calls(
    rng: Random, home: Point, wished: Sequence[Client], day: date, count: int
) -> list[Call]:
    """As few of the wished as make `count` calls: some are closed, or open too late."""
    calls: list[Call] = []
    for tried in range(count, len(wished) + 1):
        calls = driven(rng, home, wished[:tried], day)[:count]
        if len(calls) == count:
            break
    return calls


def most_due(clients: Sequence[Client], last: dict[UUID, date], day: date) -> list[Client]:
    """The customers that are most due, less so the farther they are from the very first of them."""

    def late(client: Client) -> float:
        return (day - last[client.customer.id]).days / cadence_of(client.customer.grade)

    first = max(clients, key=late)

    def urgent(client: Client) -> float:
        if not (client.point and first.point):
            return late(client)
        return late(client) - metres_apart(client.point, first.point) / METRES_A_CADENCE

    return sorted(clients, key=urgent, reverse=True)


def driven(rng: Random, home: Point, wished: Sequence[Client], day: date) -> list[Call]:
    """Always on to where the next visit can begin soonest, until the afternoon is over."""
    here, now, eaten = home, SETS_OUT - 20 + rng.randint(0, 20), False
    ahead, calls = list(wished), []
    while ahead:
        if not eaten and LUNCH[0] <= now <= LUNCH[1]:
            now, eaten = now + LUNCH_LASTS, True
        starts = [(starts_at(client, here, now, day), place) for place, client in enumerate(ahead)]
        start, place = min(starts)
        if start > LAST_START:
            break
        client = ahead.pop(place)
        stay = stay_min(rng, client)
        calls.append(Call(client, at(day, start) + timedelta(seconds=rng.randint(0, 59)), stay))
        here, now = client.point or here, start + stay + rng.randint(2, 6)
    return calls


def starts_at(client: Client, here: Point, now: int, day: date) -> int:
    """Minute of the day at which a visit could begin, coming from `here`; after hours: never."""
    km = metres_apart(here, client.point) / 1000 if client.point else 0.3
    arrives = now + 5 + round(km * 3.5)
    windows = client.customer.windows
    for opens, closes in ANY_TIME if windows is None else open_on(windows, day):
        start = max(arrives, opens)
        if start + longest_stay(client) < closes:
            return start
    return 24 * 60


def longest_stay(client: Client) -> int:
    return minutes_at(client.customer.grade) + 10


def stay_min(rng: Random, client: Client) -> int:
    usual = minutes_at(client.customer.grade)
    return rng.randint(usual - 8, usual + 8)


def calls_long_ago(rng: Random, home: Point, clients: Sequence[Client], today: date) -> list[Call]:
    """The last calls on customers that were neglected since."""
    calls = []
    for client in clients:
        if client.shop.last_seen:
            day = today - timedelta(days=client.shop.last_seen)
            while not is_working(day) or not driven(rng, home, [client], day):
                day -= timedelta(days=1)
            calls += driven(rng, home, [client], day)
    return calls
