"""Orienteering problems with time windows as questions, with the best worth that is known."""

import json
from math import floor, hypot
from pathlib import Path
from typing import Any

ROUTES = Path(__file__).resolve().parents[3] / "shared" / "data" / "route"
FOLDER = ROUTES / "optw_solomon"


def best_known() -> dict[str, int]:
    """By name; none where the data are not here."""
    file = ROUTES / "optw_best.json"
    if not file.exists():
        return {}
    return {name[1:]: told[0] for name, told in sorted(json.loads(file.read_text()).items())}


def question(name: str, *, seconds: float, seed: int = 0) -> dict[str, Any]:
    """One of the files; distances are cut off after the first decimal, as published."""
    lines = (FOLDER / f"{name}.txt").read_text().splitlines()[2:]
    rows = [[float(word) for word in line.split()] for line in lines if line.strip()]
    return {
        "depart": 0,
        "until": rows[0][-1],
        "start": 0,
        "end": 0,
        "travel_minutes": [
            [floor(hypot(a[1] - b[1], a[2] - b[2]) * 10 + 1e-9) / 10 for b in rows] for a in rows
        ],
        "stops": [
            {"id": int(row[0]), "worth": row[4], "minutes": row[3], "windows": [row[-2:]]}
            for row in rows[1:]
        ],
        "seconds": seconds,
        "seed": seed,
    }
