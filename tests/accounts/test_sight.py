"""Who sees what, and who may do what: everybody, at every address, with every command."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts.commands import ChooseLook, Theme
from app.accounts.models import Person, Team
from app.accounts.rules import Role
from app.core import db as database
from app.core.commands import Command, execute, registry
from app.core.errors import NotFound, Refused
from app.customers.commands import AddCustomer, MergeCustomers, TellApart, UnmergeCustomers
from app.customers.rules import Grade
from app.followups.commands import KeepPromise, MakePromise
from app.main import create_app
from app.media.rules import Kind
from app.orders.commands import LineWish, PlaceOrder
from app.planning.commands import (
    AddStop,
    CancelLeave,
    CrossOffKeyPoint,
    DayKind,
    OrderStops,
    PinStop,
    PlanAgain,
    SetCadence,
    SetDay,
    SetShares,
    SetWorth,
    SkipStop,
    TakeLeave,
    UndoByHand,
    UnpinStop,
    WriteKeyPoint,
)
from app.planning.rules import SkipReason
from app.sync.commands import LetIn, ShutOut
from app.visits.commands import (
    CheckIn,
    CheckOut,
    GiveUpPhoto,
    RecordContact,
    TakePhoto,
    WriteNote,
)
from app.visits.models import Visit
from app.visits.rules import ContactKind, Outcome
from tests.accounts.shops import Shop, World, build, new_customer
from tests.architecture.routes import addresses
from tests.cast import Cast
from tests.sync.parcel import Parcel, key_in
from tests.sync.phone import Phone

Open = Callable[..., TestClient]

SEES = {
    "alice": {"Lilac"},
    "bob": set[str](),
    "charlie": {"Copper"},
    "mia": {"Lilac", "Jasper"},
    "diane": {"Lilac", "Copper", "Jasper"},
    "sam": {"Lilac", "Jasper"},
    "ada": set[str](),
}
OWNS = {"alice": {"Lilac"}, "charlie": {"Copper"}}
VISITS = {"alice", "bob", "charlie", "mia", "diane"}
LEADS = {"mia", "diane"}
VISITED = {"Lilac": "alice", "Copper": "charlie", "Jasper": "mia"}
WORDS = {"Lilac", "Copper", "Jasper"}
EVERYBODY = pytest.mark.parametrize("name", SEES)

# Pages that show whatever their reader may see of everything.
LISTS = {"/today", "/customers", "/orders", "/inbox", "/coverage"}
# Pages that show what the reader looks after themselves.
OWN = {"/calls"}
# Pages that name no customer.
PLAIN = {
    "/",
    "/customers/alike",
    "/customers/blank",
    "/customers/blank/visit",
    "/customers/new",
    "/customers/new/alike",
    "/devices",
    "/free",
    "/late",
    "/leave",
    "/more",
    "/more/devices",
    "/outbox",
    "/policy",
    "/policy/cadence",
    "/policy/days",
    "/products",
    "/products/options",
}
# Answers of the outbox's door: about the asking person's own phone, or by what a file says.
DOOR = {
    ("POST", "/sync/commands"),
    ("POST", "/sync/hand-in"),
    ("POST", "/sync/wiped"),
    ("GET", "/sync/receipt"),
}
PACK = {("GET", "/pack")}  # tests/pwa/test_pack.py
# The photos' lane: about what the asking person sends or has sent themselves.
LANE = {("PATCH", "/media/{}"), ("HEAD", "/media/{}"), ("POST", "/media/held")}
PICTURE = ("GET", "/media/{}")
PUBLIC = {
    ("GET", "/sign-in"),
    ("GET", "/shut-out"),
    ("POST", "/sign-in"),
    ("POST", "/language"),
    ("GET", "/manifest.webmanifest"),
    ("GET", "/health"),
    ("GET", "/away"),
    ("GET", "/sw.js"),
}
OWN_AFFAIRS = {("POST", "/more/look"), ("POST", "/sign-out"), ("POST", "/today/start")}


@pytest.fixture
def world(db: Session, cast: Cast) -> World:
    return build(db, cast)


# What each page about one shop answers, and each command says, to a person.


def if_seen(name: str, shop: Shop) -> int:
    return 200 if shop.word in SEES[name] else 404


def if_visited(name: str, shop: Shop) -> int:
    """Whoever never visits is told so, whether or not there is such a customer."""
    return if_seen(name, shop) if name in VISITS else 409


def if_visits(name: str, _shop: Shop) -> int:
    return 200 if name in VISITS else 409


def if_visitor(name: str, shop: Shop) -> int:
    return 200 if VISITED[shop.word] == name else 404


def if_author_or_leader(name: str, shop: Shop) -> int:
    """Whose photo it is, and whoever leads them and sees the customer."""
    leads = name in LEADS and shop.word in SEES[name]
    return 200 if leads or VISITED[shop.word] == name else 404


def if_sets_policy(name: str, _shop: Shop) -> int:
    return 200 if name in LEADS | {"ada"} else 409


def if_away(name: str, shop: Shop) -> int:
    """A leave is only its person's."""
    return 200 if VISITED[shop.word] == name else 404


