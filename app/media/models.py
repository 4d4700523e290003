from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.core.columns import Moment, choice
from app.media.rules import Kind


class Blob(SQLModel, table=True):
    """A picture that is here whole. `sha256` and `size` (bytes) are of what the phone sent.

    What is kept is `kept_sha256`: the same, without the place. `width` and `height` are pixels, as
    it is shown upright.
    """

    sha256: str = Field(primary_key=True)
    size: int
    kind: Kind = Field(sa_type=choice(Kind))
    width: int
    height: int
    kept_sha256: str
    kept_size: int
    thumb_sha256: str
    arrived_at: datetime = Field(sa_type=Moment)


class Sender(SQLModel, table=True):
    """Who has sent a picture whole, and so has proved to have it."""

    __tablename__ = "blob_sender"

    blob_id: str = Field(primary_key=True, foreign_key="blob.sha256")
    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    arrived_at: datetime = Field(sa_type=Moment)
