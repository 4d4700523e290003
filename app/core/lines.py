"""Lines with fewer bends (Douglas and Peucker): what is left is nowhere further off than told."""

from collections.abc import Sequence
from math import hypot

Flat = tuple[float, float]  # any flat measure: x and y in the same one


def simplified(line: Sequence[Flat], within: float) -> list[Flat]:
    """The bends of a line that are needed; its ends stay, so that a ring stays closed."""
    if len(line) < 3:
        return list(line)
    needed = {0, len(line) - 1}
    open_ends = [(0, len(line) - 1)]
    while open_ends:
        first, last = open_ends.pop()
        if last - first < 2:
            continue
        furthest = max(range(first + 1, last), key=lambda at: _off(line, at, first, last))
        if _off(line, furthest, first, last) > within:
            needed.add(furthest)
            open_ends += [(first, furthest), (furthest, last)]
    return [line[at] for at in sorted(needed)]


def _off(line: Sequence[Flat], at: int, first: int, last: int) -> float:
    """How far a bend is from the straight way between two others."""
    (x, y), (from_x, from_y), (to_x, to_y) = line[at], line[first], line[last]
    along_x, along_y = to_x - from_x, to_y - from_y
    length = along_x * along_x + along_y * along_y
    share = ((x - from_x) * along_x + (y - from_y) * along_y) / length if length else 0.0
    share = min(max(share, 0.0), 1.0)
    return hypot(x - from_x - share * along_x, y - from_y - share * along_y)