def if_owned(name: str, shop: Shop) -> int:
    """A phone is its person's; the administrator runs all of them, whatever they may not see."""
    return 200 if name in {VISITED[shop.word], "ada"} else 404


PAGES: dict[str, tuple[Callable[[Shop], UUID], Callable[[str, Shop], int]]] = {
    "/customers/{}": (lambda shop: shop.customer.id, if_seen),
    "/customers/{}/visit": (lambda shop: shop.customer.id, if_visited),
    "/orders/{}": (lambda shop: shop.order.id, if_seen),
    "/today/change/{}": (lambda shop: shop.customer.id, if_visited),
}


def wishes(world: World, shop: Shop) -> dict[type[Command], Command]:
    """One command of every kind about a shop."""
    here, line = shop.customer.id, LineWish(product_id=world.product.id, quantity=Decimal(2))
    day = date(2026, 12, 1)
    return {
        CheckIn: CheckIn(customer_id=here),
        WriteNote: WriteNote(customer_id=here, text="Seen."),
        MakePromise: MakePromise(customer_id=here, what="Call.", due_on=date(2026, 12, 1)),
        PlaceOrder: PlaceOrder(customer_id=here, lines=[line]),
        TakePhoto: TakePhoto(customer_id=here, sha256="0" * 64, size=1, type=Kind.JPEG),
        GiveUpPhoto: GiveUpPhoto(photo_id=shop.unsent.id),
        RecordContact: RecordContact(
            customer_id=here, kind=ContactKind.PHONE, outcome=Outcome.PROGRESS
        ),
        SetCadence: SetCadence(grade=Grade.A1, visits=4, calls=2),
        SetShares: SetShares(phone=20),
        SetWorth: SetWorth(promise=70),
        SetDay: SetDay(on_day=date(2027, 2, 5), kind=DayKind.OFF),
        TakeLeave: TakeLeave(first_day=date(2026, 12, 7), last_day=date(2026, 12, 11)),
        CancelLeave: CancelLeave(leave_id=shop.leave.id),
        CheckOut: CheckOut(visit_id=shop.visit.id, outcome=Outcome.PROGRESS),
        KeepPromise: KeepPromise(promise_id=shop.promise.id),
        ChooseLook: ChooseLook(theme=Theme.DARK),
        AddCustomer: AddCustomer(name="Walnut", phone=shop.customer.phones[0]),
        TellApart: TellApart(one_id=here, other_id=shop.twin.id),
        MergeCustomers: MergeCustomers(keep_id=here, gone_id=shop.twin.id),
        UnmergeCustomers: UnmergeCustomers(gone_id=shop.twin.id),
        WriteKeyPoint: WriteKeyPoint(for_day=date(2026, 12, 1), text="Ask for the cooler."),
        CrossOffKeyPoint: CrossOffKeyPoint(point_id=shop.point.id),
        SkipStop: SkipStop(on_day=day, customer_id=here, reason=SkipReason.CLOSED),
        PinStop: PinStop(on_day=day, customer_id=here, customer_ids=[here]),
        UnpinStop: UnpinStop(on_day=day, customer_id=here),
        AddStop: AddStop(on_day=day, customer_id=here),
        OrderStops: OrderStops(on_day=day, customer_ids=[here]),
        PlanAgain: PlanAgain(on_day=day),
        UndoByHand: UndoByHand(deed_id=shop.deed.id),
        ShutOut: ShutOut(device_id=shop.device.id),
        LetIn: LetIn(device_id=shop.device.id),
    }


