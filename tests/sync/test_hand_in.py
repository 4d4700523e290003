"""What waits on a phone, handed in as a file: once, as its author's, whoever carries it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from typer.testing import CliRunner

from app.accounts.models import Person
from app.cli import app as console
from app.core import clock
from app.customers.models import Customer
from app.settings import settings
from app.sync.models import Device, OutboxKey, Received
from app.sync.rules import FURTHEST, Status
from app.sync.sealed import make_key
from app.visits.models import Note
from tests.cast import Cast
from tests.sync.conftest import PhoneOf
from tests.sync.parcel import Parcel, key_in
from tests.sync.phone import Entry, Phone, id_of
from tests.sync.test_the_door import note, notes

OLD = "One that was sent."


@pytest.fixture
def secret(phone: Phone, customer: Customer) -> str:
    """Alice's phone has sent one note before, and was given its secret."""
    answer = phone.send(note(phone, customer, OLD), secret=False).json()
    return str(answer["secret"])


@pytest.fixture
def bob(cast: Cast, browser_of: Callable[..., TestClient]) -> TestClient:
    return browser_of(cast.bob)


@pytest.fixture
def key(bob: TestClient) -> bytes:
    return key_in(bob)


def hand_in(browser: TestClient, file: dict[str, Any] | bytes) -> Any:
    raw = file if isinstance(file, bytes) else json.dumps(file).encode()
    return browser.post("/sync/hand-in", content=raw)


def fates(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["status"] for item in answer.json()["items"]]


def received(db: Session, entry: Entry) -> Received:
    engine = db.get_bind().engine.execution_options(writes=False)  # what `db` looks at stays
    with Session(engine) as looking:
        return looking.get_one(Received, id_of(entry))


def test_it_works(
    db: Session,
    cast: Cast,
    phone: Phone,
    customer: Customer,
    bob: TestClient,
    key: bytes,
    secret: str,
) -> None:
    entries = [note(phone, customer, text) for text in "一二三"]
    answer = hand_in(bob, Parcel(phone, entries, secret).sealed(key))
    said = answer.json()
    assert fates(answer) == ["applied"] * 3
    assert (said["taken"], said["count"], said["proven"]) == (3, 3, True)
    assert said["name"] == cast.alice.called("en")
    assert notes(db) == [OLD, "一", "二", "三"]
    row = received(db, entries[0])
    assert (row.person_id, row.carried_by, row.seq) == (cast.alice.id, cast.bob.id, 2)
    assert (row.broken_chain, row.device_id) == (False, phone.device)
    assert {one.person_id for one in db.exec(select(Note))} == {cast.alice.id}


def test_once_however_often_and_by_whatever_way_it_comes(
    db: Session, phone: Phone, customer: Customer, bob: TestClient, key: bytes, secret: str
) -> None:
    entries = [note(phone, customer, text) for text in "一二三"]
    file = Parcel(phone, entries, secret).sealed(key)
    assert phone.statuses(entries[0]) == ["applied"]
    assert fates(hand_in(bob, file)) == ["dup", "applied", "applied"]
    assert fates(hand_in(bob, file)) == ["dup"] * 3
    again = phone.send(*entries, note(phone, customer, "四")).json()
    assert [result["status"] for result in again["results"]] == ["dup"] * 3 + ["applied"]
    assert again["expected"] == phone.seq + 1
    assert fates(hand_in(bob, file)) == ["dup"] * 3
    assert notes(db) == [OLD, "一", "二", "三", "四"]


def test_the_phone_goes_on_after_it(
    db: Session, phone: Phone, customer: Customer, bob: TestClient, key: bytes, secret: str
) -> None:
    hand_in(bob, Parcel(phone, [note(phone, customer, "一")], secret).sealed(key))
    later = note(phone, customer, "二")
    assert phone.statuses(later) == ["applied"]
    assert not received(db, later).broken_chain


@pytest.mark.parametrize("proof", [None, "00" * 32, "not even hex"])
def test_what_nothing_proves_is_kept_for_the_office(
    db: Session, phone: Phone, customer: Customer, bob: TestClient, key: bytes, proof: str | None
) -> None:
    entries = [note(phone, customer, text) for text in "一二"]
    file = Parcel(phone, entries, proof=proof).sealed(key)
    answer = hand_in(bob, file)
    assert (answer.json()["proven"], fates(answer)) == (False, ["review"] * 2)
    assert fates(hand_in(bob, file)) == ["dup"] * 2
    assert notes(db) == []
    assert received(db, entries[0]).unproven


