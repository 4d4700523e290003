"""What a file is, is decided by unpacking it, whatever it is called."""

import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.media.lane import Lane
from app.media.models import Blob
from app.media.pictures import looked_at
from app.media.refusals import NotTaken, TooManyPixels
from app.media.rules import MAX_BYTES, MAX_PIXELS
from tests import world
from tests.cast import Cast
from tests.media.album import jpeg, name_of, saved, scene
from tests.media.sending import append, refusal, send, so_far

Browser = Callable[..., TestClient]
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200


def chunk(name: bytes, contents: bytes) -> bytes:
    return (
        struct.pack(">I", len(contents))
        + name
        + contents
        + struct.pack(">I", zlib.crc32(name + contents))
    )


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says to be huge, and is."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * ((width // 8 + 1) * height), 9)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    return start + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def assert_thrown_away(alice: TestClient, db: Session, photos: Lane, file: bytes) -> None:
    assert so_far(alice, name_of(file)) == (0, False)
    assert world.seen(db, select(Blob)) == []
    assert not any(photos.begun.rglob("?" * 64))


@pytest.mark.parametrize(
    "file",
    [
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><html><script>alert(1)</script>",
        b"%PDF-1.7\n",
        b"GIF89a" + b"\0" * 40,
        saved(scene(60, 40), "GIF"),
        saved(scene(60, 40), "BMP"),
        saved(scene(60, 40), "TIFF"),
        b"\0\0\0\x18ftypavif\0\0\0\0mif1avif",
    ],
    ids=lambda file: file[:8].decode("latin-1"),
)
def test_another_kind_is_refused(db: Session, alice: TestClient, photos: Lane, file: bytes) -> None:
    answer = append(alice, name_of(file), 0, file, last=True)
    assert refusal(answer) == (415, "kind")
    assert answer.json()["reason"].endswith("JPEG, PNG and WebP are possible.")
    assert_thrown_away(alice, db, photos, file)


def test_it_is_not_decided_by_what_it_is_called(alice: TestClient) -> None:
    named = {"Content-Type": "image/jpeg"}
    text = b"no picture"
    assert append(alice, name_of(text), 0, text, last=True, more=named).status_code == 415
    photo = jpeg(50, 40)
    named = {"Content-Type": "text/html"}
    assert append(alice, name_of(photo), 0, photo, last=True, more=named).status_code == 204
    assert alice.get(f"/media/{name_of(photo)}").headers["content-type"] == "image/jpeg"


def test_heic_is_refused_kindly_in_both_languages(
    db: Session, cast: Cast, browser_of: Browser, alice: TestClient
) -> None:
    answer = append(alice, name_of(HEIC), 0, HEIC, last=True)
    assert refusal(answer) == (415, "kind")
    assert "This is a HEIC photo" in answer.json()["reason"]
    cast.alice.language = "zh_CN"
    world.kept(db, cast.alice)
    answer = append(alice, name_of(HEIC), 0, HEIC, last=True)
    assert "这是 HEIC 照片" in answer.json()["reason"]


@pytest.mark.parametrize("size", [(7000, 7000), (30_000, 30_000), (100_000, 401)])
def test_a_bomb_is_not_unpacked(
    db: Session, alice: TestClient, photos: Lane, size: tuple[int, int]
) -> None:
    file = bomb(*size)
    assert size[0] * size[1] > MAX_PIXELS
    assert len(file) < 200_000
    answer = send(alice, file)
    assert refusal(answer) == (422, "pixels")
    assert answer.json()["reason"] == (
        "This photo has too many pixels: at most 40 million are possible."
    )
    assert_thrown_away(alice, db, photos, file)


def test_a_picture_that_only_says_to_be_huge() -> None:
    """Its size is asked before any of it is unpacked."""
    head = struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 6, 0, 0, 0)
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    with pytest.raises(TooManyPixels):
        looked_at(file)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_one_that_is_cut_is_refused(
    db: Session, alice: TestClient, photos: Lane, kind: str
) -> None:
    whole = saved(scene(300, 200), kind)
    file = whole[: len(whole) * 2 // 3]
    assert refusal(send(alice, file)) == (422, "unreadable")
    assert_thrown_away(alice, db, photos, file)


def test_one_byte_too_large_is_refused(alice: TestClient, db: Session, photos: Lane) -> None:
    part, name = b"\0" * (MAX_BYTES // 2), "a" * 64
    append(alice, name, 0, part)
    append(alice, name, len(part), part)
    assert so_far(alice, name) == (MAX_BYTES, False)
    answer = append(alice, name, MAX_BYTES, b"!")
    assert refusal(answer) == (413, "too_large")
    assert answer.json()["reason"] == "This photo is too large: at most 8 MB are possible."
    assert_thrown_away(alice, db, photos, b"")


def test_one_that_will_be_too_large_is_refused_at_once(alice: TestClient) -> None:
    length = {"Upload-Length": str(MAX_BYTES + 1)}
    assert refusal(append(alice, "b" * 64, 0, b"x", more=length)) == (413, "too_large")
    assert so_far(alice, "b" * 64) == (0, False)


def test_a_body_without_an_end_is_refused(alice: TestClient) -> None:
    def stream() -> Iterator[bytes]:
        for _part in range(MAX_BYTES // 65_536 + 1):
            yield b"x" * 65_536

    headers = {"Upload-Offset": "0"}
    answer = alice.patch(f"/media/{'c' * 64}", content=stream(), headers=headers)
    assert refusal(answer) == (413, "too_large")
    assert so_far(alice, "c" * 64) == (0, False)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_crafted_file_is_refused_and_breaks_nothing(kind: str) -> None:
    whole = saved(scene(80, 60), kind)
    for at in range(2, len(whole), max(len(whole) // 150, 1)):
        file = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        with suppress(NotTaken):
            assert looked_at(file).thumb
