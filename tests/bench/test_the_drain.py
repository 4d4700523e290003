"""How fast a full outbox empties: a real browser, a wire of some length, `roadbook serve`.

The median of several: `ROADBOOK_BENCH_RUNS=3 pytest -s tests/bench/test_the_drain.py`.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Browser

from app.orders.models import Order
from app.sync.models import Received
from app.visits.models import Note
from tests.bench.drain.company import Asked, Rep, days, notes
from tests.bench.drain.offices import Office, office
from tests.bench.drain.phone import bundled, phone
from tests.bench.drain.wire import Passed, wire
from tests.bench.table import at_least, at_most, tell

RUNS = int(os.environ.get("ROADBOOK_BENCH_RUNS", "1"))
NOTES, MIXED = 5_000, 1_500
KINDS = ("sqlite", "postgres")


@dataclass(frozen=True)
class Drained:
    """What it took: commands a second, bytes of an entry, and what went over the wire."""

    rate: float
    size: float
    passed: Passed
    processor_ms: float


class Offices:
    """One of each kind, and a new rep for every drain."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.stack = folder, ExitStack()
        self.open: dict[str, tuple[Office, Iterator[Rep]]] = {}

    def of(self, kind: str) -> tuple[Office, Iterator[Rep]]:
        if kind not in self.open:
            own = self.folder / kind
            own.mkdir()
            started = self.stack.enter_context(office(kind, own, reps=3 * RUNS))
            self.open[kind] = started, iter(started.company.reps)
        return self.open[kind]


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Offices]:
    opened = Offices(tmp_path_factory.mktemp("offices"))
    with opened.stack:
        yield opened


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundled(tmp_path_factory.mktemp("bench"))


def drained(
    chromium: Browser, script: Path, at: Office, rep: Rep, asked: list[Asked], delay_ms: float
) -> Drained:
    with (
        wire(at.serving.port, delay_ms) as between,
        phone(chromium, script, between.port, rep.id, rep.token) as page,
    ):
        page.evaluate("asked => fill(asked)", asked)
        size = page.evaluate("bytes()")
        before = at.serving.processor_s()
        took_ms = page.evaluate("drain()")
        processor_ms = (at.serving.processor_s() - before) * 1_000 / len(asked)
    return Drained(len(asked) / took_ms * 1_000, size, between.passed, processor_ms)


def enter(runs: list[Drained], what: str, count: int, floor: float) -> None:
    rates = ", ".join(f"{one.rate:,.0f}" for one in runs)
    tell(f"{what}: {rates} a second; an entry has {runs[0].size:.0f} bytes")
    middle = sorted(runs, key=lambda one: one.rate)[len(runs) // 2]
    at_least(floor, median(one.rate for one in runs), what, "a second")
    at_most(25, middle.passed.batches, f"{what}: requests for {count:,}")
    at_most(200, middle.passed.up / count, f"{what}: sent, headers too", "bytes each")
    at_most(100, middle.passed.down / count, f"{what}: answered", "bytes each")
    at_most(5, middle.processor_ms, f"{what}: the server's processor", "ms each")


@pytest.mark.parametrize(("delay_ms", "floor"), [(0, 150), (100, 100)])
@pytest.mark.parametrize("kind", KINDS)
def test_notes(
    chromium: Browser, script: Path, offices: Offices, kind: str, delay_ms: int, floor: float
) -> None:
    at, reps = offices.of(kind)
    before, runs = at.rows(Note), []
    for _run in range(RUNS):
        rep = next(reps)
        runs.append(drained(chromium, script, at, rep, notes(rep, NOTES), delay_ms))
    assert at.rows(Note) - before == NOTES * RUNS
    enter(runs, f"drained notes, {kind}, {delay_ms} ms", NOTES, floor)


@pytest.mark.parametrize("kind", KINDS)
def test_days(chromium: Browser, script: Path, offices: Offices, kind: str) -> None:
    """Check-in, note, order of five lines, and again."""
    at, reps = offices.of(kind)
    before, runs = (at.rows(Order), at.rows(Received)), []
    for _run in range(RUNS):
        rep = next(reps)
        asked = days(rep, at.company.products, MIXED)
        runs.append(drained(chromium, script, at, rep, asked, 0))
    done = at.rows(Order) - before[0], at.rows(Received) - before[1]
    assert done == (MIXED // 3 * RUNS, MIXED * RUNS)
    enter(runs, f"drained days, {kind}, 0 ms", MIXED, 50)
