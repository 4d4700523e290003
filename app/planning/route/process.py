"""One process that plans: how the server asks it, and what it does. Both ends of two pipes."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Timer
from typing import IO

from app.planning.route.problem import Plan, Problem
from app.planning.route.solve import answered
from app.settings import ROOT

COURTESY = 19  # whoever answers requests goes first
LONGEST_S = 30.0  # a process that thinks longer has lost its way


class Unanswered(Exception):  # noqa: N818 - a fact; whoever asked makes do without
    """The process died over the question, or was ended."""


class Planner:
    """The server's end: the process, and another one when it has died. For one thread."""

    def __init__(self) -> None:
        self.process = begun()
        self._over = False

    def answer(self, problem: Problem) -> Plan:
        if self._over:
            raise Unanswered
        if self.process.poll() is not None:
            self.put_away()
            self.process = begun()
        with watched(self.process) as (questions, answers):
            pickle.dump(problem, questions, pickle.HIGHEST_PROTOCOL)
            questions.flush()
            plan: Plan = pickle.load(answers)  # noqa: S301 - our own process wrote it
            return plan

    def end(self) -> None:
        """Any thread may: an answer that is waited for does not come."""
        self._over = True
        self.process.kill()

    def put_away(self) -> None:
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(BrokenPipeError):
                if pipe:
                    pipe.close()
        self.process.wait()


def begun() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "app.planning.route.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,  # where our module is found
    )


@contextmanager
def watched(process: "subprocess.Popen[bytes]") -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Its two pipes; whatever breaks meanwhile, nothing is left of it."""
    if process.stdin is None or process.stdout is None:
        raise Unanswered
    watchdog = Timer(LONGEST_S, process.kill)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield process.stdin, process.stdout
    except (OSError, EOFError, ValueError, pickle.UnpicklingError) as why:
        process.kill()
        process.wait()
        raise Unanswered from why
    finally:
        watchdog.cancel()


def main() -> None:
    """Until nobody asks any more: the input ends when the server does, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends us
    if hasattr(os, "nice"):
        os.nice(COURTESY)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    import_module("app.planning.route.engine")  # slow to load: before the first question
    with suppress(EOFError, BrokenPipeError):
        answer_all(sys.stdin.buffer, answers)


def answer_all(questions: IO[bytes], answers: IO[bytes]) -> None:
    while True:
        problem = pickle.load(questions)  # noqa: S301 - our own server wrote it
        pickle.dump(answered(problem), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    main()
