"""What a hand does on that page, and what an eye sees."""

from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

from playwright.sync_api import Page

from tests.browser.outbox.door import Door

PATIENCE_S = 15


def say(page: Page, text: str) -> None:
    """Write it and send it; returns when the page has said what became of it."""
    before = page.evaluate("told.length")
    page.fill("#say [name=text]", text)
    page.click("#say button >> nth=0")
    page.wait_for_function("before => told.length > before", arg=before)


def say_many(page: Page, texts: list[str]) -> list[str]:
    """The same, faster than a hand; the ids that the page said were saved."""
    ids = page.evaluate(
        """async (texts) => {
          const form = document.querySelector('#say');
          const first = said.length;
          for (const text of texts) {
            const saved = new Promise((done) =>
              document.addEventListener('outbox:saved', done, { once: true }));
            form.elements.text.value = text;
            form.requestSubmit();
            await saved;
            await null; // until the form is empty
          }
          return said.slice(first);
        }""",
        texts,
    )
    return [str(one) for one in ids]


def wake(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('focus'))")


def situation(page: Page) -> dict[str, Any]:
    return dict(page.evaluate("outbox.situation()"))


def woken(page: Page) -> dict[str, Any]:
    wake(page)
    return situation(page)


def entries(page: Page) -> list[dict[str, Any]]:
    return list(page.evaluate("outbox.entries()"))


def sent_by(page: Page) -> str:
    """The device of the database that is in use."""
    return str(
        page.evaluate(
            "outbox.store.read(async (tx) => (await tx.objectStore('meta').get('device')).id)"
        )
    )


def until(true: Callable[[], Any], what: str = "", patience: float = PATIENCE_S) -> None:
    end = monotonic() + patience
    while not true():
        if monotonic() > end:
            raise AssertionError(f"waited in vain: {what}")
        sleep(0.02)


def rested(page: Page) -> bool:
    now = situation(page)
    return not now["sending"]


def drained(page: Page, patience: float = PATIENCE_S) -> None:
    """Woken as by a thumb until nothing waits."""

    def empty() -> bool:
        now = situation(page)
        if now["waiting"] and not now["sending"]:
            wake(page)
        return not now["waiting"] and not now["sending"]

    until(empty, "the outbox to be empty", patience)


def met(door: Door, count: int) -> None:
    until(lambda: len(door.seen) >= count and door.seen[-1].ended, f"{count} batches at the door")
