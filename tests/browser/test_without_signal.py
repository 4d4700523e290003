"""Pages on the phone: they open with the server dead, and are brought up to date with it."""

from random import Random
from uuid import UUID

from playwright.sync_api import expect

from tests.browser import job
from tests.browser.outbox.hand import until
from tests.browser.pack import loaded
from tests.browser.phone import Phone
from tests.browser.server import Server

# The worker tells that there is a newer copy of every page.
RENEW = """() => {
  window.writtenIn = document.querySelector('textarea').form;
  window.renewed = false;
  document.addEventListener('htmx:after:swap', () => setTimeout(() => { renewed = true; }));
  const told = {kind: 'pack', changed: ['*'], got: 0, count: 0, ready: true, done: true};
  const data = {...told, asOf: Date.now() + 60_000, since: 0};
  navigator.serviceWorker.dispatchEvent(new MessageEvent('message', {data}));
}"""


def test_a_visit_with_the_server_dead(dead: Phone, server: Server) -> None:
    dead.go("/today")
    stop = dead.page.locator(".stop.next")
    expect(stop).to_be_visible()
    customer_id = job.open_first_stop(dead)
    dead.is_at(job.pin_of(server, customer_id))
    job.check_in(dead)
    dead.type(dead.field("Note"), "没有信号也写下来")
    dead.tap(dead.button("Save note"))
    expect(dead.notice("On this phone").first).to_be_visible()
    dead.go(f"/customers/{customer_id}")
    expect(dead.page.locator(".timeline .pending")).to_have_count(2)
    dead.go("/outbox")
    written = dead.page.locator("[data-hole=preview]").filter(has_text="没有信号也写下来")
    expect(written).to_be_visible()
    server.start()
    dead.page.evaluate("dispatchEvent(new Event('online'))")
    expect(dead.page.locator("[data-outbox-count=waiting]")).to_be_hidden()
    dead.go(f"/customers/{customer_id}")
    expect(dead.page.locator(".timeline .pending")).to_have_count(0)
    expect(dead.page.locator(".timeline .note").first).to_contain_text("没有信号也写下来")


def test_a_renewed_page_keeps_the_form_that_somebody_writes_in(dead: Phone, server: Server) -> None:
    """Checked in on this phone only, the work is drawn by the page itself."""
    dead.is_at(job.pin_of(server, job.open_first_stop(dead)))
    job.check_in(dead)
    dead.type(dead.field("Note"), "halb fertig")
    dead.page.evaluate("document.activeElement.blur()")
    dead.page.evaluate(RENEW)
    until(lambda: dead.page.evaluate("renewed"), "the newer copy")
    assert dead.page.evaluate("writtenIn.isConnected")
    expect(dead.field("Note")).to_have_value("halb fertig")
    dead.tap(dead.button("Save note"))
    expect(dead.notice("On this phone").first).to_be_visible()
    expect(dead.page.locator(".pending").filter(has_text="halb fertig")).to_be_visible()


def test_any_customer_is_found_with_the_server_dead(dead: Phone) -> None:
    dead.go("/customers")
    rows = dead.page.locator("#found-rows .row")
    expect(rows.first).to_be_visible()
    name = dead.page.locator("#found-rows h2.name").nth(3).inner_text()
    field = dead.page.get_by_role("searchbox")
    dead.type(field, name)
    expect(rows).to_have_count(1)
    expect(rows.get_by_role("link")).to_have_text(name)
    expect(dead.notice("No signal")).to_have_count(0)
    dead.tap(rows.get_by_role("link"))
    expect(dead.page.get_by_role("heading", level=1)).to_have_text(name)
    dead.go("/customers")
    dead.type(field, "no such customer")
    expect(dead.page.get_by_text(dead.words("Nothing found on this phone"))).to_be_visible()


