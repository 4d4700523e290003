from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from time import sleep
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

from app.core import clock
from app.core import db as database
from app.core.commands import Command, execute, execute_all
from app.core.errors import NotFound, Refused
from app.customers.commands import AddCustomer, MergeCustomers, UnmergeCustomers
from app.customers.merging import places
from app.customers.models import Contact, Customer
from app.followups.commands import MakePromise
from app.followups.models import Promise
from app.orders.models import Order
from app.planning.commands import PlanVisit
from app.planning.models import PlannedVisit
from app.visits.commands import CheckIn, CheckOut, WriteNote
from app.visits.models import Note, Visit
from app.visits.rules import Outcome
from tests import world
from tests.cast import Cast
from tests.reading import look, read, refused, send

Browser = Callable[..., TestClient]
Deed = tuple[Any, Command]
TODAY = date(2026, 11, 24)


@pytest.fixture
def kept(db: Session, cast: Cast) -> Customer:
    return world.customer(db, cast.alice, "静安锦禾超市", code="SH-0001")


@pytest.fixture
def gone(db: Session, cast: Cast) -> Customer:
    return world.customer(db, cast.bob, "许记烟酒", phones=["13917880301"])


def a_day_at(db: Session, person: Any, shop: Customer, word: str) -> Visit:
    """A visit with a note, an order and a promise."""
    visit = world.visit(db, person, shop)
    note = WriteNote(customer_id=shop.id, visit_id=visit.id, text=f"{word} note")
    world.done(db, person, note)
    promise = MakePromise(customer_id=shop.id, visit_id=visit.id, what=f"{word} owed", due_on=TODAY)
    world.done(db, person, promise)
    world.done(db, person, CheckOut(visit_id=visit.id, outcome=Outcome.PROGRESS))
    return visit


def merge(db: Session, person: Any, keep: Customer, gone: Customer) -> UUID:
    return world.done(db, person, MergeCustomers(keep_id=keep.id, gone_id=gone.id))


def unmerge(db: Session, person: Any, gone: Customer) -> None:
    world.done(db, person, UnmergeCustomers(gone_id=gone.id))


def refusal(engine: Engine, person: Any, wish: Any) -> type[Exception] | None:
    with Session(engine) as db:
        try:
            execute(db, person, wish)
        except Refused as no:
            return type(no)
    return None


def test_it_works(
    db: Session, cast: Cast, kept: Customer, gone: Customer, browser_of: Browser
) -> None:
    a_day_at(db, cast.alice, kept, "Alice's")
    a_day_at(db, cast.bob, gone, "Bob's")
    world.order(db, cast.bob, gone, remark="Bob's order")
    world.kept(db, Contact(customer_id=gone.id, name="老许"))
    merge(db, cast.mia, kept, gone)
    page = look(browser_of(cast.alice), f"/customers/{kept.id}")
    for told in ("Alice's note", "Bob's note", "Alice's owed", "Bob's owed", "老许", "1 line"):
        assert told in page.text
    assert len(page.all("li", having="visit")) == 2
    assert "Also known as 许记烟酒" in page.text
    assert "13917880301" in page.text


def test_it_is_done_side_by_side(
    db: Session, cast: Cast, kept: Customer, browser_of: Browser
) -> None:
    world.done(db, cast.bob, AddCustomer(name="静安锦禾超市"))
    mia = browser_of(cast.mia)
    page = look(mia, "/customers/alike")
    pair = page.one("section", having="pair-of-cards")
    assert [one.one("a").text for one in pair.all(having="side")] == ["静安锦禾超市"] * 2
    (older, newer) = [
        form for form in pair.all("form") if form.attributes["action"].endswith("merge")
    ]
    older.attributes["id"], newer.attributes["id"] = "older", "newer"
    answer = send(mia, page, "older")
    assert answer.headers["location"] == f"/customers/{kept.id}"
    assert "Nothing is in doubt" in look(mia, "/customers/alike").text
    again = look(mia, f"/customers/{kept.id}")
    again.one("form", action="/customers/unmerge").attributes["id"] = "undo"
    two = read(mia.get(send(mia, again, "undo").headers["location"]))
    assert "Also known as" not in two.text
    assert len(look(mia, "/customers").all("li", having="row")) == 2


@pytest.mark.parametrize("who", ["mia", "diane", "sam"])
def test_whoever_sees_both_can(
    engine: Engine, cast: Cast, kept: Customer, gone: Customer, who: str
) -> None:
    wish = MergeCustomers(keep_id=kept.id, gone_id=gone.id)
    assert refusal(engine, getattr(cast, who), wish) is None


