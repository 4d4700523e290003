"""What the rest of a day can still be worth at most, for every stop and every time to leave it.

The bound comes from days on which a stop may be visited again, but not at once after one other
stop (2-cycles are excluded, Houck et al. 1980). Stops that its best day visits twice are made
cheaper and the ones that it left out dearer again (subgradients, Held and Karp 1971).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from app.planning.route.net import NEVER, Flags, Net, Numbers, after_lunch, can_end, gains, starts

STEPS = 150  # parts of the day
BOLD, LESS_BOLD = 0.7, 0.7  # steps after one that did not tighten anything
NOTHING = -(1 << 50)


@dataclass(frozen=True, eq=False)
class Bound:
    """[eaten, stop, step]: the best, through which stop, and the best through another one.

    `fines` were taken off the prizes; whoever does not visit a stop gets its fine back.
    `whole` is the bound of the day; `sure` that no step of the day was too long for a visit.
    """

    best: Numbers
    through: Numbers
    second: Numbers
    fines: Numbers
    unit: int
    whole: int
    sure: bool


def bound_of(
    net: Net,
    found: int,
    rounds: int,
    *,
    over: Callable[[], bool],
    before: Bound | None = None,
) -> Bound:
    """Tighten the bound so often, going on from one before; `found` is the best worth known."""
    fines = np.zeros_like(net.prize) if before is None else before.fines
    unit = -(-(net.until - net.depart + 1) // STEPS)
    hops = _hops(net, unit)
    tightest = before
    boldness = BOLD
    for _ in range(rounds):
        bound = _filled(net, hops, fines, unit)
        path, whole = _best_day(net, bound)
        if tightest is None or whole < tightest.whole:
            tightest = replace(bound, whole=whole)
        else:
            boldness *= LESS_BOLD
        visits = np.bincount(np.array(path, dtype=np.int64), minlength=len(fines))
        if over() or not (visits > 1).any():
            break
        wrong = np.where(visits > 1, visits - 1, np.where((visits == 0) & (fines > 0), -1, 0))
        stride = boldness * max(whole - found, 1) / int((wrong * wrong).sum())
        fines = np.clip(fines + np.rint(wrong * stride).astype(np.int64), 0, net.prize)
    if tightest is None:
        raise ValueError("at least one round")
    return tightest


class _Hops(NamedTuple):
    """All ways to go on from the stops `here` at a step, having eaten or not.

    Each is a cell of [here, to], what it gains, the entry of the tables where it arrives, and
    where it came from; `legs` has those without lunch in between first.
    """

    step: int
    eaten: int
    here: Numbers
    ends: Flags
    legs: list[tuple[int, Numbers, Numbers, Numbers, Numbers]]


def _hops(net: Net, unit: int) -> list[_Hops]:
    """From the evening to the morning: everything that fines do not change."""
    everywhere = np.arange(len(net.prize))
    soonest = starts(net, net.depart + net.first, everywhere) + net.service
    latest = net.closes.max(axis=0) + net.service
    from_step, to_step = (soonest - net.depart) // unit, (latest - net.depart) // unit
    hops: list[_Hops] = []
    for step in range(STEPS - 1, -1, -1):
        here = np.flatnonzero((from_step <= step) & (step <= to_step))
        if not len(here):
            continue
        leave = np.maximum(net.depart + step * unit, soonest[here])
        arrive = leave[:, None] + net.between[here]
        dry = _legs(net, (unit, step, here), arrive)
        if net.meal is None:
            hops.append(_Hops(step, 1, here, np.ones(len(here), dtype=np.bool_), [(1, *dry)]))
            continue
        fed = after_lunch(net.meal, np.broadcast_to(leave[:, None], arrive.shape), arrive)
        after = _legs(net, (unit, step, here), fed)
        hops += [
            _Hops(step, 1, here, np.ones(len(here), dtype=np.bool_), [(1, *dry)]),
            _Hops(step, 0, here, can_end(net, leave, here), [(0, *dry), (1, *after)]),
        ]
    return hops


def _legs(
    net: Net, at: tuple[int, int, Numbers], ready: Numbers
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Cells of [here, to], their stops, gains, and entries of the table of [stop, step]."""
    unit, step, here = at
    start = starts(net, ready, np.arange(len(net.prize)))
    start[np.arange(len(here)), here] = NEVER
    cells = np.flatnonzero(start < NEVER)
    to = cells % len(net.prize)
    started = start.ravel()[cells]
    steps = np.maximum((started + net.service[to] - net.depart) // unit, step + 1)
    entries = to * (STEPS + 1) + np.minimum(steps, STEPS)
    return cells, to, gains(net, net.prize, started, to), entries


def _filled(net: Net, hops: list[_Hops], fines: Numbers, unit: int) -> Bound:
    """Fill the tables from the evening to the morning."""
    many = len(fines)
    shape = (2, many, STEPS + 1)
    best, second = np.full(shape, NOTHING), np.full(shape, NOTHING)
    through = np.full(shape, -1)
    flat = [(best[n].ravel(), through[n].ravel(), second[n].ravel()) for n in (0, 1)]
    for step, eaten, here, ends, legs in hops:
        values = np.full(len(here) * many, NOTHING)
        for then, cells, to, gain, entries in legs:
            first, by, other = flat[then]
            back = by[entries] == here[cells // many]
            worth = gain - fines[to] + np.where(back, other[entries], first[entries])
            values[cells] = np.maximum(values[cells], worth)
        table = values.reshape(len(here), many)
        rows = np.arange(len(here))
        next_one = table.argmax(axis=1)
        most = table[rows, next_one]
        table[rows, next_one] = NOTHING
        end = np.where(ends, 0, NOTHING)
        best[eaten, here, step] = np.maximum(most, end)
        through[eaten, here, step] = np.where(most > end, next_one, -1)
        second[eaten, here, step] = np.maximum(table.max(axis=1), end)
    return Bound(best, through, second, fines, unit, 0, _sure(net, unit))


def _sure(net: Net, unit: int) -> bool:
    """Whether every visit with its way takes at least a step, as the tables take for granted."""
    takes = net.between + net.service[None, :]
    return bool(takes[~np.eye(len(takes), dtype=np.bool_)].min(initial=unit) >= unit)


def look(
    bound: Bound, eaten: int | Numbers, at: Numbers, step: Numbers, before: Numbers
) -> Numbers:
    """Read what the rest of the day is worth at most without going straight back to `before`."""
    back = bound.through[eaten, at, step] == before
    rest: Numbers = np.where(back, bound.second[eaten, at, step], bound.best[eaten, at, step])
    return rest


def _best_day(net: Net, bound: Bound) -> tuple[list[int], int]:
    """Follow the tables from the start: the stops of the day that gives the bound; its worth."""
    prize = net.prize - bound.fines
    path: list[int] = []
    before, eaten, leave = -1, 0 if net.meal else 1, net.depart
    whole = 0
    everywhere = np.arange(len(prize))
    while len(path) < STEPS:
        arrive = leave + (net.between[path[-1]] if path else net.first)
        choices = [(eaten, arrive)]
        if not eaten and net.meal:
            choices.append((1, after_lunch(net.meal, np.full_like(arrive, leave), arrive)))
        found = (0, -1, 0, 0)
        for then, ready in choices:
            start = starts(net, ready, everywhere)
            if path:
                start[[path[-1], before]] = NEVER
            to = np.flatnonzero(start < NEVER)
            if not len(to):
                continue
            done = start[to] + net.service[to]
            steps = np.minimum((done - net.depart) // bound.unit, STEPS)
            worth = gains(net, prize, start[to], to)
            worth += look(bound, then, to, steps, np.full_like(to, path[-1] if path else -1))
            at = int(worth.argmax())
            found = max(found, (int(worth[at]), int(to[at]), then, int(done[at])))
        worth_now, to_now, then, done_now = found
        if not path:
            whole = worth_now + int(bound.fines.sum())
        if to_now < 0:
            break
        before, eaten, leave = path[-1] if path else -1, then, done_now
        path.append(to_now)
    return path, whole
