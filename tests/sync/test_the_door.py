"""What a phone sends is taken in once, in order, and answered for."""

import json
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from app.core.commands import Pairs, registry, upcasts
from app.customers.models import Customer
from app.sync.models import Device, Received
from app.sync.rules import MEDIA_TYPE, TRIES, Status
from app.visits import actions as visits
from app.visits.models import Note, Visit
from tests.cast import Cast
from tests.sync.conftest import PhoneOf
from tests.sync.phone import Entry, Phone, id_of

NOTE, CHECK_IN = "visits.write_note.v1", "visits.check_in.v1"


def note(phone: Phone, customer: Customer, text: str, **more: object) -> Entry:
    return phone.write(NOTE, [("customer_id", str(customer.id)), ("text", text)], **more)


def notes(db: Session) -> list[str]:
    db.rollback()
    return [row.text for row in db.exec(select(Note).order_by(col(Note.written_at)))]


def test_it_works(db: Session, phone: Phone, customer: Customer) -> None:
    first, second = note(phone, customer, "一"), note(phone, customer, "二")
    answer = phone.send(first, second, nonce="n1").json()
    assert answer["proto"] == 1
    assert answer["nonce"] == "n1"
    assert [(r["id"], r["sha"], r["status"]) for r in answer["results"]] == [
        (str(id_of(first)), first[0], "applied"),
        (str(id_of(second)), second[0], "applied"),
    ]
    assert answer["expected"] == 3
    assert notes(db) == ["一", "二"]


def test_the_answer_has_our_own_media_type(phone: Phone, customer: Customer) -> None:
    assert phone.send(note(phone, customer, "一")).headers["content-type"] == MEDIA_TYPE


def test_an_answer_that_was_lost_is_given_again(
    db: Session, phone: Phone, customer: Customer
) -> None:
    entry = note(phone, customer, "一")
    assert phone.statuses(entry) == ["applied"]
    again = phone.results(entry)
    assert (again[0]["status"], again[0]["was"]) == ("dup", "applied")
    assert notes(db) == ["一"]


def test_a_form_that_was_posted_and_then_sent_is_one(
    db: Session, phone: Phone, customer: Customer
) -> None:
    entry = note(phone, customer, "一")
    form = {"id": str(id_of(entry)), "customer_id": str(customer.id), "text": "一"}
    assert phone.browser.post("/visits/note", data=form).status_code == 303
    assert phone.statuses(entry) == ["applied"]
    assert notes(db) == ["一"]


def test_a_number_left_out_is_asked_for(db: Session, phone: Phone, customer: Customer) -> None:
    note(phone, customer, "never sent")
    answer = phone.send(note(phone, customer, "二"), note(phone, customer, "三")).json()
    assert [result["status"] for result in answer["results"]] == ["gap"]
    assert answer["expected"] == 1
    assert notes(db) == []


def test_the_same_id_with_other_contents_uses_no_number(
    db: Session, phone: Phone, customer: Customer
) -> None:
    first = note(phone, customer, "一")
    phone.statuses(first)
    other = phone.envelope(
        2, phone.sha, NOTE, [("customer_id", str(customer.id)), ("text", "别的")], id=id_of(first)
    )
    answer = phone.send(other).json()
    assert [result["status"] for result in answer["results"]] == ["mismatch"]
    assert answer["expected"] == 2
    assert notes(db) == ["一"]


def test_what_was_done_and_comes_under_a_new_number_is_known(
    db: Session, phone: Phone, customer: Customer
) -> None:
    first = note(phone, customer, "一")
    phone.statuses(first)
    fields: Pairs = [("customer_id", str(customer.id)), ("text", "一")]
    renumbered = phone.envelope(2, phone.sha, NOTE, fields, id=id_of(first))
    assert phone.statuses(renumbered) == ["dup"]
    assert notes(db) == ["一"]


def test_a_refusal_holds_up_nothing(db: Session, phone: Phone, customer: Customer) -> None:
    stranger = Customer(id=uuid4(), name="?", team_id=customer.team_id)
    entries = note(phone, customer, "一"), note(phone, stranger, "二"), note(phone, customer, "三")
    results = phone.results(*entries)
    assert [result["status"] for result in results] == ["applied", "rejected", "applied"]
    assert results[1]["reason"] == "This customer is not among those you look after."
    assert notes(db) == ["一", "三"]


def test_what_is_wrong_with_a_form_is_said_by_field(phone: Phone, customer: Customer) -> None:
    result = phone.results(note(phone, customer, " "))[0]
    assert result["status"] == "rejected"
    assert result["errors"] == {"text": "Please fill this in."}