@pytest.mark.parametrize("who", ["alice", "bob", "charlie", "ada"])
def test_charlie_cannot(
    db: Session, engine: Engine, cast: Cast, kept: Customer, gone: Customer, who: str
) -> None:
    person = getattr(cast, who)
    assert refusal(engine, person, MergeCustomers(keep_id=kept.id, gone_id=gone.id)) is NotFound
    assert refusal(engine, person, MergeCustomers(keep_id=gone.id, gone_id=kept.id)) is NotFound
    merge(db, cast.mia, kept, gone)
    assert refusal(engine, person, UnmergeCustomers(gone_id=gone.id)) is NotFound


def test_a_rep_merges_their_own_and_undoes_it(
    db: Session, engine: Engine, cast: Cast, kept: Customer, browser_of: Browser
) -> None:
    second = world.customer(db, cast.alice, "许记烟酒")
    merge(db, cast.alice, kept, second)
    page = look(browser_of(cast.alice), f"/customers/{kept.id}")
    assert page.all("form", action="/customers/unmerge")
    unmerge(db, cast.alice, second)
    assert len(look(browser_of(cast.alice), "/customers").all("li", having="row")) == 2


def test_whose_customer_was_merged_by_the_manager_is_not_offered_to_undo_it(
    db: Session, cast: Cast, kept: Customer, gone: Customer, browser_of: Browser
) -> None:
    merge(db, cast.mia, kept, gone)
    page = look(browser_of(cast.alice), f"/customers/{kept.id}")
    assert not page.all("form", action="/customers/unmerge")


def test_the_lost_card_is_in_no_list_and_found_by_its_name(
    db: Session, cast: Cast, kept: Customer, gone: Customer, browser_of: Browser
) -> None:
    merge(db, cast.mia, kept, gone)
    mia = browser_of(cast.mia)
    for q in ("", "xujiyanjiu", "许记", "139 1788"):
        rows = look(mia, f"/customers?q={q}").all("li", having="row")
        assert [row.one("h2").text for row in rows] == ["静安锦禾超市"], q
    assert not look(browser_of(cast.bob), "/customers").all("li", having="row")


def test_its_address_leads_to_the_kept_one_for_who_may_see_that(
    db: Session, cast: Cast, kept: Customer, gone: Customer, browser_of: Browser
) -> None:
    merge(db, cast.mia, kept, gone)
    for person in (cast.alice, cast.mia):
        browser = browser_of(person)
        assert look(browser, f"/customers/{gone.id}").one("h1").text == "静安锦禾超市"
        visit = look(browser, f"/customers/{gone.id}/visit")
        assert visit.one("input", name="customer_id").attributes["value"] == str(kept.id)
    for path in (f"/customers/{gone.id}", f"/customers/{gone.id}/visit"):
        look(browser_of(cast.bob), path, 404)


def test_what_a_phone_still_sends_for_the_lost_card_lands_on_the_kept_one(
    db: Session, engine: Engine, cast: Cast, kept: Customer, gone: Customer
) -> None:
    """Bob was without a signal when Mia merged his customer into Alice's."""
    sold = world.goods(db)
    before = world.visit(db, cast.bob, gone)
    merge(db, cast.mia, kept, gone)
    note = WriteNote(customer_id=gone.id, visit_id=before.id, text="From the cellar")
    world.done(db, cast.bob, note)
    world.done(db, cast.bob, CheckOut(visit_id=before.id, outcome=Outcome.PROGRESS))
    world.visit(db, cast.bob, gone)
    world.order(db, cast.bob, gone, of=sold)
    promise = MakePromise(customer_id=gone.id, what="Samples", due_on=TODAY)
    world.done(db, cast.bob, promise)
    for table in (Visit, Note, Order, Promise):
        assert {row.customer_id for row in world.seen(db, select(table))} == {kept.id}
    other = WriteNote(customer_id=gone.id, text="Not mine")
    assert refusal(engine, cast.charlie, other) is NotFound
    assert refusal(engine, cast.sam, other) is Refused


def test_it_lands_in_the_turn_in_which_they_are_merged(
    db: Session, cast: Cast, kept: Customer, gone: Customer
) -> None:
    mine = world.customer(db, cast.alice, "许记")
    arrival = CheckIn(customer_id=mine.id)
    first = WriteNote(customer_id=mine.id, visit_id=arrival.id, text="before")
    then = WriteNote(customer_id=mine.id, visit_id=arrival.id, text="after")
    merging = MergeCustomers(keep_id=kept.id, gone_id=mine.id)
    left = CheckOut(visit_id=arrival.id, outcome=Outcome.ORDER, next_on=TODAY + timedelta(days=7))
    execute_all(db, cast.alice, [arrival, first, merging, then, left])
    db.commit()
    for table in (Visit, Note, PlannedVisit):
        assert {row.customer_id for row in world.seen(db, select(table))} == {kept.id}
    assert len(world.seen(db, select(Note))) == 2


