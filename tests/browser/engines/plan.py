"""A rep's days by dice: real commands that lean on each other, some of them to be refused."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

APPLIED, REJECTED, BLOCKED = "applied", "rejected", "blocked"
WORDS = "店长说下周二盘点, the cold shelf is empty; 价格牌要换 🚚 <b>&amp;</b> \\ \" ' é\u2028"
LONG = 3_500  # characters; a few of these fill a batch
MOST_BLOCKED = 20  # the server comes back to each of them with every batch


@dataclass(frozen=True)
class Wish:
    """One form. `mark` stands in its fields: what is done twice shows, under whatever id."""

    number: int
    id: str
    name: str
    fields: list[tuple[str, str]]
    expected: str = APPLIED

    @property
    def mark(self) -> str:
        return f"#{self.number}#"


@dataclass
class Planner:
    """`customers` are the rep's own, `products` have a price for them."""

    seed: int
    customers: list[str]
    products: list[str]
    first: int = 0
    blocked: int = 0
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice, self.next = random.Random(self.seed), self.first

    def wishes(self, count: int) -> list[Wish]:
        return [*islice(self.days(), count)]

    def days(self) -> Iterator[Wish]:
        while True:
            yield from self.visit(self.dice.choice(self.customers))

    def visit(self, customer: str) -> Iterator[Wish]:
        visit = self.check_in(customer)
        yield visit
        if self.dice.random() < 0.05:
            yield from self.checked_in_twice(customer)
        for _ in range(self.dice.randrange(1, 9)):
            yield self.dice.choice((self.note, self.note, self.order, self.promise))(
                customer, visit
            )
        out = self.check_out(visit)
        yield out
        if self.dice.random() < 0.05:
            yield self.check_out(visit, REJECTED)

    def checked_in_twice(self, customer: str) -> Iterator[Wish]:
        again = self.check_in(customer, REJECTED)
        yield again
        if self.blocked < MOST_BLOCKED:
            self.blocked += 1
            yield self.note(customer, again, BLOCKED)

    def check_in(self, customer: str, expected: str = APPLIED) -> Wish:
        return self.wish("visits.check_in.v1", expected, ("customer_id", customer), ("reason", ""))

    def note(self, customer: str, visit: Wish, expected: str = APPLIED) -> Wish:
        length = LONG if self.dice.random() < 0.03 else self.dice.randrange(1, len(WORDS))
        text = (WORDS * (length // len(WORDS) + 1))[:length]
        if expected is APPLIED and self.dice.random() < 0.01:
            return self.wish("visits.write_note.v1", REJECTED, *at(customer, visit), ("text", " "))
        return self.wish("visits.write_note.v1", expected, *at(customer, visit), ("text", text))

    def order(self, customer: str, visit: Wish) -> Wish:
        expected = REJECTED if self.dice.random() < 0.02 else APPLIED
        lines: list[tuple[str, str]] = []
        for line in range(self.dice.randrange(1, 4)):
            quantity = "0" if expected is REJECTED else str(self.dice.randrange(1, 30))
            lines += [(f"lines[{line}][product_id]", self.dice.choice(self.products))]
            lines += [(f"lines[{line}][quantity]", quantity)]
        return self.wish("orders.place.v1", expected, *at(customer, visit), *lines, ("remark", ""))

    def promise(self, customer: str, visit: Wish) -> Wish:
        due = (datetime.now(UTC) + timedelta(days=self.dice.randrange(1, 60))).date()
        told = [("side", "ours"), ("what", "samples"), ("due_on", due.isoformat())]
        return self.wish("followups.make_promise.v1", APPLIED, *at(customer, visit), *told)

    def check_out(self, visit: Wish, expected: str = APPLIED) -> Wish:
        outcome = self.dice.choice(("order", "progress", "no_progress", "not_met"))
        told = [("visit_id", visit.id), ("outcome", outcome), ("next_step", "")]
        return self.wish("visits.check_out.v1", expected, *told)

    def wish(self, name: str, expected: str, *fields: tuple[str, str]) -> Wish:
        number, self.next = self.next, self.next + 1
        ident = str(UUID(int=self.dice.getrandbits(128), version=4))
        marked = [(key, marked_by(number, key, value)) for key, value in fields]
        return Wish(number, ident, name, marked, expected)


def at(customer: str, visit: Wish) -> list[tuple[str, str]]:
    return [("customer_id", customer), ("visit_id", visit.id)]


def marked_by(number: int, key: str, value: str) -> str:
    """The free text of each command names its number, but for a note that is blank on purpose."""
    free = key in {"reason", "remark", "what", "next_step"} or (key == "text" and value != " ")
    return f"#{number}# {value}" if free else value
