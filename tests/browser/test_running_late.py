"""Late on the road: what cannot be kept, what to leave out, what to write, with the server dead."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect

from app.core.clock import now, today
from tests.browser import job
from tests.browser.looks import look
from tests.browser.pack import loaded
from tests.browser.phone import Phone
from tests.browser.server import Server

STOPS = """list => [...list.querySelectorAll('[data-stop]')].map(row => ({
    id: row.dataset.stop, worth: Number(row.dataset.worth),
    name: row.querySelector('a').textContent, at: row.querySelector('.at').textContent.trim()}))"""


@pytest.fixture(autouse=True)
def power_comes_back(server: Server) -> Iterator[None]:
    yield
    if server.keeper is None:
        server.start()


def stops(phone: Phone) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = phone.page.locator("[data-course]").evaluate(STOPS)
    return found


def agreed(server: Server, customer_id: str, minute: int) -> None:
    """Somebody waits there at that minute of today."""
    server.write(
        "UPDATE planned_visit SET at_minute = ? WHERE customer_id = ?",
        (minute, customer_id.replace("-", "")),
    )


def in_this_order(server: Server, customer_ids: list[str]) -> None:
    """By the rep's own hand: the appointment is not a reason to drive another way."""
    server.write(
        "INSERT INTO stop_by_hand"
        " (id, person_id, on_day, number, deed, note, customer_ids, made_at)"
        " SELECT ?, id, ?, 1, 'order', '', ?, ? FROM person WHERE username = 'alice'",
        (uuid4().hex, f"{today(server.zone)}", json.dumps(customer_ids), f"{now():%F %T.%f}"),
    )


def with_an_appointment(
    phone_of: Callable[..., Phone], server: Server, second_takes: int = 0, **how: Any
) -> Phone:
    """At the third stop of the day, when one would be there anyway; all of it on the phone."""
    before = phone_of("alice")
    before.go("/today")
    in_this_order(server, [one["id"] for one in stops(before)])
    if second_takes:
        second = stops(before)[1]["id"].replace("-", "")
        server.write("UPDATE customer SET visit_minutes = ? WHERE id = ?", (second_takes, second))
        before.go("/today")
    third = stops(before)[2]
    agreed(server, third["id"], job.minute_of(third["at"]) + 5)
    phone = phone_of("alice", worker=True, **how)
    loaded(phone)
    server.kill()
    phone.go("/today")
    return phone


def late(phone: Phone, minutes: int) -> Locator:
    phone.tap(phone.page.get_by_text(phone.words("%(minutes)s min", minutes=minutes), exact=True))
    return phone.page.locator("#lateness")


def section(phone: Phone, heading: str) -> Locator:
    return phone.page.get_by_role("region", name=phone.words(heading)).locator(".row")


def test_it_works_with_the_server_dead(phone_of: Callable[..., Phone], server: Server) -> None:
    phone = with_an_appointment(phone_of, server)
    planned = {one["name"]: one for one in stops(phone)}
    waits = phone.page.locator(".stop", has_text="appointment ")
    name = waits.locator("a").first.inner_text()
    phone.tap(phone.link("Running late"))
    late(phone, 30)
    missed = section(phone, "Cannot be kept").filter(has_text=name)
    expect(missed).to_contain_text("min late")
    expect(section(phone, "Let them know").first).to_contain_text(name)  # who waits for one
    message = section(phone, "Let them know").filter(has_text=name)
    text = message.locator("[data-copied]").inner_text()
    assert "林晓燕" in text
    there = message.locator("[data-hole=said]").inner_text().split()[0]
    assert there in text
    assert there in missed.inner_text()
    sms = message.get_by_role("link", name="SMS").get_attribute("href") or ""
    assert sms.startswith("sms:")
    assert unquote(sms.partition("?body=")[2]) == text
    rows = section(phone, "Leave one out").all()
    names = [row.locator("a").inner_text() for row in rows]
    worths = [planned[one]["worth"] for one in names]
    assert name not in names[:-1]  # somebody waits there
    others = [planned[one]["worth"] for one in names if one != name]
    assert others == sorted(others)
    assert len(rows) > 2
    for row, worth in zip(rows, worths, strict=True):
        expect(row).to_contain_text(f"Costs {worth} points")
        assert row.locator(".chip").count()
        expect(row).to_contain_text("Gains")
    assert not [said for said in phone.complaints if "INTERNET" not in said and "ERR_" not in said]


def test_a_little_late_is_no_trouble(phone_of: Callable[..., Phone], server: Server) -> None:
    phone = phone_of("alice", worker=True)
    loaded(phone)
    phone.go("/late")
    expect(late(phone, 15).get_by_text("Everything can be kept")).to_be_visible()


def test_who_was_visited_meanwhile_is_not_ahead(
    phone_of: Callable[..., Phone], server: Server
) -> None:
    phone = phone_of("alice", worker=True)
    loaded(phone)
    server.kill()
    phone.go("/today")
    first = stops(phone)[0]["name"]
    job.arrive(phone)
    job.check_in(phone)
    phone.go("/late")
    told = late(phone, 30)
    expect(told.locator(".row").first).to_be_visible()
    expect(told.get_by_role("link", name=first, exact=True)).to_have_count(0)


def test_another_order_keeps_what_would_be_missed(
    phone_of: Callable[..., Phone], server: Server
) -> None:
    """Who waits for one at a time is driven to before those who do not."""
    phone = with_an_appointment(phone_of, server, second_takes=90)
    before = [one["name"] for one in stops(phone)]
    first, _second, third = before[:3]
    phone.go("/late")
    late(phone, 30)
    missed = section(phone, "Cannot be kept").filter(has_text=third)
    expect(missed).to_be_visible()
    (proposed,) = section(phone, "Drive in another order").all()
    put = proposed.locator("[data-hole=names]").inner_text().split(" → ")
    assert put[0] == first  # one is on the way there
    assert put != before
    assert sorted(put) == sorted(before)
    phone.tap(proposed.get_by_role("button", name="Use it"))
    expect(missed).to_have_count(0)
    expect(proposed).to_have_count(0)
    phone.go("/today")
    assert [one["name"] for one in stops(phone)] == put
    server.start()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    job.all_sent(phone)
    assert server.rows("SELECT deed FROM stop_by_hand WHERE number > 1") == [("order",)]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_how_it_looks(
    phone_of: Callable[..., Phone], server: Server, language: str, tmp_path: Path
) -> None:
    phone = with_an_appointment(phone_of, server, language=language)
    phone.go("/late")
    late(phone, 30)
    expect(section(phone, "Leave one out").first).to_be_visible()
    wrong = look(phone, "late", tmp_path)
    assert not wrong, "\n".join(wrong)


def test_who_is_left_out_is_left_out_at_once_and_for_good(
    phone_of: Callable[..., Phone], server: Server
) -> None:
    phone = with_an_appointment(phone_of, server)
    phone.go("/late")
    late(phone, 30)
    cheapest = section(phone, "Leave one out").first
    name = cheapest.locator("a").inner_text()
    phone.tap(cheapest.get_by_role("button", name="Skip"))
    expect(phone.page.locator("#lateness").get_by_role("link", name=name)).to_have_count(0)
    expect(phone.page.locator("[data-outbox-count=waiting]")).to_have_text("1")
    phone.go("/today")
    expect(phone.page.locator(".stops .stop:visible", has_text=name)).to_have_count(0)
    server.start()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    job.all_sent(phone)
    skipped = server.rows("SELECT deed, reason FROM stop_by_hand WHERE number > 1")
    assert skipped == [("skip", "no_time")]
