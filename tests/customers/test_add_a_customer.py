from collections.abc import Callable
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.core.commands import execute_all
from app.customers.commands import AddCustomer
from app.customers.models import Contact, Customer
from app.customers.rules import Grade, Kind, PinSource, Status
from app.visits.commands import CheckIn, WriteNote
from app.visits.models import Visit
from tests import world
from tests.cast import Cast
from tests.reading import HTMX, Element, arrive, look, names, put_back, read, refused, send

Browser = Callable[..., TestClient]
FORM = "customers-add"


@pytest.fixture
def alice(cast: Cast, browser_of: Browser) -> TestClient:
    return browser_of(cast.alice)


@pytest.fixture
def page(alice: TestClient) -> Element:
    return look(alice, "/customers/new")


def everything() -> dict[str, str]:
    return {
        "name": "锦禾超市",
        "phone": "021-6279 1234",
        "contact_name": "老许",
        "contact_phone": "13917880301",
        "kind": "dealer",
        "grade": "B1",
        "address": "北京西路1320号",
        "note": "仓库在后弄",
    } | world.fix(accuracy=12)


def add(alice: TestClient, page: Element, **typed: str) -> UUID:
    answer = send(alice, page, FORM, {"name": "锦禾超市"} | typed)
    assert answer.status_code == 303
    return UUID(answer.headers["location"].split("/")[2])


def only(db: Session) -> Customer:
    (made,) = world.seen(db, select(Customer))
    found: Customer = made
    return found


def test_it_works(db: Session, cast: Cast, alice: TestClient, page: Element) -> None:
    after = arrive(alice, send(alice, page, FORM, everything()))
    for said in ("锦禾超市", "021-6279 1234", "老许", "北京西路1320号", "仓库在后弄", "Dealer"):
        assert said in after.text
    made = only(db)
    assert (made.owner_id, made.team_id) == (cast.alice.id, cast.north.id)
    assert (made.kind, made.grade, made.status) == (Kind.DEALER, Grade.B1, Status.PROSPECT)
    assert made.pin_source is PinSource.PERSON
    assert made.point == pytest.approx(world.PIN)
    (met,) = world.seen(db, select(Contact))
    assert (met.name, met.phone) == ("老许", "13917880301")


def test_it_asks_for_a_name_and_little_else(page: Element) -> None:
    required = [one.attributes["name"] for one in page.all("input") if "required" in one.attributes]
    assert required == ["name"]
    assert names(page)[:3] == ["Name", "Phone", "Use where I am"]
    assert all(names(page))


def test_a_name_is_enough(db: Session, alice: TestClient, page: Element) -> None:
    add(alice, page)
    made = only(db)
    assert (made.kind, made.grade, made.phones, made.point) == (Kind.STORE, None, [], None)
    assert not world.seen(db, select(Contact))


def test_the_key_is_the_one_that_the_phone_minted(
    db: Session, alice: TestClient, page: Element
) -> None:
    key = world.new_id()
    assert add(alice, page, id=key) == UUID(key) == only(db).id


def test_two_taps_are_one_customer(db: Session, alice: TestClient, page: Element) -> None:
    key = world.new_id()
    add(alice, page, id=key)
    add(alice, page, id=key)
    only(db)


def test_a_phone_without_a_person_is_the_customers(
    db: Session, alice: TestClient, page: Element
) -> None:
    add(alice, page, phone="62791234", contact_phone="13917880301")
    assert only(db).phones == ["62791234", "13917880301"]


def test_a_poor_position_is_no_pin(db: Session, alice: TestClient, page: Element) -> None:
    add(alice, page, **world.fix(accuracy=101))
    assert only(db).point is None


def test_a_colleague_cannot_see_it_but_the_manager_and_the_assistant_can(
    alice: TestClient, page: Element, cast: Cast, browser_of: Browser
) -> None:
    key = add(alice, page)
    for person in (cast.alice, cast.mia, cast.diane, cast.sam):
        look(browser_of(person), f"/customers/{key}")
    for person in (cast.bob, cast.charlie, cast.ada):
        look(browser_of(person), f"/customers/{key}", 404)


