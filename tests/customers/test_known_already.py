"""A customer that somebody may have already: told on the form, and decided when it arrives."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.customers.commands import AddCustomer
from app.customers.models import Contact, Customer, MergeProposal
from tests import world
from tests.cast import Cast
from tests.reading import Element, look, read, send

Browser = Callable[..., TestClient]
COLLEAGUE = "A colleague looks after a customer like this"


@pytest.fixture
def shop(db: Session, cast: Cast) -> Customer:
    return world.customer(
        db,
        cast.alice,
        "静安锦禾超市有限公司",
        short_name="锦禾超市",
        phones=["021-6279 1234"],
        address="北京西路1320号",
    )


@pytest.fixture
def alice(shop: Customer, cast: Cast, browser_of: Browser) -> TestClient:
    return browser_of(cast.alice)


def asked(browser: TestClient, name: str = "", phone: str = "", **position: str) -> Element:
    """What the form says while this is being written."""
    answer = browser.get("/customers/new/alike", params={"name": name, "phone": phone, **position})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    return read(answer)


def proposals(db: Session) -> list[MergeProposal]:
    return world.seen(db, select(MergeProposal))


def added(db: Session, cast: Cast, who: str = "alice", **said: Any) -> MergeProposal | None:
    """What was proposed when somebody's new customer arrived."""
    new = AddCustomer(**({"name": "锦禾"} | said))
    world.done(db, getattr(cast, who), new)
    found = world.seen(db, select(MergeProposal).where(MergeProposal.one_id == new.id))
    return found[0] if found else None


def test_it_works(alice: TestClient, shop: Customer) -> None:
    said = asked(alice, "锦禾超市", **world.fix(80))
    assert said.one("a").attributes["href"] == f"/customers/{shop.id}"
    assert said.text == "Known already? 静安锦禾超市有限公司same name, 80 m away"


@pytest.mark.parametrize(
    ("name", "phone", "why"),
    [
        ("老许的店", "62791234", "same phone"),
        ("锦禾超市", "+86 21 6279 1234", "same phone, same name"),
        ("静安锦禾超市", "", "same name"),
        ("ＪＩＮＨＥ　超市", "021-62791234", "same phone, nearly the same name"),
    ],
)
def test_without_a_position_the_name_or_the_phone_tell(
    alice: TestClient, name: str, phone: str, why: str
) -> None:
    assert asked(alice, name, phone).one("li").one("span").text == why


def test_nearly_the_same_name_tells_when_it_is_near(alice: TestClient) -> None:
    assert asked(alice, "锦和超市", **world.fix(250)).text.endswith(
        "nearly the same name, 250 m away"
    )
    assert asked(alice, "锦禾超市", **world.fix(1500)).text == ""


@pytest.mark.parametrize(
    ("name", "phone"), [("", ""), ("福临盛", ""), ("福临盛", "12345"), ("%", "%"), ("_", "\\")]
)
def test_another_is_another(alice: TestClient, name: str, phone: str) -> None:
    assert asked(alice, name, phone, **world.fix()).text == ""


@pytest.mark.parametrize(
    "position",
    [
        {"position[lat]": "", "position[lon]": "", "position[accuracy]": ""},
        {"position[lat]": "999", "position[lon]": "x", "position[accuracy]": "1"},
        {"position[lat]": "31.2"},
    ],
)
def test_a_position_that_is_none_is_none(alice: TestClient, position: dict[str, str]) -> None:
    assert asked(alice, "锦禾超市", **position).one("span").text == "same name"


def test_the_phone_of_somebody_there_counts(db: Session, alice: TestClient, shop: Customer) -> None:
    world.kept(db, Contact(customer_id=shop.id, name="老许", phone="139-1788 0301"))
    assert asked(alice, "老许", "+86 13917880301").one("span").text == "same phone"


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_a_colleagues_is_told_without_any_fact(
    alice: TestClient, cast: Cast, browser_of: Browser, who: str
) -> None:
    answer = browser_of(getattr(cast, who)).get(
        "/customers/new/alike", params={"name": "锦禾超市", "phone": "62791234"} | world.fix(80)
    )
    assert COLLEAGUE in answer.text
    for fact in ("静安", "北京西路", "6279", "80 m", "same name", "Alice", "/customers/"):
        assert fact not in answer.text


