"""Pictures for tests, as cameras make them."""

import random
from hashlib import sha256
from io import BytesIO
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

TAKEN = "2026:11:21 14:03:09"


def name_of(file: bytes) -> str:
    return sha256(file).hexdigest()


def scene(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """A shelf with boxes of many colours, another one in each test that asks for another size."""
    image, chance = Image.new(mode, (width, height), "white"), random.Random(width * height)
    for _box in range(40):
        left, top = chance.randrange(width), chance.randrange(height)
        colour = tuple(chance.randrange(256) for _band in image.getbands())
        image.paste(colour, (left, top, left + width // 6 + 1, top + height // 6 + 1))
    return image


def saved(image: Image.Image, kind: str, **how: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def jpeg(width: int = 640, height: int = 480, **how: Any) -> bytes:
    return saved(scene(width, height), "JPEG", **how)


def large_jpeg() -> bytes:
    """Four chunks."""
    noise = Image.frombytes("L", (1200, 900), random.Random(7).randbytes(1_080_000))
    return saved(noise, "JPEG", quality=90)


def at_home(turn: int = 1) -> Image.Exif:
    """EXIF that tells where somebody lives."""
    exif = Image.Exif()
    exif[Base.Orientation] = turn
    exif[Base.Make], exif[Base.Model] = "Cam", "Cam 7"
    exif[Base.ImageDescription] = "31.2304, 121.4737"
    exif[IFD.Exif] = {
        Base.DateTimeOriginal: TAKEN,
        Base.OffsetTimeOriginal: "+08:00",
        Base.MakerNote: b"secret 31.2304",
    }
    exif[IFD.GPSInfo] = {
        GPS.GPSLatitudeRef: "N",
        GPS.GPSLatitude: (31.0, 13.0, 49.4),
        GPS.GPSLongitudeRef: "E",
        GPS.GPSLongitude: (121.0, 28.0, 25.3),
    }
    return exif


def opened(file: bytes) -> Image.Image:
    image = Image.open(BytesIO(file))
    image.load()
    return image
