"""What the phone must fetch before anything has been kept on it."""

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from tests.bench.table import at_most
from tests.browser import job
from tests.browser.phone import Phone, switched_on
from tests.browser.server import Server

MOST_KB = 120
ICONS = "/static/icon/favicon.svg", "/static/icon/icon-192.png", "/static/icon/apple-touch-180.png"


def test_from_signing_in_to_today(chromium: Browser, running: Server) -> None:
    running.begin_again()
    phone = switched_on(chromium, running)
    taken = weighed(phone)
    job.sign_in(phone, "alice")
    phone.page.wait_for_load_state("networkidle")
    for path in ("/manifest.webmanifest", *ICONS):
        phone.page.evaluate("path => fetch(path).then(answer => answer.blob())", path)
    phone.close()
    for path, size in sorted(taken.items(), key=lambda one: -one[1]):
        at_most(MOST_KB, size / 1000, f"first load: {path}", "KB sent")
    at_most(MOST_KB, sum(taken.values()) / 1000, "first load in all", "KB sent")


def weighed(phone: Phone) -> dict[str, float]:
    """Bytes over the wire by path, headers included; filled while the phone is used."""
    devtools = phone.context.new_cdp_session(phone.page)
    paths: dict[str, str] = {}
    taken: dict[str, float] = {}

    def sent(event: dict[str, Any]) -> None:
        paths[event["requestId"]] = urlsplit(event["request"]["url"]).path

    def finished(event: dict[str, Any]) -> None:
        path = paths[event["requestId"]]
        taken[path] = taken.get(path, 0) + event["encodedDataLength"]

    devtools.on("Network.requestWillBeSent", sent)
    devtools.on("Network.loadingFinished", finished)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": False})
    return taken