DOES: dict[type[Command], tuple[str, Callable[[str, Shop], int]]] = {
    CheckIn: ("/visits/check-in", if_visited),
    WriteNote: ("/visits/note", if_visited),
    MakePromise: ("/promises", if_visited),
    PlaceOrder: ("/orders", if_visited),
    TakePhoto: ("/visits/photo", if_visited),
    GiveUpPhoto: ("/visits/photo/give-up", if_author_or_leader),
    RecordContact: ("/visits/contact", if_visited),
    SetCadence: ("/policy/cadence", if_sets_policy),
    SetShares: ("/policy/shares", if_sets_policy),
    SetWorth: ("/policy/worth", if_sets_policy),
    SetDay: ("/policy/days", if_sets_policy),
    TakeLeave: ("/leave", lambda _name, _shop: 200),
    CancelLeave: ("/leave/cancel", if_away),
    CheckOut: ("/visits/check-out", if_visitor),
    KeepPromise: ("/promises/kept", if_seen),
    ChooseLook: ("/more/look", lambda _name, _shop: 200),
    AddCustomer: ("/customers", if_visits),
    TellApart: ("/customers/tell-apart", if_seen),
    MergeCustomers: ("/customers/merge", if_seen),
    UnmergeCustomers: ("/customers/unmerge", if_seen),
    WriteKeyPoint: ("/key-points", lambda _name, _shop: 200),
    CrossOffKeyPoint: ("/key-points/cross-off", if_visitor),
    SkipStop: ("/today/skip", if_visited),
    PinStop: ("/today/pin", if_visited),
    UnpinStop: ("/today/unpin", if_visited),
    AddStop: ("/today/add", if_visited),
    OrderStops: ("/today/order", if_visited),
    PlanAgain: ("/today/again", lambda _name, _shop: 200),
    UndoByHand: ("/today/undo", if_visitor),
    ShutOut: ("/devices/shut-out", if_owned),
    LetIn: ("/devices/let-in", if_owned),
}


# Fields that name what somebody may not see.
NAMES_A_ROW = (
    "customer_id", "visit_id", "promise_id", "keep_id", "gone_id", "one_id", "other_id",
    "photo_id", "device_id", "point_id", "leave_id", "deed_id", "customer_ids[0]",
)  # fmt: skip


def test_every_address_is_in_this_proof(engine: Engine) -> None:
    known = PUBLIC | OWN_AFFAIRS | DOOR | PACK | LANE | {PICTURE, ("POST", "/orders/draft")}
    known |= {("GET", path) for path in LISTS | OWN | PLAIN}
    known |= {("POST", path) for path, _expected in DOES.values()}
    found = {(a.method, re.sub(r"\{\w+\}", "{}", a.path)) for a in addresses(create_app(engine))}
    assert found == known | {("GET", path) for path in PAGES}


def test_every_command_is_in_this_proof() -> None:
    assert set(registry().values()) == set(DOES)


@EVERYBODY
def test_pages_about_a_customer(name: str, world: World, browser_of: Open) -> None:
    browser = browser_of(person(world, name))
    for path, (key, expected) in PAGES.items():
        for shop in world.shops:
            for headers in ({}, {"HX-Request": "true"}):
                answer = browser.get(path.format(key(shop)), headers=headers)
                assert answer.status_code == expected(name, shop), (path, shop.word)
                shown = {shop.word} if answer.status_code == 200 else set()
                assert words_in(answer) == shown


@EVERYBODY
def test_lists_hold_what_is_theirs_and_nothing_else(
    name: str, world: World, browser_of: Open
) -> None:
    browser = browser_of(person(world, name))
    for path in LISTS:
        assert words_in(browser.get(path)) == SEES[name], path
    for path in OWN:
        assert words_in(browser.get(path)) == OWNS.get(name, set()), path
    for path in PLAIN:
        assert words_in(browser.get(path)) == set(), path


@EVERYBODY
def test_pictures(name: str, world: World, browser_of: Open) -> None:
    """Their files are not in this store: whoever may see one is told that."""
    browser = browser_of(person(world, name))
    for shop in world.shops:
        for query in ("", "?size=thumb"):
            answer = browser.get(f"/media/{shop.photo.sha256}{query}")
            seen_here = if_seen(name, shop) == 200 or VISITED[shop.word] == name
            missing = "This photo is missing in the server's store."
            unseen = "This photo is not among those you may see."
            assert answer.status_code == 404
            assert answer.json()["reason"] == (missing if seen_here else unseen)


