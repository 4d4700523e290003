"""A new version comes, or a broken one: whoever is at work goes on, and nothing is lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Error, expect

from app.settings import ROOT
from tests.browser import job
from tests.browser.outbox.hand import until
from tests.browser.phone import Phone
from tests.browser.server import Server

BUILD = ROOT / "static/build"
LOOK_FOR_A_NEWER_ONE = "navigator.serviceWorker.getRegistration().then((one) => one.update())"
WAITING = "navigator.serviceWorker.getRegistration().then((one) => one.waiting !== null)"
SCRIPT = "document.querySelector('script[src*=\"app.js\"]').src"


@contextmanager
def released(server: Server, changes: dict[str, Callable[[str], str]]) -> Iterator[None]:
    """The server is started again with other files; afterwards they are as they were."""
    before = {name: (BUILD / name).read_text("utf-8") for name in changes}
    server.kill()
    try:
        for name, change in changes.items():
            replace(BUILD / name, change(before[name]))
        server.start()
        yield
    finally:
        server.kill()
        for name, text in before.items():
            replace(BUILD / name, text)
        server.start()


def replace(path: Path, text: str) -> None:
    half = path.with_suffix(".half")
    half.write_text(text, "utf-8")
    half.replace(path)


def newer(text: str) -> str:
    return text + "\n/* newer */\n"


def test_an_open_page_works_on_with_a_newer_server(ready: Phone, server: Server) -> None:
    job.arrive(ready)
    job.check_in(ready)
    ready.type(ready.field("Note"), "halb fertig")
    old = ready.page.evaluate(SCRIPT)
    with released(server, {"app.js": newer, "app.css": newer, "worker.js": newer}):
        ready.page.evaluate(LOOK_FOR_A_NEWER_ONE)
        until(lambda: ready.page.evaluate(WAITING), "the newer worker")
        expect(ready.field("Note")).to_have_value("halb fertig")
        assert ready.page.evaluate(SCRIPT) == old
        ready.tap(ready.button("Save note"))
        job.all_sent(ready)
        assert ready.context.request.get(old).ok  # of a build that is no more
        ready.go("/today")
        until(lambda: reloaded(ready) and ready.page.evaluate(SCRIPT) != old, "the newer one", 40)
        expect(ready.page.locator("main")).to_be_visible()
        written = server.rows("SELECT text FROM note WHERE text = 'halb fertig'")
        assert written == [("halb fertig",)]


def reloaded(phone: Phone) -> bool:
    """A page that was asked for once more; not so, where it was just when the workers changed."""
    try:
        phone.go("/today")
    except Error:
        return False
    phone.page.wait_for_timeout(500)
    return True


def test_a_worker_that_cannot_be_installed_changes_nothing(ready: Phone, server: Server) -> None:
    def broken(text: str) -> str:
        return f"throw new Error('broken');\n{text}"

    with released(server, {"worker.js": broken}):
        ready.page.evaluate(f"{LOOK_FOR_A_NEWER_ONE}.catch(() => {{}})")
        ready.go("/customers")
        expect(ready.page.locator("#found-rows .row").first).to_be_visible()
    server.kill()
    ready.go("/today")
    expect(ready.page.locator(".stop.next")).to_be_visible()
    server.start()


def test_without_htmx_what_is_written_is_saved_and_sent(
    phone_of: Callable[..., Phone], server: Server
) -> None:
    phone = phone_of("alice")
    phone.page.route("**/htmx.min.js*", lambda route: route.abort())
    job.arrive(phone)
    phone.tap(phone.button("Check in"))
    until(lambda: visits(server, phone), "the check-in", 30)
    phone.page.reload()
    phone.type(phone.field("Note"), "ohne htmx")
    phone.tap(phone.button("Save note"))
    until(lambda: server.rows("SELECT 1 FROM note WHERE text = 'ohne htmx'"), "the note", 30)
    phone.complaints.clear()  # that htmx did not come


def visits(server: Server, phone: Phone) -> int:
    phone.page.wait_for_timeout(100)
    ((count,),) = server.rows("SELECT count(*) FROM received WHERE name = 'visits.check_in.v1'")
    return int(count)
