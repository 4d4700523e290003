"""A phone that will not keep what is written says so above the page, in its owner's words."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.outbox.broken import BREAKS
from tests.browser.outbox.test_where_it_lasts import PRIVATE, TAB_OF_A_PHONE
from tests.browser.phone import Phone

CHANGED = (
    "document.dispatchEvent(new CustomEvent('outbox:changed', {detail: {...detail, told: 1}}))"
)
ONLY_WHAT_IS_TOLD = """
  document.addEventListener('outbox:changed', (event) => {
    if (!event.detail.told) event.stopImmediatePropagation();
  });
"""
REMEMBERS = """
  if (!sessionStorage.remembered) {
    sessionStorage.remembered = 'once';
    const known = {device: 'gone', seq: 7, waiting: 3, last: 'gone'};
    localStorage.setItem('roadbook-known-PERSON', JSON.stringify(known));
  }
"""
SAID: dict[str, dict[str, Any]] = {
    "This phone keeps nothing": {"storage": "none"},
    "The phone has thrown something away": {"gone": 2, "lost": "evicted"},
    "The phone's storage does not answer": {"journal": 2},
    "No room is left on this phone": {"room": "none"},
    "Private window": {"storage": "private"},
    "Something has waited for hours": {"stuck": True},
    "The browser has emptied its storage": {"gone": 0, "lost": "corrupt"},
    "Little room is left on this phone": {"room": "low"},
    "Put Roadbook on the home screen": {"storage": "may_go"},
}


def warned(phone: Phone, title: str) -> None:
    expect(phone.page.locator("#warnings .notice strong")).to_have_text(phone.words(title))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_it_works(phone_of: Callable[..., Phone], language: str) -> None:
    phone = phone_of("alice", language=language)
    phone.page.add_init_script(PRIVATE["no files"])
    phone.go("/today")
    warned(phone, "Private window")
    assert phone.complaints == []


def test_a_healthy_phone_says_nothing(alice: Phone) -> None:
    alice.go("/today")
    alice.page.wait_for_timeout(500)
    expect(alice.page.locator("#warnings")).to_be_empty()


def test_a_tab_of_a_phone_is_told_the_way_home(alice: Phone) -> None:
    alice.page.add_init_script(TAB_OF_A_PHONE)
    alice.go("/today")
    warned(alice, "Put Roadbook on the home screen")


def test_what_waits_beside_the_database_is_counted(alice: Phone) -> None:
    alice.page.add_init_script(BREAKS["fails"])
    alice.go("/more")
    alice.page.evaluate(
        """() => {
          const person = document.body.dataset.person;
          const authored = {person_id: person, at: new Date().toISOString()};
          for (const id of ['1', '2']) {
            const written = {id, name: 'x', fields: [], authored};
            localStorage.setItem(`roadbook-journal-${person}-${id}`, JSON.stringify({written}));
          }
        }"""
    )
    alice.go("/more")
    warned(alice, "The phone's storage does not answer")
    expect(alice.page.locator("#warnings [data-hole=journal]")).to_have_text("2")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_each_has_its_sentence(phone_of: Callable[..., Phone], language: str) -> None:
    """And one is said at a time, in the order of what it costs."""
    phone = phone_of("alice", language=language)
    phone.page.add_init_script(ONLY_WHAT_IS_TOLD)
    phone.go("/more")
    for title, detail in SAID.items():
        phone.page.evaluate(f"detail => {CHANGED}", detail)
        warned(phone, title)
        assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    everything = {key: value for part in reversed(SAID.values()) for key, value in part.items()}
    phone.page.evaluate(f"detail => {CHANGED}", everything)
    warned(phone, next(iter(SAID)))


def test_what_was_lost_is_said_until_it_was_read(alice: Phone) -> None:
    alice.go("/today")
    person = alice.page.get_attribute("body", "data-person")
    alice.page.add_init_script(REMEMBERS.replace("PERSON", str(person)))
    alice.go("/today")
    warned(alice, "The phone has thrown something away")
    expect(alice.page.locator("#warnings [data-hole=gone]")).to_have_text("3")
    alice.tap(alice.button("Understood"))
    expect(alice.page.locator("#warnings")).not_to_contain_text(
        alice.words("The phone has thrown something away")
    )
