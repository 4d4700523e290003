"""A photo on its way to `roadbook serve`: the signal goes, the power goes, many send at once."""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from random import Random
from threading import Thread
from time import monotonic, sleep
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.accounts.actions import open_session
from app.accounts.models import Person
from app.media.models import Blob, Sender
from tests import world
from tests.bench.drain.serving import Serving, serving
from tests.cast import Cast
from tests.conftest import ON_POSTGRES
from tests.media.album import jpeg, large_jpeg, name_of
from tests.media.sending import CHUNK, append, progress, send, so_far

Serve = Callable[..., AbstractContextManager[Serving]]
Phone = Callable[[Serving, Person], Any]
PATIENCE_S = 30


@pytest.fixture(scope="module")
def photo() -> bytes:
    return large_jpeg()


@pytest.fixture
def serve(engine: Engine, tmp_path: Path) -> Serve:
    """The same company each time; when it ends, it is as when the power goes."""
    database = engine.url.render_as_string(hide_password=False)

    @contextmanager
    def begin(workers: int = 1) -> Iterator[Serving]:
        with serving(database, tmp_path, workers) as server:
            yield server

    return begin


@pytest.fixture
def phone_at(db: Session) -> Iterator[Phone]:
    """`phone_at(server, person)` is a phone in which that person is signed in."""
    opened: list[Any] = []

    def open_phone(server: Serving, person: Person) -> Any:
        token = open_session(db, person.id, "a test")
        db.commit()
        opened.append(
            httpx2.Client(base_url=server.url, cookies={"session": token}, timeout=PATIENCE_S)
        )
        return opened[-1]

    yield open_phone
    for one in opened:
        one.close()


def half_of_a_chunk(server: Serving, phone: Any, name: str, offset: int, chunk: bytes) -> Any:
    """A connection on which the first half of a chunk was sent."""
    head = (
        f"PATCH /media/{name} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Cookie: session={phone.cookies['session']}\r\nUpload-Offset: {offset}\r\n"
        f"Upload-Complete: ?1\r\nContent-Length: {len(chunk)}\r\n\r\n"
    )
    wire = socket.create_connection(("127.0.0.1", server.port), PATIENCE_S)
    wire.sendall(head.encode() + chunk[: len(chunk) // 2])
    return wire


def go_on(phone: Any, photo: bytes) -> None:
    """As the phone does: from where the server says, chunk by chunk."""
    name = name_of(photo)
    here, done = so_far(phone, name)
    while not done:
        end = min(here + CHUNK, len(photo))
        here, done = progress(append(phone, name, here, photo[here:end], last=end == len(photo)))


def test_the_signal_goes_in_the_middle_of_a_chunk(
    serve: Serve, phone_at: Phone, cast: Cast, photo: bytes
) -> None:
    """What has arrived of it counts: on a bad day half a chunk is half a minute."""
    with serve() as server:
        phone, name = phone_at(server, cast.alice), name_of(photo)
        append(phone, name, 0, photo[:CHUNK])
        wire = half_of_a_chunk(server, phone, name, CHUNK, photo[CHUNK : 2 * CHUNK])
        sleep(0.5)
        wire.close()
        patience = monotonic() + PATIENCE_S
        while so_far(phone, name) == (CHUNK, False) and monotonic() < patience:
            sleep(0.05)
        assert so_far(phone, name) == (CHUNK + CHUNK // 2, False)
        go_on(phone, photo)
        assert phone.get(f"/media/{name}").content == photo


def test_the_server_is_killed_in_the_middle_of_a_chunk(
    serve: Serve, phone_at: Phone, cast: Cast, photo: bytes
) -> None:
    name = name_of(photo)
    with serve() as server:
        phone = phone_at(server, cast.alice)
        append(phone, name, 0, photo[:CHUNK])
        wire = half_of_a_chunk(server, phone, name, CHUNK, photo[CHUNK : 2 * CHUNK])
        sleep(0.2)
    wire.close()
    with serve() as server:
        phone = phone_at(server, cast.alice)
        assert so_far(phone, name) == (CHUNK, False)
        go_on(phone, photo)
        assert phone.get(f"/media/{name}").content == photo


def test_the_server_is_killed_again_and_again(
    serve: Serve, phone_at: Phone, cast: Cast, photo: bytes
) -> None:
    """At any moment, also while it looks at the whole: nothing is lost and nothing is doubled."""
    chance, album = Random(11), [photo, *(jpeg(900 + n, 700) for n in range(6))]
    for _round in range(3):
        with serve() as server:
            phone = phone_at(server, cast.alice)
            for one in album:
                so_far(phone, name_of(one))
            sender = Thread(target=send_all, args=(phone, album))
            sender.start()
            sleep(chance.uniform(0.05, 0.4))
        sender.join()
    with serve() as server:
        phone = phone_at(server, cast.alice)
        for one in album:
            go_on(phone, one)
            assert phone.get(f"/media/{name_of(one)}").content == one
            assert phone.get(f"/media/{name_of(one)}?size=thumb").status_code == 200


def send_all(phone: Any, album: list[bytes]) -> None:
    with suppress(httpx2.TransportError):
        for one in album:
            go_on(phone, one)


def test_many_phones_send_the_same_at_once(
    serve: Serve, phone_at: Phone, db: Session, cast: Cast, photo: bytes
) -> None:
    """Four phones of two people, on PostgreSQL into two processes."""
    album = [photo, *(jpeg(500 + n, 400) for n in range(3))]
    with serve(workers=2 if ON_POSTGRES else 1) as server:
        phones = [phone_at(server, person) for person in (cast.alice, cast.bob) for _twice in "12"]

        def together(phone: Any) -> list[int]:
            answers = [send(phone, one, 100_000) for one in album]
            for one in album:
                go_on(phone, one)
            return [answer.status_code for answer in answers]

        with ThreadPoolExecutor(len(phones)) as threads:
            told = list(threads.map(together, phones))
        assert {status for statuses in told for status in statuses} <= {204, 409}
        for one in album:
            assert phones[0].get(f"/media/{name_of(one)}").content == one
    assert {one.sha256 for one in world.seen(db, select(Blob))} == set(map(name_of, album))
    proofs = {(one.blob_id, one.person_id) for one in world.seen(db, select(Sender))}
    assert proofs == {(name_of(one), who.id) for one in album for who in (cast.alice, cast.bob)}
