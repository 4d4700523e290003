"""A real server that speaks S3, gone when whoever asked for it is gone."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection
from time import monotonic, sleep

from tests.browser.server import KEEPER, free_port

PATIENCE_S = 30
RCLONE = Path(sys.executable).parent / "rclone"


@dataclass
class Server:
    """`rclone serve s3` on a folder, in which every folder is a bucket."""

    folder: Path
    port: int
    keeper: subprocess.Popen[bytes] | None = None

    @property
    def surroundings(self) -> dict[str, str]:
        """What a company sets to use it."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ACCESS_KEY_ID": "roadbook",
            "AWS_SECRET_ACCESS_KEY": "a secret of tests",
            "AWS_REGION": "us-east-1",
        }

    def start(self) -> None:
        keys = "roadbook,a secret of tests"
        address = f"127.0.0.1:{self.port}"
        serve = ["serve", "s3", "--config=", f"--auth-key={keys}", f"--addr={address}"]
        with (self.folder / "log").open("ab") as log:
            self.keeper = subprocess.Popen(
                ["/bin/sh", "-c", KEEPER, "keeper", RCLONE, *serve, self.folder / "buckets"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.expect()

    def expect(self) -> None:
        patience = monotonic() + PATIENCE_S
        while monotonic() < patience:
            try:
                create_connection(("127.0.0.1", self.port), PATIENCE_S).close()
            except OSError:
                sleep(0.05)
            else:
                return
        raise RuntimeError((self.folder / "log").read_text("utf-8"))

    def stop(self) -> None:
        if self.keeper:
            self.keeper.communicate()
            self.keeper = None


@contextmanager
def serving_s3(folder: Path) -> Iterator[Server]:
    (folder / "buckets" / "photos").mkdir(parents=True)
    server = Server(folder, free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()
