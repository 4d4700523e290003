"""Days built stop by stop, many at once, of which those with the best prospects are carried on.

When none had to be given up the best one found is worth the most that is possible.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.planning.route.bounds import STEPS, Bound, look
from app.planning.route.net import (
    NEVER,
    TIMES,
    Flags,
    Net,
    Numbers,
    after_lunch,
    can_end,
    gains,
    starts,
)

SIFTED = 4  # times as many as are carried on are looked at closely
PLACE = 0x1E3779B97F4A7C15  # parts the names of equal sets by where one is and whether one ate
OF_ONE_STOP = 10  # at most one of so many carried on may end at the same stop


class Found(NamedTuple):
    """Rows in order, what they are worth (as `net.prizes` weighs), and whether nothing is better.

    `tried` is how many beginnings were looked at.
    """

    order: list[int] | None
    worth: int
    proven: bool
    tried: int


@dataclass(frozen=True, eq=False)
class _Labels:
    """Beginnings of days that are equally long: where, when, eaten, prize, fined prize, set."""

    at: Numbers
    leave: Numbers
    eaten: Numbers
    prize: Numbers
    fined: Numbers
    seen: Flags
    name: Numbers  # of the set
    came: Numbers  # from which label of the stop before


def search(net: Net, bound: Bound, found: int, width: int, *, over: Callable[[], bool]) -> Found:
    """Look for a day that is worth more than `found`, carrying on `width` beginnings at a time."""
    names = np.random.default_rng(1).integers(1, 1 << 61, len(net.prize))
    labels = _morning(net, bound)
    levels: list[_Labels] = []
    best, at_best, whole, tried = found, (-1, -1), bound.sure, 0
    for visits in range(1, net.most + 1):
        labels, many, cut = _longer(net, bound, labels, (names, best, width, visits))
        tried += many
        whole &= not cut
        if not len(labels.at):
            break
        levels.append(labels)
        ended = (labels.eaten == 1) | can_end(net, labels.leave, labels.at)
        worth = np.where(ended, labels.prize, -1)
        if worth.max() > best:
            best, at_best = int(worth.max()), (len(levels) - 1, int(worth.argmax()))
        if over():
            whole = False
            break
    return Found(_path(levels, *at_best), best // TIMES, whole, tried)


def _morning(net: Net, bound: Bound) -> _Labels:
    """One label at no stop: column -1 stands for the start."""
    none = np.zeros((1, len(net.prize)), dtype=np.bool_)
    one = np.zeros(1, dtype=np.int64)
    return _Labels(
        one - 1,
        one + net.depart,
        one + (net.meal is None),
        one,
        one + bound.fines.sum(),
        none,
        one,
        one,
    )


def _longer(
    net: Net, bound: Bound, labels: _Labels, aim: tuple[Numbers, int, int, int]
) -> tuple[_Labels, int, bool]:
    """Add a stop to each label in every way; keep the best, say how many there were, and if cut."""
    names, best, width, visits = aim
    rows, to, done, gain, eaten = _ways(net, labels)
    fined = labels.fined[rows] + gain - bound.fines[to]
    steps = np.minimum((done - net.depart) // bound.unit, STEPS)
    hope = fined + look(bound, eaten, to, steps, labels.at[rows])
    prize = labels.prize[rows] + gain
    hope = np.minimum(hope, prize + _at_most(net, net.most - visits))
    good = np.flatnonzero(hope > best)
    many = len(good)
    cut = many > SIFTED * width
    if cut:
        good = np.sort(good[np.argpartition(-hope[good], SIFTED * width)[: SIFTED * width]])
    name = labels.name[rows[good]] + names[to[good]]  # wraps round, as it may
    name += (to[good] * 2 + eaten[good] + 1) * PLACE
    good = good[_undominated(name, done[good], prize[good])]
    if len(good) > width:
        cut = True
        good = good[_promising(hope[good], done[good], to[good] * 2 + eaten[good], width)]
    rows, to = rows[good], to[good]
    seen = labels.seen[rows]
    seen[np.arange(len(rows)), to] = True
    name = labels.name[rows] + names[to]
    chosen = _Labels(to, done[good], eaten[good], prize[good], fined[good], seen, name, rows)
    return chosen, many, cut


def _ways(net: Net, labels: _Labels) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
    """From which label, to which stop, done there when, gaining what, and having eaten or not."""
    travel = np.vstack([net.between, net.first])[labels.at]  # -1 is the start
    arrive = labels.leave[:, None] + travel
    every = np.arange(len(labels.at))
    readies = [(every, arrive, labels.eaten)]
    if net.meal:
        hungry = np.flatnonzero(labels.eaten == 0)
        leave = np.broadcast_to(labels.leave[hungry, None], (len(hungry), len(net.prize)))
        full = after_lunch(net.meal, leave, arrive[hungry])
        readies.append((hungry, full, np.ones_like(labels.eaten)))
    parts = []
    for rows, ready, eaten in readies:
        start = starts(net, ready, np.arange(len(net.prize)))
        start[labels.seen[rows]] = NEVER
        row, to = np.nonzero(start < NEVER)
        start = start[row, to]
        at = rows[row]
        parts.append((at, to, start + net.service[to], gains(net, net.prize, start, to), eaten[at]))
    several = [np.concatenate(part) for part in zip(*parts, strict=True)]
    return several[0], several[1], several[2], several[3], several[4]


def _at_most(net: Net, visits: int) -> int:
    """What so many visits more can be worth at most."""
    if visits >= len(net.prize):
        return NEVER << 20
    return int(np.sort(net.prize + net.early)[::-1][: max(visits, 0)].sum())


def _undominated(name: Numbers, done: Numbers, prize: Numbers) -> Numbers:
    """Of the same stops in another order, those that are sooner done or gained more."""
    order = np.lexsort((-prize, done, name))
    if len(order) < 2:
        return order
    name, prize = name[order], prize[order]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = name[1:] != name[:-1]
    group = np.cumsum(new) - 1
    high = prize + group * (int(prize.max()) + 1)
    record = np.maximum.accumulate(high)
    new[1:] |= high[1:] > record[:-1]
    return order[new]


def _promising(hope: Numbers, done: Numbers, to: Numbers, width: int) -> Numbers:
    """The most hopeful ones, no more than a share of them at one stop while there are others."""
    order = np.lexsort((done, -hope))
    by_stop = np.argsort(to[order], kind="stable")
    sorted_to = to[order][by_stop]
    begins = np.flatnonzero(np.r_[True, sorted_to[1:] != sorted_to[:-1]])
    sizes = np.diff(np.r_[begins, len(order)])
    rank = np.empty(len(order), dtype=np.int64)
    rank[by_stop] = np.arange(len(order)) - np.repeat(begins, sizes)
    ahead = rank < max(width // OF_ONE_STOP, 1)
    return np.concatenate([order[ahead], order[~ahead]])[:width]


def _path(levels: list[_Labels], level: int, at: int) -> list[int] | None:
    if level < 0:
        return None
    order = []
    while level >= 0:
        order.append(int(levels[level].at[at]) + 1)
        at = int(levels[level].came[at])
        level -= 1
    return order[::-1]