def test_what_depends_on_a_refusal_waits_until_it_is_mended(
    db: Session, phone: Phone, customer: Customer
) -> None:
    refused = phone.write(CHECK_IN, [("customer_id", str(uuid4()))])
    visit = str(id_of(refused))
    written = [("customer_id", str(customer.id)), ("visit_id", visit), ("text", "里面的话")]
    waits = phone.write(NOTE, written, deps=[visit])
    results = phone.results(refused, waits)
    assert [result["status"] for result in results] == ["rejected", "blocked"]
    assert results[1]["by"] == visit
    fields: Pairs = [("customer_id", str(customer.id))]
    mended = phone.write(CHECK_IN, fields, supersedes=visit)
    answer = phone.send(mended).json()
    assert [result["status"] for result in answer["results"]] == ["applied"]
    assert [(r["id"], r["status"]) for r in answer["updates"]] == [(str(id_of(waits)), "applied")]
    db.rollback()
    assert db.exec(select(Note)).one().visit_id == id_of(mended)


def test_packed_batches(db: Session, phone: Phone, customer: Customer) -> None:
    assert phone.send(note(phone, customer, "压缩"), packed=True).status_code == 200
    assert notes(db) == ["压缩"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sha, body: (sha, body + " "),
        lambda _sha, body: ("0" * 64, body),
        lambda sha, body: (sha, body[: len(body) // 2]),
    ],
)
def test_a_damaged_batch_is_not_begun(
    db: Session, phone: Phone, customer: Customer, spoil: Callable[[str, str], Entry]
) -> None:
    good, bad = note(phone, customer, "一"), spoil(*note(phone, customer, "二"))
    answer = phone.send(good, bad)
    assert answer.status_code == 400
    assert answer.json()["error"] == "damaged"
    assert notes(db) == []


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"<html>", b'{"proto":2}', b"\xff\xfe"])
def test_what_is_no_batch_is_damaged(phone: Phone, raw: bytes) -> None:
    headers = {"content-type": MEDIA_TYPE}
    assert phone.browser.post("/sync/commands", content=raw, headers=headers).status_code == 400


def test_a_form_of_another_site_cannot_speak_here(phone: Phone) -> None:
    answer = phone.browser.post("/sync/commands", data={"proto": "1"})
    assert answer.status_code == 400


def test_too_much_at_once(phone: Phone, customer: Customer) -> None:
    huge = note(phone, customer, "x" * 3_000_000)
    assert phone.send(huge).status_code == 413
    assert phone.send(huge, packed=True).status_code == 413


def test_signed_out_it_waits(db: Session, phone: Phone, customer: Customer) -> None:
    entry = note(phone, customer, "一")
    cookie = phone.browser.cookies.get("session")
    phone.browser.cookies.delete("session")
    answer = phone.send(entry)
    assert (answer.status_code, answer.json()["error"]) == (401, "sign_in")
    phone.browser.cookies.set("session", str(cookie))
    assert phone.statuses(entry) == ["applied"]
    assert notes(db) == ["一"]


def test_a_colleague_cannot_send_it(
    db: Session, cast: Cast, phone: Phone, phone_of: PhoneOf, customer: Customer
) -> None:
    entry = note(phone, customer, "一")
    bobs = phone_of(cast.bob)
    bobs.device = phone.device
    answer = bobs.send(entry)
    assert (answer.status_code, answer.json()["error"]) == (403, "other_person")
    assert phone.statuses(entry) == ["applied"]
    answer = bobs.send(bobs.envelope(2, "", NOTE, []))
    assert answer.status_code == 403
    assert notes(db) == ["一"]


def test_a_shut_out_phone_is_taken_in_for_review(
    db: Session, phone: Phone, customer: Customer
) -> None:
    assert phone.statuses(note(phone, customer, "一")) == ["applied"]
    db.get_one(Device, phone.device).revoked_at = datetime.now(UTC)
    db.commit()
    assert phone.statuses(note(phone, customer, "二")) == ["review"]
    assert notes(db) == ["一"]
    kept = db.exec(select(Received).where(Received.seq == 2)).one()
    assert kept.status is Status.REVIEW


def test_a_closed_account_is_taken_in_for_review(
    db: Session, cast: Cast, phone: Phone, customer: Customer
) -> None:
    cast.alice.active = False
    db.add(cast.alice)
    db.commit()
    assert phone.statuses(note(phone, customer, "一")) == ["review"]
    assert phone.browser.get("/today").status_code == 303
    assert notes(db) == []


def test_a_command_from_the_future_is_kept(phone: Phone, customer: Customer) -> None:
    strange = phone.write("visits.sing.v9", [("customer_id", str(customer.id))])
    assert phone.statuses(strange, note(phone, customer, "一")) == ["deferred", "applied"]


def test_an_old_command_is_understood(db: Session, phone: Phone, customer: Customer) -> None:
    @upcasts("visits.scribble.v0")
    def scribbled(fields: Pairs) -> tuple[str, Pairs]:
        return NOTE, [("text" if name == "words" else name, value) for name, value in fields]

    old = phone.write("visits.scribble.v0", [("customer_id", str(customer.id)), ("words", "旧")])
    assert phone.statuses(old) == ["applied"]
    assert notes(db) == ["旧"]


