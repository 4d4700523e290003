"""Whether an answer of `roadbook route` can be kept, reckoned from the question alone."""

from math import isclose
from typing import Any

Told = dict[str, Any]
NEAR = 1e-6  # minutes


def broken(question: Told, answer: Told) -> list[str]:
    """What is wrong with an answer, in words; nothing when the day can be driven as it says."""
    wrong = _counted(question, answer)
    stops = {stop["id"]: (row, stop) for row, stop in enumerate(question["stops"], start=1)}
    travel, end = question["travel_minutes"], question.get("end")
    now, here, road, worth = question["depart"], 0, 0.0, 0.0
    slots = []  # of time to spare, beside the road
    for visit in answer["order"]:
        row, stop = stops[visit["id"]]
        wrong += [
            f"{visit['id']}: {what}" for what in _visited(stop, visit, now + travel[here][row])
        ]
        slots.append((now, visit["start"], travel[here][row]))
        road += travel[here][row]
        worth += stop["worth"] + _early(stop, visit["start"])
        now, here = visit["leave"], row
    home = 0 if end is None else travel[here][end]
    slots.append((now, question["until"], home))
    if not answer["order"]:
        return wrong
    if now + home > question["until"] + NEAR:
        wrong.append("home too late")
    if "lunch" in answer and not _eaten(question["lunch"], answer["lunch"], slots):
        wrong.append("no time to eat")
    if not isclose(road + home, answer["minutes"], abs_tol=0.1):
        wrong.append(f"{answer['minutes']} minutes are told, {road + home} were driven")
    if not isclose(worth, answer["worth"], abs_tol=1e-3):
        wrong.append(f"{answer['worth']} is told, {worth} was seen")
    return wrong


def _counted(question: Told, answer: Told) -> list[str]:
    visits, dropped = answer["order"], answer["dropped"]
    told, asked = [one["id"] for one in visits + dropped], [s["id"] for s in question["stops"]]
    lunch = question.get("lunch")
    needed = lunch and question["depart"] <= lunch["to"] and visits
    leaves = (
        lunch and max(question["depart"], lunch["from"]) + lunch["minutes"] <= question["until"]
    )
    rules = {
        "a stop is lost or doubled": sorted(map(str, told)) == sorted(map(str, asked)),
        "dropped without a reason": all(out["why"] for out in dropped),
        "too many visits": len(visits) <= (question.get("max_visits") or len(asked)),
        "no lunch": "lunch" in answer or not (needed and leaves),
    }
    return [wrong for wrong, right in rules.items() if not right]


def _visited(stop: Told, visit: Told, there: float) -> list[str]:
    rules = {
        "there before the road ends": visit["arrive"] >= there - NEAR,
        "begun before being there": visit["start"] >= visit["arrive"] - NEAR,
        "not as long as asked": isclose(
            visit["leave"], visit["start"] + stop["minutes"], abs_tol=1e-3
        ),
    }
    return [wrong for wrong, right in rules.items() if not right] + _when(stop, visit["start"])


def _early(stop: Told, start: float) -> float:
    early = stop.get("early")
    return float(early["worth"]) if early and start <= early["until"] + NEAR else 0.0


def _eaten(lunch: Told, at: float, slots: list[tuple[float, float, float]]) -> bool:
    """Whether lunch, at its time, lies in one slot that is long enough for the road, too."""
    inside = [
        spare
        for begin, end, road in slots
        if (spare := end - begin - road) >= lunch["minutes"] - NEAR
        and begin - NEAR <= at <= end - lunch["minutes"] + NEAR
    ]
    return bool(inside) and lunch["from"] - NEAR <= at <= lunch["to"] + NEAR


def _when(stop: Told, start: float) -> list[str]:
    fixed, windows = stop.get("fixed"), stop.get("windows")
    if fixed is not None:
        return [] if start == fixed else [f"{stop['id']}: not at the minute that was fixed"]
    if windows is None or any(a - NEAR <= start <= b + NEAR for a, b in windows):
        return []
    return [f"{stop['id']}: closed then"]
