"""`roadbook route`: question and answer as JSON, checked without the engine's own eyes."""

import csv
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from app.cli import app
from app.core.errors import Refused
from app.core.geo import Point
from app.core.hours import windows_of
from app.customers.rules import open_on_weekday
from app.planning.route import effort
from app.planning.route.ask import ask
from app.planning.route.matrix import travel_between
from tests.planning.checking import broken
from tests.planning.full_days import crowded_town, full_day
from tests.planning.orienteering import FOLDER, best_known, question

Question = dict[str, Any]

TOWN: Question = {
    "depart": 480,
    "until": 1020,
    "start": 0,
    "end": 0,
    "travel_minutes": [[0, 10.5, 40, 20], [10.5, 0, 30, 20], [40, 30, 0, 20], [20, 20, 20, 0]],
    "stops": [
        {"id": "mill", "worth": 100, "minutes": 30, "windows": [[540, 700], [780, 960]]},
        {"id": "farm", "worth": 40, "minutes": 20},
        {"id": 7, "worth": 15, "minutes": 20, "fixed": 600},
    ],
    "seconds": 0.05,
    "seed": 1,
}


def answer(asked: Question) -> Question:
    told: Question = json.loads(ask(json.dumps(asked)))
    return told


def town(**told: object) -> Question:
    return TOWN | told


def stop(**told: object) -> Question:
    mill: Question = TOWN["stops"][0]
    return mill | told


@pytest.fixture
def a_quick_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """One whose clock never stops the work that is counted, however crowded it is."""
    monkeypatch.setattr(effort, "perf_counter", lambda: 0.0)


def test_it_works(tmp_path: Path) -> None:
    file = tmp_path / "day.json"
    file.write_text(json.dumps(TOWN))
    from_file = CliRunner().invoke(app, ["route", str(file)])
    from_stdin = CliRunner().invoke(app, ["route", "-"], input=json.dumps(TOWN))
    assert from_file.exit_code == from_stdin.exit_code == 0
    assert from_file.output == from_stdin.output
    told = json.loads(from_file.output)
    assert broken(TOWN, told) == []
    assert {visit["id"] for visit in told["order"]} == {"mill", "farm", 7}
    assert told["dropped"] == []
    assert told["worth"] == 155
    assert told["proven"] is True


def test_an_appointment_is_kept_to_the_minute() -> None:
    told = answer(town(stops=[*TOWN["stops"][:2], stop(id="x", worth=0, fixed=600.3)]))
    assert next(v["start"] for v in told["order"] if v["id"] == "x") == 600.3


def test_positions_give_kilometres() -> None:
    places = [[31.23, 121.47], [31.24, 121.48], [31.30, 121.50], [31.20, 121.40]]
    asked = {key: value for key, value in TOWN.items() if key != "travel_minutes"}
    told = answer(asked | {"positions": places, "detour": 1.0})
    longer = answer(asked | {"positions": places, "detour": 1.4})
    assert told["km"] == pytest.approx(longer["km"] / 1.4, abs=0.1)
    assert "km" not in answer(TOWN)


def test_the_end_may_be_anywhere_a_stop_or_a_row_of_its_own() -> None:
    table = TOWN["travel_minutes"]
    assert answer(town(end=None))["minutes"] < answer(TOWN)["minutes"]
    at_the_mill = answer(town(end=1))
    assert at_the_mill["order"][-1]["id"] == "mill"
    own = [[*row, 5] for row in table] + [[5, 5, 5, 5, 0]]
    assert broken(town(travel_minutes=own, end=4), answer(town(travel_minutes=own, end=4))) == []


def test_rush_hours_make_the_road_longer() -> None:
    slow = answer(town(pace=[1.0] * 8 + [0.5] + [1.0] * 15))
    first = slow["order"][0]
    assert first["arrive"] - 480 > TOWN["travel_minutes"][0][TOWN["stops"].index(by_id(first)) + 1]


def by_id(visit: Question) -> Question:
    asked: Question = next(stop for stop in TOWN["stops"] if stop["id"] == visit["id"])
    return asked


