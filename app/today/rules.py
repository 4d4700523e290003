"""Why a customer is on today's list, or might be: each reason in words, the weightiest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.planning.cadence import Due, State

REGULAR = 3  # orders from which on a customer is said to order usually
LAPSED = 3  # so many usual intervals without an order: nothing is expected any more


class Because(StrEnum):
    PROMISE_LATE = "promise_late"
    PROMISE_DUE = "promise_due"
    APPOINTMENT = "appointment"
    MISSED = "missed"
    AGREED = "agreed"
    NEVER_VISITED = "never_visited"
    OVERDUE = "overdue"
    DUE = "due"
    ORDERS_NOW = "orders_now"
    OWES = "owes"
    NEAR = "near"
    EARLY = "early"
    PLANNED = "planned"


@dataclass(frozen=True)
class Reason:
    """`days` late, where the reason counts them; `at_minute` of the day, of an appointment.

    `amount` is money in minor units of `currency`.
    """

    because: Because
    days: int = 0
    what: str = ""
    at_minute: int = 0
    amount: int = 0
    currency: str = ""


@dataclass(frozen=True)
class Facts:
    """What is known of a customer on a day.

    `promise`: the first that is due, and when; `visit`: when the next one is due by the cadence,
    None where the policy wants none; `agreed` at the last visit for this day; `appointment`: at
    which minute of it, and whether that was `missed`; `owes`: what is overdue, in which currency.
    """

    promise: tuple[date, str] | None = None
    agreed: bool = False
    visited: bool = False
    visit: Due | None = None
    orders_now: bool = False
    near: bool = False
    planned: bool = False
    appointment: int | None = None
    missed: bool = False
    owes: tuple[int, str] | None = None


def reasons(today: date, known: Facts) -> list[Reason]:
    return list(said(today, known))


def said(today: date, known: Facts) -> Iterator[Reason]:
    if known.appointment is not None:
        because = Because.MISSED if known.missed else Because.APPOINTMENT
        yield Reason(because, at_minute=known.appointment)
    if known.promise:
        late = (today - known.promise[0]).days
        because = Because.PROMISE_LATE if late > 0 else Because.PROMISE_DUE
        yield Reason(because, max(late, 0), known.promise[1])
    if known.agreed and known.appointment is None:
        yield Reason(Because.AGREED)
    yield from by_cadence(today, known)
    if known.owes:
        amount, currency = known.owes
        yield Reason(Because.OWES, amount=amount, currency=currency)
    if known.orders_now:
        yield Reason(Because.ORDERS_NOW)
    if known.near:
        yield Reason(Because.NEAR)
    if known.planned and known.appointment is None:
        yield Reason(Because.PLANNED)


def by_cadence(today: date, known: Facts) -> Iterator[Reason]:
    state = known.visit.state(today) if known.visit else None
    if not known.visited and (known.planned or state is State.FIRST):
        yield Reason(Because.NEVER_VISITED)
    elif known.visit and state is State.OVERDUE:
        yield Reason(Because.OVERDUE, known.visit.days_late(today))
    elif state is State.DUE:
        yield Reason(Because.DUE)
    elif state is State.EARLY and known.planned and not awaited(known):
        yield Reason(Because.EARLY)


def awaited(known: Facts) -> bool:
    """Whether something was agreed for this day: then it is not too early."""
    return bool(known.promise or known.agreed or known.appointment is not None)


def worth_going(today: date, known: Facts) -> bool:
    """Whether a customer who is not planned is a candidate: something is due, or it is on the way.

    Whoever is near, or usually orders now, is none while it is too early for a visit.
    """
    if awaited(known):
        return True
    state = known.visit.state(today) if known.visit else State.EARLY
    if state in {State.FIRST, State.DUE, State.OVERDUE}:
        return True
    return state is State.SOON and bool(known.orders_now or known.near or known.owes)


def orders_now(times: int, first: date, last: date, today: date) -> bool:
    """Whether a customer usually orders about now: as long after the last order as on average."""
    if times < REGULAR or last <= first:
        return False
    usual: timedelta = (last - first) / (times - 1)
    return usual <= today - last <= usual * LAPSED
