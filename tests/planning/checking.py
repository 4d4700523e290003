"""Whether an answer of `roadbook route` can be kept, reckoned from the question alone."""

from math import isclose
from typing import Any

NEAR = 1e-6  # minutes


def broken(question: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """What is wrong with an answer, in words; nothing when the day can be driven as it says."""
    stops = {stop["id"]: stop for stop in question["stops"]}
    rows = {stop["id"]: row for row, stop in enumerate(question["stops"], start=1)}
    travel, end = question["travel_minutes"], question.get("end")
    visits = answer["order"]
    wrong = []
    names = [v["id"] for v in visits] + [out["id"] for out in answer["dropped"]]
    if sorted(map(str, names)) != sorted(map(str, stops)):
        wrong.append("a stop is lost or doubled")
    if not all(out["why"] for out in answer["dropped"]):
        wrong.append("a stop is dropped without a reason")
    if len(visits) > (question.get("max_visits") or len(stops)):
        wrong.append("too many visits")
    now, here, road, worth = question["depart"], 0, 0.0, 0.0
    lunch, eaten = question.get("lunch"), answer.get("lunch")
    for visit in visits:
        stop, row = stops[visit["id"]], rows[visit["id"]]
        if visit["arrive"] < now + travel[here][row] - NEAR:
            wrong.append(f"{visit['id']}: there before the road ends")
        if visit["start"] < visit["arrive"] - NEAR:
            wrong.append(f"{visit['id']}: begun before being there")
        spare = visit["start"] - now - travel[here][row]
        if lunch and eaten is not None and now - NEAR <= eaten <= visit["start"] - NEAR:
            if spare < lunch["minutes"] - NEAR or eaten + lunch["minutes"] > visit["start"] + NEAR:
                wrong.append("no time to eat")
            eaten = None
        if not isclose(visit["leave"], visit["start"] + stop["minutes"], abs_tol=1e-3):
            wrong.append(f"{visit['id']}: not as long as asked")
        wrong += _when(stop, visit["start"])
        road += travel[here][row]
        early = stop.get("early")
        worth += stop["worth"] + (
            early["worth"] if early and visit["start"] <= early["until"] else 0
        )
        now, here = visit["leave"], row
    home = 0 if end is None else travel[here][end]
    if visits and now + home > question["until"] + NEAR:
        wrong.append("home too late")
    if lunch and eaten is not None and eaten + lunch["minutes"] > question["until"] + NEAR:
        wrong.append("no time to eat at the end")
    if "lunch" in answer and lunch and not lunch["from"] <= answer["lunch"] <= lunch["to"]:
        wrong.append("lunch at the wrong time")
    if not isclose(road + home if visits else 0, answer["minutes"], abs_tol=0.1) and visits:
        wrong.append(f"{answer['minutes']} minutes are told, {road + home} were driven")
    if not isclose(worth, answer["worth"], abs_tol=1e-3):
        wrong.append(f"{answer['worth']} is told, {worth} was seen")
    return wrong


def _when(stop: dict[str, Any], start: float) -> list[str]:
    fixed, windows = stop.get("fixed"), stop.get("windows")
    if fixed is not None:
        return [] if start == fixed else [f"{stop['id']}: not at the minute that was fixed"]
    if windows is None or any(a - NEAR <= start <= b + NEAR for a, b in windows):
        return []
    return [f"{stop['id']}: closed then"]
