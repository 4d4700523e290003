"""The day's receipt: phone and server name the same entries, or it says that they do not."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from sqlmodel import Session

from app.customers.models import Customer
from app.sync.models import Received
from app.sync.rules import MEDIA_TYPE, digest_of
from tests.cast import Cast
from tests.sync.conftest import PhoneOf
from tests.sync.phone import Entry, Phone, id_of
from tests.sync.test_the_door import note

DAY = datetime(2026, 11, 24, tzinfo=UTC)


def written(phone: Phone, customer: Customer, text: str, hours: float = 12) -> Entry:
    return note(phone, customer, text, at=(DAY + timedelta(hours=hours)).isoformat())


def asked(phone: Phone, **more: Any) -> Any:
    day = {"device": str(phone.device), "from": DAY.isoformat(), "nonce": "n1"}
    day["to"] = (DAY + timedelta(days=1)).isoformat()
    return phone.browser.get("/sync/receipt", params=day | more)


def digest(*entries: Entry) -> str:
    lines = sorted(f"{id_of(entry)} {entry[0]}" for entry in entries)
    return sha256("\n".join(lines).encode()).hexdigest()


def test_it_works(phone: Phone, customer: Customer) -> None:
    entries = [written(phone, customer, text) for text in "一二三"]
    phone.statuses(*entries)
    answer = asked(phone)
    assert answer.headers["content-type"] == MEDIA_TYPE
    said = answer.json()
    assert (said["proto"], said["nonce"]) == (1, "n1")
    assert (said["count"], said["digest"]) == (3, digest(*entries))
    assert "held" not in said
    named = asked(phone, named="true").json()["held"]
    assert sorted(map(tuple, named)) == sorted((str(id_of(one)), one[0]) for one in entries)


def test_only_of_that_day(phone: Phone, customer: Customer) -> None:
    hours = (-0.01, 0, 23.99, 24)
    entries = [written(phone, customer, str(at), at) for at in hours]
    phone.statuses(*entries)
    said = asked(phone).json()
    assert (said["count"], said["digest"]) == (2, digest(*entries[1:3]))


def test_one_id_flipped_is_seen(db: Session, phone: Phone, customer: Customer) -> None:
    entries = [written(phone, customer, text) for text in "一二三"]
    phone.statuses(*entries)
    db.get_one(Received, id_of(entries[1])).command_id = uuid4()
    db.commit()
    said = asked(phone).json()
    assert (said["count"], said["digest"] == digest(*entries)) == (3, False)


def test_one_that_was_numbered_anew_is_named_by_its_first_hash(
    phone: Phone, customer: Customer
) -> None:
    first = written(phone, customer, "一")
    phone.statuses(first)
    said = phone.envelope(
        2, phone.sha, "visits.write_note.v1", fields_of(customer), id=id_of(first)
    )
    (again,) = phone.results(said)
    assert (again["status"], again["first"]) == ("dup", first[0])
    assert asked(phone).json()["digest"] == digest(first)


def fields_of(customer: Customer) -> list[tuple[str, str]]:
    return [("customer_id", str(customer.id)), ("text", "一")]


def test_nobody_asks_about_another(
    cast: Cast, phone: Phone, phone_of: PhoneOf, customer: Customer
) -> None:
    phone.statuses(written(phone, customer, "一"))
    other = phone_of(cast.bob)
    other.device = phone.device
    said = asked(other, named="true").json()
    assert (said["count"], said["held"], said["digest"]) == (0, [], digest_of([]))


def test_whoever_is_signed_out_is_told_nothing(phone_of: PhoneOf, phone: Phone) -> None:
    phone.browser.cookies.clear()
    assert asked(phone).status_code == 303


def test_a_question_that_makes_no_sense_is_no_answer(phone: Phone) -> None:
    assert asked(phone, device="x").status_code == 404
    assert asked(phone, **{"from": "2026-11-24"}).status_code == 404
