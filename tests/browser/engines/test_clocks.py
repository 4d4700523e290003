"""Clocks that are wrong, in every engine: numbers give the order, and the server is told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.browser.engines import hand
from tests.browser.engines.handset import Handset
from tests.browser.engines.relay import Relay
from tests.browser.server import Server

HOUR_MS = 3_600_000
# A clock that can be set: `shift` is by how many milliseconds it is ahead.
CLOCK = """
  window.shift = {shift};
  const Real = Date;
  window.Date = class extends Real {{
    constructor(...when) {{ when.length ? super(...when) : super(Real.now() + window.shift); }}
    static now() {{ return Real.now() + window.shift; }}
  }};
"""
ZONES = ("America/St_Johns", "Asia/Kabul")


def test_nine_hours_ahead(phone: Handset, server: Server, begun: Callable[[str], None]) -> None:
    hand.write(phone, "right")
    begun(CLOCK.format(shift=9 * HOUR_MS))
    hand.write(phone, "ahead", "ahead, too")
    begun(CLOCK.format(shift=0))
    hand.write(phone, "right again")
    hand.drained(phone)
    assert hand.written(server) == ["right", "ahead", "ahead, too", "right again"]
    hand.taken(server)
    ahead = [
        seconds for (seconds,) in server.rows("SELECT clock_ahead_s FROM received ORDER BY seq")
    ]
    assert ahead[0] == ahead[3] == 0
    assert all(abs(seconds - 9 * 3600) < 120 for seconds in ahead[1:3])


def test_set_back_while_it_runs(
    phone: Handset, relay: Relay, server: Server, begun: Callable[[str], None]
) -> None:
    """Told to wait a second, then the clock goes back an hour: it must not wait an hour."""
    begun(CLOCK.format(shift=0))
    hand.write(phone, "one")
    relay.mode = "429"
    hand.write(phone, "two")
    phone.until("(await outbox.situation()).waiting")
    for back in range(1, 4):
        phone.ask("window.shift = args[0]", -back * HOUR_MS)
        hand.write(phone, f"{back} hours back")
    relay.mode = "up"
    hand.drained(phone)
    assert hand.written(server) == ["one", "two", "1 hours back", "2 hours back", "3 hours back"]
    hand.taken(server)


def test_the_zone_goes_with_it(mortal: Handset, server: Server) -> None:
    for zone in ZONES:
        mortal.switch_on(TZ=zone)
        hand.write(mortal, f"written in {zone}")
        hand.drained(mortal)
        mortal.kill()
    authored = [line.envelope["authored"] for line in hand.taken(server)]
    assert [one["tz"] for one in authored] == [*ZONES]
    for one in authored:
        off = datetime.now(UTC) - datetime.fromisoformat(one["at"])
        assert abs(off) < timedelta(minutes=2)
