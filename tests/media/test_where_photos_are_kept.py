"""In files by default, in a bucket by PHOTO_STORE: both are held to the same."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.core.errors import Refused
from app.main import create_app
from app.media.lane import Lane
from app.media.refusals import Away
from app.media.store import Bucket, Folder, Missing, Store, store_at
from tests.cast import Cast
from tests.media.album import jpeg, name_of
from tests.media.bucket import Server, serving_s3
from tests.media.sending import append, progress, refusal, send, so_far
from tests.starting import refused_with

Browser = Callable[..., TestClient]
KEY, OTHER = "a" * 64, "b" * 64


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def bucket(s3: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    for name, value in s3.surroundings.items():
        monkeypatch.setenv(name, value)
    return store_at(f"s3://photos/{tmp_path.name}/north", tmp_path)


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "bucket":
        made: Store = request.getfixturevalue("bucket")
        return made
    return store_at("", tmp_path / "photos")


@pytest.fixture
def phone(
    store: Store, engine: Engine, cast: Cast, browser_of: Browser, tmp_path: Path
) -> TestClient:
    browser = TestClient(create_app(engine, Lane(store, tmp_path / "begun")))
    browser.cookies = browser_of(cast.alice).cookies
    return browser


def read(store: Store, key: str) -> bytes:
    with store.open(key) as file:
        return file.read()


def test_it_works(store: Store) -> None:
    assert not store.exists(KEY)
    store.put(KEY, b"one")
    assert store.exists(KEY)
    assert not store.exists(OTHER)
    assert read(store, KEY) == b"one"


def test_what_is_not_there_is_missing(store: Store) -> None:
    with pytest.raises(Missing):
        store.open(KEY)


def test_the_same_twice_is_there_once(store: Store) -> None:
    store.put(KEY, b"one")
    store.put(KEY, b"one")
    assert read(store, KEY) == b"one"


def test_deleted_twice_it_is_gone(store: Store) -> None:
    store.put(KEY, b"one")
    store.put(OTHER, b"other")
    store.delete(KEY)
    store.delete(KEY)
    assert not store.exists(KEY)
    assert read(store, OTHER) == b"other"


def test_large_and_small(store: Store) -> None:
    for key, file in ((KEY, b""), (OTHER, bytes(range(256)) * 40_000)):
        store.put(key, file)
        assert read(store, key) == file


def test_many_at_once(store: Store) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _time: store.put(KEY, b"one" * 9999), range(24)))
    assert read(store, KEY) == b"one" * 9999


def test_a_phone_sends_a_photo_there(phone: TestClient) -> None:
    photo = jpeg(400, 300)
    assert progress(send(phone, photo, 9000)) == (len(photo), True)
    assert phone.get(f"/media/{name_of(photo)}").content == photo
    assert phone.get(f"/media/{name_of(photo)}?size=thumb").status_code == 200


def test_a_photo_that_somebody_took_out_of_the_store(
    phone: TestClient, tmp_path: Path, store: Store
) -> None:
    photo = jpeg(400, 300)
    send(phone, photo)
    store.delete(name_of(photo))
    answer = phone.get(f"/media/{name_of(photo)}")
    assert refusal(answer) == (404, "not_found")


def test_its_files_can_be_checked_by_their_names(tmp_path: Path) -> None:
    photo = jpeg(40, 30)
    Folder(tmp_path).put(name_of(photo), photo)
    (kept,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert (kept.name, name_of(kept.read_bytes())) == (name_of(photo), name_of(photo))


def test_two_prefixes_of_a_bucket_do_not_meet(bucket: Store, s3: Server) -> None:
    other = store_at("s3://photos/other", Path())
    bucket.put(KEY, b"north")
    assert not other.exists(KEY)
    assert isinstance(other, Bucket)


# When the store does not answer


@pytest.mark.parametrize("trouble", ["no server", "wrong secret", "no bucket"])
def test_a_store_that_does_not_answer_loses_nothing(
    trouble: str,
    bucket: Store,
    monkeypatch: pytest.MonkeyPatch,
    engine: Engine,
    cast: Cast,
    browser_of: Browser,
    tmp_path: Path,
) -> None:
    """The bytes stay with the phone, and here; later it goes on from there."""
    with monkeypatch.context() as wrong:
        if trouble == "no server":
            wrong.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        if trouble == "wrong secret":
            wrong.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
        away = store_at("s3://nowhere" if trouble == "no bucket" else "s3://photos", tmp_path)
    lane = Lane(away, tmp_path / "begun")
    phone = TestClient(create_app(engine, lane))
    phone.cookies = browser_of(cast.alice).cookies
    photo, begun = jpeg(200, 100), monotonic()
    answer = send(phone, photo)
    assert refusal(answer) == (503, "away")
    assert answer.headers["retry-after"] == "10"
    assert monotonic() - begun < 30
    assert so_far(phone, name_of(photo)) == (len(photo), False)
    lane.store = bucket
    assert progress(append(phone, name_of(photo), len(photo), b"", last=True))[1]


def test_a_disk_that_is_full_loses_nothing(
    engine: Engine, cast: Cast, browser_of: Browser, tmp_path: Path
) -> None:
    (tmp_path / "photos").write_text("no folder can be made here")
    with pytest.raises(Away):
        Folder(tmp_path / "photos").put(KEY, b"one")
    (tmp_path / "begun").write_text("nor here")
    phone = TestClient(create_app(engine, Lane(Folder(tmp_path / "ok"), tmp_path / "begun")))
    phone.cookies = browser_of(cast.alice).cookies
    assert refusal(send(phone, jpeg(200, 100))) == (503, "away")


@pytest.mark.parametrize("given", ["s3://", "s3:///prefix", "gs://photos", "/var/photos"])
def test_a_setting_that_names_no_store_is_refused_at_the_start(given: str) -> None:
    with pytest.raises(Refused, match="PHOTO_STORE is not like"):
        store_at(given, Path())


def test_the_app_does_not_start_with_it(tmp_path: Path) -> None:
    told = refused_with(tmp_path, PHOTO_STORE="gs://photos")
    assert told == "PHOTO_STORE is not like s3://bucket/prefix: gs://photos\n"
