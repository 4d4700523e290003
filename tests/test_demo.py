"""The demo is a Shanghai that one can believe, and a crowd to measure with."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from app.accounts.actions import matches
from app.accounts.models import Person, Team
from app.accounts.queries import person_named
from app.catalog.models import PriceList, Product
from app.customers.models import Contact, Customer
from app.customers.queries import customers_of
from app.customers.rules import open_on
from app.demo.catalogue import check_digit
from app.demo.load import load_many, load_shanghai
from app.devices.queries import phones_seen_by
from app.followups.models import Promise
from app.orders.actions import next_number
from app.orders.models import Order, OrderLine
from app.planning.models import PlannedVisit
from app.planning.queries import planned_for
from app.sync.models import Device
from app.visits.models import Note, Visit
from app.visits.queries import last_visits
from app.visits.rules import RADIUS_M, Closing, Verdict

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 19)  # a Thursday
PEOPLE = ("alice", "bob", "charlie", "mia", "diane", "sam", "ada")
REPS = {"alice": 8, "bob": 7, "charlie": 6}


@pytest.fixture
def shanghai(db: Session) -> Session:
    assert load_shanghai(db, today=TODAY)
    db.commit()
    db.expunge_all()
    return db


def everything(db: Session, table: type[Any]) -> list[Any]:
    return list(db.exec(select(table)))


def person(db: Session, username: str) -> Person:
    found = person_named(db, username)
    assert found
    return found


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


def test_it_works(shanghai: Session) -> None:
    db = shanghai
    assert len(everything(db, Person)) == 7
    assert {team.name for team in everything(db, Team)} == {"上海分公司", "浦西一组", "浦东组"}
    assert matches(person(db, "alice").password_hash, "roadbook")
    assert len(everything(db, Customer)) == 64
    assert len(everything(db, Product)) == 40
    assert {list_.name for list_ in everything(db, PriceList)} == {"标准价", "经销商价"}
    assert len(everything(db, Visit)) > 360
    notes = {note.text for note in everything(db, Note)}
    assert len(notes) >= 60
    assert not any("{" in text for text in notes)
    share = len(everything(db, Order)) / len(everything(db, Visit))
    assert 0.4 < share < 0.55
    for username in REPS:
        assert person(db, username).home
        assert customers_of(db, person(db, username)).rows


def test_everybody_has_two_phones_and_one_is_lost(shanghai: Session) -> None:
    ada = person(shanghai, "ada")
    listing = phones_seen_by(shanghai, ada, "")
    assert Counter(phone.owner.username for phone in listing.rows) == dict.fromkeys(PEOPLE, 2)
    assert all(phone.browser and phone.system for phone in listing.rows)
    assert all(phone.last_seen < midnight(TODAY) for phone in listing.rows)
    first, *others = listing.rows
    assert (first.owner.username, first.shut_out_by, first.waiting) == ("bob", ada, 2)
    assert not any(phone.shut_out_at for phone in others)


def test_a_second_load_changes_nothing(shanghai: Session) -> None:
    tables = (Person, Customer, Product, Visit, Order, Promise, PlannedVisit, Device)
    before = [len(everything(shanghai, table)) for table in tables]
    assert not load_shanghai(shanghai, today=TODAY)
    assert [len(everything(shanghai, table)) for table in tables] == before


def test_another_day_gets_a_plan(shanghai: Session) -> None:
    for days in (1, 5, 30):
        day = TODAY + timedelta(days=days)
        assert load_shanghai(shanghai, today=day)
        for username, count in REPS.items():
            assert len(planned_for(shanghai, person(shanghai, username), day)) == count
        assert not load_shanghai(shanghai, today=day)


def test_the_plan_tells_a_story(shanghai: Session) -> None:
    """A promise due, one late, somebody new, somebody not seen for long, all grades, all open."""
    for username, count in REPS.items():
        plans = planned_for(shanghai, person(shanghai, username), TODAY)
        assert len(plans) == count
        customers = [customer for _plan, customer in plans]
        ids = [customer.id for customer in customers]
        last = last_visits(shanghai, ids)
        assert sum(id not in last for id in ids) == 1
        assert any(midnight(TODAY) - at > timedelta(days=38) for at in last.values())
        assert {"A", "B", "C"} <= {str(customer.grade)[0] for customer in customers}
        assert all(c.windows is None or open_on(c.windows, TODAY) for c in customers)
        due = [promise.due_on for promise in open_promises(shanghai) if promise.customer_id in ids]
        assert TODAY in due
        assert min(due) < TODAY


def open_promises(db: Session) -> list[Promise]:
    return list(db.exec(select(Promise).where(col(Promise.done_at).is_(None))))


def test_it_can_be_believed(shanghai: Session) -> None:
    everything_past_is_past(shanghai)
    customers_can_be_believed(shanghai)
    products_can_be_scanned(shanghai)
    visits_can_be_believed(shanghai)
    orders_add_up_and_numbers_have_no_gap(shanghai)


def everything_past_is_past(shanghai: Session) -> None:
    now = midnight(TODAY)
    for table in (Visit, Note, Order, Promise, PlannedVisit, Customer, Contact):
        for row in everything(shanghai, table):
            times = [time for time in dict(row).values() if isinstance(time, datetime)]
            assert all(time < now for time in times)
    late = [promise for promise in open_promises(shanghai) if promise.due_on < TODAY]
    assert len(late) == len(REPS)


def customers_can_be_believed(shanghai: Session) -> None:
    customers = everything(shanghai, Customer)
    on_the_map = [customer.point for customer in customers if customer.point]
    assert len(customers) - len(on_the_map) == 3
    assert all(30.7 < point.lat < 31.9 and 120.85 < point.lon < 122.2 for point in on_the_map)
    assert len(set(on_the_map)) == len(on_the_map)
    assert max(len(customer.name) for customer in customers) > 35
    assert any(customer.windows is None for customer in customers)
    contacts = Counter(contact.customer_id for contact in everything(shanghai, Contact))
    important = [customer for customer in customers if str(customer.grade)[0] in "AB"]
    assert all(1 <= contacts[customer.id] <= 3 for customer in important)


def products_can_be_scanned(shanghai: Session) -> None:
    barcodes = [product.barcode for product in everything(shanghai, Product)]
    assert len(set(barcodes)) == 40
    assert all(len(code) == 13 and "20" <= code[:2] <= "29" for code in barcodes)
    assert all(check_digit(code[:-1]) == code[-1] for code in barcodes)
    assert check_digit("400638133393") == "1"  # the usual example of an EAN-13


def visits_can_be_believed(shanghai: Session) -> None:
    customers = {customer.id: customer for customer in everything(shanghai, Customer)}
    verdicts: Counter[Verdict] = Counter()
    days: dict[tuple[Any, date], list[Visit]] = defaultdict(list)
    for visit in everything(shanghai, Visit):
        came, customer = visit.checked_in_at.astimezone(ZONE), customers[visit.customer_id]
        days[visit.person_id, came.date()].append(visit)
        verdicts[visit.verdict] += 1
        near = (visit.distance_m or 0) <= RADIUS_M + (visit.accuracy_m or 0)
        assert near or (visit.verdict is Verdict.FAR and visit.reason)
        assert open_during(customer, visit)
        assert came.weekday() < 5
    closed = Counter(visit.closed_by for visit in everything(shanghai, Visit))
    assert closed[Closing.LEFT_OPEN] == 1
    assert closed[None] == 0
    assert verdicts[Verdict.FAR] == 1
    assert verdicts[Verdict.CONFIRMED] > 5 * verdicts[Verdict.LIKELY] > 0
    assert verdicts[Verdict.CANNOT_TELL] > 0
    recent = [visits for (_person, day), visits in days.items() if day > TODAY - timedelta(days=31)]
    assert all(6 <= len(visits) <= 8 for visits in recent)
    for visits in days.values():
        in_order = sorted(visits, key=lambda visit: visit.checked_in_at)
        for before, after in pairwise(in_order):
            assert (before.checked_out_at or before.checked_in_at) < after.checked_in_at


def open_during(customer: Customer, visit: Visit) -> bool:
    came = visit.checked_in_at.astimezone(ZONE)
    minute = came.hour * 60 + came.minute
    stayed = (visit.stayed or timedelta()).total_seconds() / 60
    windows = customer.windows
    if windows is None:
        return True
    return any(o <= minute and minute + stayed <= c for o, c in open_on(windows, came.date()))


def orders_add_up_and_numbers_have_no_gap(shanghai: Session) -> None:
    lines: dict[Any, list[OrderLine]] = defaultdict(list)
    for line in everything(shanghai, OrderLine):
        lines[line.order_id].append(line)
        assert line.amount == line.unit_price * line.quantity
    by_day: dict[date, list[Order]] = defaultdict(list)
    for order in everything(shanghai, Order):
        assert order.total == sum(line.amount for line in lines[order.id]) > 0
        assert 1 <= order.line_count == len(lines[order.id]) <= 8
        by_day[order.placed_at.astimezone(ZONE).date()].append(order)
    for day, orders in by_day.items():
        in_order = sorted(orders, key=lambda order: order.placed_at)
        numbers = [f"S{day:%Y%m%d}-{place:04}" for place in range(1, len(orders) + 1)]
        assert [order.number for order in in_order] == numbers
        assert next_number(shanghai, day) == f"S{day:%Y%m%d}-{len(orders) + 1:04}"


def crowd(db: Session, seed: int) -> list[tuple[Any, ...]]:
    assert load_many(db, reps=11, customers=5, seed=seed, today=TODAY) == 55
    rows: list[tuple[Any, ...]] = [(c.id, c.code, c.name, c.lat) for c in everything(db, Customer)]
    rows += [(v.id, v.checked_in_at, v.distance_m) for v in everything(db, Visit)]
    rows += [(o.id, o.number, o.total) for o in everything(db, Order)]
    return sorted(rows, key=str)


def test_a_crowd_is_the_same_from_the_same_seed(db: Session) -> None:
    first = crowd(db, seed=7)
    db.rollback()
    assert crowd(db, seed=7) == first
    db.rollback()
    assert crowd(db, seed=8) != first


def test_a_crowd_has_managers_and_work(db: Session) -> None:
    crowd(db, seed=7)
    usernames = {person.username for person in everything(db, Person)}
    assert {"rep001", "rep011", "mgr01", "mgr02"} <= usernames
    assert len(usernames) == 13
    assert len(everything(db, Visit)) == 165
    assert len(customers_of(db, person(db, "rep001")).rows) == 5
    assert len(customers_of(db, person(db, "mgr01")).rows) == 50
    assert len(planned_for(db, person(db, "rep001"), TODAY)) == 5
    for order in everything(db, Order):
        lines = db.exec(select(OrderLine).where(OrderLine.order_id == order.id)).all()
        assert order.total == sum(line.amount for line in lines)


def test_a_crowd_comes_once_and_lives_beside_shanghai(shanghai: Session) -> None:
    assert load_many(shanghai, reps=1, customers=30, seed=1, today=TODAY) == 30
    assert load_many(shanghai, reps=1, customers=30, seed=1, today=TODAY) == 0
    numbers = [order.number for order in everything(shanghai, Order)]
    assert len(set(numbers)) == len(numbers)
    assert len(everything(shanghai, Product)) == 40
