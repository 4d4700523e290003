"""Real databases made by the migrations, the cast, and browsers that are signed in."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlmodel import Session, SQLModel

from app.accounts.actions import open_session
from app.accounts.models import Person
from app.core import db as database
from app.core import schema
from app.main import create_app
from app.media.lane import Lane
from app.media.store import Folder
from tests import postgres
from tests.cast import Cast, hire_the_cast

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
ON_POSTGRES = os.environ.get("ROADBOOK_TEST_DATABASE", "sqlite") == "postgres"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database as `alembic upgrade head` makes it: a file to copy, or a server to empty."""
    folder = tmp_path_factory.mktemp("database")
    url = postgres.start() if ON_POSTGRES else f"sqlite:///{folder / 'empty.db'}"
    engine = database.connect(url)
    schema.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(migrated: Engine, tmp_path: Path) -> Iterator[Engine]:
    if ON_POSTGRES:
        tables = ", ".join(f'"{name}"' for name in SQLModel.metadata.tables)
        with migrated.begin() as connection:
            connection.execute(text(f"TRUNCATE {tables} CASCADE"))
        yield migrated
        return
    migrated.dispose()
    shutil.copy(str(migrated.url.database), tmp_path / "roadbook.db")
    engine = database.connect(f"sqlite:///{tmp_path / 'roadbook.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    """A session for arranging and looking; commit before somebody else should see it."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def cast(db: Session) -> Cast:
    people = hire_the_cast(db)
    db.commit()
    return people


@pytest.fixture
def photos(tmp_path: Path) -> Lane:
    """Where this test's photos come in."""
    return Lane(Folder(tmp_path / "photos"), tmp_path / "photos-begun")


@pytest.fixture
def browser_of(engine: Engine, db: Session, photos: Lane) -> Iterator[Callable[..., TestClient]]:
    """`browser_of(person)` is a browser in which that person is signed in; None: nobody is."""
    app = create_app(engine, photos)
    opened: list[TestClient] = []

    def open_browser(person: Person | None = None) -> TestClient:
        browser = TestClient(app, headers={"accept-language": "en"}, follow_redirects=False)
        if person is not None:
            browser.cookies.set("session", open_session(db, person.id, "a test"))
            db.commit()
        opened.append(browser)
        return browser

    yield open_browser
    for browser in opened:
        browser.close()


@pytest.fixture
def data() -> Path:
    """The folder of real data; the test is skipped where there is none."""
    if not DATA.is_dir():
        pytest.skip("no real data beside this checkout")
    return DATA
