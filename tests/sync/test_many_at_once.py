"""A batch is done in one go; what goes wrong in the middle of it takes nothing else with it."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from app.core.commands import CommandLog
from app.customers.models import Customer
from app.main import create_app
from app.sync.models import Received
from app.visits import actions as visits
from app.visits.models import Note, Visit
from app.visits.queries import own_visit_at
from tests.cast import Cast
from tests.sync.phone import Entry, Phone, id_of

NOTE, CHECK_IN = "visits.write_note.v1", "visits.check_in.v1"
MANY = 40


def note(phone: Phone, customer: UUID, text: str, **more: object) -> Entry:
    return phone.write(NOTE, [("customer_id", str(customer)), ("text", text)], **more)


def check_in(phone: Phone, customer: Customer) -> Entry:
    return phone.write(CHECK_IN, [("customer_id", str(customer.id))])


def numbered(phone: Phone, customer: Customer, wrong: set[int]) -> list[Entry]:
    """Notes with their place as text; the wrong ones are about a customer of nobody's."""
    return [note(phone, uuid4() if n in wrong else customer.id, str(n)) for n in range(MANY)]


def texts(db: Session) -> list[int]:
    db.rollback()
    found = [int(text) for text in db.exec(select(Note.text))]
    db.rollback()
    return sorted(found)


def received(db: Session, phone: Phone) -> list[tuple[int, str]]:
    db.rollback()
    mine = select(Received).where(Received.device_id == phone.device).order_by(col(Received.seq))
    rows = [(row.seq, str(row.status)) for row in db.exec(mine)]
    db.rollback()
    return rows


@pytest.fixture
def strange(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., UUID | None]], UUID]:
    """The id of a visit; what is done for a note that names it."""

    def begin(deed: Callable[..., UUID | None]) -> UUID:
        marked = uuid4()

        def found(*how: Any) -> UUID | None:
            return deed(*how) if how[-1] == marked else own_visit_at(*how)

        monkeypatch.setattr(visits, "own_visit_at", found)
        return marked

    return begin


def with_one(phone: Phone, customer: Customer, strange: UUID, place: int) -> list[Entry]:
    """Twenty notes, of which one names the strange visit."""
    plain = [("customer_id", str(customer.id))]
    there = [*plain, ("visit_id", str(strange))]
    return [
        phone.write(NOTE, [*(there if n == place else plain), ("text", str(n))]) for n in range(20)
    ]


@pytest.mark.parametrize(
    "wrong", [{0}, {MANY - 1}, {17}, {3, 4, 5, 30}, set(range(0, MANY, 2)), set(range(MANY))]
)
def test_refusals_in_the_middle_take_nothing_with_them(
    db: Session, phone: Phone, customer: Customer, wrong: set[int]
) -> None:
    entries = numbered(phone, customer, wrong)
    results = phone.results(*entries)
    told = ["rejected" if n in wrong else "applied" for n in range(MANY)]
    assert [result["status"] for result in results] == told
    assert [result["id"] for result in results] == [str(id_of(entry)) for entry in entries]
    assert received(db, phone) == list(enumerate(told, start=1))
    assert texts(db) == [n for n in range(MANY) if n not in wrong]
    logged = set(db.exec(select(CommandLog.id)))
    assert logged == {id_of(one) for n, one in enumerate(entries) if n not in wrong}


def test_a_crash_in_the_middle_takes_nothing_with_it(
    db: Session, phone: Phone, customer: Customer, strange: Callable[..., UUID]
) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError

    entries = with_one(phone, customer, strange(crash), 7)
    assert phone.statuses(*entries) == ["applied"] * 7 + ["deferred"] + ["applied"] * 12
    assert texts(db) == [n for n in range(20) if n != 7]
    row = db.get_one(Received, id_of(entries[7]))
    assert (row.tries, row.status) == (2, "deferred")  # once more at the end of the batch


def test_what_the_database_refuses_in_the_end_is_found(
    db: Session, phone: Phone, customer: Customer, strange: Callable[..., UUID]
) -> None:
    """A row that points nowhere shows only when it is written, after all have been done."""
    nowhere = strange(lambda *how: how[-1])
    entries = with_one(phone, customer, nowhere, 9)
    assert phone.statuses(*entries) == ["applied"] * 9 + ["deferred"] + ["applied"] * 10
    assert texts(db) == [n for n in range(20) if n != 9]


