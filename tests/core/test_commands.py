"""A command is done once, by one person, with one meaning, or not at all."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import Connection, Engine, event, func
from sqlmodel import Session, select

from app.accounts.actions import open_session
from app.accounts.models import Person
from app.core import db as database
from app.core.commands import Command, CommandLog, Wish, execute, handles
from app.core.errors import Refused
from app.customers.models import Customer
from app.followups.models import Promise
from app.main import create_app
from app.orders.models import Order
from app.visits.commands import WriteNote
from app.visits.models import Note
from tests.accounts.shops import new_customer, stock
from tests.cast import Cast
from tests.sync.phone import Phone

Open = Callable[..., TestClient]
SENT_BEFORE = "This was already sent with other contents. Open the form again."


@pytest.fixture
def shop(db: Session, cast: Cast) -> Customer:
    made = new_customer(db, "Lilac", cast.north, cast.alice)
    db.commit()
    return made


def note(shop: Customer, text: str = "Seen.", **more: str) -> dict[str, str]:
    return {"id": str(uuid4()), "customer_id": str(shop.id), "text": text, **more}


def send(browser: TestClient, form: dict[str, str]) -> int:
    return browser.post("/visits/note", data=form).status_code


def notes(db: Session) -> list[str]:
    db.rollback()
    found = list(db.exec(select(Note.text).order_by(Note.text)))
    db.rollback()
    return found


def logged(db: Session) -> list[CommandLog]:
    db.rollback()
    found = list(db.exec(select(CommandLog)))
    for entry in found:
        db.expunge(entry)
    db.rollback()
    return found


def test_it_is_done_once_and_written_into_the_log(
    shop: Customer, cast: Cast, browser_of: Open, db: Session
) -> None:
    before = datetime.now(UTC)
    form = note(shop, at="2026-11-21T14:02:11.5+08:00")
    assert send(browser_of(cast.alice), form) == 303
    assert notes(db) == ["Seen."]
    (entry,) = logged(db)
    assert (entry.id, entry.name) == (UUID(form["id"]), "visits.write_note.v1")
    assert entry.person_id == cast.alice.id
    assert entry.contents == {"customer_id": str(shop.id), "text": "Seen."}
    assert entry.authored_at == datetime(2026, 11, 21, 6, 2, 11, 500_000, UTC)
    assert before <= entry.received_at <= datetime.now(UTC)
    command = WriteNote(id=UUID(form["id"]), customer_id=shop.id, text="Seen.")
    assert entry.digest == command.digest
    written = db.get_one(Note, UUID(form["id"]))
    assert (written.person_id, written.written_at) == (cast.alice.id, entry.authored_at)
    assert written.received_at - entry.received_at < timedelta(seconds=5)


def test_a_repeat_changes_nothing_and_is_no_error(
    shop: Customer, cast: Cast, browser_of: Open, db: Session
) -> None:
    browser, form = browser_of(cast.alice), note(shop, at="2026-11-21T06:00:00Z")
    later = form | {"at": "2026-11-22T06:00:00Z"}  # the phone said the time again
    blanks = dict(reversed(form.items())) | {"visit_id": ""}
    assert [send(browser, said) for said in (form, form, later, blanks)] == [303] * 4
    assert notes(db) == ["Seen."]
    (entry,) = logged(db)
    assert entry.authored_at == datetime(2026, 11, 21, 6, tzinfo=UTC)


def test_a_repeat_is_no_error_though_the_customer_is_anothers_by_now(
    shop: Customer, cast: Cast, browser_of: Open, db: Session
) -> None:
    """The first answer was lost; what it said is asked for again after a hand-over."""
    browser = browser_of(cast.alice)
    sent = {
        "/visits/check-in": {"id": str(uuid4()), "customer_id": str(shop.id)},
        "/visits/note": note(shop),
    }
    answers = [browser.post(path, data=form).status_code for path, form in sent.items()]
    shop.owner_id = cast.bob.id
    db.add(shop)
    db.commit()
    again = [browser.post(path, data=form).status_code for path, form in sent.items()]
    assert answers == again == [303, 303]


def test_a_used_id_with_other_contents_is_refused(
    shop: Customer, cast: Cast, browser_of: Open, db: Session
) -> None:
    browser, form = browser_of(cast.alice), note(shop)
    send(browser, form)
    answer = browser.post("/visits/note", data=form | {"text": "Something else."})
    assert answer.status_code == 409
    assert SENT_BEFORE in answer.text
    assert notes(db) == ["Seen."]


def test_a_used_id_of_another_kind_is_refused(
    shop: Customer, cast: Cast, browser_of: Open, db: Session
) -> None:
    browser, form = browser_of(cast.alice), note(shop)
    send(browser, form)
    promise = {"id": form["id"], "customer_id": str(shop.id), "what": "x", "due_on": "2026-12-01"}
    assert SENT_BEFORE in browser.post("/promises", data=promise).text
    assert count(db, Promise) == 0


def test_a_colleague_cannot_use_the_same_id(
    shop: Customer, cast: Cast, browser_of: Open, db: Session
) -> None:
    form = note(shop)
    assert send(browser_of(cast.alice), form) == 303
    answer = browser_of(cast.mia).post("/visits/note", data=form)
    assert answer.status_code == 409
    assert SENT_BEFORE in answer.text
    assert db.get_one(Note, UUID(form["id"])).person_id == cast.alice.id


def test_what_is_refused_leaves_nothing_and_can_be_mended(
    shop: Customer, cast: Cast, browser_of: Open, db: Session
) -> None:
    browser, form = browser_of(cast.alice), note(shop)
    assert send(browser, form | {"visit_id": str(uuid4())}) == 404
    assert (notes(db), logged(db)) == ([], [])
    assert send(browser, form) == 303
    assert notes(db) == ["Seen."]


def test_an_order_that_is_refused_at_its_last_line_takes_no_number(
    shop: Customer, cast: Cast, browser_of: Open, db: Session
) -> None:
    browser, tea = browser_of(cast.alice), stock(db)
    db.commit()
    order = {
        "customer_id": str(shop.id),
        "lines[0][product_id]": str(tea.id),
        "lines[0][quantity]": "1",
    }
    bad = order | {"lines[1][product_id]": str(uuid4()), "lines[1][quantity]": "1"}
    assert browser.post("/orders", data=bad).status_code == 409
    assert browser.post("/orders", data=order).status_code == 303
    numbers = db.exec(select(Order.number)).all()
    assert [number[-5:] for number in numbers] == ["-0001"]


def test_what_no_database_keeps_does_not_stop_a_phone(
    shop: Customer, cast: Cast, browser_of: Open
) -> None:
    """An entry that could never be taken in would keep back all that come after it."""
    phone = Phone(cast.alice.id, browser_of(cast.alice))
    fields = [("customer_id", str(shop.id)), ("text", "a\0b")]
    odd = [
        phone.write("visits.write_note.v1", fields),
        phone.write("visits.\0", fields),
        phone.write("visits.write_note.v1", [("text" + "[x]" * 2000, "x")]),
        phone.write("visits.write_note.v1", fields),
    ]
    assert phone.statuses(*odd) == ["applied", "deferred", "rejected", "applied"]


# At once


def at_once(engine: Engine, person: Person, forms: list[dict[str, str]]) -> list[int]:
    """As many processes of the app as there are forms, each posting one in the same moment."""
    together = Barrier(len(forms))
    with database.transaction(engine) as db:
        token = open_session(db, person.id, "a test")

    def post(browser: TestClient, form: dict[str, str]) -> int:
        browser.cookies.set("session", token)
        together.wait()
        return send(browser, form)

    with ThreadPoolExecutor(len(forms)) as threads:
        return list(threads.map(post, [process(engine) for _form in forms], forms))


def process(engine: Engine) -> TestClient:
    """A browser at a process of its own, which has built its routes.

    FastAPI builds a router when it first looks for an address in it, and two apps that build in
    two threads of one process, which only a test has, can trip over each other. An address that
    is nowhere is looked for everywhere.
    """
    browser = TestClient(create_app(engine), follow_redirects=False)
    browser.get("/nowhere")
    return browser


def test_two_taps_in_one_moment_are_one_command(
    shop: Customer, cast: Cast, engine: Engine, db: Session
) -> None:
    assert at_once(engine, cast.alice, [note(shop)] * 8) == [303] * 8
    assert notes(db) == ["Seen."]
    assert len(logged(db)) == 1


def test_of_two_meanings_in_one_moment_one_is_refused(
    shop: Customer, cast: Cast, engine: Engine, db: Session
) -> None:
    form = note(shop)
    forms = [form | {"text": f"Version {number}"} for number in range(6)]
    answers = at_once(engine, cast.alice, forms)
    assert sorted(answers) == [303] + [409] * 5
    assert notes(db) == [f"Version {answers.index(303)}"]


def test_different_commands_in_one_moment_are_all_done(
    shop: Customer, cast: Cast, engine: Engine, db: Session
) -> None:
    assert at_once(engine, cast.alice, [note(shop) for _ in range(8)]) == [303] * 8
    assert len(notes(db)) == 8


def test_many_phones_at_one_process_are_all_served(
    shop: Customer, cast: Cast, engine: Engine, db: Session
) -> None:
    """More than there are threads and database connections."""
    web, cookies = create_app(engine), session_of(engine, cast.alice)

    async def all_at_once() -> list[int]:
        async with AsyncClient(transport=ASGITransport(web), base_url=HERE) as phone:
            tasks = [
                phone.post("/visits/note", data=note(shop), headers=cookies) for _ in range(60)
            ]
            return [answer.status_code for answer in await asyncio.gather(*tasks)]

    assert asyncio.run(all_at_once()) == [303] * 60
    assert len(notes(db)) == 60


def test_a_phone_that_stalls_while_sending_holds_nobody_up(
    shop: Customer, cast: Cast, engine: Engine, db: Session
) -> None:
    """A bad signal in the middle of a form keeps no lock, no thread and no connection."""
    web, cookies = create_app(engine), session_of(engine, cast.alice)

    async def stall(signal: asyncio.Event) -> AsyncIterator[bytes]:
        yield b"customer_id="
        await signal.wait()
        yield str(shop.id).encode() + b"&text=Late."

    async def scene() -> tuple[int, list[int]]:
        signal = asyncio.Event()
        form = {"content-type": "application/x-www-form-urlencoded", **cookies}
        async with AsyncClient(transport=ASGITransport(web), base_url=HERE) as phone:
            stalled = [
                asyncio.create_task(phone.post("/visits/note", content=stall(signal), headers=form))
                for _ in range(50)
            ]
            await asyncio.sleep(0.5)
            other = phone.post("/visits/note", data=note(shop), headers=cookies)
            quick = await asyncio.wait_for(other, 5)
            signal.set()
            return quick.status_code, [(await late).status_code for late in stalled]

    assert asyncio.run(scene()) == (303, [303] * 50)


def test_a_phone_that_is_slow_to_take_its_answer_holds_nobody_up(
    shop: Customer, cast: Cast, engine: Engine
) -> None:
    web, cookies = create_app(engine), session_of(engine, cast.alice)

    async def slow(signal: asyncio.Event, asked: asyncio.Event) -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"theme=dark"}

        async def take(_message: Any) -> None:
            asked.set()
            await signal.wait()

        await web(posting("/more/look", cookies), receive, take)

    async def scene() -> int:
        signal, asked = asyncio.Event(), asyncio.Event()
        late = asyncio.create_task(slow(signal, asked))
        await asyncio.wait_for(asked.wait(), 5)
        async with AsyncClient(transport=ASGITransport(web), base_url=HERE) as phone:
            other = phone.post("/visits/note", data=note(shop), headers=cookies)
            quick = await asyncio.wait_for(other, 5)
        signal.set()
        await late
        return quick.status_code

    assert asyncio.run(scene()) == 303


def test_a_phone_that_loses_its_signal_while_sending_is_no_fault_of_ours(
    shop: Customer, cast: Cast, engine: Engine, db: Session
) -> None:
    web, cookies = create_app(engine), session_of(engine, cast.alice)
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": b"text=Half a no", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def take(_message: Any) -> None: ...

    asyncio.run(web(posting("/visits/note", cookies), receive, take))
    assert logged(db) == []


# The commit comes before the answer


@pytest.fixture
def no_commit(engine: Engine) -> Iterator[Callable[[], None]]:
    """The disk is full from the moment that it is called."""

    def full(_connection: Connection) -> None:
        raise OSError("disk full")

    def begin() -> None:
        event.listen(engine, "commit", full)

    yield begin
    if event.contains(engine, "commit", full):
        event.remove(engine, "commit", full)


def test_what_could_not_be_kept_is_not_said_to_be_kept(
    shop: Customer, cast: Cast, engine: Engine, no_commit: Callable[[], None], db: Session
) -> None:
    cast.alice.language, cast.alice.theme = "zh_CN", "dark"
    db.add(cast.alice)
    db.commit()
    browser = TestClient(create_app(engine), raise_server_exceptions=False, follow_redirects=False)
    headers = session_of(engine, cast.alice)
    no_commit()
    answer = browser.post("/visits/note", data=note(shop), headers=headers)
    assert answer.status_code == 500
    assert 'role="alert"' in answer.text
    assert '<html lang="zh-CN"' in answer.text
    assert notes(db) == []
    assert logged(db) == []


def test_a_sign_in_that_could_not_be_kept_gives_no_cookie(
    cast: Cast, engine: Engine, no_commit: Callable[[], None], db: Session
) -> None:
    browser = TestClient(create_app(engine), raise_server_exceptions=False)
    no_commit()
    answer = browser.post("/sign-in", data={"username": "alice", "password": "?"})
    assert answer.status_code == 500
    assert "set-cookie" not in answer.headers


# What a command may hold


@pytest.mark.parametrize(
    "at", ["1999-12-31T23:59:59Z", "2200-01-01T00:00:01Z", "0001-01-01T00:00Z"]
)
def test_a_time_far_from_ours_is_when_it_reached_us(
    at: str, shop: Customer, cast: Cast, browser_of: Open, db: Session
) -> None:
    assert send(browser_of(cast.alice), note(shop, at=at)) == 303
    (entry,) = logged(db)
    assert entry.received_at - entry.authored_at < timedelta(minutes=1)


@pytest.mark.parametrize("at", ["2026-11-21T06:02:11", "yesterday", "2026-02-30T00:00:00Z"])
def test_a_time_that_is_none_is_refused(
    at: str, shop: Customer, cast: Cast, browser_of: Open, db: Session
) -> None:
    answer = browser_of(cast.alice).post("/visits/note", data=note(shop, at=at))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("at", ["2000-01-01T00:00:00Z", "2200-01-01T00:00:00Z", ""])
def test_a_time_within_two_centuries_is_taken(
    at: str, shop: Customer, cast: Cast, browser_of: Open
) -> None:
    assert send(browser_of(cast.alice), note(shop, at=at)) == 303


def test_the_character_that_no_database_keeps_is_left_out(
    shop: Customer, cast: Cast, browser_of: Open, db: Session
) -> None:
    assert send(browser_of(cast.alice), note(shop, "a\0b")) == 303
    assert notes(db) == ["ab"]


def test_text_is_kept_as_it_was_written(
    shop: Customer, cast: Cast, browser_of: Open, db: Session
) -> None:
    text = "老板说：“价格 < 成本 & 不行”\n🧭 \u202eabc e\u0301 ﷽ '; DROP TABLE note; --"
    assert send(browser_of(cast.alice), note(shop, f"  {text}\r\n ")) == 303
    assert notes(db) == [text]


@pytest.mark.parametrize("blank", ["", " ", "\n\t ", "\0", "\u3000"])
def test_blank_means_absent(
    blank: str, shop: Customer, cast: Cast, browser_of: Open, db: Session
) -> None:
    answer = browser_of(cast.alice).post("/visits/note", data=note(shop, blank))
    assert answer.status_code == 422
    assert "Please fill this in." in answer.text
    assert send(browser_of(cast.alice), note(shop, id=blank, visit_id=blank, at=blank)) == 303


@pytest.mark.parametrize("extra", ["person_id", "received_at", "wire_name", "digest", "text[0]"])
def test_a_field_that_nobody_asked_for_is_refused(
    extra: str, shop: Customer, cast: Cast, browser_of: Open, db: Session
) -> None:
    answer = browser_of(cast.alice).post("/visits/note", data=note(shop, **{extra: "x"}))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert notes(db) == []


def test_a_command_cannot_be_changed() -> None:
    wish = WriteNote(customer_id=uuid4(), text="Seen.")
    with pytest.raises(ValueError, match="frozen"):
        wish.text = "Something else."  # type: ignore[misc] # it is frozen


def test_what_is_asked_for_has_one_digest() -> None:
    """The same however it is written, another for anything else that is asked."""
    here, key = uuid4(), uuid4()
    plain = WriteNote(id=key, customer_id=here, text="Seen.")
    spelt = {"text": " Seen. ", "customer_id": str(here).upper(), "id": key.hex, "visit_id": ""}
    assert WriteNote.model_validate(spelt).digest == plain.digest
    others = [
        WriteNote(id=uuid4(), customer_id=here, text="Seen."),
        WriteNote(id=key, customer_id=uuid4(), text="Seen."),
        WriteNote(id=key, customer_id=here, text="seen."),
        WriteNote(id=key, customer_id=here, text="Seen.", visit_id=uuid4()),
    ]
    assert len({plain.digest, *(other.digest for other in others)}) == 5


def test_a_command_has_one_handler() -> None:
    def again(_db: Session, _person: Person, _wish: WriteNote) -> None: ...

    with pytest.raises(ValueError, match="has a handler already"):
        handles(WriteNote)(again)


def test_a_group_of_blanks_is_absent() -> None:
    class Part(Wish):
        size: int
        colour: str = ""

    class Ask(Command):
        wire_name: ClassVar[str] = "test.ask.v1"
        part: Part | None = None

    assert Ask.model_validate({"part": {"size": " ", "colour": ""}}).part is None
    assert Ask.model_validate({"part": {"size": "1", "colour": ""}}).part == Part(size=1)


def test_below_the_pages_a_repeat_is_the_same(
    shop: Customer, cast: Cast, engine: Engine, db: Session
) -> None:
    wish = WriteNote(customer_id=shop.id, text="Seen.")
    for _time in range(2):
        with database.transaction(engine) as work:
            execute(work, cast.alice, wish)
    with pytest.raises(Refused, match="already sent"), database.transaction(engine) as work:
        execute(work, cast.mia, wish)
    assert notes(db) == ["Seen."]


HERE = "http://testserver"


def session_of(engine: Engine, person: Person) -> dict[str, str]:
    with database.transaction(engine) as db:
        return {"cookie": f"session={open_session(db, person.id, 'a test')}"}


def posting(path: str, headers: dict[str, str]) -> dict[str, Any]:
    said = {"host": "testserver", "content-type": "application/x-www-form-urlencoded", **headers}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in said.items()],
        "client": ("testclient", 1),
        "server": ("testserver", 80),
    }


def count(db: Session, table: Any) -> int:
    db.rollback()
    found = db.exec(select(func.count()).select_from(table)).one()
    db.rollback()
    return found
