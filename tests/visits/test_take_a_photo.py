from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.customers.models import Customer
from app.visits.commands import CheckOut
from app.visits.models import Photo
from app.visits.rules import Outcome
from tests import world
from tests.cast import Cast
from tests.media.album import jpeg, name_of
from tests.media.sending import append, send
from tests.reading import Element, look, put_back, refused
from tests.sync.phone import Phone

Browser = Callable[..., TestClient]
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)  # Tuesday 12:00 in Shanghai
PHOTO = jpeg(320, 240)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    world.the_clock_says(monkeypatch, NOON)


@pytest.fixture
def shop(db: Session, cast: Cast) -> Customer:
    return world.customer(db, cast.alice)


@pytest.fixture
def alice(cast: Cast, browser_of: Browser) -> TestClient:
    return browser_of(cast.alice)


def fields(shop: Customer, **more: str) -> dict[str, str]:
    """What the phone sends of a photo, beside the photo."""
    said = {"id": world.new_id(), "at": NOON.isoformat(), "customer_id": str(shop.id)}
    return {
        **said,
        "sha256": name_of(PHOTO),
        "size": str(len(PHOTO)),
        "type": "image/jpeg",
        "from_camera": "true",
        **more,
    }


def take(alice: TestClient, shop: Customer, **more: str) -> None:
    answer = alice.post("/visits/photo", data=fields(shop, **more))
    assert answer.status_code == 303, answer.text


def entry(browser: TestClient, shop: Customer) -> Element:
    page = look(browser, f"/customers/{shop.id}")
    return page.one(having="timeline").one("li", having="photo")


def test_it_works(db: Session, cast: Cast, alice: TestClient, shop: Customer) -> None:
    visit = world.visit(db, cast.alice, shop)
    take(alice, shop, visit_id=str(visit.id), caption="End of the shelf", **world.fix(38, 20))
    send(alice, PHOTO)
    told = entry(alice, shop)
    assert told.text == "Photo today 12:00 End of the shelf 38 m away, accuracy ±20 m"
    image = told.one("img")
    assert image.attributes["src"] == f"/media/{name_of(PHOTO)}?size=thumb"
    assert image.attributes["alt"] == "End of the shelf"
    assert (image.attributes["width"], image.attributes["height"]) == ("320", "240")
    assert told.one("a").attributes["href"] == f"/media/{name_of(PHOTO)}"
    assert alice.get(image.attributes["src"]).status_code == 200


def test_until_it_has_arrived_it_is_expected(alice: TestClient, shop: Customer) -> None:
    take(alice, shop)
    assert "Photo expected since today 12:00" in entry(alice, shop).text
    append(alice, name_of(PHOTO), 0, PHOTO[:-1])
    assert "Photo expected since today 12:00" in entry(alice, shop).text
    append(alice, name_of(PHOTO), len(PHOTO) - 1, PHOTO[-1:], last=True)
    told = entry(alice, shop)
    assert "expected" not in told.text
    assert told.one("img").attributes["alt"] == "Photo, today 12:00"


def test_the_picture_may_come_first(alice: TestClient, shop: Customer) -> None:
    send(alice, PHOTO)
    take(alice, shop)
    entry(alice, shop).one("img")


def test_it_stands_in_the_visit(db: Session, cast: Cast, alice: TestClient, shop: Customer) -> None:
    visit = world.visit(db, cast.alice, shop)
    take(alice, shop, visit_id=str(visit.id), caption="Shelf")
    page = look(alice, f"/customers/{shop.id}/visit")
    assert "Photos 1 taken" in page.text
    assert "Photo expected since today 12:00 Shelf" in page.text
    send(alice, PHOTO)
    page = look(alice, f"/customers/{shop.id}/visit")
    assert page.one(having="photos").one("img").attributes["alt"] == "Shelf"
    world.done(db, cast.alice, CheckOut(visit_id=visit.id, at=NOON, outcome=Outcome.PROGRESS))
    page = look(alice, f"/customers/{shop.id}/visit")
    assert page.one(having="photos").one("img").attributes["alt"] == "Shelf"


