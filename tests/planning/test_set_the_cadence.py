from collections.abc import Callable
from datetime import time

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.customers.rules import Grade
from app.planning.cadence import CADENCES, Rhythm
from app.planning.commands import SetCadence
from app.planning.frame import EndsAt, Frame
from app.planning.queries import policy_of
from tests import world
from tests.cast import Cast
from tests.reading import arrive, filled, look, refused, send

Browser = Callable[..., TestClient]


def test_it_works(db: Session, cast: Cast, browser_of: Browser) -> None:
    ada = browser_of(cast.ada)
    page = look(ada, "/policy/cadence?grade=B1")
    form = filled(page, "planning-set_cadence")
    assert (form["visits"], form["calls"], form["call_unit"]) == ("2", "1", "week")
    answer = send(ada, page, "planning-set_cadence", {"visits": "3", "visit_months": "2"})
    after = arrive(ada, answer)
    assert "Visits: 3 in 2 months" in after.text
    assert "B1: 3 visits, 1 phone contacts" in after.text
    assert "Ada An" in after.text
    book = policy_of(db, cast.alice)
    assert book.cadences[Grade.B1].visits == Rhythm(3, 2)
    assert book.cadences[Grade.B1].high_level
    assert book.cadences[Grade.A1] == CADENCES[Grade.A1]


def test_the_last_word_counts_and_all_words_are_kept(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    for visits in (9, 2):
        world.done(db, cast.mia, SetCadence(grade=Grade.A1, visits=visits, calls=3))
    assert policy_of(db, cast.charlie).cadences[Grade.A1].visits.times == 2
    page = look(browser_of(cast.alice), "/policy").text
    assert "A1: 9 visits" in page
    assert "A1: 2 visits" in page


@pytest.mark.parametrize("who", ["alice", "sam"])
def test_who_neither_leads_nor_administers_reads_it(
    db: Session, cast: Cast, browser_of: Browser, who: str
) -> None:
    browser = browser_of(getattr(cast, who))
    page = look(browser, "/policy")
    assert "Visits: 4 a month" in page.text
    assert not page.all("form", action="/policy/shares")
    answer = browser.post("/policy/cadence", data={"grade": "A1", "visits": "1", "calls": "1"})
    assert "set by managers and the administrator" in refused(answer, 409)
    assert policy_of(db, cast.alice).cadences == CADENCES


def test_it_refuses_nonsense(cast: Cast, browser_of: Browser) -> None:
    mia = browser_of(cast.mia)
    page = look(mia, "/policy/cadence?grade=A1")
    for typed in ({"visits": "-1"}, {"visits": "32"}, {"visit_months": "0"}, {"calls": "often"}):
        assert send(mia, page, "planning-set_cadence", typed).status_code == 422


def test_the_other_policies_are_set_too(db: Session, cast: Cast, browser_of: Browser) -> None:
    mia = browser_of(cast.mia)
    page = look(mia, "/policy")
    assert "phone" in filled(page, "planning-set_shares")
    page = arrive(mia, send(mia, page, "planning-set_shares", {"phone": "20"}))
    page = arrive(mia, send(mia, page, "planning-set_worth", {"near_m": "800"}))
    book = policy_of(db, cast.alice)
    assert (book.shares.phone, book.shares.dinner) == (20, 50)
    assert (book.weights.near_m, book.weights.promise) == (800, 60)
    assert filled(page, "planning-set_shares")["phone"] == "20"


def test_the_working_day_is_set(db: Session, cast: Cast, browser_of: Browser) -> None:
    mia = browser_of(cast.mia)
    page = look(mia, "/policy")
    assert filled(page, "planning-set_frame")["begins"] == "08:30"
    said = {"ends": "17:15", "lunch_minutes": "45", "most": "9", "end_at": "office"}
    page = arrive(mia, send(mia, page, "planning-set_frame", said))
    assert "The working day: 08:30–17:15" in page.text
    form = filled(page, "planning-set_frame")
    assert (form["ends"], form["lunch_minutes"], form["end_at"]) == ("17:15", "45", "office")
    frame = policy_of(db, cast.alice).frame
    assert frame == Frame(ends=time(17, 15), lunch_minutes=45, most=9, end_at=EndsAt.OFFICE)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"ends": "08:00"}, "The day ends before it begins."),
        ({"lunch_from": "14:00"}, "Lunch ends before it begins."),
        ({"begins": "early"}, "Please give a time, for example 10:30."),
        ({"most": "-1"}, ""),
    ],
)
def test_a_working_day_is_refused_that_is_none(
    cast: Cast, browser_of: Browser, typed: dict[str, str], said: str
) -> None:
    mia = browser_of(cast.mia)
    answer = send(mia, look(mia, "/policy"), "planning-set_frame", typed)
    assert answer.status_code == 422
    assert said in answer.text


def test_the_policy_of_another_company_is_its_own(db: Session, cast: Cast) -> None:
    cast.south.parent_id = None
    world.kept(db, cast.south)
    world.done(db, cast.mia, SetCadence(grade=Grade.A1, visits=9, calls=3))
    assert policy_of(db, cast.alice).cadences[Grade.A1].visits.times == 9
    assert policy_of(db, cast.charlie).cadences[Grade.A1].visits.times == 4


def test_days_are_set_and_unset(db: Session, cast: Cast, browser_of: Browser) -> None:
    ada = browser_of(cast.ada)
    page = look(ada, "/policy/days?year=2027")
    assert "is not announced yet" in page.text
    answer = send(
        ada, page, "planning-set_day", {"on_day": "2027-02-14", "kind": "worked", "name": "Make-up"}
    )
    page = arrive(ada, answer)
    assert "Sunday 14 February Working day · Make-up" in page.text
    answer = send(ada, page, "planning-set_day", {"on_day": "2027-02-14", "kind": "usual"})
    assert "14 February" not in arrive(ada, answer).text
    assert "Working day" in look(ada, "/policy/days?year=2026").text
    assert "is not announced yet" not in look(ada, "/policy/days?year=2026").text
