"""What a page costs: SQL statements and bytes, whatever has happened before."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event
from sqlmodel import Session

from tests import world
from tests.bench.history import a_day
from tests.bench.table import at_most
from tests.cast import Cast

MOST_STATEMENTS = 9  # one for each kind of entry in a timeline
MOST_KB = 60
FRAME = ("BEGIN", "COMMIT", "ROLLBACK")


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that are executed meanwhile, but those that begin and end a transaction."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(FRAME):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def cost(engine: Engine, browser: TestClient, path: str) -> tuple[int, float]:
    """Statements and kilobytes of a page."""
    with counted(engine) as seen:
        answer = browser.get(path)
    assert answer.status_code == 200, path
    return len(seen), len(answer.content) / 1000


@pytest.mark.parametrize("history", [0, 10, 300])
def test_pages(
    engine: Engine,
    db: Session,
    cast: Cast,
    browser_of: Callable[..., TestClient],
    history: int,
) -> None:
    shop = a_day(db, cast.alice, history)[0]
    browser = browser_of(cast.alice)
    browser.get("/more")  # the very first page of all makes the key for files of the outbox
    browser.get("/today")  # the first one of a day learns the roads of the team
    pages = {
        "today": "/today",
        "customer": f"/customers/{shop.id}",
        "visit, before": f"/customers/{shop.id}/visit",
        "customers": "/customers",
        "orders": "/orders",
        "inbox": "/inbox",
    }
    costs = {name: cost(engine, browser, path) for name, path in pages.items()}
    world.visit(db, cast.alice, shop)
    costs["visit, open"] = cost(engine, browser, pages["visit, before"])
    costs["today, at a stop"] = cost(engine, browser, "/today")
    for name, (statements, _size) in costs.items():
        at_most(MOST_STATEMENTS, statements, f"{name}, {history} visits", "statements")
    for name, (_statements, size) in costs.items():
        at_most(MOST_KB, size, f"{name}, {history} visits", "KB of HTML")
