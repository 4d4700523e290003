"""Thousands of commands, a bad network and no mercy: `bin/fuzz --commands 1000 --seed 7`."""

import argparse
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from tests.browser.engines.books import Verdict, examined
from tests.browser.engines.browsers import ENGINES, Engine
from tests.browser.engines.handset import Handset, Silent
from tests.browser.engines.page import Who
from tests.browser.engines.plan import Planner
from tests.browser.engines.relay import Relay
from tests.browser.server import Server
from tests.browser.torn import databases, half_a_record

ROOT = Path(__file__).parents[3]
CHANCES = {
    "drop_before": 0.05,
    "ack_lost": 0.08,
    "ack_late": 0.04,
    "arrive_late": 0.04,
    "arrive_twice": 0.04,
    "truncate": 0.04,
    "cut_answer": 0.05,
    "drip": 0.03,
    "hang": 0.02,
    "500": 0.03,
    "502": 0.03,
    "429": 0.02,
    "401": 0.03,
    "portal200": 0.03,
    "413": 0.03,
    "stale": 0.02,
}
SERVER_TOO, BOTH = 3 / 20, 1 / 20  # of the kills; the others take the browser alone
NO_PROGRESS_S = 90
STALLED_S = 90  # the longest back-off, and a batch that is given up
TORN, SEEN_BY = 0.5, 4  # of the kills of a Chromium; one of the starts after it finds out
IN_ONE_GO = 400  # commands told to the page at once


@dataclass
class Run:
    """One engine, one phone, one server. Everything that is random comes from `seed`."""

    engine: Engine
    script: Path
    folder: Path
    commands: int
    kills: int
    seed: int
    killed: Counter[str] = field(default_factory=Counter)
    stalls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice, self.whole = random.Random(self.seed), SEEN_BY
        self.done = self.before = 0
        (self.folder / "server").mkdir(parents=True)
        self.server = Server(self.folder / "server")
        self.who, customers, products = rep(self.server, "alice")
        self.plan = Planner(self.seed, customers, products).wishes(self.commands)
        self.relay = Relay(self.script, self.server.port, self.who, self.seed)
        self.victims = shuffled(self.dice, self.kills)
        self.phone = Handset(self.engine, self.relay, self.folder / "profile")

    def go(self) -> Verdict:
        self.began = monotonic()
        self.server.start()
        self.relay.open()
        try:
            self.relay.chances = CHANCES
            for mark in self.marks():
                self.live_until(mark)
                self.kill()
            self.live_until(self.commands)
            return self.final()
        finally:
            self.phone.kill()
            self.relay.close()
            self.server.kill()
            self.took = monotonic() - self.began

    def marks(self) -> list[int]:
        """After how many saved commands somebody is killed."""
        return sorted(self.dice.randrange(self.commands) for _ in range(self.kills))

    def live_until(self, mark: int) -> None:
        """Work on until so many are said to be saved; the dead are started first."""
        if not self.server.keeper:
            self.server.start()
        if self.phone.tab is None:
            self.phone.switch_on("?htmx=1" if self.dice.random() < 0.5 else "")
            if self.dice.random() < 0.5:
                self.phone.tell("robot.fidget(700)")
        while self.saved() < mark:
            manner = {"pause": self.dice.choice((0, 3, 20)), "burst": self.dice.choice((1, 1, 4))}
            todo = [vars(wish) for wish in self.plan[self.saved() :][:IN_ONE_GO]]
            self.watch(self.phone.tell("return robot.work(...args)", todo, manner), mark)

    def watch(self, order: int, mark: int) -> None:
        """Until the page has done it, or has saved enough."""
        saved, moved = self.saved(), monotonic()
        while self.saved() < mark and not self.finished(order):
            sleep(0.01)
            if self.saved() > saved:
                saved, moved = self.saved(), monotonic()
            if monotonic() - moved > NO_PROGRESS_S:
                raise Silent(f"nothing was saved for {NO_PROGRESS_S} s\n{self.phone.story()}")

    def finished(self, order: int) -> bool:
        assert self.phone.tab
        return order in self.phone.tab.answers

    def saved(self) -> int:
        """How many of the plan are said to be saved, without a gap."""
        while self.done < self.commands and self.plan[self.done].id in self.relay.saved:
            self.done += 1
        return self.done

    def kill(self) -> None:
        sleep(self.dice.choice((0, self.dice.uniform(0, 0.1), self.dice.uniform(0, 1.5))))
        whom = self.victims.pop()
        self.killed[whom] += 1
        if whom != "server":
            self.rest()
        self.relay.tell(f"kill: {whom}")
        if whom in {"server", "both"}:
            self.server.kill()
        if whom in {"browser", "both"}:
            self.phone.kill()
            self.tear()

    def rest(self) -> None:
        """Second copies follow a moment later: nobody is killed in it whose first ones are torn."""
        if self.whole < SEEN_BY:
            self.phone.ask("robot.stop(); await robot.copied()")

    def tear(self) -> None:
        """As a kill may: the outbox or its second copies, not one soon after the other.

        The start after something was written behind it finds it out: others do not count.
        """
        if self.saved() > self.before:
            self.whole += 1
        self.before = self.saved()
        if self.engine.name != "chromium" or self.whole < SEEN_BY or self.dice.random() > TORN:
            return
        folders = databases(self.phone.browser.profile)
        if folders and half_a_record(folder := self.dice.choice(folders)):
            self.killed["torn"], self.whole = self.killed["torn"] + 1, 0
            self.relay.tell(f"torn: {folder.name}")

    def final(self) -> Verdict:
        """The weather is fine, the phone is switched on a last time, and nobody touches it."""
        self.rest()
        self.phone.kill()
        self.relay.settled()
        self.relay.mode, self.relay.chances = "up", {}
        self.phone.switch_on()
        self.drain()
        left: list[dict[str, Any]] = self.phone.ask("return outbox.entries()")
        verdict = examined(self.server, self.plan, self.relay.said, left)
        verdict.stalled = self.stalls
        return verdict

    def drain(self) -> None:
        waiting, moved = -1, monotonic()
        while now := self.phone.ask("return (await outbox.situation()).waiting"):
            sleep(0.1)
            if now != waiting:
                waiting, moved = now, monotonic()
            if monotonic() - moved > STALLED_S:
                self.stalls.append(f"{waiting} wait and nothing moves")
                return

    def report(self, verdict: Verdict) -> Iterator[str]:
        relay = self.relay
        yield f"{self.engine.name}, seed {self.seed}: {self.commands} commands in {self.took:.0f} s"
        yield f"  saved {self.saved()}, pages {len(relay.tabs)}, batches {relay.met.total()}"
        yield "  kills: " + counted(self.killed)
        yield "  met: " + counted(relay.met)
        yield f"  complaints of pages: {len(relay.complaints)} {relay.complaints[:3] or ''}"
        for name, found in vars(verdict).items():
            yield f"  {name.replace('_', ' ')}: {len(found)}"
            yield from (f"    {one}" for one in found[:20])


