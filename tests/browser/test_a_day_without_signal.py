"""A whole day without a server, with a browser that dies: in the evening all is there, once."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from tests.browser.engines.books import broken_chains, gaps, ledger
from tests.browser.engines.street import Walker
from tests.browser.server import Server

DOORS = """
  SELECT c.id, c.name, c.lat, c.lon FROM customer c JOIN person p ON p.id = c.owner_id
  WHERE p.username = 'alice' AND c.lat IS NOT NULL AND c.id NOT IN
    (SELECT customer_id FROM visit WHERE checked_in_at > date('now', '-2 day'))
  ORDER BY EXISTS (SELECT 1 FROM sales_order o WHERE o.customer_id = c.id) DESC, c.id LIMIT 7
"""
CHECK_IN = """
  await go(args[0]);
  await tap('.action button.primary');
  if (args[1]) {
    await until(() => one('[data-away] textarea'), 'to be asked why');
    write('[data-away] textarea', args[1]);
    await tap('.action button.primary');
  }
  await until(() => one('textarea[name=text]'), 'the work');
"""
NOTE = """
  write('#visits-write_note-text, textarea[name=text]', args[0]);
  one('form[data-command="visits.write_note.v1"] button').click();
  await until(() => all('.pending').some((told) => told.textContent.includes(args[0])), 'the note');
"""
AGAIN = """
  one('.again-all').click();
  await until(() => one('#order-lines .line'), 'the lines');
"""
LINE = """
  write('#entry-text', args[0]);
  await until(() => one('#entry-options .option'), 'suggestions');
  one('#entry-options .option').click();
  one('#order-entry button[type=submit]').click();
  await until(() => one('#order-lines .line'), 'the line');
"""
PLACE = """
  const sum = one('#order-lines .total .money').textContent;
  one('#order-lines button[type=submit]').click();
  await until(() => !one('#order-lines .line'), 'the order to be saved');
  return sum;
"""
PROMISE = """
  write('input[name=what]', args[0]);
  write('input[name=due_on]', args[1]);
  one('form[data-command="followups.make_promise.v1"] button[type=submit]').click();
  await until(() => all('.pending').some((told) => told.textContent.includes(args[0])), 'it');
"""
PHOTO = """
  await photograph(args[0]);
  await until(() => all('.photo.pending img').length, 'the photo');
"""
CHECK_OUT = """
  page().querySelector('input[name=outcome][value=progress]').click();
  await tap('.action button.primary');
  await until(() => all('.notice').some((told) => told.textContent.includes('Checked out')), 'out');
"""
MEET = """
  await go('/customers/new');
  write('input[name=name]', args[0]);
  await tap('.action button.primary');
  const link = await until(() => one('.added.pending a[href$="/visit"]'), 'the new one');
  return link.getAttribute('href');
"""


@dataclass(frozen=True)
class Door:
    path: str
    lat: float
    lon: float


def doors(server: Server) -> list[Door]:
    found = server.rows(DOORS)
    assert len(found) == 7
    return [Door(f"/customers/{UUID(key)}/visit", lat, lon) for key, _name, lat, lon in found]


def morning(rep: Walker) -> None:
    rep.switch_on()
    rep.walk("await go('/today')")
    rep.until("return packed()")


def battery_dies(rep: Walker) -> None:
    rep.kill()
    rep.switch_on()
    rep.walk("await go('/today')")


def work(rep: Walker, number: int, door: Door) -> str:
    """A visit; what its order costs, by what the phone showed."""
    away = 0.05 if number in {1, 4} else 0  # five kilometres
    nowhere = number == 2
    rep.walk("at(...args)", *((None, None) if nowhere else (door.lat + away, door.lon)))
    rep.walk(CHECK_IN, door.path, "在仓库见面" if away else "")
    rep.walk(NOTE, f"第 {number + 1} 家")
    total = ""
    if number in {0, 3, 5, 6}:
        rep.walk(*((LINE, "茶") if number == 6 else (AGAIN,)))
        total = rep.walk(PLACE)
    if number in {0, 2, 5}:
        rep.walk(PHOTO, number * 40)
    if number in {1, 4}:
        rep.walk(PROMISE, f"送样 {number}", "2099-01-01")
    if number in {2, 5}:
        battery_dies(rep)  # in the middle of the visit
        rep.walk("await go(args[0])", door.path)
    rep.walk(CHECK_OUT)
    return total


def meet(rep: Walker) -> None:
    """A new customer, visited at once."""
    rep.walk("at(31.2, 121.4)")
    path = rep.walk(MEET, "阿拉丁烟酒")
    rep.walk(CHECK_IN, path, "")
    rep.walk(NOTE, "第 8 家")
    rep.walk(CHECK_OUT)


def all_received(rep: Walker, server: Server) -> None:
    server.start()
    rep.street.signal = True
    rep.walk("await go('/today')")
    rep.until(
        "frame.contentWindow.dispatchEvent(new Event('online')); await pause(500);"
        " const [words, photos] = await left(); return !words && !photos",
        patience=90,
    )


def test_a_day(walker: Walker, server: Server) -> None:
    began, seven = datetime.now(UTC), doors(server)
    before = {name: count(server, name) for name in ("visit", "sales_order", "customer", "promise")}
    morning(walker)
    server.kill()
    walker.street.signal = False
    battery_dies(walker)
    totals = [work(walker, number, door) for number, door in enumerate(seven)]
    meet(walker)
    ended = datetime.now(UTC)
    all_received(walker, server)

    gained = {name: count(server, name) - before[name] for name in before}
    assert gained == {"visit": 8, "sales_order": 4, "customer": 1, "promise": 2}
    assert notes(server) == [f"第 {number} 家" for number in range(1, 9)]
    assert placed(server) == [amount(total) for total in totals if total]
    assert photos(server) == (3, 3)
    assert verdicts(server)[:7].count("far") == 2
    assert verdicts(server)[2] == "cannot_tell"
    lines = ledger(server)
    assert gaps(lines) == []
    assert broken_chains(lines) == []
    assert {line.status for line in lines} == {"applied"}
    times = [datetime.fromisoformat(json.loads(line.body)["authored"]["at"]) for line in lines]
    assert times == sorted(times)
    assert began <= times[0] <= times[-1] <= ended


def count(server: Server, table: str) -> int:
    ((found,),) = server.rows(f"SELECT count(*) FROM {table}")
    return int(found)


def notes(server: Server) -> list[str]:
    """Those of the day, as they were taken in."""
    rows = server.rows(
        "SELECT n.text FROM note n JOIN received r ON r.command_id = n.id ORDER BY r.seq"
    )
    return [text for (text,) in rows]


def verdicts(server: Server) -> list[str]:
    rows = server.rows(
        "SELECT v.verdict FROM visit v JOIN received r ON r.command_id = v.id ORDER BY r.seq"
    )
    return [str(verdict).lower() for (verdict,) in rows]


def placed(server: Server) -> list[int]:
    rows = server.rows(
        "SELECT o.total FROM sales_order o JOIN received r ON r.command_id = o.id ORDER BY r.seq"
    )
    return [int(total) for (total,) in rows]


def photos(server: Server) -> tuple[int, int]:
    return count(server, "photo"), count(server, "blob")


def amount(shown: str) -> int:
    """CN¥1,234.50 is 123450."""
    return int("".join(letter for letter in shown if letter.isdigit()))