def test_what_nothing_proved_is_done_when_its_phone_sends_it(
    db: Session, phone: Phone, customer: Customer, bob: TestClient, key: bytes
) -> None:
    entries = [note(phone, customer, text) for text in "一二"]
    file = Parcel(phone, entries).sealed(key)
    hand_in(bob, file)
    assert phone.statuses(*entries) == ["applied"] * 2
    assert phone.statuses(note(phone, customer, "三")) == ["applied"]
    assert fates(hand_in(bob, file)) == ["dup"] * 2
    assert notes(db) == ["一", "二", "三"]
    row = received(db, entries[0])
    assert (row.unproven, row.device_id, row.seq) == (False, phone.device, 1)


def test_a_forged_file_uses_up_nothing_of_the_real_phone(
    db: Session, phone: Phone, customer: Customer, bob: TestClient, key: bytes, secret: str
) -> None:
    """Bob knows Alice's device and what she may have written, but not the secret."""
    real = note(phone, customer, "一")
    mine = Phone(phone.person_id, bob, device=phone.device, seq=1)
    forged = note(mine, customer, "别的", id=id_of(real))
    answer = hand_in(bob, Parcel(mine, [forged, note(mine, customer, "二")], "22" * 32).sealed(key))
    assert fates(answer) == ["review"] * 2
    assert phone.statuses(real) == ["applied"]
    assert notes(db) == [OLD, "一"]


def test_numbers_left_out_are_seen_and_hold_up_nothing(
    db: Session, phone: Phone, customer: Customer, bob: TestClient, key: bytes, secret: str
) -> None:
    lost = note(phone, customer, "lost with the phone")
    entry = note(phone, customer, "一")
    assert fates(hand_in(bob, Parcel(phone, [entry], secret).sealed(key))) == ["applied"]
    assert (received(db, entry).broken_chain, received(db, entry).seq) == (True, 3)
    assert phone.statuses(note(phone, customer, "二")) == ["applied"]
    # Found after all, it comes under the number that is awaited, as after any gap.
    body = json.loads(lost[1])
    found = phone.envelope(phone.seq + 1, phone.sha, body["name"], body["fields"], id=body["id"])
    assert phone.statuses(found) == ["applied"]


@pytest.mark.parametrize("seq", [1, FURTHEST + 10, 2**53 - 1])
def test_a_number_that_cannot_be_is_not_taken_over(
    db: Session,
    phone: Phone,
    customer: Customer,
    bob: TestClient,
    key: bytes,
    secret: str,
    seq: int,
) -> None:
    fields = [("customer_id", str(customer.id)), ("text", "一")]
    entry = phone.envelope(seq, "", "visits.write_note.v1", fields)
    assert fates(hand_in(bob, Parcel(phone, [entry], secret).sealed(key))) == ["applied"]
    assert (received(db, entry).seq, received(db, entry).broken_chain) == (2, True)


def test_a_file_that_was_changed_is_refused(
    db: Session, phone: Phone, customer: Customer, bob: TestClient, key: bytes, secret: str
) -> None:
    file = Parcel(phone, [note(phone, customer, "一")], secret).sealed(key)
    changes = {
        "person": str(uuid4()),
        "device": str(uuid4()),
        "made_at": "2026-11-25T10:00:00Z",
        "count": 2,
        "data": file["data"][:-8] + "AAAAAAA=",
        "iv": "AAAA",
        "epk": file["iv"],
    }
    for name, value in changes.items():
        answer = hand_in(bob, file | {name: value})
        assert answer.status_code == 422, name
        assert "Nothing was taken in" in answer.json()["reason"]
    assert notes(db) == [OLD]


