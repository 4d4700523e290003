"""Days with everything: lunch, split hours, two appointments, and an A that is best seen early."""

from math import ceil, hypot
from random import Random
from typing import Any

WORTH = {"A": 100, "B": 40, "C": 15}
MINUTES = {"A": (30, 40, 45), "B": (20, 25, 30), "C": (10, 15, 20)}
LUNCH = {"from": 690, "to": 810, "minutes": 45}
HOURS = (
    [[510, 960]],
    [[480, 690], [780, 945]],
    [[540, 690], [810, 960]],
    [[480, 660]],
    [[750, 960]],
)


def full_day(seed: int, candidates: int = 40, *, seconds: float = 0.2) -> dict[str, Any]:
    """A question; the towns of a territory lie around home, between 8:00 and 16:30."""
    random = Random(seed)
    towns = [(random.uniform(-13, 13), random.uniform(-13, 13)) for _ in range(5)]
    places = [(0.0, 0.0)]
    stops = []
    for number in range(candidates):
        town = random.choice(towns)
        places.append((random.gauss(town[0], 1.5), random.gauss(town[1], 1.5)))
        grade = random.choices("ABC", [25, 35, 40])[0]
        stop: dict[str, Any] = {
            "id": f"{grade}{number}",
            "worth": WORTH[grade] + random.randint(0, 5),
            "minutes": random.choice(MINUTES[grade]),
            "windows": random.choices(HOURS, [45, 15, 15, 15, 10])[0],
        }
        if grade == "A":
            stop["early"] = {"until": 720, "worth": 20}
        stops.append(stop)
    for stop, at in zip(random.sample(stops, 2), (600, 870), strict=True):
        stop["fixed"] = at
    return {
        "depart": 480,
        "until": 990,
        "start": 0,
        "end": 0,
        "travel_minutes": [[drive(random, a, b) for b in places] for a in places],
        "stops": stops,
        "lunch": LUNCH,
        "seconds": seconds,
        "seed": seed,
    }


def crowded_town(count: int, *, lunch: bool, seconds: float) -> dict[str, Any]:
    """A question with many more stops than a day holds, all at random in one square."""
    random = Random(count)
    places = [(random.random() * 60, random.random() * 60) for _ in range(count + 1)]
    asked: dict[str, Any] = {
        "depart": 480,
        "until": 1020,
        "travel_minutes": [[abs(a[0] - b[0]) + abs(a[1] - b[1]) for b in places] for a in places],
        "stops": [
            {
                "id": number,
                "worth": random.randint(1, 99),
                "minutes": 20,
                "windows": [[480, 720], [780, 1000]],
            }
            for number in range(count)
        ],
        "seconds": seconds,
    }
    return asked | ({"lunch": LUNCH} if lunch else {})


def drive(random: Random, here: tuple[float, float], there: tuple[float, float]) -> int:
    """Whole minutes, a few more one way than the other."""
    km = 1.3 * hypot(here[0] - there[0], here[1] - there[1])
    if km == 0:
        return 0
    return ceil(km / (25 + min(km, 20) * 1.5) * 60) + 1 + random.choice((0, 0, 1))
