"""How often, by the rules alone: read against the table of the policy, then for anything at all."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.customers.rules import Grade
from app.planning.cadence import (
    CADENCES,
    Cadence,
    Due,
    History,
    Rhythm,
    Shares,
    State,
    Unit,
    due,
    dues,
)
from app.planning.workdays import Workdays, workdays_of
from app.visits.rules import ContactKind

DAY = timedelta(days=1)
PLAIN = Workdays(tuple(day for year in range(2024, 2031) for day in workdays_of(year, (), (), {})))
ALL_WEEK = [[day, 480, 1200] for day in range(7)]
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
RHYTHMS = st.builds(
    Rhythm, times=st.integers(1, 31), span=st.integers(1, 12), unit=st.sampled_from(Unit)
)
SPANS = st.lists(st.tuples(DAYS, st.integers(0, 20)), max_size=5)
OTHERS = st.dictionaries(st.sampled_from(ContactKind), st.integers(1, 30))
WINDOWS = st.none() | st.lists(st.sampled_from(ALL_WEEK), unique_by=lambda one: one[0])


def leave(spans: list[tuple[date, int]]) -> Workdays:
    return PLAIN.without((first, first + days * DAY) for first, days in spans)


@pytest.mark.parametrize(
    ("grade", "visits", "calls", "manager"),
    [
        (Grade.A1, 5, 2, 22),
        (Grade.A2, 7, 5, 22),
        (Grade.B1, 11, 5, 22),
        (Grade.B2, 22, 10, 22),
        (Grade.C, 44, 10, None),
        (Grade.D, None, 22, None),
    ],
)
def test_the_gaps_of_the_defaults(
    grade: Grade, visits: int | None, calls: int, manager: int | None
) -> None:
    cadence = CADENCES[grade]
    assert (cadence.visits.gap, cadence.calls.gap, cadence.manager.gap) == (visits, calls, manager)


@given(RHYTHMS)
def test_the_number_of_the_policy_is_kept(rhythm: Rhythm) -> None:
    """Whoever keeps to the gap comes at least as often, as far as one day is one visit."""
    assert rhythm.gap
    days = {Unit.WEEK: 5, Unit.MONTH: 22}[rhythm.unit] * rhythm.span
    assert days // rhythm.gap >= min(rhythm.times, days)


@given(RHYTHMS, DAYS, SPANS, WINDOWS)
def test_it_is_due_on_a_worked_day_after_the_last_one(
    rhythm: Rhythm, last: date, away: list[tuple[date, int]], windows: list[list[int]] | None
) -> None:
    days = leave(away)
    assume(rhythm.gap and rhythm.gap < 200)
    found = due(rhythm, last, days, windows)
    assert found
    assert found.on
    assert found.on > last
    assert found.on in days
    assert days.within(last, found.on) >= found.gap


@given(RHYTHMS, DAYS, SPANS)
def test_leave_never_makes_it_earlier(
    rhythm: Rhythm, last: date, away: list[tuple[date, int]]
) -> None:
    without, withal = due(rhythm, last, PLAIN, None), due(rhythm, last, leave(away), None)
    assert without
    assert withal
    assert without.on
    assert withal.on
    assert withal.on >= without.on


@given(DAYS, st.integers(0, 6), RHYTHMS)
def test_the_closed_days_of_the_customer_are_left_out(
    last: date, closed: int, rhythm: Rhythm
) -> None:
    windows = [one for one in ALL_WEEK if one[0] != closed]
    found = due(rhythm, last, PLAIN, windows)
    assert found
    assert found.on
    assert found.on.weekday() != closed


def test_who_opens_only_at_weekends_is_due_all_the_same() -> None:
    found = due(Rhythm(1), date(2026, 11, 2), PLAIN, [[5, 600, 900], [6, 600, 900]])
    assert found
    assert found.on == date(2026, 12, 2)


@given(OTHERS, OTHERS)
def test_other_contacts_put_it_off_and_never_by_more_than_the_policy(
    others: dict[ContactKind, int], more: dict[ContactKind, int]
) -> None:
    shares, cadence = Shares(), CADENCES[Grade.B2]
    both = {kind: others.get(kind, 0) + more.get(kind, 0) for kind in ContactKind}
    at = date(2026, 3, 2)
    fewer = visit_due(cadence, History(at, others=others), shares)
    sooner = visit_due(cadence, History(at), shares)
    later = visit_due(cadence, History(at, others=both), shares)
    assert sooner <= fewer <= later
    assert PLAIN.within(sooner, later) <= 22 * shares.most // 100


def test_a_call_that_reached_them_counts_as_a_tenth_of_a_visit() -> None:
    history = History(date(2026, 3, 2), others={ContactKind.PHONE: 1})
    due_on = visit_due(CADENCES[Grade.B2], history, Shares())
    assert PLAIN.within(date(2026, 3, 2), due_on) == 22 + 2


def visit_due(cadence: Cadence, history: History, shares: Shares) -> date:
    found = dues(cadence, history, shares, PLAIN, None).visit
    assert found
    assert found.on
    return found.on


def test_the_next_call_counts_from_whichever_came_last() -> None:
    last = date(2026, 3, 2), date(2026, 3, 6)
    for history in (History(visited=last[0], spoken=last[1]), History(last[1], spoken=last[0])):
        call = dues(CADENCES[Grade.A2], history, Shares(), PLAIN, None).call
        assert call
        assert call.on == date(2026, 3, 13)


def test_what_was_agreed_comes_before_the_cadence() -> None:
    history = History(date(2026, 3, 2), agreed=date(2026, 3, 4))
    call = dues(CADENCES[Grade.A2], history, Shares(), PLAIN, None).call
    assert call
    assert call.on == date(2026, 3, 4)


def test_a_grade_without_visits_is_never_due() -> None:
    assert dues(CADENCES[Grade.D], History(), Shares(), PLAIN, None).visit is None


@given(RHYTHMS, DAYS, DAYS)
def test_one_state_a_day(rhythm: Rhythm, last: date, today: date) -> None:
    found = due(rhythm, last, PLAIN, None)
    assert found
    assert found.on
    state = found.state(today)
    assert (state is State.OVERDUE) is (today > found.on)
    assert (state is State.DUE) is (today == found.on)
    assert (found.days_late(today) > 0) is (state is State.OVERDUE)
    if state is State.EARLY:
        assert PLAIN.within(last, today) * 2 <= found.gap


def test_without_a_last_one_the_first_is_due() -> None:
    assert Due(5).state(date(2026, 3, 2)) is State.FIRST


@given(DAYS, st.integers(1, 300), SPANS)
def test_counting_forth_and_back(day: date, count: int, away: list[tuple[date, int]]) -> None:
    days = leave(away)
    assert days.within(day, days.after(day, count)) == count
    assert days.after(day, count) in days
