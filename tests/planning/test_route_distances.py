"""How far it is, and how long at which hour."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.geo import Point, distance_m
from app.planning.route.matrix import geodesics_m
from app.planning.route.pace import driven, usual
from app.planning.route.problem import Pace

RUSH = Pace((1.0,) * 7 + (0.7, 0.6, 0.8) + (1.0,) * 7 + (0.6, 0.7) + (1.0,) * 5)


@pytest.mark.parametrize("lat", [-33.9, 0.0, 31.2, 49.2, 60.2, 68.9])
@pytest.mark.parametrize(("km", "percent"), [(5, 0.001), (60, 0.001), (200, 0.001), (1000, 0.01)])
def test_a_matrix_is_as_good_as_the_geodesic(lat: float, km: float, percent: float) -> None:
    random = Random(int(lat * km))
    half = km / 111 / 2
    places = [
        Point(lat + random.uniform(-half, half), 121 + random.uniform(-half, half))
        for _ in range(20)
    ]
    table = geodesics_m(places)
    for a, here in enumerate(places):
        for b, there in enumerate(places):
            assert table[a, b] == pytest.approx(
                distance_m(here, there), rel=percent / 100, abs=0.01
            )


def test_it_goes_round_the_date_line() -> None:
    there, here = Point(-17.0, 179.9), Point(-17.0, -179.9)
    assert geodesics_m([here, there])[0, 1] == pytest.approx(distance_m(here, there), rel=1e-5)


@given(st.integers(0, 90_000), st.integers(0, 20_000), st.integers(1, 4_000))
def test_who_leaves_later_never_arrives_sooner(leave_s: int, takes_s: int, later_s: int) -> None:
    arrive_s = driven(RUSH, leave_s, takes_s)
    assert leave_s + takes_s <= arrive_s <= leave_s + takes_s / 0.6 + 1
    assert driven(RUSH, leave_s + later_s, takes_s) >= arrive_s


def test_the_pace_changes_while_one_drives() -> None:
    # Half an hour at full pace until 7:00, then 42 minutes' worth at 0.7.
    assert driven(RUSH, 6 * 3600 + 1800, 1800 + 42 * 60) == 8 * 3600
    assert usual(RUSH, 10 * 3600, 16 * 3600) == 1
    assert usual(RUSH, 7 * 3600, 9 * 3600) == pytest.approx((1 / 0.7 + 1 / 0.6) / 2)
