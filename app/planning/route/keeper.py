"""Keeps a program that knows nothing of our server: it ends with it, however it ends.

`python -m app.planning.route.keeper FOLDER PROGRAM …`: the folder goes when the program has gone.
"""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from threading import Thread


def main() -> None:
    """Until the program ends, or our input does: the server holds its other end."""
    for from_outside in (signal.SIGINT, signal.SIGTERM):  # meant for the server, which ends us
        signal.signal(from_outside, signal.SIG_IGN)
    folder, *command = sys.argv[1:]
    try:
        sys.exit(kept(command))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def kept(command: list[str]) -> int:
    """In a group of its own: what stands on PATH may be a script that starts the program."""
    with subprocess.Popen(  # noqa: S603 - our own server says what
        command, stdin=subprocess.DEVNULL, start_new_session=True
    ) as program:
        Thread(target=end_with_the_server, args=(program.pid,), daemon=True).start()
        return program.wait()


def end_with_the_server(group: int) -> None:
    os.read(sys.stdin.fileno(), 1)
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
