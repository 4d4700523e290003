"""The database's shape: brought forward by Alembic, never back."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from app.settings import ROOT


def config() -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(ROOT / "alembic"))
    return settings


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database forward; nothing happens when it is there already."""
    with engine.connect() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)
        connection.commit()


def up_to_date(engine: Engine) -> bool:
    with engine.connect() as connection:
        now = MigrationContext.configure(connection).get_current_revision()
    return now == ScriptDirectory.from_config(config()).get_current_head()
