from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.customers.rules import Grade, Status
from app.planning.coverage import coverage
from app.visits.commands import RecordContact
from app.visits.rules import ContactKind, Outcome
from tests import world
from tests.cast import Cast
from tests.reading import Element, look

Browser = Callable[..., TestClient]
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    world.the_clock_says(monkeypatch, NOW)


@pytest.fixture
def field(db: Session, cast: Cast) -> None:
    """Alice has four: one visited, one called, one not met, one seen in October; Bob one, new."""
    shops = {
        name: world.customer(db, cast.alice, name, grade=grade)
        for name, grade in (
            ("Visited", Grade.A1),
            ("Called", Grade.A1),
            ("Not met", Grade.B1),
            ("October", Grade.B1),
        )
    }
    world.customer(db, cast.alice, "Given up", grade=Grade.A1, status=Status.INACTIVE)
    world.visit(db, cast.alice, shops["Visited"], NOW - DAY, left=NOW - DAY / 2)
    for name, outcome in (("Called", Outcome.PROGRESS), ("Not met", Outcome.NOT_MET)):
        kind, key = ContactKind.PHONE, shops[name].id
        wish = RecordContact(customer_id=key, kind=kind, outcome=outcome, at=NOW - DAY)
        world.done(db, cast.alice, wish)
    at = NOW - 2 * DAY
    world.visit(db, cast.alice, shops["Not met"], at, left=at, outcome=Outcome.NOT_MET)
    at = NOW - 35 * DAY
    world.visit(db, cast.mia, shops["October"], at, left=at)
    world.customer(db, cast.bob, "New")


@pytest.mark.usefixtures("field")
def test_it_works(db: Session, cast: Cast, browser_of: Browser) -> None:
    known = coverage(db, cast.alice, None, None)
    assert (known.whole.owned, known.whole.contacted) == (4, [2, 1, 0, 0, 0, 0])
    told = {grade: (one.owned, one.contacted[:2]) for grade, one in known.by_grade.items()}
    assert told == {Grade.A1: (2, [2, 0]), Grade.B1: (2, [0, 1])}
    assert [(one.customer.name, one.days) for one in known.unseen] == [
        ("Not met", None),
        ("October", 35),
    ]
    assert not known.tree
    page = look(browser_of(cast.alice), "/coverage").text
    assert "50 % contacted this month 2 of 4 customers" in page
    assert "never contacted" in page
    assert "last contact 35 days ago" in page
    assert "Visited" not in page
    assert "Given up" not in page


@pytest.mark.usefixtures("field")
def test_a_manager_sees_the_team_by_person(db: Session, cast: Cast, browser_of: Browser) -> None:
    page = look(browser_of(cast.mia), "/coverage")
    assert "40 % contacted this month 2 of 5 customers" in page.text
    told = [
        [part.text for part in one.inside if isinstance(part, Element)]
        for one in page.one("ul", having="tree").all("li")
    ]
    assert told == [
        ["North", "2 / 5", "40 %"],
        ["Alice Lin", "2 / 4", "50 %"],
        ["Bob Wang", "0 / 1", "0 %"],
    ]
    of_bob = look(browser_of(cast.mia), f"/coverage?of={cast.bob.id}")
    assert "0 of 1 customers" in of_bob.text
    assert "October" not in of_bob.text
    tree = coverage(db, cast.diane, None, None).tree
    assert [(one.name, one.depth, one.tally.owned) for one in tree] == [
        ("Company", 0, 5),
        ("North", 1, 5),
        ("林晓燕", 2, 4),
        ("王博", 2, 1),
        ("South", 1, 0),
    ]


@pytest.mark.usefixtures("field")
def test_charlie_cannot_look_at_alices(cast: Cast, browser_of: Browser) -> None:
    charlie = browser_of(cast.charlie)
    assert "No customers yet" in look(charlie, "/coverage").text
    assert charlie.get(f"/coverage?of={cast.alice.id}").status_code == 404


@pytest.mark.usefixtures("field")
def test_the_list_is_of_one_grade_where_asked(cast: Cast, browser_of: Browser) -> None:
    page = look(browser_of(cast.alice), "/coverage?grade=A1").text
    assert "0 not contacted this month" in page
    assert "Everybody was contacted this month" in page
    page = look(browser_of(cast.alice), "/coverage?grade=B1").text
    assert "2 not contacted this month" in page
