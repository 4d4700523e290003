"""What can happen to one batch between a phone and its server."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from time import sleep
from typing import Protocol

PORTAL = b"<!doctype html><html><h1>Welcome to our wireless network</h1></html>"
BROKEN = b"<html><h1>500 Internal Server Error</h1></html>"
MEDIA = "application/vnd.roadbook.sync+json"
MANY = 8  # entries; a door that is too narrow for this lets smaller ones through


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Exchange(Protocol):
    """One request at the relay. `chance` is 0 to 1, by the run's own dice."""

    chance: float
    body: bytes
    entries: int

    def forward(self, body: bytes | None = None) -> Answer: ...
    def forward_later(self, delay_s: float) -> None: ...
    def reply(self, answer: Answer, *, cut: int = 0, pieces: int = 1) -> None: ...
    def hang_up(self) -> None: ...
    def last(self) -> Answer | None: ...


def up(exchange: Exchange) -> None:
    exchange.reply(exchange.forward())


def drop_before(exchange: Exchange) -> None:
    exchange.hang_up()


def ack_lost(exchange: Exchange) -> None:
    exchange.forward()
    exchange.hang_up()


def ack_late(exchange: Exchange) -> None:
    answer = exchange.forward()
    sleep(0.2 + 1.3 * exchange.chance)
    exchange.reply(answer)


def arrive_late(exchange: Exchange) -> None:
    """The phone gives up; what it sent reaches the server after what it sends next."""
    exchange.forward_later(0.1 + 3 * exchange.chance)
    exchange.hang_up()


def arrive_twice(exchange: Exchange) -> None:
    """A proxy that tries again by itself, while the first try is still under way."""
    exchange.forward_later(0.05 * exchange.chance)
    exchange.reply(exchange.forward())


def truncate(exchange: Exchange) -> None:
    """A proxy passes on a part of the body as if it were the whole."""
    exchange.reply(exchange.forward(exchange.body[: int(len(exchange.body) * exchange.chance)]))


def cut_answer(exchange: Exchange) -> None:
    answer = exchange.forward()
    exchange.reply(answer, cut=1 + int(exchange.chance * (len(answer.body) - 1)))


def drip(exchange: Exchange) -> None:
    exchange.reply(exchange.forward(), pieces=2 + int(8 * exchange.chance))


def hang(exchange: Exchange) -> None:
    sleep(0.5 + 2 * exchange.chance)
    exchange.hang_up()


def broken(exchange: Exchange) -> None:
    exchange.reply(html(500, BROKEN))


def bad_gateway(exchange: Exchange) -> None:
    """The worst of them: it was done, and the proxy says that it was not."""
    exchange.forward()
    exchange.reply(html(502, BROKEN))


def busy(exchange: Exchange) -> None:
    exchange.reply(html(429, b"", ("Retry-After", "1")))


def signed_out(exchange: Exchange) -> None:
    exchange.reply(ours(401, {"proto": 1, "error": "sign_in"}))


def portal(exchange: Exchange) -> None:
    exchange.reply(html(200, PORTAL))


def too_large(exchange: Exchange) -> None:
    if exchange.entries < MANY:
        up(exchange)
    else:
        exchange.reply(html(413, BROKEN))


def stale(exchange: Exchange) -> None:
    """The answer to another batch, out of somebody's cache."""
    exchange.reply(exchange.last() or html(404, b""))


def html(status: int, body: bytes, *more: tuple[str, str]) -> Answer:
    return Answer(status, (("Content-Type", "text/html"), *more), body)


def ours(status: int, said: dict[str, object]) -> Answer:
    return Answer(status, (("Content-Type", MEDIA),), json.dumps(said).encode())


FAULTS: dict[str, Callable[[Exchange], None]] = {
    "up": up,
    "drop_before": drop_before,
    "ack_lost": ack_lost,
    "ack_late": ack_late,
    "arrive_late": arrive_late,
    "arrive_twice": arrive_twice,
    "truncate": truncate,
    "cut_answer": cut_answer,
    "drip": drip,
    "hang": hang,
    "500": broken,
    "502": bad_gateway,
    "429": busy,
    "401": signed_out,
    "portal200": portal,
    "413": too_large,
    "stale": stale,
}
