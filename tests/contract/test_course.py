"""Times along a day's order, reckoned by the server and by the phone: the same through both."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.planning.route.evaluate import walk
from tests.contract.courses import (
    GOLDEN,
    Case,
    anything,
    asked,
    course_of,
    nearest_of,
)
from tests.contract.script import Ask, exported

CASES = json.loads(GOLDEN.read_text("utf-8"))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    return exported("course", tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def nearest(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    return exported("nearest", tmp_path_factory.mktemp("nearest"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_the_server_says(case: Case) -> None:
    assert course_of(case) == case["course"]
    assert nearest_of(case) == case["nearest"]


def test_the_phone_says_the_same(course: Ask, nearest: Ask) -> None:
    assert on_the_phone(course, CASES) == [case["course"] for case in CASES]
    assert ordered_on_the_phone(nearest, CASES) == [case["nearest"] for case in CASES]


def test_the_phone_says_the_same_of_anything(course: Ask, nearest: Ask) -> None:
    chance = Random(9)
    cases = [anything(chance) for _one in range(600)]
    assert on_the_phone(course, cases) == [course_of(case) for case in cases]
    assert ordered_on_the_phone(nearest, cases) == [nearest_of(case) for case in cases]


def test_an_order_that_can_be_kept_has_the_times_of_the_engine() -> None:
    chance = Random(10)
    kept = [case for case in (anything(chance) for _one in range(3_000)) if is_kept(case)]
    assert len(kept) > 300
    for case in kept:
        problem, found = asked(case), course_of(case)
        walked = walk(problem, range(1, problem.end))
        assert walked is not None
        assert [(one["arrive"], one["start"], one["leave"]) for one in found["halts"]] == [
            visit[1:] for visit in walked.visits
        ]
        assert (found["metres"], found["seconds"], found["finish"], found["lunch"]) == (
            walked.metres,
            walked.seconds,
            walked.finish_s,
            walked.lunch_s,
        )


def is_kept(case: Case) -> bool:
    """Where all have a position: the engine leaves the others out."""
    problem = asked(case)
    return all(one["place"] for one in case["stops"]) and bool(walk(problem, range(1, problem.end)))


def test_what_the_engine_calls_kept_is_kept_and_nothing_else() -> None:
    chance = Random(11)
    for case in (anything(chance) for _one in range(1_000)):
        found = course_of(case)
        if all(one["place"] for one in case["stops"]):
            hungry = asked(case).day.meal is not None and found["lunch"] is None
            whole = all(one["kept"] for one in found["halts"]) and not found["over"] and not hungry
            assert whole == is_kept(case)


def test_a_stop_may_begin_as_much_later_as_its_slack_and_not_a_second_more() -> None:
    chance = Random(12)
    tried = 0
    for case in (anything(chance) for _one in range(400)):
        case["day"]["lunch"] = None
        if case["stops"] and is_kept(case):
            tried += 1
            slack = course_of(case)["halts"][0]["slack"]
            assert slack >= 0
            assert is_whole(begun_later(case, slack))
            assert not is_whole(begun_later(case, slack + 1))
    assert tried > 40


def begun_later(case: Case, by_s: int) -> Case:
    """The first one begins so much later, whatever keeps the rep."""
    start = course_of(case)["halts"][0]["start"] + by_s
    at_its_door = {**case["day"], "start": case["stops"][0]["place"], "depart": start}
    return {**case, "first": start, "day": at_its_door}


def is_whole(case: Case) -> bool:
    """Whether it begins when it was to begin, and everything is kept."""
    found = course_of(case)
    begun = found["halts"][0]["start"] == case["first"]
    return begun and not found["over"] and all(one["kept"] for one in found["halts"])


@given(st.integers())
def test_nothing_is_lost_or_doubled_and_what_is_pinned_stays(seed: int) -> None:
    case = anything(Random(seed))
    ids = [one["id"] for one in case["stops"]]
    found = nearest_of(case)
    assert sorted(found) == sorted(ids)
    assert [found.index(one) for one in case["pinned"]] == [
        ids.index(one) for one in case["pinned"]
    ]


@given(st.integers())
def test_in_which_order_they_are_told_does_not_matter(seed: int) -> None:
    case = {**anything(Random(seed)), "pinned": []}
    other_way_round = {**case, "stops": case["stops"][::-1]}
    assert nearest_of(case) == nearest_of(other_way_round)


def on_the_phone(ask: Ask, cases: list[Case]) -> Any:
    return ask("along", [[case["day"], case["stops"], case["roads"]] for case in cases])


def ordered_on_the_phone(ask: Ask, cases: list[Case]) -> list[list[str]]:
    calls = [[case["day"], case["stops"], case["roads"], case["pinned"]] for case in cases]
    return [[one["id"] for one in order] for order in ask("nearestNext", calls)]
