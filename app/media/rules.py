"""Which pictures come in, and how: docs/media.md."""

from enum import StrEnum

MAX_BYTES = 8 * 1024 * 1024  # policy: of one photo, as the phone sends it
MAX_PIXELS = 40_000_000  # policy: a small file may unpack into gigabytes
THUMB_PX = 320  # the longer side of a thumbnail
HASH = r"^[0-9a-f]{64}$"  # SHA-256 in hex: what a picture is called
MEDIA_TYPE = "application/vnd.roadbook.media+json"
MAX_ASKED = 500  # pictures that a phone asks for at once
MAX_BEGUN = 20  # pictures of one person that are half here; the oldest makes room
AT_ONCE = 2  # pictures that one process unpacks at the same time
MAX_WAITING = 64  # others that wait for that; more are asked to come back


class Kind(StrEnum):
    """What a picture is, by its own bytes."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"


class Size(StrEnum):
    """How large a picture is asked for: as it was taken, unless small."""

    THUMB = "thumb"


def beyond(here: int, offset: int, chunk: bytes) -> bytes:
    """What of a chunk is new, when so many bytes are here: a chunk may come twice or overlap."""
    return chunk[max(here - offset, 0) :]
