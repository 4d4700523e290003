"""Photos: taken without a signal, kept on the phone, sent after the words, in parts, once."""

import os
import random
import time
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Route, expect

from tests.browser import job
from tests.browser.outbox.hand import until
from tests.browser.phone import Phone
from tests.browser.server import Server

KEPT = """async () => {
  const name = `photos-${document.body.dataset.person}`;
  const names = (await indexedDB.databases()).map((one) => one.name);
  if (!names.includes(name)) return [];
  const open = indexedDB.open(name);
  const db = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const asked = db.transaction('pictures').objectStore('pictures').getAll();
  const all = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  db.close();
  return all.map(({sha256, size, state}) => ({sha256, size, state}));
}"""

CAMERA = "input[data-takes][capture]"
ALBUM = "input[data-takes]:not([capture])"


def picture(width: int = 2_400, height: int = 1_800) -> FilePayload:
    """Of noise, so that it is large however it is packed."""
    dice = random.Random(5)
    small = Image.frombytes("RGB", (600, 450), dice.randbytes(600 * 450 * 3))
    out = BytesIO()
    small.resize((width, height)).save(out, "JPEG", quality=85)
    return {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.fixture
def at_work(phone_of: Callable[..., Phone], server: Server) -> Phone:
    phone = phone_of("alice")
    customer_id = job.arrive(phone)
    job.check_in(phone)
    job.all_sent(phone)
    assert customer_id
    return phone


def take(phone: Phone) -> None:
    phone.page.locator(CAMERA).set_input_files(picture())


def kept(phone: Phone) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = phone.page.evaluate(KEPT)
    return found


def arrived(server: Server) -> list[str]:
    return [name for (name,) in server.rows("SELECT sha256 FROM blob")]


def network(phone: Phone) -> None:
    phone.context.set_offline(False)
    phone.page.evaluate("dispatchEvent(new Event('online'))")


def test_it_works(at_work: Phone, server: Server) -> None:
    at_work.context.set_offline(True)
    take(at_work)
    waits = at_work.page.locator(".photo.pending img")
    expect(waits).to_be_visible()
    (here,) = kept(at_work)
    assert here["size"] > 256 * 1024  # several parts
    network(at_work)
    until(lambda: arrived(server) == [here["sha256"]], "the picture", 30)
    until(lambda: kept(at_work) == [], "the phone to let go of it", 30)
    shown = at_work.page.locator("a.photo img")
    expect(shown).to_be_visible()
    ((taken, camera, lat, pin),) = server.rows(
        "SELECT p.taken_at, p.from_camera, p.lat, c.lat FROM photo p"
        " JOIN customer c ON c.id = p.customer_id"
    )
    assert (taken is not None, bool(camera)) == (True, True)
    assert lat == pytest.approx(pin)
    answer = at_work.context.request.get(f"{server.url}/media/{here['sha256']}")
    sent = Image.open(BytesIO(answer.body()))
    assert sent.size[0] == 1_600
    assert sent.size[1] > 1_200  # the strip that says when and where


def test_a_connection_that_breaks_all_the_time(at_work: Phone, server: Server) -> None:
    tries = iter(range(1_000))

    def break_some(route: Route) -> None:
        if next(tries) % 3 == 1:
            route.abort()
        else:
            route.continue_()

    at_work.page.route("**/media/*", break_some)
    take(at_work)
    expect(at_work.page.locator(".photo.missing")).to_be_visible()
    expect(at_work.page.locator("[data-outbox-count=waiting]")).to_be_hidden()

    def complete() -> bool:
        network(at_work)
        at_work.page.wait_for_timeout(300)
        return len(arrived(server)) == 1

    until(complete, "the picture", 60)
    (name,) = arrived(server)
    answer = at_work.context.request.get(f"{server.url}/media/{name}")
    assert answer.ok


def test_words_go_first(at_work: Phone, server: Server) -> None:
    asked: list[str] = []
    at_work.page.on("request", lambda request: asked.append(request.url))
    at_work.page.route("**/sync/commands", lambda route: route.abort())
    take(at_work)
    expect(at_work.page.locator(".photo.pending img")).to_be_visible()
    at_work.page.wait_for_timeout(1_000)
    assert [url for url in asked if "/media/" in url] == []
    at_work.page.unroute("**/sync/commands")
    network(at_work)
    until(lambda: len(arrived(server)) == 1, "the picture", 30)


def test_the_outbox_tells_of_it(at_work: Phone, server: Server) -> None:
    at_work.page.route("**/media/*", lambda route: route.abort())
    take(at_work)
    expect(at_work.page.locator(".photo.missing")).to_be_visible()
    expect(at_work.page.locator("[data-outbox-count=waiting]")).to_be_hidden()
    at_work.go("/outbox")
    expect(at_work.page.get_by_role("heading", name="1 photo waits")).to_be_visible()
    at_work.page.unroute("**/media/*")
    network(at_work)
    expect(at_work.page.locator("#photos-waiting")).to_be_hidden(timeout=40_000)
    assert len(arrived(server)) == 1


def test_no_room_is_said_and_words_are_safe(at_work: Phone, server: Server) -> None:
    at_work.page.evaluate("navigator.storage.estimate = async () => ({quota: 1000, usage: 0})")
    take(at_work)
    expect(at_work.notice("No room for the photo")).to_be_visible()
    assert kept(at_work) == []
    job.write_note(at_work, "还是写下来了")
    job.all_sent(at_work)
    assert server.rows("SELECT count(*) FROM photo") == [(0,)]


def test_what_is_no_picture_is_said(at_work: Phone) -> None:
    field = at_work.page.locator(CAMERA)
    field.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    expect(at_work.notice("This is no picture that this phone can show")).to_be_visible()
    assert kept(at_work) == []


def test_what_is_written_has_a_slow_line_for_itself(at_work: Phone, server: Server) -> None:
    """40 kbit/s, on which a part of a picture takes a minute; what has arrived of it counts."""
    under_way: list[str] = []
    given_up: list[str] = []
    at_work.page.on("request", lambda one: under_way.append(one.method))
    at_work.page.on("requestfailed", lambda one: given_up.append(one.url))
    network = at_work.context.new_cdp_session(at_work.page)
    slow = {"offline": False, "latency": 300, "downloadThroughput": 5_000}
    network.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": 5_000})
    take(at_work)
    until(lambda: goes_on(at_work) and "PATCH" in under_way, "the picture on its way", 40)
    began = time.monotonic()
    job.write_note(at_work, "先送文字")
    until(lambda: goes_on(at_work) and server.rows("SELECT 1 FROM note"), "the note", 40)
    assert time.monotonic() - began < 10
    assert given_up
    fast = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    network.send("Network.emulateNetworkConditions", fast)
    at_work.page.evaluate("dispatchEvent(new Event('online'))")
    until(lambda: goes_on(at_work) and arrived(server), "the picture", 60)


def goes_on(phone: Phone) -> bool:
    """What the page does is seen only while it is waited for."""
    phone.page.wait_for_timeout(50)
    return True


def test_an_older_picture_is_taken_and_marked_unless_the_policy_wants_the_camera(
    at_work: Phone, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = tmp_path / "older.jpg"
    older.write_bytes(picture(640, 480)["buffer"])
    os.utime(older, (0, time.time() - 86_400))
    at_work.page.locator(ALBUM).set_input_files(older)
    from_camera = "SELECT from_camera FROM photo"
    until(lambda: goes_on(at_work) and server.rows(from_camera), "the older picture")
    assert server.rows(from_camera) == [(0,)]
    monkeypatch.setenv("PHOTO_CAMERA_ONLY", "true")
    server.kill()
    server.start()
    at_work.page.reload()
    expect(at_work.page.locator(ALBUM)).to_have_count(0)
    at_work.page.locator(CAMERA).set_input_files(older)
    expect(at_work.notice("This picture was not taken just now")).to_be_visible()
    assert server.rows("SELECT count(*) FROM photo") == [(1,)]


def test_a_refused_picture_is_given_up_by_the_person(at_work: Phone) -> None:
    refusal = '{"error": "kind", "reason": "This is no photo that can be shown."}'

    def refuse(route: Route) -> None:
        media = "application/vnd.roadbook.media+json"
        if route.request.method == "PATCH":
            route.fulfill(status=415, content_type=media, body=refusal)
        else:
            route.continue_()

    at_work.page.route("**/media/*", refuse)
    take(at_work)
    until(lambda: [one["state"] for one in kept(at_work)] == ["refused"], "the refusal", 30)
    at_work.go("/outbox")
    waits = at_work.page.locator("#photos-waiting")
    expect(waits).to_contain_text("This is no photo that can be shown.")
    at_work.tap(at_work.button("Give the photo up"))
    expect(waits).to_be_hidden()
    assert kept(at_work) == []


def test_it_is_the_same_bytes(at_work: Phone, server: Server) -> None:
    """What the server holds is called by what the phone had."""
    take(at_work)
    until(lambda: len(arrived(server)) == 1, "the picture", 30)
    ((size,),) = server.rows("SELECT size FROM photo")
    answer = at_work.context.request.get(f"{server.url}/media/{arrived(server)[0]}")
    assert len(answer.body()) == size
    assert sha256(answer.body()).hexdigest() == arrived(server)[0]