def test_the_reason_says_what_it_is_about() -> None:
    far = [[0, 10, 40, 300], [10, 0, 30, 300], [40, 30, 0, 300], [300, 300, 300, 0]]
    stops = [
        stop(id="near", worth=100, minutes=400, windows=None),
        stop(id="shut", worth=10, minutes=10, windows=[[480, 510], [1010, 1015]]),
        stop(id="far", worth=10, minutes=10, windows=None),
    ]
    why = {
        out["id"]: out["why"] for out in answer(town(travel_minutes=far, stops=stops))["dropped"]
    }
    assert why == {
        "shut": "closed 8:30–16:50 and 40 min away",
        "far": "300 min away, and there is no way back in time",
    }
    dear = [
        stop(id="near", worth=100, minutes=400, windows=None),
        stop(id="b", minutes=300, worth=4),
    ]
    told = answer(town(travel_minutes=[row[:3] for row in far[:3]], stops=dear))
    assert told["dropped"] == [{"id": "b", "why": "would cost near"}]
    told = answer(town(max_visits=1))
    assert {out["why"] for out in told["dropped"]} == {"the day has as many visits as it may"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"depart": None}, "depart"),
        ({"until": "late"}, "until"),
        ({"start": 9}, "start"),
        ({"end": 1.5}, "end"),
        ({"travel_minutes": [[0, 1], [1, 0]]}, "travel_minutes"),
        ({"travel_minutes": [[0, 1], [1]]}, "travel_minutes[1]"),
        ({"travel_minutes": [[0] * 4, [0, 0, -1, 0], [0] * 4, [0] * 4]}, "travel_minutes[1][2]"),
        ({"travel_minutes": None}, "travel_minutes"),
        ({"stops": {}}, "stops"),
        ({"stops": [1, 2, 3]}, "stops[0]"),
        ({"stops": [stop(id=None)] * 3}, "stops[0].id"),
        ({"stops": [stop()] * 3}, "stops[1].id"),
        ({"stops": [stop(minutes=-1)] * 3}, "stops[0].minutes"),
        ({"stops": [stop(worth=True)] * 3}, "stops[0].worth"),
        ({"stops": [stop(windows=[[2, 1]])] * 3}, "stops[0].windows[0]"),
        ({"stops": [stop(windows=[[2]])] * 3}, "stops[0].windows[0]"),
        ({"stops": [stop(must=1)] * 3}, "stops[0].must"),
        ({"stops": [stop(early={})] * 3}, "stops[0].early.until"),
        ({"lunch": {"from": 700, "to": 600, "minutes": 30}}, "lunch"),
        ({"lunch": {"from": 700}}, "lunch.to"),
        ({"max_visits": -1}, "max_visits"),
        ({"seconds": "1"}, "seconds"),
        ({"seed": 0.5}, "seed"),
        ({"pace": [1]}, "pace"),
    ],
)
def test_it_refuses_what_it_cannot_understand_and_names_the_field(
    wrong: Question, said: str
) -> None:
    refused = CliRunner().invoke(app, ["route", "-"], input=json.dumps(town(**wrong)))
    assert refused.exit_code == 2
    assert f"“{said}”" in refused.stderr
    assert refused.stdout == ""


@pytest.mark.parametrize("text", ["", "[", "[]", "NaN", '{"depart": NaN}', "[" * 100_000])
def test_it_refuses_what_is_no_question(text: str) -> None:
    refused = CliRunner().invoke(app, ["route", "-"], input=text)
    assert refused.exit_code == 2
    assert refused.stderr


@pytest.mark.usefixtures("a_quick_machine")
@pytest.mark.skipif(not FOLDER.exists(), reason="the shared data are not here")
@pytest.mark.parametrize("name", ["c101", "r101", "rc101", "r105", "c106", "rc102", "c109"])
def test_published_problems_are_solved(name: str) -> None:
    asked = question(name, seconds=3)
    told = answer(asked)
    assert broken(asked, told) == []
    assert told["worth"] == best_known()[name]


@pytest.mark.usefixtures("a_quick_machine")
@pytest.mark.parametrize("seed", range(4))
def test_a_full_day_is_kept(seed: int) -> None:
    asked = full_day(seed, seconds=2)
    told = answer(asked)
    assert broken(asked, told) == []
    fixed = {stop["id"] for stop in asked["stops"] if "fixed" in stop}
    assert fixed <= {visit["id"] for visit in told["order"]}
    assert told["proven"] is True
    assert answer(asked) == told


