"""One server and one Chromium for all; every test begins with the same morning."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.binary import FLAGS, installed
from tests.browser.engines.browsers import ENGINES, Engine
from tests.browser.engines.browsers import Browser as Handheld
from tests.browser.engines.street import Street, Walker
from tests.browser.pack import loaded
from tests.browser.phone import Phone, switched_on
from tests.browser.server import Server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("roadbook"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def server(running: Server) -> Server:
    running.begin_again()
    return running


@pytest.fixture
def phone_of(chromium: Browser, server: Server) -> Iterator[Callable[..., Phone]]:
    """`phone_of("alice", language="zh_CN")` is a phone in which Alice is signed in."""
    opened: list[Phone] = []

    def pick_up(who: str = "", **how: Any) -> Phone:
        opened.append(switched_on(chromium, server, who, **how))
        return opened[-1]

    yield pick_up
    for phone in opened:
        phone.close()


@pytest.fixture
def alice(phone_of: Callable[..., Phone]) -> Phone:
    return phone_of("alice")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """What the server wrote is shown with the test that failed."""
    report = yield
    server = getattr(item, "funcargs", {}).get("running")
    if report.failed and server:
        report.sections.append(("The server's log", server.log[-5000:]))
    return report


@pytest.fixture
def ready(phone_of: Callable[..., Phone]) -> Phone:
    phone = phone_of("alice", worker=True)
    loaded(phone)
    return phone


@pytest.fixture
def dead(ready: Phone, server: Server) -> Iterator[Phone]:
    server.kill()
    yield ready
    if server.keeper is None:
        server.start()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    engine = ENGINES[request.param]
    if missing := engine.missing():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{engine.name} must be tested here: {missing}")
        pytest.skip(f"{engine.name}: {missing}")
    return engine


@pytest.fixture
def street(server: Server) -> Iterator[Street]:
    one = Street(server.port, server.tokens["alice"])
    yield one
    one.close()
    if server.keeper is None:  # for the next one, also where this one failed
        server.start()


@pytest.fixture
def walker(engine: Engine, street: Street, server: Server, tmp_path: Path) -> Iterator[Walker]:
    browser = Handheld(engine, tmp_path / "profile")
    yield Walker(browser, street, server.zone)
    browser.kill()