def test_the_manager_is_shown_it(alice: TestClient, cast: Cast, browser_of: Browser) -> None:
    said = asked(browser_of(cast.mia), "锦禾超市")
    assert "静安锦禾超市有限公司" in said.text
    assert COLLEAGUE not in said.text


def test_another_companys_customers_are_not_even_told_of(
    db: Session, cast: Cast, alice: TestClient, shop: Customer, browser_of: Browser
) -> None:
    shop.team_id = world.kept(db, type(cast.north)(name="Another company")).id
    world.kept(db, shop)
    assert asked(browser_of(cast.bob), "锦禾超市", "62791234").text == ""
    assert added(db, cast, "bob", phone="62791234") is None


def test_it_is_taken_in_and_proposed_when_it_arrives(
    db: Session, cast: Cast, shop: Customer
) -> None:
    proposal = added(db, cast, name="锦禾超市", phone="62791234")
    assert proposal
    assert (proposal.other_id, proposal.score) == (shop.id, 100)
    assert proposal.signs == ["same_phone", "same_name"]
    assert len(world.seen(db, select(Customer))) == 2


def test_two_reps_meet_the_same_customer_without_a_signal(db: Session, cast: Cast) -> None:
    assert added(db, cast, "alice", name="老许烟酒", phone="13917880301") is None
    proposal = added(db, cast, "bob", name="许记", phone="139 1788 0301")
    assert proposal
    assert proposal.signs == ["same_phone"]


def test_the_contacts_phone_of_a_new_one_counts(db: Session, cast: Cast, shop: Customer) -> None:
    assert added(db, cast, name="许记", contact_name="老许", contact_phone="021 62791234")


def test_what_is_not_likely_is_not_proposed(db: Session, cast: Cast, shop: Customer) -> None:
    assert added(db, cast, name="福临盛") is None
    assert not proposals(db)


def test_a_chain_is_not_proposed_with_all_its_branches(db: Session, cast: Cast) -> None:
    for _branch in range(5):
        world.customer(db, cast.bob, "全家便利店", at=None)
    added(db, cast, name="全家便利店")
    assert len(proposals(db)) == 3


def test_the_page_of_each_leads_to_the_other(
    db: Session, cast: Cast, alice: TestClient, shop: Customer
) -> None:
    proposal = added(db, cast, name="锦禾超市")
    assert proposal
    new = look(alice, f"/customers/{proposal.one_id}")
    assert "Looks like 静安锦禾超市有限公司same name" in new.text
    old = look(alice, f"/customers/{shop.id}")
    assert "Looks like 锦禾超市same name" in old.text
    there = old.one("a", href=f"/customers/alike#pair-{proposal.id}").attributes["href"]
    assert look(alice, there).all("section", id=f"pair-{proposal.id}")


def test_whoever_sees_only_one_of_them_is_asked_nothing(
    db: Session, cast: Cast, shop: Customer, browser_of: Browser
) -> None:
    proposal = added(db, cast, "bob", name="锦禾超市")
    assert proposal
    for person, key in ((cast.alice, shop.id), (cast.bob, proposal.one_id)):
        browser = browser_of(person)
        assert "Looks like" not in look(browser, f"/customers/{key}").text
        assert "Nothing is in doubt" in look(browser, "/customers/alike").text
    assert "静安锦禾超市有限公司" in look(browser_of(cast.mia), "/customers/alike").text


def test_told_apart_nobody_is_asked_again(
    db: Session, cast: Cast, alice: TestClient, shop: Customer
) -> None:
    proposal = added(db, cast, name="锦禾超市")
    assert proposal
    page = look(alice, "/customers/alike")
    form = page.one("form", action="/customers/tell-apart")
    form.attributes["id"] = "apart"
    assert send(alice, page, "apart").headers["location"] == "/customers/alike"
    assert "Nothing is in doubt" in look(alice, "/customers/alike").text
    assert "Looks like" not in look(alice, f"/customers/{shop.id}").text
    (decided,) = proposals(db)
    assert decided.decided_by_id == cast.alice.id
