"""A tap on a link turns to the kept page in place; what was left stays as it was."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import job
from tests.browser.outbox.hand import until
from tests.browser.phone import Phone
from tests.browser.server import Server
from tests.browser.test_photos import kept, take

STILL = "window.still === true"


@pytest.fixture
def at_customers(dead: Phone) -> Phone:
    """The server is dead, and the document is one that a test knows again."""
    dead.go("/customers")
    dead.page.evaluate("window.still = true")
    return dead


def row(phone: Phone, number: int = 0) -> Locator:
    return phone.page.locator("#found-rows h2.name a").nth(number)


def arrives(phone: Phone, name: str) -> None:
    expect(phone.page.get_by_role("heading", level=1)).to_have_text(name)


def test_it_turns_in_place(at_customers: Phone) -> None:
    phone, link = at_customers, row(at_customers, 5)
    name, path = link.inner_text(), link.get_attribute("href")
    phone.page.evaluate("scrollTo(0, 300)")
    phone.tap(link)
    arrives(phone, name)
    assert phone.page.evaluate(STILL)
    assert phone.page.url.endswith(str(path))
    expect(phone.page).to_have_title(re.compile(re.escape(name)))
    expect(phone.page.locator(".as-of")).to_be_visible()
    assert phone.page.evaluate("[scrollY, document.activeElement.id]") == [0, "main"]
    about = phone.page.evaluate("document.body.dataset.about")
    assert about
    assert about in name
    assert phone.complaints == []


def test_what_was_left_comes_back_as_it_was(at_customers: Phone) -> None:
    phone = at_customers
    search = phone.page.get_by_role("searchbox")
    phone.type(search, "a")
    phone.page.wait_for_timeout(400)  # what is found stands there
    found = phone.page.locator("#found-rows h2.name").all_inner_texts()
    phone.page.evaluate("scrollTo(0, 120)")
    name = row(phone, 3).inner_text()
    phone.tap(row(phone, 3))
    arrives(phone, name)
    phone.page.go_back()
    arrives(phone, phone.words("Customers"))
    expect(search).to_have_value("a")
    assert phone.page.locator("#found-rows h2.name").all_inner_texts() == found
    assert phone.page.evaluate("scrollY") == 120
    phone.page.go_forward()
    arrives(phone, name)
    assert phone.page.evaluate(STILL)


def test_back_to_what_is_not_held_any_more(at_customers: Phone) -> None:
    phone = at_customers
    name = row(phone).inner_text()
    phone.tap(row(phone))
    arrives(phone, name)
    phone.page.reload()
    arrives(phone, name)
    phone.page.go_back()
    arrives(phone, phone.words("Customers"))
    expect(row(phone)).to_be_visible()


@pytest.fixture
def at_work(dead: Phone) -> Phone:
    """Checked in, on a page that was turned to from today's."""
    job.arrive(dead)
    job.check_in(dead)
    dead.page.evaluate("window.still = true")
    return dead


def test_the_last_letters_are_kept(at_work: Phone) -> None:
    """They were typed a moment before the tap; on the page's next copy they are there again."""
    phone = at_work
    phone.field("Note").fill("halb fert")
    phone.page.locator("a.back").dispatch_event("click")
    expect(phone.page.locator("#stream")).to_be_visible()
    assert phone.page.evaluate(STILL)
    phone.tap(phone.link("Visit"))
    expect(phone.field("Note")).to_have_value("halb fert")
    phone.tap(phone.button("Save note"))
    expect(phone.page.locator(".pending").filter(has_text="halb fert")).to_be_visible()
    phone.tap(phone.page.locator("a.back"))
    drawn = phone.page.locator(".timeline .pending").filter(has_text="halb fert")
    expect(drawn).to_have_count(1)
    phone.tap(phone.link("Visit"))
    expect(phone.field("Note")).to_have_value("")
    assert phone.page.evaluate(STILL)


SLOWLY = """() => {
  const make = window.createImageBitmap;
  window.createImageBitmap = async (...how) => {
    await new Promise((done) => setTimeout(done, 1500));
    return make(...how);
  };
}"""


