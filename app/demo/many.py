"""A crowd of customers, made fast and always the same from a seed: for measuring, not for reading."""

from collections import defaultdict
from datetime import date
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from app.accounts.actions import hasher
from app.accounts.models import Person, Team
from app.accounts.rules import Role
from app.core.geo import Point
from app.core.hours import windows_of
from app.customers.models import Contact, Customer
from app.customers.rules import Attitude, BuyingPart, PinSource, Status
from app.customers.search import search_fields
from app.demo import crowd
from app.demo.cast import OFFICE, PASSWORD
from app.demo.catalogue import CURRENCY, stock_up
from app.demo.chance import dice, new_id
from app.demo.days import at, working_days_before
from app.demo.evidence import around
from app.demo.many_visits import Rows, Year, year_of
from app.demo.people_at import landline, mobile, person_name
from app.demo.sales import keep, numbers_so_far
from app.demo.shops import TRADES

REP, MANAGER = "rep", "mgr"
REPS_A_TEAM = 10
STREET_M = 400  # how far from a street's middle its houses are


def username_of(role: str, number: int) -> str:
    return f"{role}{number:03}" if role == REP else f"{role}{number:02}"


def fill(db: Session, *, reps: int, customers: int, seed: int, today: date) -> int:
    """Hire reps and their managers, give each rep customers with a year of visits and orders."""
    rng = dice(seed)
    year = Year(
        rng, today, working_days_before(today, 365), stock_up(db).listed, numbers_so_far(db)
    )
    for person in hire(db, rng, reps):
        rows: Rows = defaultdict(list)
        own = [
            customer_row(rng, person, number, year.days[0]) for number in range(1, customers + 1)
        ]
        rows[Customer] = own
        rows[Contact] = [contact_row(rng, customer) for customer in own]
        year_of(year, person, own, rows)
        insert_all(db, rows)
    keep(db, year.numbers)
    db.flush()
    return reps * customers


def insert_all(db: Session, rows: Rows) -> None:
    """In the order in which the tables were first filled: customers before what refers to them."""
    for model, values in rows.items():
        if values:
            db.connection().execute(insert(model), values)


def hire(db: Session, rng: Random, reps: int) -> list[Person]:
    """Teams of ten with a manager each, all with the demo's password, hashed once."""
    password_hash = hasher.hash(PASSWORD)
    people = []
    for number in range(1, reps + 1):
        group = (number - 1) // REPS_A_TEAM + 1
        if number % REPS_A_TEAM == 1:
            team = Team(id=new_id(rng), name=f"第{group}组")
            db.add(team)
            db.flush()
            manager = username_of(MANAGER, group)
            db.add(somebody(rng, manager, Role.MANAGER, team, password_hash))
        person = somebody(rng, username_of(REP, number), Role.REP, team, password_hash)
        people.append(person)
    db.add_all(people)
    db.flush()
    return people


def somebody(rng: Random, username: str, role: Role, team: Team, password_hash: str) -> Person:
    home = around(rng, Point(*rng.choice(crowd.STREETS)[2:]), rng.uniform(0, 3000))
    return Person(
        id=new_id(rng),
        username=username,
        name=person_name(rng),
        latin_name=username,
        role=role,
        team_id=team.id,
        password_hash=password_hash,
        home_lat=home.lat,
        home_lon=home.lon,
        office_lat=OFFICE.lat,
        office_lon=OFFICE.lon,
    )


def customer_row(rng: Random, owner: Person, number: int, day: date) -> dict[str, Any]:
    trade_name = rng.choice(crowd.TRADES)
    trade = TRADES[trade_name]
    district, street, lat, lon = rng.choice(crowd.STREETS)
    spot = around(rng, Point(lat, lon), rng.uniform(0, STREET_M))
    short = f"{rng.choice(crowd.FIRST)}{rng.choice(crowd.SECOND)}{trade_name}"
    name, code = f"{street}{short}", f"{owner.username.upper()}-{number:04}"
    phones, address = [landline(rng)], f"上海市{district}{street}{rng.randint(1, 1999)}号"
    return {
        "id": new_id(rng),
        "code": code,
        "name": name,
        "short_name": short,
        "kind": trade.kind,
        "status": Status.ACTIVE,
        "grade": rng.choice(crowd.GRADES),
        "industry": trade_name,
        "region": district,
        "address": address,
        "lat": round(spot.lat, 6),
        "lon": round(spot.lon, 6),
        "pin_source": PinSource.IMPORTED,
        "opening_hours": trade.hours,
        "windows": windows_of(trade.hours),
        "phones": phones,
        "tags": [],
        "notes": "",
        "credit_limit": rng.choice(trade.limits) * 100,
        "currency": CURRENCY,
        "payment_terms": rng.choice(trade.terms),
        "current_supplier": "",
        "competitors": "",
        "buys": rng.choice(trade.buys),
        "could_buy": rng.choice(trade.could_buy),
        "source": "",
        "owner_id": owner.id,
        "team_id": owner.team_id,
        "rev": 1,
        "changed_at": at(day, 0),
        **search_fields(name, short, code, phones, address),
    }


def contact_row(rng: Random, customer: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": new_id(rng),
        "customer_id": customer["id"],
        "name": person_name(rng),
        "title": "老板",
        "phone": mobile(rng),
        "likings": "",
        "part": BuyingPart.ECONOMIC,
        "influence": rng.randint(3, 5),
        "attitude": Attitude.NEUTRAL,
        "rev": 1,
        "changed_at": customer["changed_at"],
    }
