"""Who looks at today before it is planned sees a quick order, and the better one by itself."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.phone import Phone
from tests.browser.server import Server

PLANNER = b"app.planning.route.process"


@pytest.fixture
def planned_beside(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The server with its planner, which the other tests do without."""
    server.kill()
    monkeypatch.setenv("ROADBOOK_PLANNERS", "1")
    server.start()
    yield server
    server.kill()
    monkeypatch.undo()
    server.start()


def planner_of(server: Server) -> int:
    """The number of its process in the system."""
    assert server.keeper
    numbers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    (planner,) = (
        number
        for number in numbers
        if os.getpgid(number) == server.keeper.pid
        and PLANNER in Path(f"/proc/{number}/cmdline").read_bytes()
    )
    return planner


def test_the_better_order_comes_by_itself(
    phone_of: Callable[..., Phone], planned_beside: Server
) -> None:
    planner = planner_of(planned_beside)
    os.kill(planner, signal.SIGSTOP)
    phone = phone_of("alice")
    phone.go("/today")
    said = phone.words("A quick first order; a better one comes in a moment.")
    waits = phone.page.get_by_text(said)
    expect(waits).to_be_visible()
    os.kill(planner, signal.SIGCONT)
    expect(waits).to_have_count(0)
