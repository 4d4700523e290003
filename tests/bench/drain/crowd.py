"""Phones without a browser that keep to docs/sync.md: batches that grow, back-off, Retry-After."""

import asyncio
import gzip
import json
import random
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from httpx2 import AsyncClient, Response, TransportError

from app.sync.rules import MEDIA_TYPE, PROTO
from tests.bench.drain.company import Asked, Rep, notes
from tests.sync.phone import Phone

FIRST, MOST = 20, 500
PATIENCE_S = 20
SLOWEST_S = 60
TAKEN = {"applied", "dup"}
Entry = tuple[str, str]


class Crowd:
    """`received` counts what was answered for; `met` the answers by their status."""

    def __init__(self, url: str, reps: list[Rep], each: int) -> None:
        self.url, self.reps, self.each = url, reps, each
        self.received = self.turned_away_for_ever = 0
        self.met: Counter[str] = Counter()
        self.killed: list[int] = []

    async def come_back(self, meanwhile: Callable[[], None]) -> None:
        """Until every phone is empty."""
        phones = [Waiting(self, rep) for rep in self.reps]
        await asyncio.gather(asyncio.to_thread(meanwhile), *(one.drain() for one in phones))


class Waiting:
    """A phone with something in its outbox."""

    def __init__(self, crowd: Crowd, rep: Rep) -> None:
        self.crowd, self.token = crowd, rep.token
        self.phone = Phone(rep.id, None)  # type: ignore[arg-type] # the crowd sends what it writes, no test client does
        self.waiting = [self.entry(one) for one in notes(rep, crowd.each)]
        self.size, self.failures = FIRST, 0

    def entry(self, asked: Asked) -> Entry:
        return self.phone.write(asked["name"], asked["fields"], id=asked["id"])

    async def drain(self) -> None:
        async with AsyncClient(
            base_url=self.crowd.url, cookies={"session": self.token}, timeout=PATIENCE_S
        ) as line:
            while self.waiting:
                await self.heed(await self.send(line))

    async def send(self, line: AsyncClient) -> Response | None:
        self.nonce = uuid4().hex
        batch = {
            "proto": PROTO,
            "nonce": self.nonce,
            "device": str(self.phone.device),
            "entries": self.waiting[: self.size],
            "waiting": len(self.waiting),
        }
        headers = {"content-type": MEDIA_TYPE, "content-encoding": "gzip"}
        raw = gzip.compress(json.dumps(batch).encode(), 6)
        try:
            return await line.post("/sync/commands", content=raw, headers=headers)
        except TransportError as lost:
            self.crowd.met[type(lost).__name__] += 1
            return None

    async def heed(self, answer: Response | None) -> None:
        if answer is not None:
            self.crowd.met[str(answer.status_code)] += 1
        if answer is not None and answer.status_code == 200:
            self.believe(answer.json())
        elif answer is not None and answer.status_code in {429, 503}:
            await self.obey(answer.headers.get("retry-after"))
        else:
            self.failures, self.size = self.failures + 1, max(1, self.size // 2)
            most = min(SLOWEST_S, 2**self.failures)
            await asyncio.sleep(random.uniform(1, most))

    async def obey(self, seconds: str | None) -> None:
        if seconds is None:
            self.crowd.turned_away_for_ever += 1
        await asyncio.sleep(float(seconds or SLOWEST_S))

    def believe(self, said: dict[str, Any]) -> None:
        """Only what is answered for by id and hash goes; here nothing may be refused."""
        assert said["nonce"] == self.nonce
        told = {(one["id"], one["sha"]): one["status"] for one in said["results"]}
        assert set(told.values()) <= TAKEN, told
        kept = [one for one in self.waiting if (json.loads(one[1])["id"], one[0]) not in told]
        self.crowd.received += len(self.waiting) - len(kept)
        self.waiting, self.failures, self.size = kept, 0, min(2 * self.size, MOST)
