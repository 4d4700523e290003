from collections.abc import Callable
from hashlib import sha256

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.media.lane import Lane
from app.media.models import Blob, Sender
from app.media.rules import MAX_BEGUN, MAX_BYTES, Kind
from tests import world
from tests.cast import Cast
from tests.media.album import jpeg, large_jpeg, name_of, opened, saved, scene
from tests.media.sending import CHUNK, append, cut, progress, refusal, send, so_far

Browser = Callable[..., TestClient]
BEGIN = (0, False)


@pytest.fixture(scope="module")
def photo() -> bytes:
    return large_jpeg()


def test_it_works(db: Session, alice: TestClient, photos: Lane) -> None:
    photo = jpeg(640, 480)
    assert progress(send(alice, photo)) == (len(photo), True)
    (blob,) = world.seen(db, select(Blob))
    assert (blob.sha256, blob.size, blob.kind) == (name_of(photo), len(photo), Kind.JPEG)
    assert (blob.width, blob.height) == (640, 480)
    with photos.store.open(blob.kept_sha256) as file:
        assert file.read() == photo
    assert alice.get(f"/media/{name_of(photo)}").content == photo


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_thumbnail_is_made(alice: TestClient, kind: str) -> None:
    photo = saved(scene(800, 600), kind)
    send(alice, photo)
    small = alice.get(f"/media/{name_of(photo)}?size=thumb")
    assert small.headers["content-type"] == "image/webp"
    assert opened(small.content).size == (320, 240)
    assert len(small.content) < 30_000


def test_in_chunks(alice: TestClient, photo: bytes) -> None:
    here = 0
    for offset, chunk, last in cut(photo):
        here += len(chunk)
        assert progress(append(alice, name_of(photo), offset, chunk, last=last)) == (here, last)
        assert so_far(alice, name_of(photo)) == (here, last)
    assert here == len(photo) > 3 * CHUNK


def test_nothing_is_here_of_one_that_was_not_begun(alice: TestClient, photo: bytes) -> None:
    answer = alice.head(f"/media/{name_of(photo)}")
    assert progress(answer) == BEGIN
    assert answer.headers["upload-limit"] == f"max-size={MAX_BYTES}"
    assert answer.headers["cache-control"] == "no-store"


def test_a_chunk_twice_is_harmless(alice: TestClient, photo: bytes) -> None:
    for offset, chunk, last in cut(photo):
        for _time in range(2):
            append(alice, name_of(photo), offset, chunk, last=last)
    assert so_far(alice, name_of(photo)) == (len(photo), True)


def test_chunks_that_overlap_are_harmless(alice: TestClient, photo: bytes) -> None:
    name = name_of(photo)
    assert progress(append(alice, name, 0, photo[:1000])) == (1000, False)
    assert progress(append(alice, name, 400, photo[400:1600])) == (1600, False)
    assert progress(append(alice, name, 0, photo[:50])) == (1600, False)
    assert progress(append(alice, name, 1500, photo[1500:], last=True)) == (len(photo), True)


def test_a_chunk_too_far_ahead_is_told_where_to_go_on(alice: TestClient, photo: bytes) -> None:
    name = name_of(photo)
    append(alice, name, 0, photo[:1000])
    answer = append(alice, name, 2000, photo[2000:3000])
    assert refusal(answer) == (409, "offset")
    assert answer.json()["offset"] == 1000
    assert answer.headers["upload-offset"] == "1000"
    assert answer.headers["upload-complete"] == "?0"
    assert so_far(alice, name) == (1000, False)


def test_all_bytes_are_here_and_the_end_was_never_said(alice: TestClient, photo: bytes) -> None:
    """The server ended between the last byte and the look at the whole."""
    name = name_of(photo)
    append(alice, name, 0, photo)
    assert so_far(alice, name) == (len(photo), False)
    assert progress(append(alice, name, len(photo), b"", last=True)) == (len(photo), True)


def test_what_is_here_already_is_complete_at_once(alice: TestClient, photo: bytes) -> None:
    send(alice, photo)
    first = append(alice, name_of(photo), 0, photo[:CHUNK])
    assert progress(first) == (len(photo), True)
    assert progress(append(alice, name_of(photo), 10**6, b"x")) == (len(photo), True)


def test_other_bytes_than_its_name_says_are_thrown_away(alice: TestClient, photo: bytes) -> None:
    name = name_of(photo)
    wrong = photo[:5000] + b"?" + photo[5001:]
    answer = append(alice, name, 0, wrong, last=True)
    assert refusal(answer) == (409, "hash")
    assert answer.headers["upload-offset"] == "0"
    assert "sends it once more" in answer.json()["reason"]
    assert so_far(alice, name) == BEGIN
    assert progress(append(alice, name, 0, photo, last=True)) == (len(photo), True)


