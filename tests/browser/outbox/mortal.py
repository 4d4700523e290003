"""A browser that can be killed, and its profile, which can be tampered with meanwhile."""

import os
import signal
import subprocess
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.binary import FLAGS, installed
from tests.browser.outbox import hand
from tests.browser.outbox.door import Door

MORE_FLAGS = ("--headless", "--remote-debugging-port=0", "about:blank")


class Mortal:
    """A browser of its own that can be killed with all its processes, and started again."""

    def __init__(self, playwright_browser: Browser, profile: Path) -> None:
        self.type, self.profile = playwright_browser.browser_type, profile
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Page:
        port = self.profile / "DevToolsActivePort"
        port.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [installed(), *FLAGS, *MORE_FLAGS, f"--user-data-dir={self.profile}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        hand.until(lambda: port.exists() and "\n" in port.read_text(), "the browser to start")
        number = port.read_text().splitlines()[0]
        self.browser = self.type.connect_over_cdp(f"http://127.0.0.1:{number}")
        return self.browser.contexts[0].new_page()

    def kill(self) -> None:
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None
        hand.until(lambda: not self.browser.is_connected() or self.pump(), "the end")

    def quit(self) -> None:
        """As a person ends it: everything is written down."""
        if self.process is None:
            return
        self.browser.new_browser_cdp_session().send("Browser.close")
        self.process.wait()
        self.process = None

    def databases(self) -> Path:
        (folder,) = self.profile.rglob("*.indexeddb.leveldb")
        return folder

    def pump(self) -> bool:
        """Lets Playwright notice that the browser has gone."""
        self.browser.close()
        return not self.browser.is_connected()


def opened(mortal: Mortal, door: Door, person: str) -> Page:
    page = mortal.start()
    page.goto(f"{door.url}/?person={person}")
    page.wait_for_function("window.outbox !== undefined")
    return page
