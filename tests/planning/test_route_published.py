"""Travelling-salesman problems with time windows, with the best tours that are known."""

import json
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from app.core.geo import Point
from app.planning.route.problem import Day, Matrix, Stop
from app.planning.route.solve import solve

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "route" / "tsptw"
NAMES = (
    "AFG/rbg010a.tw",
    "AFG/rbg021.9.tw",
    "GendreauDumasExtended/n20w120.001.txt",
    "GendreauDumasExtended/n20w160.001.txt",
    "GendreauDumasExtended/n20w200.001.txt",
    "SolomonPotvinBengio/rc_201.1.txt",
    "SolomonPotvinBengio/rc_202.2.txt",
    "SolomonPotvinBengio/rc_203.1.txt",
    "SolomonPotvinBengio/rc_204.3.txt",
    "SolomonPotvinBengio/rc_205.1.txt",
    "SolomonPotvinBengio/rc_206.1.txt",
    "Dumas/n40w20.001.txt",
)
ALLOWED = 1.005
NOWHERE = Point(0, 0)


@pytest.mark.skipif(not FOLDER.exists(), reason="the shared data are not here")
@pytest.mark.parametrize("name", NAMES)
def test_the_best_known_tour_is_reached(name: str) -> None:
    best = json.loads((FOLDER / "best_known.json").read_text())[name]["best"]
    day, stops, matrix, scale = read(name)
    plan = solve(day, stops, matrix)
    assert plan.left_out == ()
    assert plan.seconds / scale <= best * ALLOWED


def read(name: str) -> tuple[Day, list[Stop], Matrix, int]:
    """Number of places, their matrix, a window each; the first place is start and end."""
    told = [float(word) for word in (FOLDER / name).read_text().split("#")[0].split()]
    places = int(told[0])
    scale = 1 if all(number.is_integer() for number in told) else 1000
    numbers = np.rint(np.array(told[1:]) * scale).astype(np.int64)
    travel = numbers[: places * places].reshape(places, places)
    again = [*range(places), 0]
    travel = travel[np.ix_(again, again)].copy()
    np.fill_diagonal(travel, 0)
    windows = numbers[places * places :][: 2 * places].reshape(places, 2).tolist()
    stops = [Stop(UUID(int=n), NOWHERE, 0, ((a, b),)) for n, (a, b) in enumerate(windows) if n]
    return Day(NOWHERE, NOWHERE, *windows[0]), stops, Matrix(travel, travel), scale
