from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.core import clock
from app.visits.commands import WriteNote
from app.visits.models import Note
from tests import world
from tests.cast import Cast
from tests.reading import Element, arrive, look, put_back, read, refused, send

Browser = Callable[..., TestClient]
FORM = "visits-write_note"


@pytest.fixture
def alice(db: Session, cast: Cast, browser_of: Browser) -> TestClient:
    world.visit(db, cast.alice, world.customer(db, cast.alice))
    return browser_of(cast.alice)


@pytest.fixture
def page(db: Session, alice: TestClient) -> Element:
    return look(alice, f"/customers/{world.only_customer(db).id}/visit")


def write(alice: TestClient, page: Element, text: str) -> Element:
    return arrive(alice, send(alice, page, FORM, {"text": text}))


def test_it_works(alice: TestClient, page: Element) -> None:
    after = write(alice, page, "Wants a tasting on Friday")
    assert "Wants a tasting on Friday" in after.text
    assert "1 written" in after.text
    assert after.one("textarea", name="text").raw == ""


def test_it_works_with_htmx(alice: TestClient, page: Element) -> None:
    answer = send(alice, page, FORM, {"text": "Wants a tasting"}, htmx=True)
    assert "Wants a tasting" in arrive(alice, answer).text


def test_a_colleague_cannot_but_the_manager_can_read_it(
    db: Session, cast: Cast, browser_of: Browser, alice: TestClient, page: Element
) -> None:
    write(alice, page, "Wants a tasting")
    shop = world.only_customer(db)
    history = look(browser_of(cast.mia), f"/customers/{shop.id}").one(having="timeline").text
    assert "Wants a tasting" in history
    assert "Alice Lin" in history


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_charlie_cannot(
    db: Session, cast: Cast, browser_of: Browser, page: Element, who: str
) -> None:
    answer = send(browser_of(getattr(cast, who)), page, FORM, {"text": "Mine"})
    assert refused(answer, 404) == "This customer is not among those you look after."
    assert not world.seen(db, select(Note))


def test_not_even_the_manager_writes_into_somebody_elses_visit(
    cast: Cast, browser_of: Browser, page: Element
) -> None:
    answer = send(browser_of(cast.mia), page, FORM, {"text": "Mine"})
    assert refused(answer, 404) == "This visit is not one of yours."


def test_a_visit_at_another_customer_is_not_here(
    db: Session, cast: Cast, alice: TestClient, page: Element
) -> None:
    other = world.customer(db, cast.alice, "Green Grocer")
    answer = send(alice, page, FORM, {"text": "Hm", "customer_id": str(other.id)})
    assert refused(answer, 404) == "This visit was at another customer."


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("text", ["", "   ", "\n \t"])
def test_it_refuses_a_blank_one(alice: TestClient, page: Element, text: str, *, htmx: bool) -> None:
    answer = send(alice, page, FORM, {"text": text}, htmx=htmx)
    again = put_back(answer) if htmx else read(answer)
    assert again.one("p", having="error").text == "Please fill this in."
    assert again.one("textarea").attributes["aria-invalid"] == "true"


def test_it_takes_4000_characters_and_keeps_4001_for_mending(
    alice: TestClient, page: Element
) -> None:
    long = "字" * 4000
    again = put_back(send(alice, page, FORM, {"text": long + "字"}, htmx=True))
    assert "At most 4000 characters." in again.text
    assert again.one("textarea").raw == long + "字"
    assert long in arrive(alice, send(alice, again, FORM, {"text": long})).text


def test_lines_end_as_the_browser_counts_them(alice: TestClient, page: Element) -> None:
    lines = ("word\n" * 800)[:-1]
    assert len(lines) == 3999
    after = write(alice, page, lines.replace("\n", "\r\n"))  # as a form without script sends them
    assert lines in after.raw


def test_emoji_and_newlines_are_kept_and_html_is_text(alice: TestClient, page: Element) -> None:
    written = "<script>alert('x')</script> & “tasting” 👍🏽\nsecond line"
    assert written in write(alice, page, written).raw


def test_a_character_that_no_database_keeps_falls_out(alice: TestClient, page: Element) -> None:
    assert "tasting" in write(alice, page, "tas\0ting").text


def test_notes_stand_in_the_order_in_which_they_were_written(
    db: Session, cast: Cast, alice: TestClient, page: Element
) -> None:
    shop = world.only_customer(db)
    (visit,) = world.seen(db, world.all_visits())
    for minutes, text in [(3, "last"), (1, "first"), (2, "middle")]:
        at = clock.now() + timedelta(minutes=minutes)
        note = WriteNote(customer_id=shop.id, visit_id=visit.id, at=at, text=text)
        world.done(db, cast.alice, note)
    here = look(alice, f"/customers/{shop.id}/visit")
    told = [one.text for one in here.all("p", having="told")]
    assert told == ["first", "middle", "last"]


def test_two_taps_are_one_note(db: Session, alice: TestClient, page: Element) -> None:
    typed = {"text": "Once", "id": world.new_id()}
    arrive(alice, send(alice, page, FORM, typed))
    assert arrive(alice, send(alice, page, FORM, typed)).text.count("Once") == 1


def test_the_same_form_with_another_text_is_refused(alice: TestClient, page: Element) -> None:
    same = {"id": world.new_id()}
    arrive(alice, send(alice, page, FORM, {"text": "Once", **same}))
    sentence = refused(send(alice, page, FORM, {"text": "Twice", **same}), 409)
    assert sentence == "This was already sent with other contents. Open the form again."
