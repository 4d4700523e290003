"""Days in a given order, as the phone is asked about them, and what the server says of each.

`python -m tests.contract.courses` writes course.json anew, by what the server says today.
"""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from app.core.geo import Point
from app.planning.route.course import along, problem_of
from app.planning.route.matrix import Roads, travel_between
from app.planning.route.nearest import nearest_next
from app.planning.route.problem import Day, Early, Lunch, Pace, Problem, Stop
from app.planning.rules import start_windows

GOLDEN = Path(__file__).parent / "course.json"
Case = dict[str, Any]

USUAL = {"detour": 1.3, "slowest": 25.0, "faster": 1.5, "fastest": 55.0, "parking": 60}
RUSH = [1.0] * 7 + [0.6, 0.5, 0.7] + [1.0] * 6 + [0.8, 0.5, 0.55] + [1.1] * 5
HOME = [31.2304, 121.4737]
LUNCH = {"from": 690, "to": 780, "minutes": 45}


def asked(case: Case) -> Problem:
    """What the phone is asked, as the server asks itself."""
    day, roads = case["day"], case["roads"]
    lunch = day["lunch"] and Lunch(
        day["lunch"]["from"] * 60, day["lunch"]["to"] * 60, day["lunch"]["minutes"] * 60
    )
    end = day["end"] and Point(*day["end"])
    frame = Day(Point(*day["start"]), end, day["depart"], day["until"], lunch)
    by_car = Roads(*(roads[name] for name in USUAL))
    return problem_of(
        frame,
        [stop_of(stop) for stop in case["stops"]],
        Pace(tuple(roads["speeds"])) if roads.get("speeds") else None,
        roadmap=partial(travel_between, roads=by_car),
    )


def stop_of(told: Case) -> Stop:
    service_s, early = told["takes"] * 60, told["early"]
    return Stop(
        UUID(told["id"]),
        told["place"] and Point(*told["place"]),
        service_s,
        start_windows(told["open"], service_s),
        fixed_s=None if told["fixed"] is None else told["fixed"] * 60,
        early=early and Early(early["until"] * 60, early["worth"]),
    )


def course_of(case: Case) -> Case:
    """As the phone says it."""
    problem = asked(case)
    course = along(problem, range(1, problem.end))
    return {
        "halts": [
            {
                "id": str(halt.id),
                "arrive": halt.arrive_s,
                "start": halt.start_s,
                "leave": halt.leave_s,
                "metres": halt.metres,
                "kept": halt.kept,
                "shut": halt.shut and list(halt.shut),
                "slack": halt.slack_s,
            }
            for halt in course.halts
        ],
        "metres": course.metres,
        "seconds": course.seconds,
        "finish": course.finish_s,
        "over": course.over_s,
        "lunch": course.lunch_s,
    }


def nearest_of(case: Case) -> list[str]:
    problem = asked(case)
    rows = range(1, problem.end)
    pinned = {row for row in rows if str(problem.stops[row - 1].id) in case["pinned"]}
    return [str(problem.stops[row - 1].id) for row in nearest_next(problem, rows, pinned)]


def stop(number: int, place: list[float] | None, takes: int = 30, **told: Any) -> Case:
    usual = {"open": [[540, 1080]], "fixed": None, "early": None}
    return {"id": str(UUID(int=number)), "place": place, "takes": takes, **usual, **told}


def day(*stops: Case, says: str = "", pinned: tuple[int, ...] = (), **told: Any) -> Case:
    frame = {"start": HOME, "depart": 30600, "end": HOME, "until": 64800, "lunch": None}
    roads = USUAL | ({"speeds": told.pop("speeds")} if "speeds" in told else {})
    ids = [stops[at]["id"] for at in pinned]
    return {"says": says, "day": frame | told, "stops": [*stops], "roads": roads, "pinned": ids}


NEAR, SOUTH, FAR = [31.2353, 121.4812], [31.1993, 121.4377], [31.3912, 121.2451]


