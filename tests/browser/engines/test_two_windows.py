"""Two windows of one person, in every engine: one sends, and nothing falls between them."""

from itertools import pairwise

from tests.browser.engines import hand
from tests.browser.engines.handset import Handset
from tests.browser.engines.relay import Relay
from tests.browser.server import Server


def test_they_never_send_at_once(phone: Handset, relay: Relay, server: Server) -> None:
    relay.mode = "drip"
    other = phone.open_window()
    for tab in (None, other):
        phone.ask("robot.fidget(50)", tab=tab)
    texts = [f"note {number}" for number in range(8)]
    for number, text in enumerate(texts):
        hand.write(phone, text, tab=other if number % 2 else None)
    hand.drained(phone)
    hand.drained(phone, other)
    assert hand.written(server) == texts
    hand.taken(server)
    for (_began, ended), (began, _ended) in pairwise(sorted(relay.under_way)):
        assert began > ended - 0.1, "the answer arrives a moment before we know that it has left"


def test_one_takes_over_from_the_other(phone: Handset, relay: Relay, server: Server) -> None:
    relay.mode = "hang"
    other = phone.open_window()
    hand.write(phone, "written in a window that is closed", tab=other)
    phone.until("(await outbox.situation()).waiting")
    relay.mode = "up"
    phone.ask("robot.windows.pop().close()")
    hand.drained(phone)
    assert hand.written(server) == ["written in a window that is closed"]
    hand.taken(server)
