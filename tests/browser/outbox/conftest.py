"""A page with nothing but the outbox on it, and a door that can go wrong."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.outbox.door import Door
from tests.browser.outbox.mortal import Mortal

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
ALICE = "0a11ce00-0000-4000-8000-000000000001"
BOB = "00b0b000-0000-4000-8000-000000000002"


@pytest.fixture(scope="session")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("outbox") / "page.js"
    (esbuild,) = (ROOT / "node_modules/@esbuild").glob("*/bin/esbuild")
    how = ("--bundle", "--format=esm", "--log-level=warning")
    target = "--target=chrome109,firefox115,safari16.4"
    subprocess.run([esbuild, HERE / "page.ts", *how, target, f"--outfile={built}"], check=True)
    return built


@pytest.fixture
def door(script: Path) -> Iterator[Door]:
    """A port of its own, so that every test begins with an empty phone."""
    door = Door(script)
    door.open()
    yield door
    door.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        permissions=["geolocation"], geolocation={"latitude": 31.2, "longitude": 121.4}
    )
    context.set_default_timeout(8_000)
    yield context
    context.close()


@pytest.fixture
def tab(context: BrowserContext, door: Door) -> Callable[..., Page]:
    """`tab(plain=True)` is Alice's page without htmx; several share one phone."""

    def opened(person: str = ALICE, *, plain: bool = False, before: str = "") -> Page:
        page = context.new_page()
        if before:
            page.add_init_script(before)
        page.goto(f"{door.url}/?person={person}{'&plain=1' if plain else ''}")
        page.wait_for_function("window.outbox !== undefined")
        return page

    return opened


@pytest.fixture
def mortal(chromium: Browser, tmp_path: Path) -> Iterator[Mortal]:
    one = Mortal(chromium, tmp_path / "profile")
    yield one
    one.kill()
    shutil.rmtree(one.profile, ignore_errors=True)
