"""Chance that can be repeated: the same seed tells the same story."""

from random import Random
from uuid import UUID


def dice(seed: int | str) -> Random:
    return Random(seed)  # noqa: S311 - for a story, not for a secret


def new_id(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)


def happens(rng: Random, share: float) -> bool:
    """True in `share` of all cases."""
    return rng.random() < share