@pytest.mark.parametrize("who", ["sam", "ada"])
def test_who_never_visits_cannot(db: Session, cast: Cast, browser_of: Browser, who: str) -> None:
    browser = browser_of(getattr(cast, who))
    sentence = "Customers are added on the road by those who visit them."
    assert refused(browser.get("/customers/new"), 409) == sentence
    assert refused(browser.get("/customers/new/alike?name=x"), 409) == sentence
    assert refused(browser.post("/customers", data={"name": "锦禾超市"}), 409) == sentence
    assert "New customer" not in look(browser, "/customers?q=zzz").text
    assert not world.seen(db, select(Customer))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "  "}, "Please fill this in."),
        ({"name": "字" * 201}, "At most 200 characters."),
        ({"phone": "1" * 41}, "At most 40 characters."),
        ({"note": "字" * 4001}, "At most 4000 characters."),
        ({"grade": "Z"}, "Please choose one of those offered."),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_it_refuses_what_cannot_be(
    db: Session,
    alice: TestClient,
    page: Element,
    typed: dict[str, str],
    sentence: str,
    *,
    htmx: bool,
) -> None:
    answer = send(alice, page, FORM, {"name": "锦禾超市"} | typed, htmx=htmx)
    again = put_back(answer) if htmx else read(answer)
    assert again.one("p", having="error").text == sentence
    folded = again.one("details").attributes
    assert ("open" in folded) == bool(typed.keys() & {"note", "grade"})
    assert not world.seen(db, select(Customer))


def test_the_search_that_finds_nothing_leads_here(alice: TestClient) -> None:
    found = look(alice, "/customers?q=%E9%94%A6%E7%A6%BE%20%26%20Co")
    href = found.one("a", href="/customers/new?name=%E9%94%A6%E7%A6%BE%20%26%20Co").attributes[
        "href"
    ]
    form = look(alice, href)
    assert form.one("input", name="name").attributes["value"] == "锦禾 & Co"


def test_the_list_leads_here(alice: TestClient) -> None:
    assert (
        look(alice, "/customers").one("a", having="primary").attributes["href"] == "/customers/new"
    )


@pytest.mark.parametrize(
    "q", ["锦禾", "jinhechaoshi", "jhcs", "6279 1234", "beijingxilu", "1320号"]
)
def test_it_is_found_at_once(alice: TestClient, page: Element, q: str) -> None:
    send(alice, page, FORM, everything())
    found = read(alice.get("/customers", params={"q": q}, headers=HTMX)).all("li", having="row")
    assert len(found) == (q != "beijingxilu")  # addresses are found as they are written


def test_it_gets_a_code_where_codes_are_customary(
    db: Session, cast: Cast, alice: TestClient, page: Element
) -> None:
    without = add(alice, page)
    world.customer(db, cast.bob, code="SH-0001")
    coded = add(alice, page)
    db.expire_all()
    assert db.get_one(Customer, without).code is None
    code = db.get_one(Customer, coded).code or ""
    assert code.startswith("N-")
    assert code in look(alice, f"/customers?q={code.lower()}").text


def test_another_companys_codes_are_no_custom_here(
    db: Session, cast: Cast, alice: TestClient, page: Element
) -> None:
    shop = world.customer(db, cast.bob, code="SH-0001")
    shop.team_id = world.kept(db, type(cast.north)(name="Another company")).id
    world.kept(db, shop)
    key = add(alice, page)
    assert db.get_one(Customer, key).code is None


def test_its_history_begins_here(alice: TestClient, page: Element) -> None:
    after = look(alice, f"/customers/{add(alice, page)}")
    assert "Met on the road" in after.one(having="timeline").text


def test_what_was_added_today_can_be_visited_from_here(
    alice: TestClient, page: Element, cast: Cast, browser_of: Browser
) -> None:
    key = add(alice, page)
    again = look(alice, "/customers/new")
    assert again.one("a", href=f"/customers/{key}/visit").text == "Visit"
    assert "锦禾超市" not in look(browser_of(cast.mia), "/customers/new").text


def test_a_visit_there_is_on_todays_list(alice: TestClient, page: Element) -> None:
    key = add(alice, page)
    visit = look(alice, f"/customers/{key}/visit")
    arrive(alice, send(alice, visit, "visits-check_in", world.fix()))
    assert "锦禾超市" in look(alice, "/today").text


def test_the_first_check_in_gives_it_a_pin(db: Session, alice: TestClient, page: Element) -> None:
    key = add(alice, page)
    visit = look(alice, f"/customers/{key}/visit")
    arrive(alice, send(alice, visit, "visits-check_in", world.fix()))
    assert only(db).pin_source is PinSource.CHECK_IN


def test_it_and_the_visit_there_come_in_one_turn(db: Session, cast: Cast) -> None:
    new = AddCustomer(name="锦禾超市")
    arrival = CheckIn(customer_id=new.id)
    note = WriteNote(customer_id=new.id, visit_id=arrival.id, text="老许认人")
    execute_all(db, cast.alice, [new, arrival, note])
    db.commit()
    (visit,) = world.seen(db, select(Visit))
    assert visit.customer_id == new.id
