"""A map of our own: everything in the frame, in order, and the same bytes for the same places."""

import re
from itertools import combinations
from math import hypot

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core.geo import Point, distance_m
from app.core.lines import simplified
from app.core.sketch import Spot, course, framed, outline, scale_bar, spots, spread_of

WIDTH, HEIGHT, MARGIN, GAP = 358, 140, 20, 25
HERE = Point(31.23, 121.47)
POINTS = st.builds(Point, st.floats(-85, 85), st.floats(-180, 180))
IN_TOWN = st.builds(Point, st.floats(31.0, 31.4), st.floats(121.2, 121.8))
PLACES = st.lists(st.one_of(POINTS, IN_TOWN), min_size=1, max_size=25)


@given(PLACES)
@example([HERE] * 20)
@example([Point(0, 179.9), Point(0, -179.9)])
def test_every_mark_is_inside_and_the_same_each_time(points: list[Point]) -> None:
    frame = framed(points, WIDTH, HEIGHT, MARGIN)
    drawn = spots(frame, points, GAP, MARGIN)
    assert len(drawn) == len(points)
    assert all(MARGIN <= x <= WIDTH - MARGIN for x, _y in drawn)
    assert all(MARGIN <= y <= HEIGHT - MARGIN for _x, y in drawn)
    assert spots(framed(points, WIDTH, HEIGHT, MARGIN), points, GAP, MARGIN) == drawn


@given(st.lists(IN_TOWN, min_size=1, max_size=12))
@example([HERE] * 12)
def test_numbers_do_not_lie_on_each_other(points: list[Point]) -> None:
    frame = framed(points, WIDTH, HEIGHT, MARGIN)
    drawn = spots(frame, points, GAP, MARGIN)
    assert all(hypot(a.x - b.x, a.y - b.y) > GAP * 0.7 for a, b in combinations(drawn, 2))


def test_who_lies_apart_stays() -> None:
    points = [Point(31.20, 121.40), Point(31.20, 121.50), Point(31.24, 121.45)]
    frame = framed(points, WIDTH, HEIGHT, MARGIN)
    exactly = [Spot(*map(round, frame.at(point))) for point in points]
    assert spots(frame, points, GAP, MARGIN) == exactly


def test_north_is_up_and_the_aspect_is_kept() -> None:
    south, north, east = Point(31.20, 121.40), Point(31.30, 121.40), Point(31.20, 121.50)
    frame = framed([south, north, east], 300, 300, 20)
    (x, y), (north_x, north_y), (east_x, east_y) = map(frame.at, (south, north, east))
    assert north_x == pytest.approx(x)
    assert east_y == pytest.approx(y)
    assert north_y < y
    assert east_x > x
    for metres, units in (
        (distance_m(south, north), y - north_y),
        (distance_m(south, east), east_x - x),
    ):
        assert metres / units == pytest.approx(frame.metres, rel=0.005)


def test_a_point_of_the_drawing_is_found_again() -> None:
    frame = framed([HERE], WIDTH, HEIGHT, MARGIN)
    there = frame.point_at(*frame.at(HERE))
    assert distance_m(there, HERE) < 0.01
    assert frame.metres * WIDTH == pytest.approx(600)


def test_the_date_line_is_no_edge_of_the_world() -> None:
    fiji = [Point(-17.0, 179.9), Point(-17.0, -179.9)]
    frame = framed(fiji, WIDTH, HEIGHT, MARGIN)
    assert frame.metres * WIDTH < 30_000
    (west, _), (east, _) = spots(frame, fiji, GAP, MARGIN)
    assert west < east


def test_the_way_goes_from_mark_to_mark() -> None:
    assert course([Spot(1, 2), Spot(30, 4), Spot(5, 6)]) == "1 2 30 4 5 6"
    assert course([Spot(1, 2)]) == course([]) == ""


@given(st.lists(IN_TOWN, min_size=1, max_size=5))
def test_the_bar_is_a_round_length(points: list[Point]) -> None:
    frame = framed(points, WIDTH, HEIGHT, MARGIN)
    metres, units = scale_bar(frame)
    assert re.fullmatch("[125]0*", str(metres))
    assert WIDTH / 10 - 1 <= units <= WIDTH / 4
    assert units == round(metres / frame.metres)


SQUARE = [Point(31.22, 121.46), Point(31.22, 121.48), Point(31.24, 121.48), Point(31.24, 121.46)]


def test_ground_is_drawn_as_far_as_it_is_seen() -> None:
    frame = framed([Point(31.20, 121.40), Point(31.26, 121.54)], WIDTH, HEIGHT, MARGIN)
    path = outline(frame, [*SQUARE, SQUARE[0]], closed=True, coarse=1)
    assert re.fullmatch(r"M\d+ \d+l(-?\d+[ -]?)+z", path)
    around = [Point(40, 100), Point(40, 140), Point(20, 140), Point(20, 100), Point(40, 100)]
    cut = outline(frame, around, closed=True, coarse=1)
    assert {abs(int(number)) for number in re.findall(r"\d+", cut)} <= {0, 6, 146, 152, 364, 370}
    elsewhere = [Point(lat + 5, lon) for lat, lon in SQUARE]
    assert outline(frame, elsewhere, closed=True, coarse=1) == ""
    assert outline(frame, elsewhere, closed=False, coarse=1) == ""


def test_a_line_that_leaves_and_comes_back_is_two() -> None:
    frame = framed([HERE], 100, 100, 10)
    x_of = [frame.point_at(x, 50) for x in (10, 90)]
    out = [frame.point_at(x, 300) for x in (90, 10)]
    path = outline(frame, [*x_of, *out, *x_of], closed=False, coarse=0.5)
    assert path.count("M") == 2


@given(st.lists(st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)), max_size=60))
def test_bends_that_are_left_out_are_near_the_line(line: list[tuple[float, float]]) -> None:
    kept = simplified(line, 50)
    assert kept[:1] == line[:1]
    assert kept[-1:] == line[-1:]
    assert all(near(point, kept, 50.001) for point in line)


def near(point: tuple[float, float], line: list[tuple[float, float]], metres: float) -> bool:
    legs = list(zip(line, line[1:] or line, strict=False))
    return any(off(point, *leg) <= metres for leg in legs)


def off(point: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    along = (b[0] - a[0], b[1] - a[1])
    square = along[0] ** 2 + along[1] ** 2
    share = 0.0
    if square:
        share = ((point[0] - a[0]) * along[0] + (point[1] - a[1]) * along[1]) / square
    share = min(max(share, 0), 1)
    return hypot(point[0] - a[0] - share * along[0], point[1] - a[1] - share * along[1])


def test_the_box_around_a_line() -> None:
    assert spread_of(SQUARE) == (31.22, 121.46, 31.24, 121.48)
