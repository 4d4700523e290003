"""Phones that lose answers, send twice, come back from old backups: once each, and in order."""

import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, delete
from sqlmodel import Session, select

from app.core.commands import Pairs
from app.customers.models import Customer
from app.main import create_app
from app.sync.models import Received
from app.visits.models import Note
from tests.cast import Cast
from tests.sync.phone import Entry, Phone, id_of

NOTE = "visits.write_note.v1"
FINAL = {"applied", "rejected", "review", "deferred", "blocked"}


class Outbox(Phone):
    """A phone that keeps what it wrote until the door has answered for it."""

    waiting: list[Entry]

    def keep(self, fields: Pairs, **more: Any) -> None:
        self.waiting.append(self.write(NOTE, fields, **more))

    def believe(self, answer: dict[str, Any]) -> None:
        """Delete what is answered for by id and hash; number the rest as the door expects."""
        said = {(r["id"], r["sha"]): r["status"] for r in answer["results"]}
        told = {key for key, status in said.items() if status in FINAL | {"dup", "mismatch"}}
        self.waiting = [
            entry for entry in self.waiting if (str(id_of(entry)), entry[0]) not in told
        ]
        if (said and "gap" in said.values()) or self.first() != answer["expected"]:
            self.renumber(answer["expected"])

    def first(self) -> int:
        return json.loads(self.waiting[0][1])["seq"] if self.waiting else self.seq + 1

    def renumber(self, expected: int) -> None:
        waiting, self.waiting = self.waiting, []
        self.seq, self.sha = expected - 1, self.sha
        for _sha, body in waiting:
            old = json.loads(body)
            self.keep(old["fields"], id=old["id"], deps=old["deps"])


class Interleavings(RuleBasedStateMachine):
    """Every rule is something that happens between a thumb and a server."""

    worlds: ClassVar[list[Callable[[], tuple[Outbox, Session, str]]]] = []

    @initialize()
    def begin(self) -> None:
        self.phone, self.db, self.customer = self.worlds[-1]()
        self.phone.waiting = []
        self.written: dict[UUID, tuple[str, bool]] = {}
        self.backup: tuple[Any, ...] | None = None
        self.late: list[list[Entry]] = []

    @rule(good=st.booleans())
    def write(self, *, good: bool) -> None:
        made = uuid4()
        customer = self.customer if good else str(uuid4())
        text = f"{len(self.written)}"
        self.phone.keep([("customer_id", customer), ("text", text)], id=made)
        self.written[made] = (text, good)

    @precondition(lambda self: self.phone.waiting)
    @rule(most=st.integers(1, 6), fate=st.sampled_from(["good", "lost", "late", "cut"]))
    def send(self, most: int, fate: str) -> None:
        batch = self.phone.waiting[:most]
        if fate == "cut":
            answer = self.phone.send((batch[0][0], batch[0][1][:-3]), *batch[1:])
            assert answer.status_code == 400
            return
        answer = self.phone.send(*batch, packed=most % 2 == 0)
        assert answer.status_code == 200
        if fate == "good":
            self.phone.believe(answer.json())
        if fate == "late":
            self.late.append(batch)

    @precondition(lambda self: self.late)
    @rule()
    def a_late_copy_arrives(self) -> None:
        assert self.phone.send(*self.late.pop(0)).status_code == 200

    @rule()
    def make_a_backup(self) -> None:
        phone = self.phone
        self.backup = deepcopy((phone.seq, phone.sha, phone.waiting))

    @precondition(lambda self: self.backup)
    @rule()
    def come_back_from_the_backup(self) -> None:
        """What was written since is lost with the phone unless it was sent; all else must hold."""
        sent = {row.command_id for row in self.rows()}
        self.phone.seq, self.phone.sha, self.phone.waiting = deepcopy(self.backup or (0, "", []))
        kept = sent | {id_of(entry) for entry in self.phone.waiting}
        self.written = {made: what for made, what in self.written.items() if made in kept}

    @invariant()
    def numbers_have_no_gap(self) -> None:
        if hasattr(self, "phone"):
            assert [row.seq for row in self.rows()] == list(range(1, len(self.rows()) + 1))

    def teardown(self) -> None:
        if not hasattr(self, "phone"):
            return
        for _round in range(200):
            if not self.phone.waiting:
                break
            self.phone.believe(self.phone.send(*self.phone.waiting[:4]).json())
        assert not self.phone.waiting, "stalled"
        notes = [note.text for note in self.db.exec(select(Note))]
        self.db.rollback()
        assert sorted(notes) == sorted(text for text, good in self.written.values() if good)
        assert {row.command_id for row in self.rows()} == set(self.written)

    def rows(self) -> list[Received]:
        mine = select(Received).where(Received.device_id == self.phone.device)
        rows = sorted(self.db.exec(mine), key=lambda row: row.seq)
        self.db.expunge_all()
        self.db.rollback()  # a reader that stays would keep SQLite's writer waiting
        return rows


@pytest.fixture
def world(
    db: Session, cast: Cast, customer: Customer, browser_of: Callable[..., TestClient]
) -> None:
    browser = browser_of(cast.alice)

    def fresh() -> tuple[Outbox, Session, str]:
        db.exec(delete(Note))
        db.commit()
        return Outbox(cast.alice.id, browser), db, str(customer.id)

    Interleavings.worlds.append(fresh)


@pytest.mark.usefixtures("world")
def test_every_interleaving() -> None:
    quiet = settings(
        max_examples=40,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Interleavings, settings=quiet)


def test_copies_of_the_same_batch_at_once(
    db: Session, cast: Cast, customer: Customer, phone: Phone, engine: Engine
) -> None:
    """Two tabs, a worker and three late copies, each on its own connection: one of each."""
    fields: Pairs = [("customer_id", str(customer.id))]
    entries = [phone.write(NOTE, [*fields, ("text", str(number))]) for number in range(30)]
    chance = random.Random(7)
    token = str(phone.browser.cookies.get("session"))

    def drain(tries: int) -> set[int]:
        browser = TestClient(create_app(engine))  # as another process would
        browser.cookies.set("session", token)
        sender = Phone(cast.alice.id, browser, phone.device)
        batches = [entries[start : start + 5] for start in range(0, 30, 5)]
        return {sender.send(*batch).status_code for batch in batches for _try in range(tries)}

    with ThreadPoolExecutor(6) as threads:
        codes = set().union(*threads.map(drain, [chance.randint(1, 3) for _copy in range(6)]))
    assert codes == {200}
    assert phone.send(*entries).json()["expected"] == 31
    kept = db.exec(select(Received).where(Received.device_id == phone.device)).all()
    assert sorted(row.seq for row in kept) == list(range(1, 31))
    assert sorted(int(note.text) for note in db.exec(select(Note))) == list(range(30))