def test_a_command_that_crashes_is_tried_three_times(
    db: Session, phone: Phone, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(visits, "own_visit", crash)
    poison = phone.write(
        "visits.check_out.v1", [("visit_id", str(uuid4())), ("outcome", "progress")]
    )
    assert phone.statuses(poison, note(phone, customer, "1")) == ["deferred", "applied"]
    for number in range(2, TRIES + 2):
        assert phone.statuses(note(phone, customer, str(number))) == ["applied"]
    db.rollback()
    assert db.get_one(Received, id_of(poison)).status is Status.REVIEW
    assert db.get_one(Received, id_of(poison)).tries == TRIES
    assert notes(db) == ["1", "2", "3", "4"]


def test_a_clock_that_is_wrong_by_years_holds_up_nothing(
    db: Session, phone: Phone, customer: Customer
) -> None:
    ahead = (datetime.now(UTC) + timedelta(hours=9)).isoformat()
    times = ["1970-01-01T00:00:00+00:00", "+275760-09-13T00:00:00Z", "yesterday", ahead]
    entries = [note(phone, customer, at, at=at) for at in times]
    assert phone.statuses(*entries) == ["applied"] * 4
    db.rollback()
    last = db.get_one(Received, id_of(entries[-1]))
    assert 32_000 < last.clock_ahead_s < 33_000


def test_an_entry_slipped_in_later_shows(db: Session, phone: Phone, customer: Customer) -> None:
    first = note(phone, customer, "一")
    fields: Pairs = [("customer_id", str(customer.id)), ("text", "二")]
    slipped = phone.envelope(2, "f" * 64, NOTE, fields)
    assert phone.statuses(first, slipped) == ["applied", "applied"]
    db.rollback()
    assert not db.get_one(Received, id_of(first)).broken_chain
    assert db.get_one(Received, id_of(slipped)).broken_chain


def test_a_whole_visit_in_one_batch(db: Session, phone: Phone, customer: Customer) -> None:
    came = phone.write(CHECK_IN, [("customer_id", str(customer.id))])
    visit = str(id_of(came))
    wrote = phone.write(
        NOTE, [("customer_id", str(customer.id)), ("visit_id", visit), ("text", "x")], deps=[visit]
    )
    left = phone.write(
        "visits.check_out.v1", [("visit_id", visit), ("outcome", "progress")], deps=[visit]
    )
    assert phone.statuses(came, wrote, left) == ["applied"] * 3
    db.rollback()
    assert db.exec(select(Visit)).one().outcome == "progress"


def test_the_body_is_kept_as_it_came(db: Session, phone: Phone, customer: Customer) -> None:
    entry = note(phone, customer, "一")
    phone.statuses(entry)
    db.rollback()
    kept = db.get_one(Received, id_of(entry))
    assert json.loads(zlib.decompress(kept.body)) == json.loads(entry[1])
    assert kept.sha == entry[0]


def test_every_word_about_it_is_in_the_readers_language(
    db: Session, cast: Cast, phone: Phone
) -> None:
    cast.alice.language = "zh_CN"
    db.add(cast.alice)
    db.commit()
    stranger = Customer(id=uuid4(), name="?", team_id=cast.north.id)
    reason = phone.results(note(phone, stranger, "二"))[0]["reason"]
    assert any("\u4e00" <= char <= "\u9fff" for char in reason)


def test_what_cannot_be_read_is_looked_at_by_the_office(
    db: Session, phone: Phone, customer: Customer
) -> None:
    _sha, body = note(phone, customer, "一")
    broken = json.dumps({**json.loads(body), "fields": "none", "deps": 7})
    phone.sha = sha256(broken.encode()).hexdigest()
    assert phone.statuses((phone.sha, broken), note(phone, customer, "二")) == ["review", "applied"]
    assert notes(db) == ["二"]


def test_a_last_word_that_was_lost_is_asked_for(phone: Phone, customer: Customer) -> None:
    waits = phone.write("visits.sing.v9", [])
    phone.statuses(waits)
    answer = phone.send(held=[str(id_of(waits)), str(uuid4())]).json()
    assert [(r["id"], r["status"]) for r in answer["updates"]] == [(str(id_of(waits)), "deferred")]


def test_nobody_is_told_of_others_commands(
    cast: Cast, phone: Phone, phone_of: PhoneOf, customer: Customer
) -> None:
    waits = phone.write("visits.sing.v9", [])
    phone.statuses(waits)
    assert phone_of(cast.bob).send(held=[str(id_of(waits))]).json()["updates"] == []


def test_what_was_taken_back_is_tried_no_more(
    db: Session, phone: Phone, customer: Customer
) -> None:
    waits = phone.write("visits.sing.v9", [])
    phone.statuses(waits)
    phone.send(withdrawn=[str(id_of(waits))])
    assert phone.statuses(note(phone, customer, "一")) == ["applied"]
    db.rollback()
    assert db.get_one(Received, id_of(waits)).withdrawn_at is not None


def test_the_outbox_page_names_every_command(phone: Phone) -> None:
    page = phone.browser.get("/outbox").text
    for name in registry():
        assert f'id="command-{name}"' in page