def test_real_opening_hours_are_kept_on_a_hundred_days(data: Path) -> None:
    with (data / "western_city/customers_helsinki_centre.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["lat"]]
    for seed in range(100):
        random = Random(seed)
        chosen = random.sample(rows, 30)
        asked = helsinki(chosen, random, weekday=seed % 7)
        assert broken(asked, answer(asked)) == [], seed


def helsinki(rows: list[dict[str, str]], random: Random, weekday: int) -> Question:
    places = [Point(60.17, 24.94), *(Point(float(row["lat"]), float(row["lon"])) for row in rows)]
    stops = [
        {"id": n, "worth": random.choice((100, 40, 15)), "minutes": random.choice((10, 20, 40))}
        | {"windows": start_windows(row["opening_hours"], weekday)}
        for n, row in enumerate(rows)
    ]
    for one, at in zip(random.sample(stops, 2), (570, 840), strict=True):
        one["fixed"] = at
    return {
        "depart": 510,
        "until": 1080,
        "start": 0,
        "end": 0,
        "travel_minutes": (travel_between(places).seconds / 60).tolist(),
        "stops": stops,
        "lunch": {"from": 690, "to": 810, "minutes": 45},
        "seconds": 0.05,
    }


def start_windows(hours: str, weekday: int) -> list[tuple[int, int]] | None:
    try:
        week = windows_of(hours) if hours else None
    except (Refused, ValueError):
        week = None
    return None if week is None else open_on_weekday(week, weekday)


times = st.integers(400, 1200) | st.floats(400, 1200, allow_nan=False).map(lambda t: round(t, 2))
spans = st.tuples(times, st.integers(0, 300)).map(lambda told: [told[0], told[0] + told[1]])


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Anything that can be asked about up to 25 stops, sensible or not."""
    count = draw(st.integers(0, 25))
    random = draw(st.randoms(use_true_random=False))
    minutes = draw(st.sampled_from((1, 30, 90)))
    table = [
        [random.random() * minutes if a != b else 0 for b in range(count + 1)]
        for a in range(count + 1)
    ]
    stops = [
        {
            "id": number,
            "worth": draw(st.integers(0, 100) | st.floats(0, 1e5)),
            "minutes": draw(st.integers(0, 60) | st.just(12.34)),
            "windows": draw(st.none() | st.lists(spans, max_size=3)),
            "must": draw(st.booleans()),
        }
        | draw(st.just({}) | st.fixed_dictionaries({"fixed": times}))
        | draw(st.just({}) | st.fixed_dictionaries({"early": st.just({"until": 720, "worth": 9})}))
        for number in range(count)
    ]
    return {
        "depart": draw(times),
        "until": draw(times),
        "start": 0,
        "end": draw(st.sampled_from((0, None))),
        "travel_minutes": table,
        "stops": stops,
        "lunch": draw(st.none() | st.just({"from": 690, "to": 810, "minutes": 45})),
        "max_visits": draw(st.none() | st.integers(1, 8)),
        "seconds": 0.03,
        "seed": draw(st.integers(0, 5)),
    }


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(questions())
def test_whatever_is_asked_the_answer_can_be_kept(asked: Question) -> None:
    assert broken(asked, answer(asked)) == []


class SlowMachine:
    """A clock that is `step` seconds later whenever it is looked at."""

    def __init__(self, step: float) -> None:
        self.step, self.looks = step, 0

    def __call__(self) -> float:
        self.looks += 1
        return self.looks * self.step


@pytest.mark.parametrize("step", [0.004, 0.04, 0.4])
@pytest.mark.parametrize(("count", "lunch"), [(150, False), (100, True), (400, True)])
def test_a_slow_machine_stops_when_its_seconds_are_over(
    count: int, step: float, *, lunch: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SlowMachine(step)
    monkeypatch.setattr(effort, "perf_counter", clock)
    asked = crowded_town(count, lunch=lunch, seconds=0.3)
    told = answer(asked)
    assert clock.looks <= asked["seconds"] / step + 5  # steps that were begun are ended
    assert broken(asked, told) == []