@pytest.mark.parametrize("way", ["a link", "the browser's Back"])
def test_a_photo_is_kept_before_the_page_is_left(at_work: Phone, way: str) -> None:
    """It is still being made small when somebody leaves."""
    at_work.page.evaluate(SLOWLY)
    take(at_work)
    if way == "a link":
        at_work.page.locator("a.back").dispatch_event("click")
        expect(at_work.page.locator("#stream")).to_be_visible()
    else:
        at_work.page.evaluate("history.back()")
        arrives(at_work, at_work.words("Today"))
    assert at_work.page.evaluate(STILL)
    assert len(kept(at_work)) == 1
    waits = at_work.page.locator("[data-outbox-count=waiting]")
    expect(waits).to_have_text("2")  # the check-in, and the photo's own words


def test_a_newer_build_is_loaded_anew(at_customers: Phone) -> None:
    phone = at_customers
    phone.page.evaluate("document.querySelector('meta[name=build]').content = 'another'")
    name = row(phone).inner_text()
    phone.tap(row(phone))
    arrives(phone, name)
    assert not phone.page.evaluate(STILL)


def test_what_is_not_kept_is_for_the_browser(at_customers: Phone) -> None:
    phone = at_customers
    phone.page.evaluate("""document.querySelector('#found-rows a').href =
        '/customers/00000000-0000-4000-8000-000000000007'""")
    phone.tap(row(phone))
    arrives(phone, phone.words("Not on this phone"))


def test_a_page_that_comes_late_does_not_take_the_place_of_another(
    ready: Phone, server: Server
) -> None:
    """Asked for by the customers' list; by then somebody has gone on to today."""
    ready.go("/customers")
    ready.page.evaluate("""() => {
      const ask = window.fetch;
      window.fetch = async (url, how) => {
        const answer = await ask(url, how);
        if (new Headers(how?.headers).has('Fresh')) {
          window.late = true;
          await new Promise((done) => { window.letIn = done; });
          setTimeout(() => { window.came = true; }, 300);
        }
        return answer;
      };
      dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}));
    }""")
    until(lambda: ready.page.evaluate("window.late === true"), "the newer page")
    ready.tap(ready.page.get_by_role("navigation").get_by_role("link", name="Today"))
    arrives(ready, ready.words("Today"))
    ready.page.evaluate("letIn()")
    until(lambda: ready.page.evaluate("window.came === true"), "the answer")
    arrives(ready, ready.words("Today"))
    expect(ready.page.locator(".stop.next")).to_be_visible()


def test_a_leap_within_a_page_that_was_searched_stays_there(ready: Phone) -> None:
    ready.go("/customers")
    ready.page.evaluate("window.still = true")
    ready.type(ready.page.get_by_role("searchbox"), "a")
    expect(ready.page).to_have_url(re.compile("q=a"))
    ready.page.locator("a.skip").focus()
    ready.page.keyboard.press("Enter")
    expect(ready.page).to_have_url(re.compile("#main$"))
    ready.page.wait_for_timeout(300)
    assert ready.page.evaluate(STILL)
    expect(ready.page.get_by_role("searchbox")).to_have_value("a")


def grade(phone: Phone, name: str) -> None:
    """Of the filter, and of all that are shown."""
    phone.tap(phone.page.locator(".filters").get_by_role("link", name=name, exact=True))
    expect(phone.page.locator(".filters [aria-current]")).to_have_text(name)
    grades = phone.page.locator("#found-rows .grade")
    expect(grades.first).to_have_text(name)
    assert set(grades.all_inner_texts()) == {name}


def test_a_grade_is_chosen_with_a_signal(ready: Phone) -> None:
    ready.go("/customers")
    grade(ready, "B1")


def test_a_grade_is_chosen_without_a_signal(at_customers: Phone) -> None:
    grade(at_customers, "B1")
    at_customers.type(at_customers.page.get_by_role("searchbox"), "a")
    at_customers.page.wait_for_timeout(300)
    shown = at_customers.page.locator("#found-rows .grade").all_inner_texts()
    assert set(shown) <= {"B1"}