@pytest.mark.parametrize("raw", [b"", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"roadbook":"outbox"}'])
def test_what_is_no_file_of_ours_is_refused(bob: TestClient, raw: bytes) -> None:
    answer = hand_in(bob, raw)
    assert answer.status_code == 422
    assert answer.json()["reason"] == "This is not an outbox file of Roadbook."


def test_a_file_of_another_company_is_refused(
    db: Session, phone: Phone, customer: Customer, bob: TestClient, key: bytes
) -> None:
    file = Parcel(phone, [note(phone, customer, "一")]).sealed(key)
    db.delete(db.get_one(OutboxKey, 1))
    db.commit()
    for _company in ("without a key", "with another"):
        answer = hand_in(bob, file)
        assert answer.status_code == 422
        assert answer.json()["reason"] == "This file was made for another company's Roadbook."
        make_key(db)
        db.commit()


def test_a_person_whom_nobody_knows_is_of_another_company(
    phone_of: PhoneOf, cast: Cast, customer: Customer, bob: TestClient, key: bytes
) -> None:
    stranger = Phone(uuid4(), bob)
    answer = hand_in(bob, Parcel(stranger, [note(stranger, customer, "一")]).sealed(key))
    assert (answer.status_code, "another company" in answer.text) == (422, True)


def test_a_file_of_several_people_is_refused(
    db: Session,
    cast: Cast,
    phone: Phone,
    customer: Customer,
    bob: TestClient,
    key: bytes,
    secret: str,
) -> None:
    entries = [note(phone, customer, "一"), note(phone, customer, "二", person_id=cast.bob.id)]
    assert hand_in(bob, Parcel(phone, entries, secret).sealed(key)).status_code == 422
    assert notes(db) == [OLD]


def test_a_device_of_somebody_else_is_refused(
    db: Session,
    cast: Cast,
    phone: Phone,
    customer: Customer,
    bob: TestClient,
    key: bytes,
    secret: str,
) -> None:
    other = Phone(cast.charlie.id, bob, device=phone.device)
    answer = hand_in(bob, Parcel(other, [note(other, customer, "一")], secret).sealed(key))
    assert answer.status_code == 422


def test_a_newer_file_is_refused(phone: Phone, bob: TestClient, key: bytes) -> None:
    answer = hand_in(bob, Parcel(phone, []).sealed(key) | {"v": 2})
    assert answer.json()["reason"] == "This file was made by a newer app than this server knows."


def test_a_damaged_entry_holds_up_no_other(
    db: Session, phone: Phone, customer: Customer, bob: TestClient, key: bytes, secret: str
) -> None:
    sha, body = note(phone, customer, "一")
    file = Parcel(phone, [(sha, body + " "), note(phone, customer, "二")], secret).sealed(key)
    said = hand_in(bob, file).json()
    assert (said["taken"], said["count"]) == (1, 2)
    assert notes(db) == [OLD, "二"]


def test_too_much_is_refused(bob: TestClient, phone: Phone, key: bytes) -> None:
    assert hand_in(bob, b"0" * (10 * 1024 * 1024 + 1)).status_code == 413
    many = Parcel(phone, [("", "")] * 5_001).sealed(key)
    assert hand_in(bob, many).json()["reason"] == "This is too large to take in."


@pytest.mark.parametrize("shut", ["phone", "account"])
def test_a_phone_that_is_shut_out(
    shut: str,
    db: Session,
    cast: Cast,
    phone: Phone,
    customer: Customer,
    bob: TestClient,
    key: bytes,
    secret: str,
) -> None:
    device, alice = db.get_one(Device, phone.device), db.get_one(Person, cast.alice.id)
    if shut == "phone":
        device.revoked_at = clock.now()
    alice.active = shut == "phone"
    db.commit()
    answer = hand_in(bob, Parcel(phone, [note(phone, customer, "一")], secret).sealed(key))
    assert (answer.json()["proven"], fates(answer)) == (True, ["review"])
    assert notes(db) == [OLD]


def test_whoever_carries_it_is_told_no_reason(
    cast: Cast,
    phone: Phone,
    customer: Customer,
    bob: TestClient,
    key: bytes,
    secret: str,
    browser_of: Callable[..., TestClient],
) -> None:
    nowhere = Customer(id=uuid4(), name="?", team_id=customer.team_id)
    file = Parcel(phone, [note(phone, nowhere, "一")], secret).sealed(key)
    (item,) = hand_in(bob, file).json()["items"]
    assert item["status"] == "rejected"
    assert "reason" not in item
    (own,) = hand_in(browser_of(cast.alice), file).json()["items"]
    assert own["was"] == "rejected"
    assert own["reason"] == "This customer is not among those you look after."


def test_one_that_needs_another_of_the_same_file(
    db: Session, phone: Phone, customer: Customer, bob: TestClient, key: bytes, secret: str
) -> None:
    here = [("customer_id", str(customer.id))]
    visit = phone.write("visits.check_in.v1", here)
    said = [("visit_id", str(id_of(visit))), ("text", "一")]
    told = phone.write("visits.write_note.v1", here + said, deps=[id_of(visit)])
    assert fates(hand_in(bob, Parcel(phone, [told, visit], secret).sealed(key))) == ["applied"] * 2
    assert notes(db) == [OLD, "一"]


def test_whoever_is_signed_out_hands_nothing_in(
    browser_of: Callable[..., TestClient], phone: Phone, customer: Customer, key: bytes
) -> None:
    file = Parcel(phone, [note(phone, customer, "一")]).sealed(key)
    answer = hand_in(browser_of(None), file)
    assert (answer.status_code, answer.json()["error"]) == (401, "sign_in")


def test_another_site_hands_nothing_in(bob: TestClient) -> None:
    headers = {"sec-fetch-site": "cross-site"}
    assert bob.post("/sync/hand-in", content=b"{}", headers=headers).status_code == 403


def test_the_key_is_one_and_stays(
    cast: Cast, browser_of: Callable[..., TestClient], key: bytes, engine: Engine
) -> None:
    assert key_in(browser_of(cast.alice)) == key
    with Session(engine) as db:
        assert make_key(db).public == key


def test_the_secret_is_given_once_and_stays_the_same(
    phone: Phone, customer: Customer, secret: str
) -> None:
    assert "secret" not in phone.send(note(phone, customer, "一")).json()
    assert phone.send(secret=False).json()["secret"] == secret


@pytest.fixture
def roadbook(
    db: Session, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Any]]:
    """The `roadbook` command on this test's database."""
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    settings.cache_clear()

    def type_in(*words: str) -> Any:
        db.rollback()
        return CliRunner().invoke(console, words)

    yield type_in
    settings.cache_clear()


