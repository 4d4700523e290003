"""Who is due and can be seen in some free minutes: found by the phone itself."""

from datetime import date

from playwright.sync_api import Locator, expect

from app.core.geo import Point
from app.planning.route.matrix import Roads, travel_between
from tests.browser import job
from tests.browser.phone import Phone
from tests.browser.server import Server


def chosen(phone: Phone, minutes: int) -> Locator:
    phone.tap(phone.page.get_by_text(f"{minutes} min", exact=True))
    return phone.page.locator("#fitting .row")


def near_a_stop(phone: Phone, server: Server) -> Point:
    """The phone is some steps from the first of them: where that is."""
    phone.go("/today")
    pin = job.pin_of(server, job.open_first_stop(phone))
    here = Point(pin.lat + 0.002, pin.lon)
    phone.is_at(here)
    return here


def test_it_works_with_the_server_dead(dead: Phone, server: Server) -> None:
    """At the next stop's own door; what is told is reckoned as the server does."""
    here = near_a_stop(dead, server)
    dead.go("/today")
    dead.tap(dead.link("Free minutes"))
    rows = chosen(dead, 90)
    expect(rows.first).to_be_visible()
    roads = roads_of(dead)
    for row in rows.all():
        there, takes = numbers(row)
        assert there + takes <= 90
        where = job.pin_of(server, customer_of(row))
        drive = travel_between([here, where], roads).seconds[0, 1]
        assert abs(there - -(-int(drive) // 60)) <= 1  # the phone's sphere, the server's ellipsoid
    count = rows.count()
    due = rows.evaluate_all("""(rows) => rows.map(
        (row) => row.querySelector('[data-due]')?.dataset.due ?? '9')""")
    assert due == sorted(due)
    assert all(one == "9" or one <= date.max.isoformat() for one in due)
    fewer = chosen(dead, 20)
    dead.page.wait_for_timeout(400)
    assert fewer.count() <= count
    assert all(sum(numbers(row)) <= 20 for row in fewer.all())


def test_who_is_skipped_today_is_not_offered(dead: Phone, server: Server) -> None:
    near_a_stop(dead, server)
    dead.go("/free")
    rows = chosen(dead, 90)
    expect(rows.first).to_be_visible()
    offered = {customer_of(row) for row in rows.all()}
    dead.go("/today")
    planned = dead.page.locator(".stops > .stop[data-stop]").evaluate_all(
        "all => all.map(one => one.dataset.stop)"
    )
    skipped = next(one for one in planned if one in offered)
    row = dead.page.locator(f"[data-stop='{skipped}']")
    dead.tap(row.locator(".change"))
    sheet = dead.page.get_by_role("dialog")
    dead.tap(sheet.get_by_role("button", name=dead.words("Closed"), exact=True))
    expect(row).to_be_hidden()
    dead.go("/free")
    chosen(dead, 90)
    expect(dead.page.locator("#fitting > *").first).to_be_visible()
    assert {customer_of(row) for row in chosen(dead, 90).all()} == offered - {skipped}


def roads_of(phone: Phone) -> Roads:
    """What the phone was told of them; the pace of this hour on top."""
    told = phone.page.locator("[data-fits]")
    detour, slowest, faster, fastest, parking = (
        float(told.get_attribute(f"data-{name}") or "")
        for name in ("detour", "slowest", "faster", "fastest", "parking")
    )
    paces = [float(one) for one in (told.get_attribute("data-speeds") or "1 " * 24).split()]
    pace = paces[phone.page.evaluate("new Date().getHours()")]
    speeds = (slowest * pace, faster * pace, fastest * pace)
    return Roads(detour, *speeds, parking_s=round(parking / pace))


def numbers(row: Locator) -> tuple[int, int]:
    said = row.locator("[data-hole=way]").inner_text()
    there, takes = (int(word) for word in said.split() if word.isdigit())
    return there, takes


def customer_of(row: Locator) -> str:
    return str(row.locator("a[data-found]").get_attribute("href")).rpartition("/")[2]


def test_nobody_far_away(dead: Phone) -> None:
    dead.is_at(Point(45.0, 90.0))
    dead.go("/free")
    chosen(dead, 60)
    said = dead.words("Nobody who is due can be seen in that time")
    expect(dead.page.get_by_text(said)).to_be_visible()


def test_without_a_position_it_says_so(dead: Phone) -> None:
    dead.context.clear_permissions()
    dead.go("/free")
    chosen(dead, 60)
    expect(dead.notice("Where you are is not known")).to_be_visible()
