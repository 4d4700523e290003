"""How each road engine is asked for a table of ways, and how it answers."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from app.settings import RoadsKind

Told = tuple[float | None, float | None]  # seconds and metres of a way; None: there is none
Places = Sequence[tuple[float, float]]


class Speech(NamedTuple):
    """`question`: places to a path and a body, or none for GET; `answer`: its JSON to a table."""

    question: Callable[[Places], tuple[str, Any]]
    answer: Callable[[Any], list[list[Told]]]


def ask_osrm(places: Places) -> tuple[str, None]:
    along = ";".join(f"{lon},{lat}" for lat, lon in places)
    return f"/table/v1/driving/{along}?annotations=duration,distance", None


def ask_valhalla(places: Places) -> tuple[str, Any]:
    spots = [{"lat": lat, "lon": lon} for lat, lon in places]
    return "/sources_to_targets", {"sources": spots, "targets": spots, "costing": "auto"}


def ask_openrouteservice(places: Places) -> tuple[str, Any]:
    spots = [[lon, lat] for lat, lon in places]
    wanted = {"locations": spots, "metrics": ["duration", "distance"], "units": "m"}
    return "/v2/matrix/driving-car", wanted


def two_tables(said: Any) -> list[list[Told]]:
    """As OSRM and openrouteservice answer: seconds in one table, metres in another."""
    both = zip(said["durations"], said["distances"], strict=True)
    return [list(zip(times, ways, strict=True)) for times, ways in both]


def one_table(said: Any) -> list[list[Told]]:
    """As Valhalla answers: seconds and kilometres, or miles where somebody has set it so."""
    metres = 1609.344 if said.get("units") == "miles" else 1000
    return [[told(way, metres) for way in row] for row in said["sources_to_targets"]]


def told(way: Any, metres: float) -> Told:
    time, distance = way["time"], way["distance"]
    return time, None if distance is None else distance * metres


SPOKEN = {
    RoadsKind.OSRM: Speech(ask_osrm, two_tables),
    RoadsKind.VALHALLA: Speech(ask_valhalla, one_table),
    RoadsKind.OPENROUTESERVICE: Speech(ask_openrouteservice, two_tables),
}
