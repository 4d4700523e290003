"""A wire between a phone and the server: so many milliseconds long, and it counts what passes."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

CHUNK = 256 * 1_024
DOOR = b"POST /sync/commands"


@dataclass
class Passed:
    """Bytes from the phone and to it, headers included, and the batches among them."""

    up: int = 0
    down: int = 0
    batches: int = 0

    def went_up(self, piece: bytes) -> None:
        self.up += len(piece)
        self.batches += piece.count(DOOR)

    def came_down(self, piece: bytes) -> None:
        self.down += len(piece)


@dataclass
class Wire:
    """What comes in at `port` leaves at the server half a round trip later, and so back."""

    server: int
    round_trip_ms: float
    passed: Passed = field(default_factory=Passed)
    port: int = 0
    ends: list[asyncio.StreamWriter] = field(default_factory=list)

    async def joined(self, phone_in: asyncio.StreamReader, phone_out: asyncio.StreamWriter) -> None:
        there_in, there_out = await asyncio.open_connection("127.0.0.1", self.server)
        self.ends += phone_out, there_out
        await asyncio.gather(
            self.carry(phone_in, there_out, self.passed.went_up),
            self.carry(there_in, phone_out, self.passed.came_down),
        )

    async def carry(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        count: Callable[[bytes], None],
    ) -> None:
        loop = asyncio.get_running_loop()
        while piece := await source.read(CHUNK):
            count(piece)
            loop.call_later(self.round_trip_ms / 2_000, target.write, piece)
        loop.call_later(self.round_trip_ms / 2_000, target.close)

    async def lie(self, laid: Future[Callable[[], object]]) -> None:
        """Until what `laid` then holds is called, from whichever thread."""
        listening = await asyncio.start_server(self.joined, "127.0.0.1", 0)
        self.port = int(listening.sockets[0].getsockname()[1])
        loop, taken_up = asyncio.get_running_loop(), asyncio.Event()
        laid.set_result(partial(loop.call_soon_threadsafe, taken_up.set))
        await taken_up.wait()
        listening.close()
        for end in self.ends:
            end.transport.abort()
        await asyncio.sleep(0.1)


@contextmanager
def wire(server: int, round_trip_ms: float) -> Iterator[Wire]:
    """A wire to the server's port, gone at the end."""
    between, laid = Wire(server, round_trip_ms), Future[Callable[[], object]]()
    thread = threading.Thread(target=asyncio.run, args=(between.lie(laid),))
    thread.start()
    take_up = laid.result()
    yield between
    take_up()
    thread.join()
