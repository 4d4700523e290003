from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.customers.rules import Grade
from app.planning.commands import SetFrame
from app.planning.frame import EndsAt, Frame, departs_at, frame_from, frame_values, lunch_is_over
from app.planning.rules import (
    DAY_BEGINS,
    DAY_ENDS,
    minutes_at,
    seconds_of,
    start_windows,
    worth_of,
)

TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1))  # noqa: DTZ001 - the rep's clock
DAY_S = 24 * 3600


@given(TIMES)
def test_a_rep_sets_out_within_the_day_and_not_in_the_past(now: datetime) -> None:
    at = departs_at(now, Frame())
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
    on_the_day = datetime.combine(datetime(2026, 11, 24), now)  # noqa: DTZ001 - local
    assert departs_at(on_the_day, Frame()) == seconds_of(departs)


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


@given(
    st.builds(
        SetFrame,
        begins=st.times(max_value=time(8)),
        ends=st.times(min_value=time(16)),
        lunch_from=st.times(time(11), time(12)),
        lunch_to=st.times(time(12), time(13)),
        lunch_minutes=st.integers(0, 180),
        end_at=st.sampled_from(EndsAt),
    )
)
def test_a_frame_is_kept_as_it_was_said(said: SetFrame) -> None:
    frame = frame_from(said.model_dump(mode="json"))
    assert frame == Frame(**said.model_dump(exclude={"id", "at"}))
    again = SetFrame.model_validate(frame_values(frame))
    assert frame_from(again.model_dump(mode="json")) == frame


def test_what_a_frame_no_longer_knows_is_left_out() -> None:
    assert frame_from({"siesta": 120, "most": 9}) == Frame(most=9)


@pytest.mark.parametrize(
    ("free", "over"),
    [
        ([], False),
        ([(time(9), time(11))], False),
        ([(time(11), time(12, 14))], False),
        ([(time(11), time(12, 15))], True),
        ([(time(12), time(12, 20)), (time(12, 50), time(13, 40))], True),
        ([(time(13, 10), time(18))], False),
    ],
)
def test_who_was_free_long_enough_at_noon_has_eaten(
    free: list[tuple[time, time]], *, over: bool
) -> None:
    spans = [(seconds_of(first), seconds_of(last)) for first, last in free]
    assert lunch_is_over(Frame(lunch_minutes=45), spans) is over
