from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.customers.rules import DAY, Window, open_on, opens_on

MONDAY = date(2026, 11, 23)
WINDOWS: st.SearchStrategy[list[Window]] = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, DAY - 1), st.integers(1, DAY)).map(
        lambda w: (w[0], w[1], w[1] + w[2])
    ),
    max_size=12,
)


def test_a_day_has_its_own_windows_in_order() -> None:
    week = [(0, 780, 1080), (0, 540, 720), (1, 600, 660)]
    assert open_on(week, MONDAY) == [(540, 720), (780, 1080)]
    assert open_on(week, MONDAY + timedelta(days=1)) == [(600, 660)]
    assert open_on(week, MONDAY + timedelta(days=2)) == []


@pytest.mark.parametrize(
    ("day", "open_at"),
    [
        (MONDAY - timedelta(days=1), [(1200, 1560)]),  # Sunday from 20:00 until 02:00
        (MONDAY, [(0, 120)]),
        (MONDAY + timedelta(days=1), []),
    ],
)
def test_the_night_belongs_to_the_evening_and_to_the_morning_after(
    day: date, open_at: list[tuple[int, int]]
) -> None:
    assert open_on([(6, 1200, 1560)], day) == open_at


def test_until_midnight_is_not_the_morning_after() -> None:
    assert open_on([(0, 600, DAY)], MONDAY + timedelta(days=1)) == []


@given(WINDOWS)
def test_in_a_week_nothing_is_lost_and_nothing_is_invented(week: list[Window]) -> None:
    days = [open_on(week, MONDAY + timedelta(days=day)) for day in range(7)]
    before_midnight = sum(min(closes, DAY) - opens for day in days for opens, closes in day)
    assert before_midnight == sum(closes - opens for _day, opens, closes in week)
    assert all(day == sorted(day) for day in days)


@given(WINDOWS, st.integers(0, 6))
def test_who_opens_on_a_day_has_windows_on_it(week: list[Window], ahead: int) -> None:
    day = MONDAY + timedelta(days=ahead)
    assert opens_on(week, day) == bool(open_on(week, day))
