"""Ten reps who plan at once slow down nobody else, and wait for no engine themselves.

Both times ten reps open today's page at the same pace and somebody else turns other pages; the one
time the plans are known, the other time each is a new one, because the rep has moved. Pages are
asked for by the clock, each rep's a little after another's: pages that all begin together, or as
soon as the one before is there, would be counted by how they meet, not by how long they take.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count, cycle
from math import ceil
from pathlib import Path
from random import Random
from time import monotonic, sleep

import pytest
from sqlmodel import Session

from app.accounts.actions import open_session
from app.accounts.models import Person, Team
from app.accounts.rules import Role
from app.core import clock, schema
from app.core import db as database
from app.customers.models import Customer
from app.customers.rules import Grade
from app.planning.models import PlannedVisit
from tests.bench.drain.serving import serving
from tests.bench.table import at_most, tell
from tests.bench.yardstick import USUAL_S, piece
from tests.browser.server import where_it_is_morning

ALL = bool(os.environ.get("ROADBOOK_BENCH_ALL"))
REPS, CANDIDATES = 10, 40
SPANS, SPAN_S = 3, 5.0  # of each kind, in turns
EACH_S = 1.0  # a rep opens today so often
OTHERS_S = 0.04  # and somebody else a page
MOST_TIMES, MOST_TODAY_S = 1.5, 0.6
TOWN = (31.2, 121.4)
SMALL = ("/customers", "/inbox", "/orders")


@dataclass
class Line:
    """A signed-in browser that keeps its connection."""

    wire: HTTPConnection
    token: str

    def open(self, path: str, more: str = "") -> float:
        """The seconds that it took."""
        began = monotonic()
        self.wire.request("GET", path, headers={"Cookie": f"session={self.token}{more}"})
        answer = self.wire.getresponse()
        answer.read()
        assert answer.status == 200
        return monotonic() - began


@dataclass
class Town:
    """The reps' lines and that of somebody else; `moved` counts where the reps have been."""

    reps: list[Line]
    other: Line
    moved: Iterator[int]

    def where(self, number: int) -> str:
        """The cookie of a rep who stands so many steps down the road."""
        at = int(clock.now().timestamp())
        return f"; here={TOWN[0] + number % 1000 / 5000:.4f},{TOWN[1]:.4f},{at}"

    def span(self, *, anew: bool) -> tuple[list[float], list[float]]:
        """How long other pages, and today's, took while ten reps opened today's."""
        began = monotonic()

        def rep(number: int, line: Line) -> list[float]:
            return [
                line.open("/today", self.where(next(self.moved) if anew else 0))
                for _beat in beats(began + number * EACH_S / REPS, EACH_S, began + SPAN_S)
            ]

        with ThreadPoolExecutor(REPS) as people:
            days = [people.submit(rep, *one) for one in enumerate(self.reps)]
            paths = cycle(SMALL)
            others = [
                self.other.open(next(paths)) for _beat in beats(began, OTHERS_S, began + SPAN_S)
            ]
            return others, [took for day in days for took in day.result()]


def beats(first: float, each_s: float, until: float) -> Iterator[float]:
    """The times of one that comes by the clock; those that are past when asked for are left out."""
    at = first
    while at < until:
        sleep(max(0.0, at - monotonic()))
        yield at
        at += each_s * max(1, ceil((monotonic() - at) / each_s))


def hired(db: Session) -> list[str]:
    """Sign-in tokens of reps with so many customers planned for today each."""
    chance, team = Random(1), Team(name="North")
    db.add(team)
    db.flush()
    zone = where_it_is_morning()
    tokens = []
    for number in range(REPS + 1):
        rep = Person(
            username=f"rep{number}", name=f"Rep {number}", role=Role.REP, team_id=team.id,
            time_zone=zone, home_lat=TOWN[0], home_lon=TOWN[1],
        )  # fmt: skip
        shops = [
            Customer(
                name=f"测试店 {shop}", owner_id=rep.id, team_id=team.id,
                grade=chance.choice(list(Grade)),
                lat=TOWN[0] + chance.uniform(-0.1, 0.1), lon=TOWN[1] + chance.uniform(-0.1, 0.1),
            )
            for shop in range(CANDIDATES)
        ]  # fmt: skip
        today = clock.today(zone)
        db.add(rep)
        db.flush()
        db.add_all(shops)
        db.flush()
        db.add_all(PlannedVisit(person_id=rep.id, customer_id=c.id, on_day=today) for c in shops)
        tokens.append(open_session(db, rep.id, "a measurement"))
    db.commit()
    return tokens


@contextmanager
def town(folder: Path, planners: int) -> Iterator[Town]:
    url = f"sqlite:///{folder / 'roadbook.db'}"
    engine = database.connect(url)
    schema.upgrade(engine)
    with Session(engine) as db:
        tokens = hired(db)
    engine.dispose()
    with serving(url, folder, ROADBOOK_PLANNERS=str(planners)) as started:
        lines = [Line(HTTPConnection("127.0.0.1", started.port), token) for token in tokens]
        found = Town(lines[1:], lines[0], count(1))
        for path in SMALL:
            found.other.open(path)
        found.span(anew=False)
        yield found
        for line in lines:
            line.wire.close()


def test_planning_beside(tmp_path: Path) -> None:
    """The calmest span of each kind counts: others may be busy on this machine, too."""
    known, planned, days = [], [], []
    with town(tmp_path, planners=1) as there:
        for _span in range(SPANS):
            known.append(p95(there.span(anew=False)[0]))
            others, today = there.span(anew=True)
            planned.append(p95(others))
            days.append(p95(today) * USUAL_S / piece())
            there.span(anew=False)  # until what is still asked is answered
    what = f"{REPS} reps planning beside the requests"
    tell(f"{what}: other pages {told_ms(min(known))} → {told_ms(min(planned))} p95")
    at_most(MOST_TIMES, round(min(planned) / min(known), 2), f"{what}: other pages' p95", "times")
    at_most(MOST_TODAY_S, round(min(days), 2), f"{what}: today's p95, 40 candidates", "s")


@pytest.mark.skipif(not ALL, reason="told only where ROADBOOK_BENCH_ALL is set")
def test_planning_in_the_requests(tmp_path: Path) -> None:
    """As it would be without planners."""
    with town(tmp_path, planners=0) as there:
        known = p95(there.span(anew=False)[0])
        others, today = there.span(anew=True)
    tell(
        f"{REPS} reps planning in the requests: other pages {told_ms(known)} → "
        f"{told_ms(p95(others))} p95, today {told_ms(p95(today))}"
    )


def told_ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"


def p95(took: list[float]) -> float:
    return sorted(took)[int(len(took) * 0.95)]
