"""Checking out with something still in another form: said once, never lost in silence."""

from playwright.sync_api import expect

from tests.browser import job
from tests.browser.phone import Phone

UNSAVED = "Not saved yet"


def test_a_note_that_was_not_saved_is_said_and_can_be(alice: Phone) -> None:
    customer_id = job.arrive(alice)
    before = job.history(alice, customer_id)["note"]
    job.arrive(alice)
    job.check_in(alice)
    alice.type(alice.field("Note"), "差点忘了")
    job.choose(alice, "Progress")
    alice.tap(alice.button("Check out"))
    expect(alice.notice(UNSAVED)).to_be_visible()
    expect(alice.field("Note")).to_be_focused()
    alice.tap(alice.button("Save note"))
    expect(alice.field("Note")).to_have_value("")
    job.check_out(alice, "Progress")
    assert job.history(alice, customer_id)["note"] == before + 1


def test_an_order_that_was_not_placed_is_said(alice: Phone) -> None:
    job.arrive(alice)
    job.check_in(alice)
    job.add_line(alice, *job.GOODS[0])
    job.choose(alice, "Progress")
    alice.tap(alice.button("Check out"))
    expect(alice.notice(UNSAVED)).to_be_visible()
    expect(alice.button("Place order")).to_be_focused()


def test_a_second_tap_leaves_without_it(alice: Phone) -> None:
    job.arrive(alice)
    job.check_in(alice)
    alice.type(alice.field("Promise"), "half a promise")
    job.choose(alice, "Not met")
    alice.tap(alice.button("Check out"))
    expect(alice.notice(UNSAVED)).to_be_visible()
    job.check_out(alice, "Not met")


def test_nothing_is_said_when_all_is_saved(alice: Phone) -> None:
    job.arrive(alice)
    job.check_in(alice)
    job.write_note(alice, "all is said")
    job.add_line(alice, *job.GOODS[0])
    alice.tap(alice.button("Place order"))
    expect(alice.button("Place order")).to_have_count(0)
    job.make_promise(alice, "样品", "2099-12-31")
    job.check_out(alice, "Ordered", "next", "2099-12-31")
