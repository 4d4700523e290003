"""A rep with 1,000 customers finds them as fast as one with 100, whoever else is in the company."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from app.accounts.actions import open_session
from app.accounts.models import Person
from app.accounts.queries import person_named
from app.core import db as database
from app.core import schema, words
from app.customers.models import Customer
from app.demo.load import load_many
from app.main import create_app
from tests.bench.table import at_most

MOST_TIMES = 1.5
ROUNDS = 80
COMPANIES = {"small": (1, 100), "large": (3, 1000)}
TODAY = "2026-11-20"
KINDS = ("first page", "by name", "by pinyin", "by initials", "no hit")


@dataclass(frozen=True)
class Rep:
    """The first rep of a company: a signed-in browser, and what they would type for each kind."""

    browser: TestClient
    typed: dict[str, str]


@pytest.fixture(scope="module")
def reps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Rep]]:
    folder = tmp_path_factory.mktemp("companies")
    opened = {name: company(folder / f"{name}.db", *size) for name, size in COMPANIES.items()}
    yield opened
    for rep in opened.values():
        rep.browser.close()


def company(path: Path, reps: int, customers: int) -> Rep:
    engine = database.connect(f"sqlite:///{path}")
    schema.upgrade(engine)
    with Session(engine) as db:
        load_many(db, reps=reps, customers=customers, seed=1, today=date.fromisoformat(TODAY))
        rep = person_named(db, "rep001")
        assert rep
        token, names = open_session(db, rep.id, "a measurement"), names_of(db, rep)
        db.commit()
    browser = TestClient(create_app(engine))
    browser.cookies.set("session", token)
    return Rep(browser, searches(names))


def names_of(db: Session, rep: Person) -> list[str]:
    own = select(Customer.name).where(Customer.owner_id == rep.id).order_by(col(Customer.code))
    return list(db.exec(own))


def searches(names: list[str]) -> dict[str, str]:
    """A name of which there is only one, in each way of typing it: as many hits here as there."""
    times = Counter(words.initials(name) for name in names)
    name = next(one for one in names if times[words.initials(one)] == 1)
    ways = ("", name, words.pinyin(name), words.initials(name), "zzzzz")
    return dict(zip(KINDS, ways, strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_customers(reps: dict[str, Rep], kind: str) -> None:
    times: dict[str, list[float]] = {company: [] for company in reps}
    for _round in range(ROUNDS):  # side by side, so that noise falls on both
        for company, rep in reps.items():
            begin = perf_counter()
            answer = rep.browser.get("/customers", params={"q": rep.typed[kind]})
            times[company].append(perf_counter() - begin)
            assert answer.status_code == 200
    small, large = median(times["small"]), median(times["large"])
    at_most(MOST_TIMES, round(large / small, 2), f"customers, {kind}: 3 × 1,000 to 100", "times")
