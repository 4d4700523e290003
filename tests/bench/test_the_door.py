"""What a command costs at the outbox's door."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from app.customers.models import Customer
from app.visits.models import Note
from tests import world
from tests.bench.drain.company import Rep, days
from tests.bench.history import goods
from tests.bench.table import at_most
from tests.bench.test_pages import counted
from tests.cast import Cast
from tests.sync.phone import Phone

WORDS = "店长说下周二盘点，别上午来。冷柜的位置谈好了，" * 8  # about 600 bytes as it is sent
BATCH, STOPS = 200, 60


def phone_with_a_customer(db: Session, cast: Cast, browser: TestClient) -> tuple[Phone, str]:
    shop = Customer(name="测试店", owner_id=cast.alice.id, team_id=cast.north.id)
    db.add(shop)
    db.commit()
    return Phone(cast.alice.id, browser), str(shop.id)


def notes(phone: Phone, customer: str, count: int) -> list[tuple[str, str]]:
    return [
        phone.write(
            "visits.write_note.v1",
            [("customer_id", customer), ("text", f"{uuid4()} {WORDS}"[:230])],
        )
        for _number in range(count)
    ]


def test_statements_a_command(
    db: Session, cast: Cast, engine: Engine, browser_of: Callable[..., TestClient]
) -> None:
    phone, customer = phone_with_a_customer(db, cast, browser_of(cast.alice))
    with counted(engine) as seen:
        assert phone.send(*notes(phone, customer, BATCH)).status_code == 200
    at_most(0.1, len(seen) / BATCH, f"SQL statements a note in a batch of {BATCH}")


@pytest.mark.parametrize(("count", "most"), [(2, 1), (STOPS, 2)])
def test_statements_a_stop(
    db: Session,
    cast: Cast,
    engine: Engine,
    browser_of: Callable[..., TestClient],
    *,
    count: int,
    most: float,
) -> None:
    """Check-in, note, order of five lines, at one shop after another."""
    alice = cast.alice
    shops = [world.customer(db, alice, f"Shop {number}").id for number in range(count)]
    rep, products = Rep(alice.id, "", shops), [one.id for one in goods(db)]
    db.commit()
    phone = Phone(alice.id, browser_of(alice))
    asked = days(rep, products, 3 * STOPS)
    entries = [phone.write(one["name"], one["fields"], id=one["id"]) for one in asked]
    with counted(engine) as seen:
        assert set(phone.statuses(*entries)) == {"applied"}
    what = f"SQL statements a stop, {count} shops: check in, note, order of five lines"
    at_most(most, len(seen) / STOPS, what)


def test_statements_for_refusals_among_notes(
    db: Session, cast: Cast, engine: Engine, browser_of: Callable[..., TestClient]
) -> None:
    """What is refused is found by halves: far fewer savepoints than commands."""
    phone, customer = phone_with_a_customer(db, cast, browser_of(cast.alice))
    entries = notes(phone, customer, 77) + notes(phone, str(uuid4()), 1)
    entries += notes(phone, customer, BATCH - 78)
    with counted(engine) as seen:
        assert phone.statuses(*entries).count("rejected") == 1
    at_most(1, len(seen) / BATCH, f"SQL statements a note, one of {BATCH} refused")


def test_what_the_log_costs(
    db: Session, cast: Cast, tmp_path: Path, browser_of: Callable[..., TestClient]
) -> None:
    phone, customer = phone_with_a_customer(db, cast, browser_of(cast.alice))
    before = kept(db)
    for _batch in range(5):
        assert phone.send(*notes(phone, customer, BATCH)).status_code == 200
    at_most(2048, (kept(db) - before) / (5 * BATCH), "the log of a note of 600 bytes", "bytes")


def kept(db: Session) -> int:
    """Bytes of the two logs and their indexes, in SQLite's pages."""
    db.rollback()
    own = "name IN (SELECT name FROM sqlite_master WHERE tbl_name IN ('received', 'command_log'))"
    size = db.connection().execute(text(f"SELECT sum(pgsize) FROM dbstat WHERE {own}")).scalar()
    db.rollback()
    return int(size or 0)


def test_answers_lost_twenty_times(
    db: Session, cast: Cast, browser_of: Callable[..., TestClient]
) -> None:
    phone, customer = phone_with_a_customer(db, cast, browser_of(cast.alice))
    for entry in notes(phone, customer, 20):
        phone.send(entry)
        phone.send(entry)
    at_most(20, len(db.exec(select(Note)).all()), "notes stored of 20 sent twice", "")