def test_a_chain_of_merges_leads_to_its_end(
    db: Session, cast: Cast, kept: Customer, gone: Customer, browser_of: Browser
) -> None:
    third = world.customer(db, cast.alice, "第三张")
    a_day_at(db, cast.bob, gone, "Bob's")
    merge(db, cast.mia, third, gone)
    merge(db, cast.mia, kept, third)
    mia = browser_of(cast.mia)
    assert "Bob's note" in look(mia, f"/customers/{gone.id}").text
    late = WriteNote(customer_id=gone.id, text="late")
    world.done(db, cast.bob, late)
    unmerge(db, cast.mia, third)
    assert "Bob's note" in look(mia, f"/customers/{third.id}").text
    assert "Bob's note" not in look(mia, f"/customers/{kept.id}").text
    assert "late" in look(mia, f"/customers/{third.id}").text
    unmerge(db, cast.mia, gone)
    assert "Bob's note" in look(mia, f"/customers/{gone.id}").text
    assert "late" in look(mia, f"/customers/{gone.id}").text
    assert "Bob's note" not in look(mia, f"/customers/{third.id}").text


def test_undone_in_the_other_order_everything_is_back(
    db: Session, cast: Cast, kept: Customer, gone: Customer, browser_of: Browser
) -> None:
    third = world.customer(db, cast.alice, "第三张")
    a_day_at(db, cast.bob, gone, "Bob's")
    merge(db, cast.mia, third, gone)
    merge(db, cast.mia, kept, third)
    unmerge(db, cast.mia, gone)
    mia = browser_of(cast.mia)
    assert "Bob's note" in look(mia, f"/customers/{gone.id}").text
    unmerge(db, cast.mia, third)
    assert "Bob's note" in look(mia, f"/customers/{gone.id}").text


def test_they_cannot_be_merged_twice_nor_with_themselves(
    db: Session, engine: Engine, cast: Cast, kept: Customer, gone: Customer, browser_of: Browser
) -> None:
    merge(db, cast.mia, kept, gone)
    mia = browser_of(cast.mia)
    for keep, lost in ((kept, gone), (gone, kept), (kept, kept)):
        form = {"keep_id": str(keep.id), "gone_id": str(lost.id)}
        sentence = refused(mia.post("/customers/merge", data=form), 409)
        assert sentence == "These are one customer already."
    unmerge(db, cast.mia, gone)
    answer = mia.post("/customers/unmerge", data={"gone_id": str(gone.id)})
    assert refused(answer, 409) == "These are two customers already."


@pytest.mark.parametrize("path", ["merge", "unmerge", "tell-apart"])
def test_a_broken_form_says_so(cast: Cast, browser_of: Browser, path: str) -> None:
    answer = browser_of(cast.mia).post(f"/customers/{path}", data={})
    assert refused(answer, 422) == "This form is broken. Open it again."


def test_both_planned_for_a_day_are_one_stop(
    db: Session, cast: Cast, kept: Customer, browser_of: Browser
) -> None:
    mine = world.customer(db, cast.alice, "许记烟酒")
    today = clock.today(cast.alice.time_zone)
    for shop in (kept, mine):
        world.plan(db, cast.alice, shop, today)
    merge(db, cast.alice, kept, mine)
    page = look(browser_of(cast.alice), "/today")
    assert "静安锦禾超市" in page.text
    assert "许记烟酒" not in page.text
    unmerge(db, cast.alice, mine)
    assert "许记烟酒" in look(browser_of(cast.alice), "/today").text


def test_what_came_meanwhile_goes_back_with_it(
    db: Session, cast: Cast, kept: Customer, gone: Customer, browser_of: Browser
) -> None:
    merge(db, cast.mia, kept, gone)
    a_day_at(db, cast.bob, gone, "Bob's")
    a_day_at(db, cast.alice, kept, "Alice's")
    unmerge(db, cast.mia, gone)
    mia = browser_of(cast.mia)
    own, other = (look(mia, f"/customers/{shop.id}").text for shop in (kept, gone))
    assert "Alice's note" in own
    assert "Bob's note" not in own
    assert "Bob's note" in other
    assert "Alice's note" not in other


