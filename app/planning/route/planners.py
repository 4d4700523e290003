"""Planning beside the requests: who asks waits a moment, and takes a hasty plan when that is over.

Each server process has planners of its own, processes of lower priority that live as long as it
does. What they answered is kept, so that the same question is planned once.
"""

import logging
from collections import OrderedDict
from concurrent.futures import Future
from enum import IntEnum
from functools import lru_cache
from hashlib import sha256
from itertools import count
from queue import PriorityQueue
from threading import BoundedSemaphore, Lock, Thread
from time import monotonic

from app.planning.route.problem import Plan, Problem
from app.planning.route.process import Planner, Unanswered
from app.planning.route.solve import answered, hasty
from app.settings import settings

log = logging.getLogger(__name__)

KEPT = 1_000  # plans in memory
LATELY = 8  # answers that say how long one usually takes
WAITING = 16  # questions of each rank that may wait for one process; more are not let in


class Rank(IntEnum):
    """Who is waiting: somebody before a screen, or a phone that packs its days."""

    SCREEN = 1
    PACK = 2


PATIENCE_S = {Rank.SCREEN: 0.4, Rank.PACK: 10.0}
PATIENCE_AT_THE_DOOR_S = {Rank.SCREEN: 0.0, Rank.PACK: 10.0}
Answer = Future[Plan]
Job = tuple[Rank, int, Problem | None, Answer]  # without a problem: the thread may go


class Planners:
    """So many processes; with none of them whoever asks plans in their own thread."""

    def __init__(self, many: int) -> None:
        self.many = many
        self._known: OrderedDict[bytes, Answer] = OrderedDict()
        self._jobs: PriorityQueue[Job] = PriorityQueue()
        self._numbers = count()
        self._lock = Lock()
        self._room = {rank: BoundedSemaphore(max(1, WAITING * many)) for rank in Rank}
        self._over = False
        self._usual_s = 0.0
        self._at_work: list[tuple[Planner, Thread]] = []

    def plan(self, problem: Problem, rank: Rank = Rank.SCREEN) -> Plan:
        """The plan where it is there in time, else a hasty one: the plan is there later."""
        if not self.many:
            return self._in_this_thread(problem)
        patience_s = self._patience_s(rank)
        answer = self._asked(problem, rank)
        try:
            return answer.result(patience_s) if answer else hasty(problem)
        except (TimeoutError, Unanswered):
            return hasty(problem)

    def start(self) -> None:
        """Before the first question, so that it need not wait for a process to be there."""
        with self._lock:
            while len(self._at_work) < self.many and not self._over:
                planner = Planner()
                thread = Thread(target=self._work, args=(planner,), daemon=True)
                self._at_work.append((planner, thread))
                thread.start()

    def close(self) -> None:
        """Whoever still waits makes do with a hasty plan."""
        with self._lock:
            at_work, self._at_work, self._over = self._at_work, [], True
        for planner, _thread in at_work:
            self._jobs.put((Rank.SCREEN, -1, None, Answer()))
            planner.end()
        for planner, thread in at_work:
            thread.join()
            planner.put_away()
        while not self._jobs.empty():
            self._jobs.get()[-1].set_exception(Unanswered())

    @property
    def processes(self) -> list[int]:
        """Their numbers in the system."""
        return [planner.process.pid for planner, _thread in self._at_work]

    def _in_this_thread(self, problem: Problem) -> Plan:
        key = key_of(problem)
        if known := self._known_of(key):
            return known.result()
        plan = answered(problem)
        answer, new = self._kept(key)
        if new:
            answer.set_result(plan)
        return plan

    def _patience_s(self, rank: Rank) -> float:
        """None before a screen, when so many are ahead that it would be in vain."""
        before_us_s = self._jobs.qsize() * self._usual_s / self.many
        if rank is Rank.SCREEN and before_us_s > PATIENCE_S[rank]:
            return 0
        return PATIENCE_S[rank]

    def _asked(self, problem: Problem, rank: Rank) -> Answer | None:
        """None when as many are waiting as may."""
        key, room = key_of(problem), self._room[rank]
        if known := self._known_of(key):
            return known
        if not room.acquire(timeout=PATIENCE_AT_THE_DOOR_S[rank]):
            return None
        answer, new = self._kept(key)
        if not new:
            room.release()
            return answer
        answer.add_done_callback(lambda done: self._told(key, room, done))
        self.start()
        with self._lock:
            if not self._over:
                self._jobs.put((rank, next(self._numbers), problem, answer))
                return answer
        answer.set_exception(Unanswered())
        return answer

    def _known_of(self, key: bytes) -> Answer | None:
        with self._lock:
            if known := self._known.get(key):
                self._known.move_to_end(key)
            return known

    def _kept(self, key: bytes) -> tuple[Answer, bool]:
        """The answer, perhaps yet to come; whether nobody has asked for it before."""
        with self._lock:
            if known := self._known.get(key):
                return known, False
            answer = self._known[key] = Answer()
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
            return answer, True

    def _told(self, key: bytes, room: BoundedSemaphore, done: Answer) -> None:
        room.release()
        if done.exception():
            with self._lock:
                self._known.pop(key, None)

    def _work(self, planner: Planner) -> None:
        while True:
            _rank, _number, problem, answer = self._jobs.get()
            if problem is None:
                return
            began = monotonic()
            try:
                answer.set_result(planner.answer(problem))
                self._usual_s += (monotonic() - began - self._usual_s) / LATELY
            except Unanswered as why:
                log.warning("A planner did not answer; it is started anew with the next question.")
                answer.set_exception(why)


def key_of(problem: Problem) -> bytes:
    said = sha256(repr((problem.day, problem.stops, problem.pace)).encode())
    said.update(problem.matrix.seconds.tobytes())
    said.update(problem.matrix.metres.tobytes())
    return said.digest()


@lru_cache
def planners() -> Planners:
    """Those of this server process, as many as the settings say."""
    return Planners(settings().planners)


def end_planning() -> None:
    planners().close()
    planners.cache_clear()
