from enum import StrEnum


class Side(StrEnum):
    """Whose promise it is."""

    OURS = "ours"
    THEIRS = "theirs"