def test_every_place_that_names_a_customer_can_be_moved() -> None:
    """By its key: a table without one would have to say how it is merged."""
    found = {(table.name, column.name) for table, column in places()}
    assert found >= {
        (name, "customer_id")
        for name in ("contact", "visit", "note", "sales_order", "promise", "planned_visit")
    }
    for table, _column in places():
        assert [column.name for column in table.primary_key] == ["id"], table.name


def at_once(engine: Engine, first: Deed, second: Deed) -> Any:
    """The second begins while the first is done and not yet committed; what the second said."""
    with ThreadPoolExecutor(1) as elsewhere:
        with database.transaction(engine) as db:
            execute(db, *first)
            waiting = elsewhere.submit(said, engine, second)
            sleep(0.3)
        return waiting.result(timeout=20)


def said(engine: Engine, deed: Deed) -> str:
    try:
        with database.transaction(engine) as db:
            execute(db, *deed)
    except Refused as no:
        return str(no)
    return ""


def test_two_merges_at_once_are_one(
    engine: Engine, db: Session, cast: Cast, kept: Customer, gone: Customer
) -> None:
    here = MergeCustomers(keep_id=kept.id, gone_id=gone.id)
    there = MergeCustomers(keep_id=gone.id, gone_id=kept.id)
    assert at_once(engine, (cast.mia, here), (cast.diane, there))
    merged = {card.id: card.merged_into_id for card in world.seen(db, select(Customer))}
    assert merged == {kept.id: None, gone.id: kept.id}


@pytest.mark.parametrize("note_first", [True, False])
def test_a_note_that_comes_while_they_are_merged_is_on_the_kept_one(
    engine: Engine, db: Session, cast: Cast, kept: Customer, gone: Customer, *, note_first: bool
) -> None:
    note = (cast.bob, WriteNote(customer_id=gone.id, text="just now"))
    merging = (cast.mia, MergeCustomers(keep_id=kept.id, gone_id=gone.id))
    deeds = (note, merging) if note_first else (merging, note)
    assert at_once(engine, *deeds) == ""
    (written,) = world.seen(db, select(Note))
    assert written.customer_id == kept.id


# Merging and undoing it changes nothing.

DEEDS = st.lists(
    st.tuples(st.sampled_from(["visit", "note", "promise", "plan"]), st.integers(0, 2)), max_size=8
)
PAIRS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=3)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds=DEEDS, pairs=PAIRS, data=st.data())
def test_merging_and_undoing_it_changes_nothing(
    db: Session,
    cast: Cast,
    deeds: list[tuple[str, int]],
    pairs: list[tuple[int, int]],
    data: st.DataObject,
) -> None:
    shops = [world.customer(db, cast.alice, f"Shop {number}") for number in range(3)]
    for day, (deed, at) in enumerate(deeds):
        act(db, cast, deed, shops[at], day)
    before = everything(db)
    merged: list[Customer] = []
    for keep, lost in pairs:
        db.expire_all()
        if shops[lost] in merged or keep == lost or leads_to(db, shops[keep]) == shops[lost].id:
            continue
        merge(db, cast.alice, shops[keep], shops[lost])
        merged.append(shops[lost])
    for card in data.draw(st.permutations(merged)):
        unmerge(db, cast.alice, card)
    assert everything(db) == before


def act(db: Session, cast: Cast, deed: str, shop: Customer, day: int) -> None:
    if deed == "visit":
        world.visit(db, cast.alice, shop, left=clock.now())
    elif deed == "note":
        world.done(db, cast.alice, WriteNote(customer_id=shop.id, text="said"))
    elif deed == "promise":
        owed = MakePromise(customer_id=shop.id, what="owed", due_on=TODAY)
        world.done(db, cast.alice, owed)
    else:
        on_day = TODAY + timedelta(days=day % 2)
        world.done(db, cast.alice, PlanVisit(customer_id=shop.id, on_day=on_day))


def leads_to(db: Session, shop: Customer) -> UUID:
    row = db.get_one(Customer, shop.id)
    while row.merged_into_id:
        row = db.get_one(Customer, row.merged_into_id)
    return row.id


def everything(db: Session) -> dict[str, list[tuple[Any, ...]]]:
    """All rows but those that tell of merging, without how often a card was changed."""
    own = {"merger", "merge_proposal", "command_log", "touched"}
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for table in SQLModel.metadata.sorted_tables:
        kept = [one for one in table.columns if one.name not in {"rev", "changed_at"}]
        if table.name not in own:
            found = db.execute(select(*kept)).all()
            rows[table.name] = sorted(tuple(map(str, row)) for row in found)
    db.commit()
    return rows
