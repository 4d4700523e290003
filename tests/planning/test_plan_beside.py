"""Days are planned beside the requests: who cannot wait gets a hasty plan, and the plan later."""

import os
import pickle
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from uuid import UUID

import pytest

from app.core.geo import Point
from app.planning.route.matrix import travel_between
from app.planning.route.planners import Planners, Rank, key_of
from app.planning.route.problem import Day, Plan, Problem, Stop
from app.planning.route.solve import answered, hasty, order_day

HOUR = 3600
HOME = Point(31.23, 121.47)


def crowded(seed: int) -> Problem:
    """Forty stops that do not all fit into the day."""
    chance = Random(seed)
    stops = tuple(
        Stop(
            UUID(int=number + 1),
            Point(HOME.lat + chance.uniform(-0.1, 0.1), HOME.lon + chance.uniform(-0.1, 0.1)),
            chance.choice([900, 1200, 1800, 2400]),
            worth=chance.choice([5, 15, 40, 100]),
        )
        for number in range(40)
    )
    places = [HOME, *(stop.point for stop in stops if stop.point), HOME]
    return Problem(Day(HOME, HOME, 8 * HOUR, 17 * HOUR), stops, travel_between(places))


@pytest.fixture
def beside() -> Iterator[Planners]:
    planners = Planners(1)
    yield planners
    planners.close()


def later(planners: Planners, problem: Problem) -> Plan:
    """As who comes back and finds the plan there, however slow the machine is."""
    plan = planners.plan(problem, Rank.PACK)
    while plan == hasty(problem):
        plan = planners.plan(problem, Rank.PACK)
    return plan


def stalled(planners: Planners) -> int:
    """The process, made to answer nothing until it may again."""
    planners.start()
    (process,) = planners.processes
    os.kill(process, signal.SIGSTOP)
    return process


def test_it_works(beside: Planners) -> None:
    problem = crowded(1)
    assert later(beside, problem) == answered(problem) != hasty(problem)


def test_who_cannot_wait_gets_a_hasty_plan_and_the_plan_later(beside: Planners) -> None:
    problem = crowded(2)
    process = stalled(beside)
    assert beside.plan(problem) == hasty(problem)
    os.kill(process, signal.SIGCONT)
    assert later(beside, problem) == answered(problem)


def test_the_same_question_is_not_planned_again(beside: Planners) -> None:
    plan = later(beside, crowded(3))
    stalled(beside)
    assert beside.plan(crowded(3)) == plan != hasty(crowded(3))


def test_a_process_that_died_is_started_anew(beside: Planners) -> None:
    problem = crowded(4)
    process = stalled(beside)
    assert beside.plan(problem) == hasty(problem)
    os.kill(process, signal.SIGKILL)
    assert later(beside, problem) == answered(problem)
    assert beside.processes != [process]


def test_more_than_may_wait_get_a_plan_too(beside: Planners) -> None:
    stalled(beside)
    problems = [crowded(seed) for seed in range(40)]
    with ThreadPoolExecutor(len(problems)) as people:
        assert list(people.map(beside.plan, problems)) == list(map(hasty, problems))


def test_at_the_end_nobody_waits_for_ever() -> None:
    planners = Planners(1)
    stalled(planners)
    with ThreadPoolExecutor(1) as people:
        packing = people.submit(planners.plan, crowded(6), Rank.PACK)
        planners.close()
        assert packing.result() == hasty(crowded(6))
    assert planners.processes == []


def test_requests_go_first(beside: Planners) -> None:
    later(beside, crowded(7))
    (process,) = beside.processes
    assert os.getpriority(os.PRIO_PROCESS, process) > os.getpriority(os.PRIO_PROCESS, 0)


def test_it_ends_with_its_server() -> None:
    asks = """
from app.planning.route.planners import Planners
planners = Planners(1)
planners.start()
print(planners.processes[0], flush=True)
input()
"""
    server = subprocess.Popen(
        [sys.executable, "-c", asks], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert server.stdout
    process = os.pidfd_open(int(server.stdout.readline()))
    server.kill()
    server.communicate()
    assert select.select([process], [], [], 60)[0]
    os.close(process)


def test_with_no_process_whoever_asks_plans() -> None:
    planners = Planners(0)
    assert planners.plan(crowded(8)) is planners.plan(crowded(8))
    assert planners.plan(crowded(8)) == answered(crowded(8))
    assert planners.processes == []


def test_a_question_is_known_by_all_that_it_asks() -> None:
    problem, day = crowded(9), crowded(9).day
    assert key_of(problem) == key_of(pickle.loads(pickle.dumps(problem)))
    longer = Day(day.start, day.end, day.depart_s, day.until_s + 1)
    others = [
        Problem(longer, problem.stops, problem.matrix),
        Problem(day, problem.stops[::-1], problem.matrix),
        Problem(day, problem.stops, crowded(10).matrix),
    ]
    assert len({key_of(one) for one in [problem, *others]}) == 4


def test_a_hasty_day_that_is_over_is_empty() -> None:
    plan = order_day(Day(HOME, HOME, 9 * HOUR, 8 * HOUR), crowded(1).stops, plan=hasty)
    assert plan.order == ()
