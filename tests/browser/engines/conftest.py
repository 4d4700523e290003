"""Three engines before the real server; a missing one is skipped by name, and fails in CI."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.engines.browsers import Engine
from tests.browser.engines.fuzz import bundled, rep
from tests.browser.engines.handset import Handset, Silent
from tests.browser.engines.relay import Relay
from tests.browser.server import Server

LIVING: dict[str, Handset] = {}


@pytest.fixture(scope="session")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundled(tmp_path_factory.mktemp("robot"))


@pytest.fixture
def relay(server: Server, script: Path) -> Iterator[Relay]:
    """A port of its own, so that every test begins with an empty phone. Alice is signed in."""
    relay = Relay(script, server.port, rep(server, "alice")[0])
    relay.open()
    yield relay
    relay.close()


@pytest.fixture(scope="session")
def home(running: Server, script: Path) -> Iterator[Relay]:
    """Where the living browsers are between two tests."""
    relay = Relay(script, running.port, rep(running, "alice")[0])
    relay.open()
    yield relay
    for phone in LIVING.values():
        phone.kill()
    LIVING.clear()
    relay.close()


@pytest.fixture
def phone(
    engine: Engine, home: Relay, relay: Relay, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Handset]:
    """A browser that lives on from test to test, at another address each time."""
    if engine.name not in LIVING:
        one = Handset(engine, home, tmp_path_factory.mktemp("living") / "profile")
        one.switch_on()
        LIVING[engine.name] = one
    phone = LIVING[engine.name]
    phone.go_to(relay)
    yield phone
    try:
        phone.ask("for (const one of robot.windows) one?.close()")
        phone.go_to(home)
    except Silent:
        LIVING.pop(engine.name).kill()


@pytest.fixture
def mortal(engine: Engine, relay: Relay, tmp_path: Path) -> Iterator[Handset]:
    """A browser with a profile of its own, to be switched on and killed by the test."""
    phone = Handset(engine, relay, tmp_path / "profile")
    yield phone
    phone.kill()


@pytest.fixture
def begun(phone: Handset, relay: Relay) -> Callable[[str], None]:
    """`begun(script)`: the page once more, with a script that runs before its own."""

    def begin(script: str) -> None:
        relay.before = script
        phone.reload()

    return begin


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """What went over the wire is shown with the test that failed."""
    report = yield
    relay = getattr(item, "funcargs", {}).get("relay")
    if report.failed and relay:
        report.sections.append(("What the relay met", relay.report()))
    return report