@EVERYBODY
def test_searching_finds_nothing_of_others(name: str, world: World, browser_of: Open) -> None:
    browser = browser_of(person(world, name))
    for query in ("q=store", "q=555", "q=STORE+555", "q=+"):
        assert words_in(browser.get(f"/customers?{query}")) == SEES[name], query
    for query in ("q=%25", "q=_", "q=%5C", "grade=A1", "skip=50"):
        assert words_in(browser.get(f"/customers?{query}")) == set(), query


def test_searching_for_a_phone_that_is_anothers(world: World, browser_of: Open) -> None:
    phone = world.copper.customer.phones[0].replace(" ", "")
    assert words_in(browser_of(world.cast.charlie).get(f"/customers?q={phone}")) == {"Copper"}
    assert words_in(browser_of(world.cast.alice).get(f"/customers?q={phone}")) == set()


@EVERYBODY
def test_commands_by_form(name: str, world: World, browser_of: Open, db: Session) -> None:
    browser = browser_of(person(world, name))
    for shop in world.shops:
        for kind, wish in wishes(world, shop).items():
            path, expected = DOES[kind]
            answer = browser.post(path, data=form_of(wish))
            said = {303: 200}.get(answer.status_code, answer.status_code)
            assert said == expected(name, shop), (path, shop.word)
            assert words_in(answer) <= SEES[name]


@EVERYBODY
def test_commands_by_any_other_way(name: str, world: World, engine: Engine) -> None:
    """What the pages refuse is refused below them, whatever door there may be some day."""
    for shop in world.shops:
        for kind, wish in wishes(world, shop).items():
            _path, expected = DOES[kind]
            assert outcome(engine, person(world, name), wish) == expected(name, shop), kind


@EVERYBODY
def test_commands_by_outbox(name: str, world: World, browser_of: Open) -> None:
    asking = person(world, name)
    phone = Phone(asking.id, browser_of(asking))
    for shop in world.shops:
        for kind, wish in wishes(world, shop).items():
            entry = phone.write(kind.wire_name, list(form_of(wish).items()))
            answer = phone.send(entry)
            (result,) = answer.json()["results"]
            may = DOES[kind][1](name, shop) == 200
            assert result["status"] == ("applied" if may else "rejected"), kind
            assert words_in(answer) <= SEES[name]


@EVERYBODY
def test_commands_by_a_file_that_another_carries(name: str, world: World, browser_of: Open) -> None:
    """With the rights of its author, and whoever carries it reads nothing."""
    asking, ada = person(world, name), browser_of(world.cast.ada)
    phone = Phone(asking.id, browser_of(asking))
    secret, key = phone.send(secret=False).json()["secret"], key_in(ada)
    for shop in world.shops:
        for kind, wish in wishes(world, shop).items():
            entry = phone.write(kind.wire_name, list(form_of(wish).items()))
            file = Parcel(phone, [entry], secret).sealed(key)
            answer = ada.post("/sync/hand-in", json=file)
            (item,) = answer.json()["items"]
            may = DOES[kind][1](name, shop) == 200
            assert item["status"] == ("applied" if may else "rejected"), kind
            assert words_in(answer) == set()


@EVERYBODY
def test_a_draft_of_an_order(name: str, world: World, browser_of: Open) -> None:
    browser = browser_of(person(world, name))
    for shop in world.shops:
        form = {"customer_id": str(shop.customer.id), "entry[text]": "Tea"}
        answer = browser.post("/orders/draft", data=form)
        assert answer.status_code == if_visited(name, shop)
        assert words_in(answer) <= SEES[name]


@EVERYBODY
def test_what_is_anothers_is_answered_like_what_does_not_exist(
    name: str, world: World, browser_of: Open
) -> None:
    browser, nowhere = browser_of(person(world, name)), uuid4()
    for path, (key, _expected) in PAGES.items():
        for shop in hidden(world, name):
            there = browser.get(path.format(key(shop)))
            assert (there.status_code, there.text) == seen(browser.get(path.format(nowhere)))
    for shop in hidden(world, name):
        for kind, wish in wishes(world, shop).items():
            form = form_of(wish)
            elsewhere = form | {field: str(nowhere) for field in NAMES_A_ROW if field in form}
            path, expected = DOES[kind]
            if kind in {ShutOut, LetIn} and expected(name, shop) == 200:
                continue  # the phones of people are not hidden as their customers are
            assert seen(browser.post(path, data=form)) == seen(browser.post(path, data=elsewhere))


