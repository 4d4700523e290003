"""Who is signed in, in every engine: what one person wrote waits for that person."""

from uuid import UUID

from tests.browser.engines import hand
from tests.browser.engines.fuzz import rep
from tests.browser.engines.handset import Handset
from tests.browser.engines.relay import Relay
from tests.browser.server import Server


def test_signed_out_it_waits(phone: Handset, relay: Relay, server: Server) -> None:
    token, relay.who.token = relay.who.token, ""
    hand.write(phone, "one", "two")
    phone.until("(await outbox.situation()).pause === 'sign_in'")
    hand.wake(phone)
    assert hand.waiting(phone) == 2
    assert hand.taken(server) == []
    relay.who.token = token
    hand.drained(phone)
    assert hand.written(server) == ["one", "two"]
    hand.taken(server)


def test_a_colleague_cannot_send_it(phone: Handset, relay: Relay, server: Server) -> None:
    alice, bob = relay.who, rep(server, "bob")[0]
    relay.mode = "500"
    hand.write(phone, "by Alice", "by Alice, too")
    relay.who, relay.mode = bob, "up"
    hand.wake(phone)
    phone.until("(await outbox.situation()).pause === 'other_person'")
    phone.reload()
    assert hand.waiting(phone) == 0
    hand.write(phone, "by Bob")
    hand.drained(phone)
    assert hand.written(server) == ["by Bob"]

    relay.who = alice
    phone.reload()
    hand.drained(phone)
    assert hand.written(server) == ["by Bob", "by Alice", "by Alice, too"]
    lines = hand.taken(server)
    assert len({line.device for line in lines}) == 2
    people = server.rows("SELECT person_id FROM received ORDER BY received_at, seq")
    assert [str(UUID(one)) for (one,) in people] == [bob.person, alice.person, alice.person]
