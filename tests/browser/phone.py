"""A phone in somebody's hand: a real browser page that counts its taps and keeps its complaints."""

import re
from decimal import Decimal
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Request,
    expect,
)

from app.core import i18n
from app.core.geo import Point
from tests.browser.server import Server

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
LOCALES = {"en": "en-GB", "zh_CN": "zh-CN"}
PATIENCE_MS = 15_000
NO_WORKER = "Service Worker registration blocked"  # as switched_on() wants it
# A phone that moves as fast as a test must not answer with where it was ten seconds ago.
NO_OLD_POSITION = """
  const sensor = navigator.geolocation, ask = sensor.getCurrentPosition.bind(sensor);
  sensor.getCurrentPosition = (found, lost, how) => ask(found, lost, {...how, maximumAge: 0});
"""

expect.set_options(timeout=PATIENCE_MS)


class Phone:
    def __init__(self, context: BrowserContext, server: Server, language: str) -> None:
        self.context, self.server, self.language = context, server, language
        self.taps = 0
        self.complaints: list[str] = []
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self.said)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("request", self.asked)

    def said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(NO_WORKER):
            self.complaints.append(f"console: {message.text} {message.location.get('url', '')}")

    def asked(self, request: Request) -> None:
        if not request.url.startswith((self.server.url, "data:", "blob:")):
            self.complaints.append(f"another origin: {request.url}")

    def words(self, message: str, **params: object) -> str:
        """One of our messages, as this phone's owner reads it."""
        with i18n.speaking(self.language):
            return i18n.gettext(message, **params)

    def go(self, path: str) -> None:
        self.page.goto(self.server.url + path)

    def button(self, message: str) -> Locator:
        return self.page.get_by_role("button", name=self.words(message), exact=True)

    def link(self, message: str) -> Locator:
        return self.page.get_by_role("link", name=self.words(message), exact=True)

    def field(self, message: str) -> Locator:
        return self.page.get_by_label(self.words(message), exact=True)

    def notice(self, message: str) -> Locator:
        return self.page.locator(".notice").filter(has_text=self.words(message))

    def tap(self, target: Locator) -> None:
        self.taps += 1
        target.tap()

    def type(self, field: Locator, text: str) -> None:
        """A field that is not ready for typing takes a tap first."""
        if not field.evaluate("field => field === document.activeElement"):
            self.tap(field)
        field.fill(text)

    def is_at(self, point: Point) -> None:
        self.context.set_geolocation(
            {"latitude": point.lat, "longitude": point.lon, "accuracy": 20}
        )

    def close(self) -> None:
        self.context.close()


def switched_on(
    browser: Browser,
    server: Server,
    who: str = "",
    *,
    language: str = "en",
    scheme: str = "light",
    located: bool = True,
    worker: bool = False,
) -> Phone:
    """A phone in which `who` is signed in; nobody, when no name is given.

    Without `worker` every page comes over the network, as on the first visit.
    """
    context = browser.new_context(
        **PHONE,
        locale=LOCALES[language],
        color_scheme="dark" if scheme == "dark" else "light",
        timezone_id=server.zone,
        service_workers="allow" if worker else "block",
        permissions=["geolocation"] if located else [],
        geolocation={"latitude": 31.2305, "longitude": 121.4603, "accuracy": 20},
    )
    context.add_init_script(NO_OLD_POSITION)
    if who:
        context.add_cookies([{"name": "session", "value": server.tokens[who], "url": server.url}])
    return Phone(context, server, language)


def amount(shown: str) -> Decimal:
    """Money as it stands on the screen: CN¥1,234.50 is 1234.50."""
    return Decimal(re.sub(r"[^\d.]", "", shown))