def test_a_customer_met_with_the_server_dead(dead: Phone, server: Server) -> None:
    """Known by nobody, visited at once, and there once when the server is back."""
    dead.go("/customers")
    known = dead.page.locator("#found-rows h2.name").nth(2).inner_text()
    dead.tap(dead.link("New customer"))
    dead.type(dead.field("Name"), known)
    expect(dead.page.locator("#alike")).to_contain_text("same name")
    dead.type(dead.field("Name"), "阿拉丁 <烟酒> & 茶")
    expect(dead.page.locator("#alike")).to_be_empty()
    dead.type(dead.field("Phone"), "13917880301")
    dead.tap(dead.button("Add customer"))
    waits = dead.page.locator(".added.pending")
    dead.tap(waits.get_by_role("link", name="Visit"))
    expect(dead.page.locator("h1")).to_have_text("阿拉丁 <烟酒> & 茶")
    job.check_in(dead)
    dead.type(dead.field("Note"), "老许认人")
    dead.tap(dead.button("Save note"))
    expect(dead.page.locator(".pending").filter(has_text="老许认人")).to_be_visible()
    job.add_line(dead, *job.GOODS[0])
    dead.tap(dead.button("Place order"))
    expect(dead.page.locator("#order-lines .line")).to_have_count(0)
    dead.page.reload()
    expect(dead.page.locator(".pending").filter(has_text="老许认人")).to_be_visible()
    customer_id = dead.page.url.split("/")[-2]
    dead.tap(dead.page.locator("a.back"))
    expect(dead.page.locator(".timeline .pending").first).to_be_visible()
    server.start()
    dead.page.evaluate("dispatchEvent(new Event('online'))")
    expect(dead.page.locator("[data-outbox-count=waiting]")).to_be_hidden()
    dead.go(f"/customers/{customer_id}/visit")
    job.check_out(dead, "Progress")
    assert job.history(dead, customer_id) == {"visit": 1, "note": 1, "order": 1, "promise": 0}


def test_the_nearest_are_shown_first(dead: Phone) -> None:
    dead.go("/customers")
    dead.tap(dead.button("The nearest first"))
    metres = dead.page.locator("#found-rows [data-metres]")
    expect(metres.first).to_be_visible()
    shown = [far_of(text) for text in metres.all_inner_texts()]
    assert len(shown) > 10
    assert shown == sorted(shown)


def far_of(text: str) -> float:
    number, unit = text.split()
    return float(number) * (1_000 if unit == "km" else 1)


def test_no_link_leads_to_nowhere(dead: Phone) -> None:
    """Three hundred links by chance, with the server dead; but those that say that they need it."""
    dice = Random(7)
    dead.go("/today")
    seen: set[str] = set()
    for _step in range(300):
        links = dead.page.evaluate(LINKS)
        path = dice.choice(links or ["/today"])
        dead.go(path)
        seen.add(path)
        here = dead.page.locator("h1").inner_text()
        assert here != dead.words("Not on this phone"), path
    assert len(seen) > 60


LINKS = """[...document.querySelectorAll('a[href^="/"]:not([data-live])')]
  .filter((link) => link.checkVisibility()).map((link) => link.getAttribute('href'))"""


def test_what_is_not_on_the_phone_says_so(dead: Phone) -> None:
    dead.go(f"/orders/{UUID(int=7)}")
    expect(dead.page.get_by_role("heading", level=1)).to_have_text(dead.words("Not on this phone"))
    dead.tap(dead.link("See today's route"))
    expect(dead.page.locator(".stop.next")).to_be_visible()


def test_what_was_changed_elsewhere_comes_by_itself(ready: Phone, server: Server) -> None:
    customer_id = job.open_first_stop(ready)
    ready.go(f"/customers/{customer_id}")
    card = ready.page.get_by_text("新的地址 1 号")
    expect(card).to_have_count(0)
    changed = "UPDATE customer SET address = ? WHERE id = ?"
    server.write(changed, ("新的地址 1 号", customer_id.replace("-", "")))
    ready.go(f"/customers/{customer_id}")
    expect(card).to_be_visible()
    expect(ready.page.locator(".as-of")).to_contain_text(ready.words("As of {time}").split("{")[0])


def test_somebody_else_on_the_same_phone_sees_nothing_of_the_first(
    ready: Phone, server: Server
) -> None:
    ready.go("/more")
    ready.tap(ready.button("Sign out"))
    expect(ready.page).to_have_url(f"{server.url}/sign-in")
    job.sign_in(ready, "bob")
    bob = ready.page.evaluate("document.body.dataset.person")
    loaded(ready)
    assert ready.page.evaluate("document.body.dataset.person") == bob
    server.kill()
    ready.go("/today")
    assert ready.page.evaluate("document.body.dataset.person") == bob
    server.start()


