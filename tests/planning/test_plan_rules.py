from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.customers.rules import Grade
from app.planning.rules import (
    DAY_BEGINS,
    DAY_ENDS,
    departs_at,
    minutes_at,
    seconds_of,
    start_windows,
    worth_of,
)

TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1))  # noqa: DTZ001 - the rep's clock
DAY_S = 24 * 3600


@given(TIMES)
def test_a_rep_sets_out_within_the_day_and_not_in_the_past(now: datetime) -> None:
    at = departs_at(now)
    assert seconds_of(DAY_BEGINS) <= at < seconds_of(DAY_ENDS)
    assert at % 300 == 0
    if DAY_BEGINS <= now.time() < DAY_ENDS:
        assert 0 <= seconds_of(now.time()) - at < 300


@pytest.mark.parametrize(
    ("now", "departs"),
    [
        (time(6), time(8, 30)),
        (time(8, 34, 59), time(8, 30)),
        (time(17, 59), time(17, 55)),
        (time(18), time(8, 30)),
        (time(23, 59), time(8, 30)),
    ],
)
def test_the_day_begins_in_the_morning(now: time, departs: time) -> None:
    assert departs_at(datetime.combine(datetime(2026, 11, 24), now)) == seconds_of(departs)  # noqa: DTZ001 - local


@given(st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 1440))), st.integers(0, 7200))
def test_a_visit_ends_before_closing_where_that_is_possible(
    spans: list[tuple[int, int]], service_s: int
) -> None:
    opening = [(opens, opens + length) for opens, length in spans]
    windows = start_windows(opening, service_s)
    assert len(windows) == max(1, len(opening))
    for (opens, closes), (first, last) in zip(opening, windows, strict=False):
        assert first == opens * 60
        assert first <= last
        assert last + service_s <= closes * 60 or last == first


def test_unknown_hours_are_any_time_and_closed_is_never() -> None:
    assert start_windows(None, 600) == ()
    assert start_windows([], 600) == ((0, -1),)


def test_better_customers_are_worth_more_and_take_longer() -> None:
    grades = list(Grade)
    assert sorted(grades, key=worth_of, reverse=True) == grades
    assert sorted(grades, key=minutes_at, reverse=True) == grades
    assert minutes_at(None) > minutes_at(Grade.D)
    assert worth_of("") == worth_of(None)
