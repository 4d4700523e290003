from enum import StrEnum


class Stage(StrEnum):
    """An order's life begins here; approval and delivery come after."""

    ENTERED = "entered"