def shuffled(dice: random.Random, kills: int) -> list[str]:
    server, both = ceil(kills * SERVER_TOO), ceil(kills * BOTH)
    victims = [*["server"] * server, *["both"] * both, *["browser"] * (kills - server - both)]
    dice.shuffle(victims)
    return victims


def counted(what: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in what.most_common()) or "none"


def rep(server: Server, name: str) -> tuple[Who, list[str], list[str]]:
    """Who works, their customers, and what can be sold to all of them."""
    ((person,),) = server.rows("SELECT id FROM person WHERE username = ?", [name])
    shops = server.rows("SELECT id FROM customer WHERE owner_id = ? ORDER BY id", [person])
    products = server.rows("SELECT id FROM product WHERE active ORDER BY id")
    customers = [str(UUID(one)) for (one,) in shops]
    who = Who(str(UUID(person)), server.tokens[name], customers[0])
    return who, customers, [str(UUID(one)) for (one,) in products]


def bundled(folder: Path) -> Path:
    """The robot's script; made once, so that nobody's half-written change comes in between."""
    built = folder / "robot.js"
    (esbuild,) = (ROOT / "node_modules/@esbuild").glob("*/bin/esbuild")
    how = ("--bundle", "--format=esm", "--log-level=warning")
    target = "--target=chrome109,firefox115,safari16.4"
    source = Path(__file__).parent / "robot.ts"
    subprocess.run([esbuild, source, *how, target, f"--outfile={built}"], check=True)
    return built


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--commands", type=int, default=1000, help="for each engine")
    asked.add_argument("--kills", type=int, default=20, help="for each engine")
    asked.add_argument("--seed", type=int, default=random.randrange(10_000))
    asked.add_argument("--engine", choices=ENGINES, action="append")
    wanted = asked.parse_args()
    wrong = 0
    for name in wanted.engine or ENGINES:
        if missing := ENGINES[name].missing():
            sys.stdout.write(f"{name} is left out: {missing}\n")
            continue
        wrong += went_wrong(ENGINES[name], wanted.commands, wanted.kills, wanted.seed)
    return min(wrong, 1)


def went_wrong(engine: Engine, commands: int, kills: int, seed: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        run = Run(engine, bundled(Path(folder)), Path(folder) / "run", commands, kills, seed)
        verdict = run.go()
        sys.stdout.write("\n".join(run.report(verdict)) + "\n")
        if verdict.faults():
            sys.stdout.write(run.phone.story() + "\n")
        sys.stdout.flush()
        return bool(verdict.faults())


if __name__ == "__main__":
    sys.exit(main())
