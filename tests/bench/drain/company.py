"""Reps with a customer each and goods to sell, in a new database; what they write on a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts.actions import open_session
from app.accounts.models import Person, Team
from app.accounts.rules import Role
from app.core import schema
from app.customers.models import Customer
from app.orders.commands import PlaceOrder
from app.visits.commands import CheckIn, WriteNote
from tests import world
from tests.bench.history import goods

TEXT = "冷柜的位置谈好了，下周二盘点，新品先放四箱。"  # with it an entry has 600 bytes
SHOPS = 4
Asked = dict[str, Any]


@dataclass(frozen=True)
class Rep:
    id: UUID
    token: str
    customers: list[UUID]


@dataclass(frozen=True)
class Company:
    reps: list[Rep]
    products: list[UUID]


def found(engine: Engine, reps: int) -> Company:
    schema.upgrade(engine)
    with Session(engine, expire_on_commit=False) as db:
        team = Team(name="North")
        db.add(team)
        db.flush()
        people = [
            Person(username=f"rep{n}", name=f"Rep {n}", role=Role.REP, team_id=team.id)
            for n in range(reps)
        ]
        db.add_all(people)
        db.flush()
        sold = goods(db)
        hired = [hired_rep(db, one) for one in people]
        db.commit()
    return Company(hired, [one.id for one in sold])


def hired_rep(db: Session, person: Person) -> Rep:
    shops = [
        Customer(name="测试店", owner_id=person.id, team_id=person.team_id, lat=31.2, lon=121.4)
        for _number in range(SHOPS)
    ]
    db.add_all(shops)
    return Rep(person.id, open_session(db, person.id, "a measurement"), [one.id for one in shops])


def notes(rep: Rep, count: int) -> list[Asked]:
    return [asked(WriteNote, customer_id=rep.customers[0], text=TEXT) for _number in range(count)]


def days(rep: Rep, products: list[UUID], count: int) -> list[Asked]:
    """So many commands: a check-in, a note and an order of five lines at one shop after another."""
    shops = islice(cycle(rep.customers), count // 3)
    return [command for shop in shops for command in stop(shop, products)]


def stop(shop: UUID, products: list[UUID]) -> Iterator[Asked]:
    came = asked(CheckIn, customer_id=shop, **world.fix())
    yield came
    there = {"customer_id": shop, "visit_id": came["id"]}
    yield asked(WriteNote, **there, text=TEXT)
    lines = {
        f"lines[{number}][{name}]": value
        for number, product in enumerate(products)
        for name, value in (("product_id", product), ("quantity", 12), ("quoted", 320))
    }
    yield asked(PlaceOrder, **there, **lines)


def asked(kind: Any, **fields: object) -> Asked:
    return {
        "id": str(uuid4()),
        "name": kind.wire_name,
        "fields": [[name, str(value)] for name, value in fields.items()],
    }
