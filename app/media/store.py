"""Where pictures are kept: files under the data directory, or an S3 bucket.

Every file's name is the SHA-256 of what is in it, so that a store can be checked by itself.
"""

import os
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4

from obstore.exceptions import BaseError
from obstore.store import S3Store

from app.core.errors import Refused
from app.core.i18n import mark as _
from app.media.refusals import Away

PATIENCE = timedelta(seconds=5)
S3 = "s3://"


class Missing(Exception):  # noqa: N818 - it is an answer, not an error
    """Nothing is kept under this name."""


class Store(Protocol):
    """Raises Away when nothing can be kept or read just now."""

    def put(self, key: str, file: bytes) -> None:
        """On the disk when this returns. A second time changes nothing."""

    def open(self, key: str) -> BinaryIO:
        """Raises Missing."""

    def exists(self, key: str) -> bool: ...

    def delete(self, key: str) -> None:
        """What is not there is deleted already."""


def store_at(given: str, folder: Path) -> Store:
    """What PHOTO_STORE names; without it, `folder`. Raises Refused for what is neither."""
    if not given:
        return Folder(folder)
    bucket, _slash, prefix = given.removeprefix(S3).partition("/")
    if not given.startswith(S3) or not bucket:
        raise Refused(_("PHOTO_STORE is not like s3://bucket/prefix: %(given)s"), given=given)
    return Bucket(bucket, prefix)


class Folder:
    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, file: bytes) -> None:
        path = self._path(key)
        new = path.with_name(f"{key}.{uuid4().hex}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with new.open("xb") as opened:
                opened.write(file)
                opened.flush()
                os.fsync(opened.fileno())
            new.replace(path)
            lasting(path.parent)
        except OSError as wrong:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise Away from wrong

    def open(self, key: str) -> BinaryIO:
        try:
            return self._path(key).open("rb")
        except FileNotFoundError as wrong:
            raise Missing(key) from wrong

    def exists(self, key: str) -> bool:
        return self._path(key).exists()

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self.root / key[:2] / key


def lasting(folder: Path) -> None:
    """A new name is on the disk only when its folder is."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


class Bucket:
    """Address, keys and region come from the usual AWS_… variables.

    Whether what is sent there is encrypted, the address says that the company has given.
    """

    def __init__(self, bucket: str, prefix: str = "") -> None:
        self.at = S3Store(
            bucket,
            prefix=prefix or None,
            client_options={
                "timeout": PATIENCE,
                "connect_timeout": PATIENCE,
                "allow_http": True,
            },
            retry_config={"max_retries": 2, "retry_timeout": PATIENCE},
        )

    def put(self, key: str, file: bytes) -> None:
        try:
            self.at.put(key, file)
        except (BaseError, OSError) as wrong:
            raise Away from wrong

    def open(self, key: str) -> BinaryIO:
        try:
            return BytesIO(self.at.get(key).bytes())
        except FileNotFoundError as wrong:
            raise Missing(key) from wrong
        except (BaseError, OSError) as wrong:
            raise Away from wrong

    def exists(self, key: str) -> bool:
        try:
            self.at.head(key)
        except FileNotFoundError:
            return False
        except (BaseError, OSError) as wrong:
            raise Away from wrong
        return True

    def delete(self, key: str) -> None:
        try:
            self.at.delete(key)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as wrong:
            raise Away from wrong