def test_whoever_is_signed_out_signs_in_first(world: World, browser_of: Open) -> None:
    browser = browser_of(None)
    for path in (LISTS | OWN | PLAIN | {page.format(uuid4()) for page in PAGES}) - {"/"}:
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={path}")
        assert browser.get(path, headers={"HX-Request": "true"}).status_code == 401
    for wish in wishes(world, world.lilac).values():
        answer = browser.post(DOES[type(wish)][0], data=form_of(wish))
        assert (answer.status_code, words_in(answer)) == (401, set())
        assert "Please sign in." in answer.text
    doors = ("/sync/commands", "/sync/hand-in", f"/sync/wiped?device={uuid4()}")
    for path in ("/orders/draft", "/sign-out", "/today/start", *doors):
        assert browser.post(path).status_code == 401
    picture = f"/media/{world.lilac.photo.sha256}"
    for method, path in (("PATCH", picture), ("HEAD", picture), ("POST", "/media/held")):
        assert browser.request(method, path).status_code == 401
    assert browser.get(picture).headers["location"] == f"/sign-in?next={picture}"
    assert browser.get("/").headers["location"] == "/today"


def test_an_assistant_is_told_who_records_visits(world: World, browser_of: Open) -> None:
    sam = browser_of(world.cast.sam)
    said = "Visits are recorded by those who make them."
    assert said in sam.get(f"/customers/{world.lilac.customer.id}/visit").text
    form = form_of(wishes(world, world.lilac)[WriteNote])
    assert said in sam.post("/visits/note", data=form).text
    assert f"/customers/{world.lilac.customer.id}/visit" not in (
        sam.get(f"/customers/{world.lilac.customer.id}").text
    )


def test_a_head_rep_sees_only_their_own(world: World, db: Session, browser_of: Open) -> None:
    world.cast.bob.role = Role.HEAD_REP
    new_customer(db, "Walnut", world.cast.north, world.cast.bob)
    db.add(world.cast.bob)
    db.commit()
    page = browser_of(world.cast.bob).get("/customers")
    assert "Walnut" in page.text
    assert words_in(page) == set()


@pytest.mark.parametrize("kind", [WriteNote, MakePromise, PlaceOrder, TakePhoto])
def test_nobody_writes_into_anothers_visit(
    kind: type[Command], world: World, browser_of: Open
) -> None:
    """Mia manages Alice and sees her customer; the visit is Alice's all the same."""
    form = form_of(wishes(world, world.lilac)[kind]) | {"visit_id": str(world.lilac.visit.id)}
    for other in (world.cast.mia, world.cast.diane):
        answer = browser_of(other).post(DOES[kind][0], data=form)
        assert answer.status_code == 404
        assert "This visit is not one of yours." in answer.text
    assert browser_of(world.cast.bob).post(DOES[kind][0], data=form).status_code == 404
    assert browser_of(world.cast.alice).post(DOES[kind][0], data=form).status_code == 303


def test_nobody_checks_out_of_anothers_visit(world: World, browser_of: Open, db: Session) -> None:
    form = form_of(wishes(world, world.lilac)[CheckOut])
    for other in (world.cast.bob, world.cast.mia, world.cast.diane, world.cast.sam):
        assert browser_of(other).post("/visits/check-out", data=form).status_code == 404
    db.expire_all()
    assert db.get_one(Visit, world.lilac.visit.id).closed_by is None


@pytest.mark.parametrize("kind", [WriteNote, MakePromise, PlaceOrder, TakePhoto])
def test_a_visit_at_another_customer_is_refused(
    kind: type[Command], world: World, browser_of: Open, db: Session
) -> None:
    walnut = new_customer(db, "Walnut", world.cast.north, world.cast.alice)
    db.commit()
    form = form_of(wishes(world, world.lilac)[kind])
    form |= {"customer_id": str(walnut.id), "visit_id": str(world.lilac.visit.id)}
    answer = browser_of(world.cast.alice).post(DOES[kind][0], data=form)
    assert answer.status_code == 404
    assert "This visit was at another customer." in answer.text