@pytest.fixture
def at_the_office(roadbook: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    path = tmp_path / "roadbook-alice-2026-11-24.outbox"

    def take_in(file: dict[str, Any] | bytes, *more: str) -> Any:
        path.write_bytes(file if isinstance(file, bytes) else json.dumps(file).encode())
        return roadbook("import", "outbox", str(path), *more)

    return take_in


def test_at_the_office(
    db: Session,
    phone: Phone,
    customer: Customer,
    key: bytes,
    secret: str,
    at_the_office: Callable[..., Any],
) -> None:
    entries = [note(phone, customer, text) for text in "一二"]
    file = Parcel(phone, entries, secret, drafts=[{"slot": "x", "fields": []}]).sealed(key)
    done = at_the_office(file)
    assert done.exit_code == 0, done.output
    *items, total = done.stdout.splitlines()
    assert [line.split()[1:] for line in items] == [["visits.write_note.v1", "applied"]] * 2
    assert total == "2 of 2 received"
    assert notes(db) == [OLD, "一", "二"]
    again = json.loads(at_the_office(file, "--json", "--as", "bob").stdout)
    assert [item["status"] for item in again["items"]] == ["applied"] * 2
    assert (again["person"], again["count"], again["taken"]) == ("alice", 2, 2)
    assert (again["proven"], again["drafts"]) == (True, [{"slot": "x", "fields": []}])


def test_at_the_office_damage_is_told(
    phone: Phone, customer: Customer, key: bytes, secret: str, at_the_office: Callable[..., Any]
) -> None:
    sha, body = note(phone, customer, "一")
    file = Parcel(phone, [(sha, body + " ")], secret).sealed(key)
    partly = at_the_office(file)
    assert (partly.exit_code, "1 could not be read." in partly.stdout) == (1, True)
    wholly = at_the_office(file | {"count": 7})
    assert wholly.exit_code == 1
    assert wholly.stderr.startswith("This file is damaged or was changed.")
    assert at_the_office(b"nonsense").exit_code == 1


def test_the_ledger_names_who_carried_it(
    db: Session,
    phone: Phone,
    customer: Customer,
    bob: TestClient,
    key: bytes,
    secret: str,
    roadbook: Callable[..., Any],
) -> None:
    hand_in(bob, Parcel(phone, [note(phone, customer, "一")], secret).sealed(key))
    ledger = roadbook("ledger", "--json").stdout.splitlines()
    assert [json.loads(line)["carried_by"] for line in ledger] == ["", "bob"]


def test_a_database_that_a_phone_lost_is_told(
    db: Session,
    cast: Cast,
    phone: Phone,
    phone_of: PhoneOf,
    roadbook: Callable[..., Any],
    customer: Customer,
    secret: str,
) -> None:
    gone = {"device": str(phone.device), "last_seq": 4, "why": "evicted"}
    new = phone_of(cast.alice)
    assert new.send(lost=gone).status_code == 200
    assert new.send(lost=gone | {"why": "corrupt"}).status_code == 200
    assert new.send(lost=gone | {"last_seq": -1}).status_code == 200  # it holds up nothing
    db.rollback()
    device = db.get_one(Device, phone.device)
    assert (device.lost_why, device.lost_seq) == ("evicted", 4)
    *_entries, lost = roadbook("ledger", "--json").stdout.splitlines()
    told = json.loads(lost)
    assert (told["why"], told["person"], told["missing"]) == ("evicted", "alice", 3)


def test_nobody_reports_a_loss_for_another(
    db: Session, cast: Cast, phone: Phone, phone_of: PhoneOf, customer: Customer, secret: str
) -> None:
    gone = {"device": str(phone.device), "last_seq": 4, "why": "evicted"}
    assert phone_of(cast.charlie).send(lost=gone).status_code == 200
    db.rollback()
    assert db.get_one(Device, phone.device).lost_at is None


def test_every_fate_is_a_status(db: Session) -> None:
    """What the page can say about an entry of a file: templates/sync/words.html."""
    words = Path(__file__).parents[2] / "templates/sync/words.html"
    said = words.read_text("utf-8")
    never = {Status.DUP, Status.GAP}
    assert [one for one in Status if one not in never and f'"fate-{one}"' not in said] == []
    assert db.exec(select(Received).order_by(col(Received.seq))).all() == []