def test_one_that_is_not_from_the_camera_says_so(alice: TestClient, shop: Customer) -> None:
    taken = (NOON - timedelta(days=3)).isoformat()
    take(alice, shop, from_camera="", taken_at=taken)
    told = entry(alice, shop).text
    assert "not from the camera" in told
    assert "taken 21 Nov 12:00" in told


def test_one_from_the_camera_does_not(alice: TestClient, shop: Customer) -> None:
    taken = (NOON - timedelta(minutes=5)).isoformat()
    take(alice, shop, taken_at=taken)
    assert "camera" not in entry(alice, shop).text
    assert "taken" not in entry(alice, shop).text


def test_a_colleague_cannot_but_the_manager_sees_it(
    cast: Cast, browser_of: Browser, alice: TestClient, shop: Customer
) -> None:
    take(alice, shop, caption="Shelf")
    send(alice, PHOTO)
    mia = browser_of(cast.mia)
    told = entry(mia, shop)
    assert "Alice Lin" in told.text
    assert mia.get(told.one("img").attributes["src"]).status_code == 200
    refused(browser_of(cast.bob).get(f"/customers/{shop.id}"), 404)


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_charlie_cannot(
    db: Session, cast: Cast, browser_of: Browser, shop: Customer, who: str
) -> None:
    answer = browser_of(getattr(cast, who)).post("/visits/photo", data=fields(shop))
    assert refused(answer, 404) == "This customer is not among those you look after."
    assert not world.seen(db, select(Photo))


def test_what_another_has_sent_is_not_mine(
    db: Session, cast: Cast, browser_of: Browser, alice: TestClient, shop: Customer
) -> None:
    """Two people name the same picture: for each it is there when they have sent it."""
    send(browser_of(cast.charlie), PHOTO)
    take(alice, shop)
    assert "expected" in entry(alice, shop).text
    send(alice, PHOTO)
    entry(alice, shop).one("img")


def test_through_the_outbox(db: Session, cast: Cast, alice: TestClient, shop: Customer) -> None:
    phone = Phone(cast.alice.id, alice)
    said = [pair for pair in fields(shop, caption="层板").items() if pair[0] not in {"id", "at"}]
    assert phone.statuses(phone.write("visits.take_photo.v1", said)) == ["applied"]
    (photo,) = world.seen(db, select(Photo))
    assert (photo.sha256, photo.caption, photo.from_camera) == (name_of(PHOTO), "层板", True)


def test_the_same_twice_is_one(db: Session, alice: TestClient, shop: Customer) -> None:
    same = fields(shop)
    for _time in range(2):
        assert alice.post("/visits/photo", data=same).status_code == 303
    assert len(world.seen(db, select(Photo))) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"sha256": "A" * 64}, "This does not look right."),
        ({"sha256": ""}, "Please fill this in."),
        ({"size": "0"}, "Must be at least 1."),
        ({"size": "8388609"}, "Must be at most 8388608."),
        ({"type": "image/gif"}, "This is no photo that can be shown here."),
        ({"type": "image/heic"}, "This is a HEIC photo"),
        ({"caption": "x" * 501}, "At most 500 characters."),
    ],
)
def test_it_refuses_what_cannot_be(
    db: Session, alice: TestClient, shop: Customer, wrong: dict[str, str], sentence: str
) -> None:
    answer = alice.post("/visits/photo", data=fields(shop, **wrong), headers={"HX-Request": "true"})
    assert sentence in put_back(answer).text
    assert not world.seen(db, select(Photo))


def test_a_caption_that_is_too_long_is_mended(alice: TestClient, shop: Customer) -> None:
    """All else that is known of the photo is still in the form."""
    long = fields(shop, caption="x" * 501, **world.fix())
    again = put_back(alice.post("/visits/photo", data=long, headers={"HX-Request": "true"}))
    for name in set(long) - {"id", "at", "caption"}:
        assert again.one("input", name=name).attributes["value"].lower() == long[name]


def test_it_speaks_chinese(db: Session, cast: Cast, alice: TestClient, shop: Customer) -> None:
    cast.alice.language = "zh_CN"
    world.kept(db, cast.alice)
    take(alice, shop, from_camera="")
    assert "等待照片传来" in entry(alice, shop).text
    assert "非现场拍摄" in entry(alice, shop).text