def test_one_that_ends_too_early_is_thrown_away(alice: TestClient, photo: bytes) -> None:
    answer = append(alice, name_of(photo), 0, photo[:-1], last=True)
    assert refusal(answer) == (409, "hash")
    assert so_far(alice, name_of(photo)) == BEGIN


def test_two_phones_of_one_person_send_it_together(
    cast: Cast, browser_of: Browser, alice: TestClient, photo: bytes
) -> None:
    other, name = browser_of(cast.alice), name_of(photo)
    append(alice, name, 0, photo[:CHUNK])
    assert so_far(other, name) == (CHUNK, False)
    append(other, name, CHUNK, photo[CHUNK : 2 * CHUNK])
    assert progress(append(alice, name, 2 * CHUNK, photo[2 * CHUNK :], last=True))[1]
    assert so_far(other, name) == (len(photo), True)


def test_two_people_have_the_same_photo(
    db: Session, cast: Cast, browser_of: Browser, alice: TestClient, photo: bytes
) -> None:
    """Each sends it: who only knows its name has not proved to have it."""
    bob, name = browser_of(cast.bob), name_of(photo)
    append(alice, name, 0, photo[:CHUNK])
    assert so_far(bob, name) == BEGIN
    send(bob, photo)
    assert so_far(alice, name) == (CHUNK, False)
    append(alice, name, CHUNK, photo[CHUNK:], last=True)
    assert len(world.seen(db, select(Blob))) == 1
    assert {one.person_id for one in world.seen(db, select(Sender))} == {cast.alice.id, cast.bob.id}


def test_nobody_spoils_what_another_sends(
    cast: Cast, browser_of: Browser, alice: TestClient, photo: bytes
) -> None:
    name = name_of(photo)
    append(alice, name, 0, photo[:1000])
    append(browser_of(cast.charlie), name, 0, b"rubbish", last=True)
    assert progress(append(alice, name, 1000, photo[1000:], last=True)) == (len(photo), True)


def test_whoever_is_signed_out_signs_in_first(browser_of: Browser, photo: bytes) -> None:
    nobody, name = browser_of(), name_of(photo)
    assert refusal(append(nobody, name, 0, photo)) == (401, "sign_in")
    assert nobody.head(f"/media/{name}").status_code == 401
    assert refusal(nobody.post("/media/held", json={"nonce": "1", "pictures": []})) == (
        401,
        "sign_in",
    )


def test_it_is_not_sent_in_anothers_name(cast: Cast, alice: TestClient, photo: bytes) -> None:
    answer = append(alice, name_of(photo), 0, photo, more={"Person": str(cast.bob.id)})
    assert refusal(answer) == (403, "other_person")


def test_another_site_cannot(alice: TestClient, photo: bytes) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert append(alice, name_of(photo), 0, photo, more=elsewhere).status_code == 403


@pytest.mark.parametrize("offset", ["", "-1", "1.5", "x", "²", "9" * 30])
def test_a_chunk_that_does_not_say_where_it_belongs(
    alice: TestClient, photo: bytes, offset: str
) -> None:
    headers = {b"Upload-Offset": offset.encode("latin-1")}
    answer = alice.patch(f"/media/{name_of(photo)}", content=photo, headers=headers)
    assert refusal(answer) == (400, "damaged")


@pytest.mark.parametrize("name", ["x", "A" * 64, "a" * 63, "a" * 65, "..%2f" * 4, "a" * 64 + "%0a"])
def test_a_name_that_is_none(alice: TestClient, name: str) -> None:
    for method in ("HEAD", "GET", "PATCH"):
        answer = alice.request(method, f"/media/{name}", headers={"Upload-Offset": "0"})
        assert answer.status_code == 404, method


def test_what_is_never_finished_makes_room(alice: TestClient, photos: Lane, cast: Cast) -> None:
    names = [sha256(bytes([number])).hexdigest() for number in range(MAX_BEGUN + 5)]
    for name in names:
        append(alice, name, 0, b"begun")
    begun = photos.part(cast.alice.id, names[0]).parent
    assert len(list(begun.iterdir())) == MAX_BEGUN
    assert so_far(alice, names[-1]) == (5, False)


def test_its_parts_are_gone_when_it_is_whole(
    alice: TestClient, photos: Lane, cast: Cast, photo: bytes
) -> None:
    send(alice, photo)
    assert not photos.part(cast.alice.id, name_of(photo)).exists()
