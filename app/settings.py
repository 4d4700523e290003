"""Where Roadbook finds its surroundings: read once from the environment."""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class RoadsKind(StrEnum):
    """Whose words a road engine understands."""

    OSRM = "osrm"
    VALHALLA = "valhalla"
    OPENROUTESERVICE = "openrouteservice"


class Settings(BaseSettings):
    """Every setting has a default that suits a laptop; docs/settings.md describes each."""

    model_config = SettingsConfigDict(frozen=True)

    host: str = Field("127.0.0.1", validation_alias="HOST")
    port: int = Field(8000, validation_alias="PORT")
    environment: str = Field("development", validation_alias="ROADBOOK_ENV")
    data_dir: Path = Field(ROOT / "data", validation_alias="ROADBOOK_DATA_DIR")
    database_url: str = Field("", validation_alias="DATABASE_URL")
    photo_store: str = Field("", validation_alias="PHOTO_STORE")
    photo_place_kept: bool = Field(default=False, validation_alias="PHOTO_PLACE_KEPT")
    photo_camera_only: bool = Field(default=False, validation_alias="PHOTO_CAMERA_ONLY")
    currency: str = Field("CNY", validation_alias="ROADBOOK_CURRENCY")
    time_zone: str = Field("Asia/Shanghai", validation_alias="ROADBOOK_TIME_ZONE")
    country: str = Field("CN", validation_alias="ROADBOOK_COUNTRY")
    worker: bool = Field(default=True, validation_alias="ROADBOOK_WORKER")
    pack_hours: int = Field(72, ge=1, validation_alias="ROADBOOK_PACK_HOURS")
    planners: int = Field(1, ge=0, le=64, validation_alias="ROADBOOK_PLANNERS")
    tiles_url: str = Field("", validation_alias="ROADBOOK_TILES_URL")
    tiles_credit: str = Field("", validation_alias="ROADBOOK_TILES_CREDIT")
    tiles_system: Literal["wgs84", "gcj02"] = Field(
        "wgs84", validation_alias="ROADBOOK_TILES_SYSTEM"
    )
    roads_url: str = Field("", pattern="^(https?://.+)?$", validation_alias="ROADBOOK_ROADS_URL")
    roads_kind: RoadsKind = Field(RoadsKind.OSRM, validation_alias="ROADBOOK_ROADS_KIND")
    roads_key: str = Field("", repr=False, validation_alias="ROADBOOK_ROADS_KEY")
    roads_map: str = Field("", validation_alias="ROADBOOK_ROADS_MAP")
    valhalla: str = Field("", validation_alias="ROADBOOK_VALHALLA")
    wipe_days: int = Field(14, ge=0, validation_alias="ROADBOOK_WIPE_DAYS")

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def database(self) -> str:
        """The SQLAlchemy URL: what DATABASE_URL says, or a file in the data directory."""
        given = self.database_url or f"sqlite:///{self.data_dir / 'roadbook.db'}"
        for plain in ("postgres://", "postgresql://"):
            if given.startswith(plain):
                return "postgresql+psycopg://" + given.removeprefix(plain)
        return given


@lru_cache
def settings() -> Settings:
    return Settings()
