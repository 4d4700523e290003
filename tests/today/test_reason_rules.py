from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.today.rules import LONG_AGO_DAYS, Because, reason

TODAY = date(2026, 11, 24)
DAYS = st.integers(0, 4000)


def test_somebody_never_visited_is_new() -> None:
    assert reason(TODAY, None, None).because is Because.NEVER_VISITED


@given(DAYS)
def test_long_ago_begins_with_the_policy(days: int) -> None:
    why = reason(TODAY, TODAY - timedelta(days=days), None)
    assert (why.because is Because.LONG_AGO) is (days >= LONG_AGO_DAYS)
    assert why.days == days


@given(DAYS, st.none() | DAYS)
def test_a_promise_is_always_said(late: int, since: int | None) -> None:
    last_visit = None if since is None else TODAY - timedelta(days=since)
    why = reason(TODAY, last_visit, (TODAY - timedelta(days=late), "Samples"))
    assert why.because is (Because.PROMISE_LATE if late else Because.PROMISE_DUE)
    assert (why.days, why.what) == (late, "Samples")
