"""A day as the rep has put it by hand: what came of all that was done and not undone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Protocol
from uuid import UUID

from app.planning.rules import Deed

Customers = frozenset[UUID]
NOBODY: Customers = frozenset()


class Done(Protocol):
    """One deed; `order` is that of the stops ahead, as the rep put it, or saw it when pinning."""

    @property
    def deed(self) -> Deed: ...
    @property
    def customer_id(self) -> UUID | None: ...
    @property
    def order(self) -> Sequence[UUID]: ...


@dataclass(frozen=True)
class ByHand:
    """`stands`: nothing in `order` changes its place until the rep asks for a plan again.

    Otherwise `order` says only where the pinned ones have their places.
    """

    skipped: Customers = NOBODY
    added: Customers = NOBODY
    pinned: Customers = NOBODY
    order: tuple[UUID, ...] = ()
    stands: bool = False

    def along(self, ahead: Collection[UUID]) -> list[UUID]:
        """Those of the order that are still ahead."""
        return [one for one in self.order if one in ahead]

    def places(self, ahead: Collection[UUID]) -> Mapping[int, UUID]:
        """Which stop is pinned to which place ahead, counted from 0.

        It moves up as those before it are done or skipped.
        """
        return {at: one for at, one in enumerate(self.along(ahead)) if one in self.pinned}

    @property
    def wanted(self) -> Customers:
        """Whom the rep means to see, whatever it costs."""
        ordered = self.order if self.stands else ()
        return (self.added | self.pinned).union(ordered) - self.skipped


def by_hand(deeds: Iterable[Done]) -> ByHand:
    """What came of these, done one after the other."""
    return reduce(after, deeds, ByHand())


def after(now: ByHand, done: Done) -> ByHand:
    """What comes of one more."""
    whom = NOBODY if done.customer_id is None else frozenset({done.customer_id})
    match done.deed:
        case Deed.SKIP:
            return replace(now, skipped=now.skipped | whom, added=now.added - whom)
        case Deed.ADD:
            return replace(now, skipped=now.skipped - whom, added=now.added | whom)
        case Deed.PIN:
            seen = now.order if now.stands else tuple(done.order) or now.order
            return replace(now, pinned=now.pinned | whom, order=seen)
        case Deed.UNPIN:
            return replace(now, pinned=now.pinned - whom)
        case Deed.ORDER:
            return replace(now, order=tuple(done.order), stands=True)
        case Deed.AGAIN:
            return replace(now, stands=False)