def test_a_manager_sees_every_level_below(db: Session, cast: Cast, browser_of: Open) -> None:
    pudong = team(db, "Pudong", cast.north)
    lujiazui, zhangjiang = team(db, "Lujiazui", pudong), team(db, "Zhangjiang", pudong)
    new_customer(db, "Lilac", lujiazui)
    new_customer(db, "Copper", zhangjiang)
    new_customer(db, "Jasper", cast.south)
    db.commit()

    def seen_from(place: Team, role: Role = Role.MANAGER) -> set[str]:
        cast.bob.team_id, cast.bob.role = place.id, role
        db.add(cast.bob)
        db.commit()
        return words_in(browser_of(cast.bob).get("/customers"))

    assert seen_from(cast.company, Role.DIRECTOR) == WORDS
    assert seen_from(cast.north) == seen_from(pudong) == {"Lilac", "Copper"}
    assert seen_from(lujiazui, Role.ASSISTANT) == {"Lilac"}
    assert seen_from(zhangjiang) == {"Copper"}
    assert seen_from(cast.south) == {"Jasper"}
    assert seen_from(cast.north, Role.REP) == set()


def test_a_rep_who_moves_keeps_their_customers_and_brings_none(
    world: World, db: Session, browser_of: Open
) -> None:
    """A customer's team is its own: it changes when the customer is handed over."""
    world.cast.alice.team_id = world.cast.south.id
    db.add(world.cast.alice)
    db.commit()
    assert words_in(browser_of(world.cast.alice).get("/customers")) == {"Lilac"}
    assert words_in(browser_of(world.cast.mia).get("/customers")) == {"Lilac", "Jasper"}


def test_a_manager_who_moves_sees_the_new_team_at_once(
    world: World, db: Session, browser_of: Open
) -> None:
    mia = browser_of(world.cast.mia)
    assert words_in(mia.get("/orders")) == {"Lilac", "Jasper"}
    world.cast.mia.team_id = world.cast.south.id
    db.add(world.cast.mia)
    db.commit()
    for path in LISTS:
        assert words_in(mia.get(path)) == {"Copper"}, path
    assert mia.get(f"/customers/{world.lilac.customer.id}").status_code == 404


def test_a_customer_handed_over_is_gone_from_every_page_of_the_former_rep(
    world: World, db: Session, browser_of: Open
) -> None:
    """What was done there is a fact: the visit that is open can still be ended."""
    for card in (world.lilac.customer, world.lilac.twin):
        card.owner_id = world.cast.bob.id
        db.add(card)
    db.commit()
    alice, bob = browser_of(world.cast.alice), browser_of(world.cast.bob)
    for path in LISTS:
        assert words_in(alice.get(path)) == set(), path
        assert words_in(bob.get(path)) == {"Lilac"}, path
    form = form_of(wishes(world, world.lilac)[CheckOut])
    assert alice.post("/visits/check-out", data=form).status_code == 303


def person(world: World, name: str) -> Person:
    found: Person = getattr(world.cast, name)
    return found


def hidden(world: World, name: str) -> Sequence[Shop]:
    return [shop for shop in world.shops if shop.word not in SEES[name]]


def team(db: Session, name: str, parent: Team) -> Team:
    made = Team(name=name, parent_id=parent.id)
    db.add(made)
    db.flush()
    return made


def words_in(answer: httpx2.Response) -> set[str]:
    said = answer.text + "".join(answer.headers.values())
    return {word for word in WORDS if word in said}


def seen(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.text


def outcome(engine: Engine, person: Person, wish: Command) -> int:
    try:
        with database.transaction(engine) as db:
            execute(db, person, wish)
    except NotFound:
        return 404
    except Refused:
        return 409
    return 200


def form_of(wish: Command) -> dict[str, str]:
    """A command's fields as a form sends them; its id too."""
    pairs: dict[str, str] = {}

    def put(name: str, value: object) -> None:
        if isinstance(value, dict):
            for key, part in value.items():
                put(f"{name}[{key}]", part)
        elif isinstance(value, list):
            for index, part in enumerate(value):
                put(f"{name}[{index}]", part)
        elif value is not None:
            pairs[name] = str(value)

    for name, value in wish.model_dump(mode="json", exclude_unset=True).items():
        put(name, value)
    return pairs
