"""Real roads, where the administrator has a road engine: asked over HTTP, in its own words.

It is at an address of the settings, or a Valhalla that the server runs on a map of theirs. What it
answered is kept by pairs of places. Where it does not answer, or knows no road, the geodesic stands
in for it.
"""

import json
import logging
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache, partial
from http.client import HTTPException
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any
from urllib.request import Request, urlopen

import numpy as np

from app.core.geo import Point
from app.planning.route.matrix import Roadmap, Roads, travel_between
from app.planning.route.problem import Matrix
from app.planning.route.service import SERVICE, Service
from app.planning.route.spoken import SPOKEN, Told
from app.settings import RoadsKind, settings

log = logging.getLogger(__name__)

PATIENCE_S = 1.0  # somebody waits for a page
SILENCE_S = 60.0  # an engine that did not answer is left alone for so long
MOST_BYTES = 20_000_000
KEPT = 200_000  # pairs of places
DIGITS = 4  # of a degree: eleven metres
Place = tuple[float, float]


class RoadEngine:
    """One engine at its address; `silent` while it is not asked because it did not answer."""

    def __init__(
        self, kind: RoadsKind, url: str, key: str = "", *, service: Service | None = None
    ) -> None:
        self.kind, self.url, self.key, self.service = kind, url.rstrip("/"), key, service
        self._known: OrderedDict[tuple[Place, Place], Told] = OrderedDict()
        self._lock = Lock()
        self._ask_again = 0.0

    @property
    def silent(self) -> bool:
        return monotonic() < self._ask_again

    @property
    def told(self) -> dict[str, str]:
        """For whoever watches the server: by which roads it plans, and what it would need."""
        if self.service and self.service.missing:
            return {"roads": "estimated", "missing": SERVICE}
        down = self.silent or (self.service and not self.service.running)
        return {"roads": "estimated" if down else self.kind}

    def between(self, points: Sequence[Point], otherwise: Roads) -> Matrix:
        """Seconds with parking, and metres; by the geodesic where there is no answer."""
        matrix = travel_between(points, otherwise)
        places = [(round(point.lat, DIGITS), round(point.lon, DIGITS)) for point in points]
        if not self._knows(places):
            self._ask(places)
        with self._lock:
            for row, here in enumerate(places):
                for column, there in enumerate(places):
                    seconds, metres = self._known.get((here, there), (None, None))
                    if seconds is not None and metres is not None and here != there:
                        matrix.seconds[row, column] = round(seconds) + otherwise.parking_s
                        matrix.metres[row, column] = round(metres)
        return matrix

    def _knows(self, places: Sequence[Place]) -> bool:
        with self._lock:
            return all((here, there) in self._known for here in places for there in places)

    def _ask(self, places: Sequence[Place]) -> None:
        """Of each place once; an engine that cannot be understood is one that does not answer."""
        if self.silent:
            return
        asked = list(dict.fromkeys(places))
        try:
            table = self._answer(asked)
        except (OSError, HTTPException, ValueError, KeyError, TypeError, IndexError) as wrong:
            self._ask_again = monotonic() + SILENCE_S
            log.warning("The road engine does not answer, ways are estimated: %r", wrong)
            return
        with self._lock:
            for here, row in zip(asked, table, strict=True):
                self._known.update(
                    ((here, there), told) for there, told in zip(asked, row, strict=True)
                )
            while len(self._known) > KEPT:
                self._known.popitem(last=False)

    def _answer(self, places: Sequence[Place]) -> list[list[Told]]:
        speech = SPOKEN[self.kind]
        path, body = speech.question(places)
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.key:
            headers["Authorization"] = self.key
        data = None if body is None else json.dumps(body).encode()
        url = self.service.address(PATIENCE_S) if self.service else self.url
        request = Request(url + path, data, headers)  # noqa: S310 - the settings take only http and https
        with urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 - the settings take only http and https
            said: Any = json.loads(answer.read(MOST_BYTES))
        table = speech.answer(said)
        if [len(row) for row in table] != [len(places)] * len(places):
            raise ValueError("a table of another size")
        times = np.array([[seconds or 0, metres or 0] for row in table for seconds, metres in row])
        if not (np.isfinite(times) & (times >= 0)).all():
            raise ValueError("times or ways below zero")
        return table


@lru_cache
def road_engine() -> RoadEngine | None:
    """The one of the settings, if there is one."""
    known = settings()
    if known.roads_url:
        return RoadEngine(known.roads_kind, known.roads_url, known.roads_key)
    if known.roads_map:
        return RoadEngine(RoadsKind.VALHALLA, "", service=Service(Path(known.roads_map)))
    return None


def start_roads() -> None:
    """Before the first question, so that it need not wait for Valhalla to be there."""
    engine = road_engine()
    if engine is None or engine.service is None:
        return
    try:
        engine.service.start()
    except OSError as wrong:
        log.warning("Valhalla does not start, ways are estimated: %s", wrong)


def end_roads() -> None:
    engine = road_engine()
    if engine and engine.service:
        engine.service.close()
    road_engine.cache_clear()


def roadmap(roads: Roads) -> Roadmap:
    """By the engine, if there is one; else, and where it knows nothing, by the geodesic."""
    engine = road_engine()
    if engine is None:
        return partial(travel_between, roads=roads)
    return partial(engine.between, otherwise=roads)
