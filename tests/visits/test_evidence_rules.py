from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.visits.rules import (
    RADIUS_M,
    WRONG_CLOCK,
    Verdict,
    clock_is_wrong,
    evidence,
    judged,
    reason_needed,
)

METRES = st.floats(0, 20_000_000)
RADIUS = st.integers(1, 50_000)
FURTHER = (Verdict.CONFIRMED, Verdict.LIKELY, Verdict.FAR)


@given(METRES, METRES, RADIUS)
def test_who_may_be_inside_is_never_far(distance: float, accuracy: float, radius: int) -> None:
    inside = distance <= radius + accuracy
    assert (judged(distance, accuracy, radius) is Verdict.FAR) is not inside


@given(METRES, METRES, METRES, RADIUS)
def test_nobody_gets_nearer_by_going_away(
    one: float, other: float, accuracy: float, radius: int
) -> None:
    near, far = sorted((one, other))
    verdicts = [judged(metres, accuracy, radius) for metres in (near, far)]
    if Verdict.CANNOT_TELL not in verdicts:
        assert FURTHER.index(verdicts[0]) <= FURTHER.index(verdicts[1])
    elif verdicts[0] is Verdict.FAR:
        pytest.fail(f"far at {near} m, {verdicts[1]} at {far} m")


@given(METRES, METRES, RADIUS, st.integers(0, 50_000))
def test_a_larger_radius_never_makes_it_worse(
    distance: float, accuracy: float, radius: int, more: int
) -> None:
    if judged(distance, accuracy, radius) is not Verdict.FAR:
        assert judged(distance, accuracy, radius + more) is not Verdict.FAR


@given(METRES, METRES, RADIUS)
def test_confirmed_means_that_the_whole_fix_is_inside(
    distance: float, accuracy: float, radius: int
) -> None:
    if judged(distance, accuracy, radius) is Verdict.CONFIRMED:
        assert distance + accuracy <= radius


@pytest.mark.parametrize(("distance", "accuracy"), [(None, 10.0), (10.0, None), (None, None)])
def test_what_is_not_known_cannot_be_told(distance: float | None, accuracy: float | None) -> None:
    seen = evidence(distance, accuracy, RADIUS_M)
    assert seen.verdict is Verdict.CANNOT_TELL
    assert not reason_needed(seen)


@pytest.mark.parametrize(
    ("ahead", "wrong"),
    [
        (timedelta(), False),
        (WRONG_CLOCK, False),
        (WRONG_CLOCK + timedelta(seconds=1), True),
        (timedelta(days=-3), False),  # behind looks like a late delivery
    ],
)
def test_a_clock_far_ahead_is_wrong(ahead: timedelta, *, wrong: bool) -> None:
    assert clock_is_wrong(ahead) is wrong