def test_signed_out_without_a_signal_nothing_is_shown(ready: Phone, server: Server) -> None:
    ready.go("/more")
    ready.tap(ready.button("Sign out"))
    expect(ready.page).to_have_url(f"{server.url}/sign-in")
    server.kill()
    ready.go("/today")
    expect(ready.page.get_by_role("heading", level=1)).to_have_text(
        ready.words("Not on this phone")
    )
    ready.go("/sign-in")
    expect(ready.field("Username")).to_be_visible()
    server.start()


def test_who_cannot_sign_in_or_out_without_a_signal_keeps_their_pages(dead: Phone) -> None:
    dead.go("/sign-in")
    dead.type(dead.field("Username"), "bob")
    dead.type(dead.field("Password"), "roadbook")
    dead.tap(dead.button("Sign in"))
    expect(dead.page.get_by_role("heading", level=1)).to_have_text(dead.words("Not on this phone"))
    dead.go("/more")
    dead.tap(dead.button("Sign out"))
    expect(dead.page.get_by_role("heading", level=1)).to_have_text(dead.words("Not on this phone"))
    dead.go("/today")
    expect(dead.page.locator(".stop.next")).to_be_visible()


def test_back_shows_the_page_again(dead: Phone) -> None:
    """A fragment is never taken for a page, and no page comes back empty."""
    dead.go("/customers")
    dead.type(dead.page.get_by_role("searchbox"), "a")
    dead.tap(dead.page.locator("#found-rows .row a").first)
    expect(dead.page.locator("#stream")).to_be_visible()
    dead.page.go_back()
    expect(dead.page.get_by_role("searchbox")).to_be_visible()
    dead.page.reload()
    expect(dead.page.get_by_role("searchbox")).to_be_visible()


def test_what_cannot_be_asked_for_now_changes_nothing(dead: Phone) -> None:
    """What the catalogue holds beyond its first screen does not come; what is shown stays."""
    dead.go("/products")
    field, first = dead.page.get_by_role("searchbox"), dead.page.locator("#found .row").first
    name = first.inner_text()
    dead.type(field, "橙")
    expect(dead.notice("No signal")).to_be_visible()
    expect(field).to_have_value("橙")
    expect(first).to_have_text(name, use_inner_text=True)


def test_old_pages_are_shown_as_old_and_then_not_at_all(dead: Phone) -> None:
    dead.page.evaluate(AGED, [dead.page.evaluate("document.body.dataset.person"), 30])
    dead.go("/today")
    expect(dead.page.locator(".as-of.old")).to_be_visible()
    dead.page.evaluate(AGED, [dead.page.evaluate("document.body.dataset.person"), 80])
    dead.go("/today")
    expect(dead.page.get_by_role("heading", level=1)).to_have_text(dead.words("Not on this phone"))


def test_what_a_page_shows_already_is_not_drawn_beside_it(ready: Phone, server: Server) -> None:
    """A page that was made while the server took it holds it, though it was asked for before."""
    customer_id = job.arrive(ready)
    job.check_in(ready)
    job.write_note(ready, "只写了一次")
    job.all_sent(ready)
    ready.go(f"/customers/{customer_id}")
    note = ready.page.locator(".timeline .note").filter(has_text="只写了一次")
    expect(note).to_have_count(1)
    person = ready.page.evaluate("document.body.dataset.person")
    until(lambda: holds(ready, f"/customers/{customer_id}", "只写了一次"), "the new page")
    server.kill()
    ready.page.evaluate(AGED, [person, 1])
    ready.go(f"/customers/{customer_id}")
    ready.page.wait_for_timeout(500)
    expect(note).to_have_count(1)
    server.start()


def holds(phone: Phone, path: str, text: str) -> bool:
    return text in str(
        phone.page.evaluate(
            "async (path) => (await fetch(path, KEPT)).text()".replace(
                "KEPT", "{headers: {'HX-History-Restore-Request': 'true'}}"
            ),
            path,
        )
    )


AGED = """async ([person, hours]) => {
  const open = indexedDB.open(`pack-${person}`);
  const db = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const tx = db.transaction('standing', 'readwrite');
  const place = tx.objectStore('standing');
  const ask = place.get('now');
  ask.onsuccess = () => place.put({...ask.result, asOf: Date.now() - hours * 3600000}, 'now');
  await new Promise((done) => { tx.oncomplete = done; });
  db.close();
}"""
