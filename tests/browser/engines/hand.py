"""What these tests write and how they look at what came of it."""

from uuid import uuid4

from tests.browser.engines.books import Line, broken_chains, gaps, ledger
from tests.browser.engines.handset import Handset
from tests.browser.engines.page import Tab
from tests.browser.server import Server

QUICKLY = {"pause": 0, "burst": 1}


def notes(phone: Handset, *texts: str) -> list[dict[str, object]]:
    customer = phone.relay.who.customer
    return [
        {
            "id": str(uuid4()),
            "name": "visits.write_note.v1",
            "fields": [["customer_id", customer], ["text", text]],
        }
        for text in texts
    ]


def write(phone: Handset, *texts: str, tab: Tab | None = None) -> list[str]:
    """Notes, one after the other; their ids, when the page has said that they are saved."""
    wishes = notes(phone, *texts)
    phone.ask("return robot.work(...args)", wishes, QUICKLY, tab=tab)
    return [str(one["id"]) for one in wishes]


def wake(phone: Handset, tab: Tab | None = None) -> None:
    phone.ask("dispatchEvent(new Event('focus'))", tab=tab)


def drained(phone: Handset, tab: Tab | None = None) -> None:
    """Woken as by a thumb until nothing waits."""
    phone.ask("robot.fidget(300); await robot.drained(20000)", tab=tab)


def waiting(phone: Handset) -> int:
    return int(phone.ask("return (await outbox.situation()).waiting"))


def written(server: Server) -> list[str]:
    """The notes that tests wrote, in the order in which they were taken in."""
    rows = server.rows(
        "SELECT text FROM note JOIN received ON received.command_id = note.id"
        " ORDER BY received.received_at, received.seq"
    )
    return [text for (text,) in rows]


def taken(server: Server) -> list[Line]:
    """The ledger, which must be without a gap and with every chain whole."""
    lines = ledger(server)
    assert gaps(lines) == []
    assert broken_chains(lines) == []
    assert {line.status for line in lines} <= {"applied"}
    return lines