def test_a_hand_over_in_the_middle_counts_at_once(
    db: Session, cast: Cast, phone: Phone, customer: Customer, strange: Callable[..., UUID]
) -> None:
    def hand_over(_db: Session, _person: Any, shop: Customer, _visit: UUID) -> None:
        shop.owner_id = cast.bob.id

    entries = with_one(phone, customer, strange(hand_over), 12)
    assert phone.statuses(*entries) == ["applied"] * 13 + ["rejected"] * 7
    assert texts(db) == list(range(13))


def test_what_depends_on_a_refusal_in_the_same_batch_waits(
    db: Session, phone: Phone, customer: Customer
) -> None:
    """The second check-in is refused after the first has been written, in one go with it."""
    first, again = check_in(phone, customer), check_in(phone, customer)
    inside = [
        phone.write(
            NOTE,
            [("customer_id", str(customer.id)), ("visit_id", str(id_of(one))), ("text", text)],
            deps=[id_of(one)],
        )
        for one, text in ((first, "1"), (again, "2"))
    ]
    results = phone.results(first, again, *inside)
    assert [one["status"] for one in results] == ["applied", "rejected", "applied", "blocked"]
    assert results[3]["by"] == str(id_of(again))
    assert texts(db) == [1]
    assert [row.id for row in db.exec(select(Visit))] == [id_of(first)]


def test_refused_and_mended_in_one_batch(db: Session, phone: Phone, customer: Customer) -> None:
    refused = phone.write(CHECK_IN, [("customer_id", str(uuid4()))])
    mended = phone.write(CHECK_IN, [("customer_id", str(customer.id))], supersedes=id_of(refused))
    fields = [("customer_id", str(customer.id)), ("visit_id", str(id_of(refused))), ("text", "1")]
    inside = phone.write(NOTE, fields, deps=[id_of(refused)])
    assert phone.statuses(refused, mended, inside) == ["rejected", "applied", "applied"]
    db.rollback()
    assert db.exec(select(Note)).one().visit_id == id_of(mended)


def test_the_same_entry_twice_in_one_batch(db: Session, phone: Phone, customer: Customer) -> None:
    once, other = note(phone, customer.id, "1"), note(phone, customer.id, "2")
    assert phone.statuses(once, once, other) == ["applied", "dup", "applied"]
    assert texts(db) == [1, 2]


def test_some_were_posted_as_forms_before(db: Session, phone: Phone, customer: Customer) -> None:
    entries = numbered(phone, customer, set())
    for entry in entries[5:8]:
        fields = dict(json.loads(entry[1])["fields"])
        form = {"id": str(id_of(entry)), **fields}
        assert phone.browser.post("/visits/note", data=form).status_code == 303
    assert phone.statuses(*entries) == ["applied"] * MANY
    assert texts(db) == list(range(MANY))


def test_trouble_of_the_database_undoes_the_whole_batch(
    db: Session, phone: Phone, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = numbered(phone, customer, set())

    def locked(*_: object) -> None:
        raise OperationalError("", None, Exception("locked"))

    with monkeypatch.context() as trouble:
        trouble.setattr(visits, "own_visit_at", locked)
        answer = phone.send(*entries)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")
    assert received(db, phone) == []
    assert phone.statuses(*entries) == ["applied"] * MANY
    assert texts(db) == list(range(MANY))


def test_two_copies_of_a_batch_with_refusals_at_once(
    db: Session, cast: Cast, customer: Customer, phone: Phone, engine: Engine
) -> None:
    wrong = {2, 19}
    entries = numbered(phone, customer, wrong)
    token = str(phone.browser.cookies.get("session"))

    def send(_copy: int) -> list[str]:
        browser = TestClient(create_app(engine))  # as another process would
        browser.cookies.set("session", token)
        return Phone(cast.alice.id, browser, phone.device).statuses(*entries)

    with ThreadPoolExecutor(2) as threads:
        told = sorted(threads.map(send, range(2)))
    first = ["rejected" if n in wrong else "applied" for n in range(MANY)]
    assert told == [first, ["dup"] * MANY]
    assert received(db, phone) == list(enumerate(first, start=1))
    assert texts(db) == [n for n in range(MANY) if n not in wrong]
