from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.planning.cadence import Due
from app.planning.worth import Case, Weights, worth
from app.today.rules import LAPSED, REGULAR, Because, Facts, orders_now, reasons, worth_going

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
DAYS = st.integers(0, 4000)
DUES = st.none() | st.builds(
    Due,
    gap=st.integers(1, 200),
    on=st.none() | DAYS.map(lambda days: TODAY + (days - 2000) * DAY),
    early_until=st.none() | DAYS.map(lambda days: TODAY + (days - 2000) * DAY),
)
PROMISES = st.none() | DAYS.map(lambda days: (TODAY - days * DAY, "Samples"))
FACTS = st.builds(Facts, promise=PROMISES, visit=DUES)


def first(known: Facts) -> Because:
    return reasons(TODAY, known)[0].because


def test_somebody_never_visited_is_new() -> None:
    assert first(Facts(planned=True)) is Because.NEVER_VISITED
    assert first(Facts(visit=Due(5))) is Because.NEVER_VISITED
    assert not reasons(TODAY, Facts())


@given(DAYS)
def test_overdue_begins_the_day_after_it_was_due(days: int) -> None:
    (why,) = reasons(TODAY, Facts(visited=True, visit=Due(5, TODAY - days * DAY)))
    assert (why.because is Because.OVERDUE) is (days > 0)
    assert why.days == days


@given(FACTS, DAYS)
def test_a_promise_is_always_said_first(known: Facts, late: int) -> None:
    promised = Facts(**{**vars(known), "promise": (TODAY - late * DAY, "Samples")})
    why = reasons(TODAY, promised)[0]
    assert why.because is (Because.PROMISE_LATE if late else Because.PROMISE_DUE)
    assert (why.days, why.what) == (late, "Samples")


@given(FACTS)
def test_a_planned_stop_always_has_a_reason_and_a_candidate_too(known: Facts) -> None:
    assert reasons(TODAY, Facts(**{**vars(known), "planned": True}))
    if worth_going(TODAY, known):
        assert reasons(TODAY, known)


@pytest.mark.parametrize(
    ("known", "goes"),
    [
        (Facts(visited=True, visit=Due(5, TODAY)), True),
        (Facts(visited=True, visit=Due(5, TODAY + DAY, TODAY)), False),
        (Facts(visited=True, visit=Due(5, TODAY + DAY, TODAY), near=True), True),
        (Facts(visited=True, visit=Due(5, TODAY + DAY, TODAY), orders_now=True), True),
        (Facts(visited=True, visit=Due(5, TODAY + DAY, TODAY + DAY), near=True), False),
        (Facts(near=True), False),
        (Facts(promise=(TODAY, "Samples")), True),
        (Facts(agreed=True), True),
    ],
)
def test_who_is_a_candidate(known: Facts, *, goes: bool) -> None:
    assert worth_going(TODAY, known) is goes


@given(st.integers(0, REGULAR + 5), st.integers(0, 400), st.integers(0, 2000))
def test_who_usually_orders_now(times: int, span: int, since: int) -> None:
    last = TODAY - since * DAY
    now = orders_now(times, last - span * DAY, last, TODAY)
    if times < REGULAR or span == 0:
        assert not now
    else:
        usual = span / (times - 1)
        assert now is (usual <= since <= usual * LAPSED)


CASES = st.builds(
    Case,
    grade=st.sampled_from(["A1", "A2", "B1", "B2", "C", "D", None]),
    gaps_late=st.floats(0, 50),
    promised=st.booleans(),
    agreed=st.booleans(),
    expected=st.none() | st.floats(0, 50),
)


@given(CASES, st.floats(0, 50))
def test_later_is_never_worth_less(case: Case, more: float) -> None:
    later = Case(**{**vars(case), "gaps_late": case.gaps_late + more})
    assert worth(later, Weights()) >= worth(case, Weights()) > 0


def test_the_sum_can_be_said_aloud() -> None:
    weights = Weights()
    assert worth(Case("A1"), weights) == 100
    assert worth(Case("A1", gaps_late=1), weights) == 200
    assert worth(Case("A1", gaps_late=9), weights) == 300
    assert worth(Case("C", promised=True, expected=1), weights) == 15 + 60 + 30
    assert worth(Case("D", agreed=True), weights) == 5 + 80
    assert worth(Case("B1", gaps_late=1), Weights(late=50)) == 60