def told() -> Iterator[Case]:
    """Each thing that can be so, on a day of its own."""
    three = (stop(3, NEAR), stop(1, SOUTH), stop(2, FAR, 40))
    yield day(says="nobody")
    yield day(*three, says="a plain day")
    yield day(*three, says="it is over with the last visit", end=None)
    yield day(*three, says="the rush hour", speeds=RUSH)
    yield day(*three, says="lunch", lunch=LUNCH)
    yield day(*three, says="lunch in the rush hour", lunch=LUNCH | {"from": 420}, speeds=RUSH)
    yield day(*three, says="after lunch", lunch=LUNCH, depart=50_000)
    yield day(*three, says="lunch before the road, which is long", lunch=LUNCH, depart=44_000)
    yield day(*three, says="too late to be back", depart=61_200)
    yield day(*three, says="the one at hand is pinned last", pinned=(2,))
    yield day(*three, says="all are pinned", pinned=(0, 1, 2))
    closed = stop(1, SOUTH, open=[[540, 600], [840, 1020]])
    yield day(stop(3, NEAR, 90), closed, stop(2, FAR), says="closed at noon")
    yield day(stop(3, NEAR, 90), stop(1, SOUTH, open=[[540, 600]]), says="closed by then")
    yield day(stop(3, NEAR), stop(1, SOUTH, open=[]), stop(2, FAR), says="closed all day")
    yield day(stop(3, NEAR, open=None), stop(1, SOUTH, open=None), says="hours are not known")
    yield day(stop(3, NEAR, 60, open=[[570, 600]]), says="open for less than a visit")
    yield day(stop(3, NEAR), stop(1, SOUTH, fixed=630), says="an appointment, long before it")
    yield day(stop(3, NEAR), stop(2, FAR), stop(1, SOUTH, fixed=630), says="one is missed")
    yield day(stop(3, NEAR, 20), stop(2, FAR, fixed=1080, open=[]), says="one when it is closed")
    yield day(stop(3, NEAR, 55), stop(1, NEAR, fixed=560), says="the nearest would spoil it")
    yield day(stop(3, None), stop(1, SOUTH), stop(2, None), says="some have no position")
    yield day(stop(3, NEAR), stop(1, NEAR), says="two at one place, one name before the other")
    morning = {"until": 660, "worth": 30}
    yield day(*three, stop(4, NEAR, early=morning), says="better before eleven", lunch=LUNCH)


def anything(chance: Random) -> Case:
    """A day as nobody would make it."""
    stops = [any_stop(chance, number) for number in range(chance.randint(0, 7))]
    chance.shuffle(stops)
    begins = chance.choice([600, 660, 720])
    lunch = {"from": begins, "to": begins + chance.choice([0, 60, 120]), "minutes": 45}
    frame = {
        "depart": chance.randrange(25_000, 60_000),
        "until": chance.choice([57_600, 64_800, 72_000]),
        "end": chance.choice([HOME, None, somewhere(chance)]),
        "lunch": chance.choice([None, lunch]),
    }
    if chance.random() < 0.4:
        frame["speeds"] = [round(chance.uniform(0.3, 1.5), 2) for _hour in range(24)]
    pinned = tuple(at for at in range(len(stops)) if chance.random() < 0.3)
    return day(*stops, says="anything", pinned=pinned, **frame)


def any_stop(chance: Random, number: int) -> Case:
    opens = chance.randrange(480, 700, 10)
    noon = [[opens, opens + 120], [opens + 180, opens + 400]]
    return stop(
        number + 1,
        None if chance.random() < 0.1 else somewhere(chance),
        chance.choice([0, 10, 25, 40, 90]),
        open=chance.choice([None, None, [[opens, opens + 400]], noon, []]),
        fixed=chance.randrange(540, 1000, 15) if chance.random() < 0.15 else None,
        early=chance.choice([None, None, {"until": 690, "worth": chance.randrange(40)}]),
    )


def somewhere(chance: Random) -> list[float]:
    reach = chance.choice([0.01, 0.1, 0.4])
    return [round(at + chance.uniform(-reach, reach), 5) for at in HOME]


def answered(case: Case) -> Case:
    return case | {"course": course_of(case), "nearest": nearest_of(case)}


if __name__ == "__main__":
    lines = [json.dumps(answered(case)) for case in told()]
    GOLDEN.write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")
