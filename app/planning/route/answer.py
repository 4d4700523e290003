"""A plan written out, with the reason for each customer who is not on it."""

from collections.abc import Sequence
from uuid import UUID

from app.planning.route.evaluate import Walk, opens_during, walk, weight
from app.planning.route.pace import arrival
from app.planning.route.problem import LeftOut, Plan, Problem, Stop, Why
from app.planning.route.room import fits_between, room_in

PRICED = 100  # stops left out, the worthiest ones, of which the price is looked for
SPAN = 4  # visits in a row that are looked at as the price of another one


def as_plan(problem: Problem, order: Sequence[int], *, proven: bool = False) -> Plan:
    """Write out an order; when not even the way home fits, a day without visits."""
    walked = walk(problem, order)
    order = order if walked else ()
    walked = walked or Walk((), 0, 0, problem.day.depart_s, 0, None)
    served = set(order)
    others = [row for row in range(1, problem.end) if row not in served]
    priced = set(sorted(others, key=lambda row: -weight(problem.stops[row - 1]))[:PRICED])
    return Plan(
        walked.visits,
        tuple(left_out(problem, order, row, priced=row in priced) for row in others),
        walked.metres,
        walked.seconds,
        walked.finish_s,
        walked.early + sum(problem.stops[row - 1].worth for row in order),
        walked.lunch_s,
        proven,
    )


def left_out(problem: Problem, order: Sequence[int], row: int, *, priced: bool = True) -> LeftOut:
    """Look for the first of these that is so: closed, too far, no time for it, or at what price."""
    stop = problem.stops[row - 1]
    if not opens_during(problem.day, stop):
        return LeftOut(stop.id, Why.CLOSED_TODAY)
    arrive_s = arrival(problem, problem.day.depart_s, 0, row)
    away_s = arrive_s - problem.day.depart_s
    if walk(problem, [row]) is not None:
        if not priced:
            return LeftOut(stop.id, Why.DOES_NOT_FIT, away_s)
        return _beside(problem, order, row, away_s)
    if _too_far(problem, row, arrive_s):
        return LeftOut(stop.id, Why.TOO_FAR, away_s)
    return LeftOut(stop.id, Why.CLOSED_THEN, away_s, _shut(stop, arrive_s))


def _beside(problem: Problem, order: Sequence[int], row: int, away_s: int) -> LeftOut:
    """Say why a stop that could be seen alone is not seen with the others."""
    name = problem.stops[row - 1].id
    if problem.day.most is not None and len(order) >= problem.day.most:
        return LeftOut(name, Why.FULL, away_s)
    needed = [other for other in order if _needed(problem.stops[other - 1])]
    if needed and not _fits(problem, needed, row):
        return LeftOut(name, Why.APPOINTMENTS, away_s, instead=_ids(problem, needed))
    price = _price(problem, order, row)
    if price is None:
        return LeftOut(name, Why.DOES_NOT_FIT, away_s)
    return LeftOut(name, Why.COSTS_OTHERS, away_s, instead=_ids(problem, price))


def _too_far(problem: Problem, row: int, arrive_s: int) -> bool:
    """Whether it could not even be done were it open all day."""
    done_s = arrive_s + problem.stops[row - 1].service_s
    return arrival(problem, done_s, row, problem.end) > problem.day.until_s


def _shut(stop: Stop, arrive_s: int) -> tuple[int, int | None]:
    """From when to when nobody can begin there: the gap into which one who comes straight falls."""
    closes_s = max((closes for _, closes in stop.hours if closes < arrive_s), default=0)
    opens_s = min((opens for opens, _ in stop.hours if opens > arrive_s), default=None)
    return closes_s, opens_s


def _needed(stop: Stop) -> bool:
    return stop.required or stop.fixed_s is not None


def _fits(problem: Problem, order: Sequence[int], row: int) -> bool:
    places = range(len(order) + 1)
    return any(walk(problem, [*order[:at], row, *order[at:]]) is not None for at in places)


def _price(problem: Problem, order: Sequence[int], row: int) -> Sequence[int] | None:
    """The visits in a row, worth least together, in whose place it could go.

    Where no few of them do, all that are not needed; None if there are none.
    """
    room, around = room_in(problem, order), [0, *order, problem.end]
    stays = [_needed(problem.stops[one - 1]) for one in order]
    worths = [weight(problem.stops[one - 1]) for one in order]
    prices = []
    for at in range(len(order) + 1):
        for to in range(at, min(at + SPAN, len(order)) + 1):
            if to > at and stays[to - 1]:
                break
            if fits_between(problem, room, (at, to, around[at], around[to + 1]), row):
                prices.append((sum(worths[at:to]), to - at, at))
    for _worth_gone, many, at in sorted(prices):
        if walk(problem, [*order[:at], row, *order[at + many :]]) is not None:
            return order[at : at + many]
    return [other for other in order if not _needed(problem.stops[other - 1])] or None


def _ids(problem: Problem, rows: Sequence[int]) -> tuple[UUID, ...]:
    return tuple(problem.stops[row - 1].id for row in rows)
