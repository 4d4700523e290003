"""Where the phone was, as forms say it."""

from pydantic import Field

from app.core.commands import Wish
from app.core.geo import Point


class Fix(Wish):
    """A position from the phone: WGS-84 degrees, accuracy in metres (95 %)."""

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    accuracy: float = Field(ge=0, le=40_000_000)  # who knows only the country says so too

    @property
    def point(self) -> Point:
        return Point(self.lat, self.lon)
