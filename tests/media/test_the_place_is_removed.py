"""Where a photo was taken is the phone's to say in its command, not the file's to give away."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin
from PIL.ExifTags import IFD, Base
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.main import create_app
from app.media.cleaning import without_place
from app.media.lane import Lane
from app.media.models import Blob
from app.media.pictures import looked_at
from app.media.rules import Kind
from app.media.store import Folder
from tests import world
from tests.cast import Cast
from tests.media.album import TAKEN, at_home, name_of, opened, saved, scene
from tests.media.sending import send

Browser = Callable[..., TestClient]
KINDS = pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
XMP = b'<x:xmpmeta><rdf:Description exif:GPSLatitude="31,13.8N"/></x:xmpmeta>'
GIVEN_AWAY = (b"31.2304", b"GPSLatitude", b"secret")


def telling(kind: str, turn: int = 1, size: tuple[int, int] = (640, 480)) -> bytes:
    """A photo that tells in every way where it was taken."""
    more: dict[str, object] = {"exif": at_home(turn)}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        text.add_text("Comment", "31.2304")
        more["pnginfo"] = text
    else:
        more["xmp"] = XMP
    if kind == "JPEG":
        more["comment"] = b"31.2304"
    return saved(scene(*size), kind, **more) + (b"secret film 31.2304" if kind != "WEBP" else b"")


@KINDS
def test_it_works(db: Session, alice: TestClient, kind: str) -> None:
    photo = telling(kind)
    assert any(word in photo for word in GIVEN_AWAY)
    send(alice, photo)
    kept = alice.get(f"/media/{name_of(photo)}").content
    assert not any(word in kept for word in GIVEN_AWAY)
    exif = opened(kept).getexif()
    assert IFD.GPSInfo not in exif
    assert dict(exif.get_ifd(IFD.GPSInfo)) == {}
    (blob,) = world.seen(db, select(Blob))
    assert (blob.sha256, blob.size) == (name_of(photo), len(photo))
    assert (blob.kept_sha256, blob.kept_size) == (name_of(kept), len(kept))
    assert name_of(kept) != name_of(photo)


@KINDS
def test_when_and_by_what_it_was_taken_stays(kind: str) -> None:
    exif = opened(looked_at(telling(kind)).kept).getexif()
    when = exif.get_ifd(IFD.Exif)
    assert (when[Base.DateTimeOriginal], when[Base.OffsetTimeOriginal]) == (TAKEN, "+08:00")
    assert (exif[Base.Make], exif[Base.Model]) == ("Cam", "Cam 7")
    assert Base.MakerNote not in when


@KINDS
@pytest.mark.parametrize("turn", range(1, 9))
def test_its_pixels_and_how_it_lies_stay(kind: str, turn: int) -> None:
    photo = telling(kind, turn, (90, 60))
    picture = looked_at(photo)
    before, after = opened(photo), opened(picture.kept)
    assert after.tobytes() == before.tobytes()
    assert after.getexif().get(Base.Orientation, 1) == turn
    upright = (60, 90) if turn >= 5 else (90, 60)
    assert (picture.width, picture.height) == upright


@pytest.mark.parametrize("turn", [1, 3, 6, 8])
def test_a_thumbnail_is_upright_and_tells_nothing(alice: TestClient, turn: int) -> None:
    """The corner that is red as the camera lay is where it was when it was taken."""
    lying = Image.new("RGB", (640, 480), "white")
    lying.paste((255, 0, 0), (0, 0, 320, 240))
    photo = saved(lying, "JPEG", exif=at_home(turn), xmp=XMP)
    send(alice, photo)
    small = opened(alice.get(f"/media/{name_of(photo)}?size=thumb").content)
    assert small.size == ((240, 320) if turn in {6, 8} else (320, 240))
    width, height = small.size
    at = {1: (0, 0), 3: (1, 1), 6: (1, 0), 8: (0, 1)}[turn]
    red = small.convert("RGB").getpixel((10 + at[0] * (width - 20), 10 + at[1] * (height - 20)))
    assert isinstance(red, tuple)
    assert red[0] > 200
    assert red[1] < 60
    assert dict(small.getexif()) == {}
    assert "xmp" not in small.info


@KINDS
def test_one_without_a_place_is_kept_as_it_was_sent(kind: str) -> None:
    photo = saved(scene(70, 50), kind)
    assert looked_at(photo).kept == photo


def test_colours_stay() -> None:
    profile = b"\0" * 128 + b"a profile" * 10
    for kind in ("JPEG", "PNG", "WEBP"):
        photo = saved(scene(70, 50), kind, icc_profile=profile, exif=at_home())
        assert opened(looked_at(photo).kept).info["icc_profile"] == profile, kind


def test_a_progressive_photo_with_a_second_picture_in_it() -> None:
    """Phones put a preview, a film or a depth map behind the picture, with EXIF of their own."""
    second = saved(scene(40, 30), "JPEG", exif=at_home())
    photo = saved(scene(200, 100), "JPEG", progressive=True, exif=at_home()) + second
    kept = looked_at(photo).kept
    assert not any(word in kept for word in GIVEN_AWAY)
    assert opened(kept).tobytes() == opened(photo).tobytes()


def test_a_photo_of_several_pictures_becomes_one() -> None:
    out = BytesIO()
    scene(200, 100).save(out, "MPO", save_all=True, append_images=[scene(60, 40)], exif=at_home())
    picture = looked_at(out.getvalue())
    assert picture.kind is Kind.JPEG
    assert opened(picture.kept).format == "JPEG"
    assert not any(word in picture.kept for word in GIVEN_AWAY)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_exif_that_is_broken_is_left_out() -> None:
    photo = saved(scene(70, 50), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xffrubbish 31.2304")
    assert b"31.2304" not in looked_at(photo).kept


def test_a_company_may_keep_the_place(
    engine: Engine, cast: Cast, browser_of: Browser, tmp_path: Path
) -> None:
    lane = Lane(Folder(tmp_path / "kept"), tmp_path / "begun", place_kept=True)
    alice = TestClient(create_app(engine, lane))
    alice.cookies = browser_of(cast.alice).cookies
    photo = telling("JPEG")
    send(alice, photo)
    assert alice.get(f"/media/{name_of(photo)}").content == photo


@given(
    kind=st.sampled_from(list(Kind)),
    rubbish=st.lists(
        st.tuples(st.integers(0, 3000), st.binary(min_size=1, max_size=8)), max_size=4
    ),
    end=st.integers(0, 4000),
)
@settings(max_examples=150, deadline=None)
def test_whatever_is_in_the_file_an_end_is_found(
    kind: Kind, rubbish: list[tuple[int, bytes]], end: int
) -> None:
    file = bytearray(telling({Kind.JPEG: "JPEG", Kind.PNG: "PNG"}.get(kind, "WEBP"), 1, (60, 40)))
    for at, bad in rubbish:
        file[at : at + len(bad)] = bad
    cleaned = without_place(bytes(file[: max(end, 16)]), kind, b"")
    assert len(cleaned) <= len(file) + 16
