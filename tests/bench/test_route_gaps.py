"""How much worth a day loses against the best known.

Repeat with `pytest -s -m bench tests/bench/test_route_gaps.py`: a sample, all of them where
ROADBOOK_BENCH_ALL is set. The work of the engine is counted, and the clock that would stop it on a
busy machine stands still here: the gaps are the same wherever this runs.
"""

import json
import os
from functools import partial
from typing import Any

import pytest

from app.planning.route import effort
from app.planning.route.question import question_of
from app.planning.route.reply import reply_of
from app.planning.route.solve import answered
from tests.bench.table import at_most, tell
from tests.bench.yardstick import evenly
from tests.planning.checking import broken
from tests.planning.full_days import crowded_town, full_day
from tests.planning.orienteering import best_known, question

pytestmark = pytest.mark.bench

ALL = bool(os.environ.get("ROADBOOK_BENCH_ALL"))
SAMPLE = ("c102", "c109", "r101", "r103", "r109", "rc103", "rc105", "rc106")

# The optimum of each full day, proven by a labelling of another make in C++.
OPTIMA = [
    *(944, 834, 813, 812, 761, 952, 969, 943, 975, 815),
    *(850, 911, 849, 942, 767, 866, 1024, 732, 864, 980),
]


@pytest.fixture
def no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "perf_counter", lambda: 0.0)


@pytest.mark.usefixtures("no_clock")
@pytest.mark.parametrize(("seconds", "limit"), [(0.3, 0.6), (1, 0.15)])
def test_published_problems(seconds: float, limit: float) -> None:
    best = best_known()
    if not best:
        pytest.skip("no published problems beside this checkout")
    names = list(best) if ALL else SAMPLE
    days = [(question(name, seconds=seconds), best[name]) for name in names]
    measured(days, f"published problems, {len(days)}, {seconds} s", limit)


@pytest.mark.usefixtures("no_clock")
@pytest.mark.parametrize(("seconds", "limit"), [(0.2, 0.4), (1, 0.1)])
def test_full_days(seconds: float, limit: float) -> None:
    seeds = range(len(OPTIMA) if ALL else 6)
    days = [(full_day(seed, seconds=seconds) | {"soon": True}, OPTIMA[seed]) for seed in seeds]
    measured(days, f"full days, {len(days)}, {seconds} s", limit)


@pytest.mark.parametrize(("count", "lunch"), [(150, False), (100, True), (400, True)])
def test_it_is_not_much_longer_than_its_seconds(count: int, *, lunch: bool) -> None:
    asked = crowded_town(count, lunch=lunch, seconds=0.3)
    problem = question_of(json.dumps(asked)).problem
    took = min(evenly(lambda: answered(problem, seconds=0.3))[1] for _time in range(3))
    at_most(0.5, round(took, 2), f"0.3 seconds for {count} stops{', lunch' * lunch}", "s of CPU")


def measured(days: list[tuple[dict[str, Any], int]], what: str, limit: float) -> None:
    gaps, nearest, spent, proven = [], [], [], 0
    for asked, best in days:
        asking = question_of(json.dumps(asked))
        plan, took = evenly(partial(answered, asking.problem, seconds=asked["seconds"]))
        answer = reply_of(asking, plan)
        spent.append(took)
        assert broken(asked, answer) == []
        assert not answer["proven"] or answer["worth"] == best
        proven += bool(answer["proven"])
        gaps.append(100 * (1 - float(str(answer["worth"])) / best))
        nearest.append(100 * (1 - nearest_next(asked) / best))
    solved = sum(gap < 1e-9 for gap in gaps)
    tell(
        f"{what}: {solved} at the best known, {proven} proven, largest gap {max(gaps):.1f} %, "
        f"nearest next loses {sum(nearest) / len(nearest):.0f} %, "
        f"{sum(spent) / len(spent):.2f} s each, at most {max(spent):.2f} s"
    )
    at_most(limit, sum(gaps) / len(gaps), f"{what}: mean gap to the best known", "%")


def nearest_next(asked: dict[str, Any]) -> float:
    """What who always goes where a visit can begin soonest comes home with, after lunch."""
    stops, travel, lunch = asked["stops"], asked["travel_minutes"], asked.get("lunch")
    now, here, worth, hungry, left = asked["depart"], 0, 0.0, lunch, set(range(len(stops)))
    while True:
        if hungry and now >= hungry["from"]:
            now, hungry = now + hungry["minutes"], None
        reach = []
        for n in left:
            stop, there = stops[n], now + travel[here][n + 1]
            windows = [[stop["fixed"]] * 2] if "fixed" in stop else stop["windows"]
            start = min((max(a, there) for a, b in windows if there <= b), default=None)
            if start is not None and start + stop["minutes"] + travel[n + 1][0] <= asked["until"]:
                reach.append((start, n))
        if not reach:
            return worth
        start, n = min(reach)
        worth += stops[n]["worth"]
        now, here = start + stops[n]["minutes"], n + 1
        left.remove(n)
