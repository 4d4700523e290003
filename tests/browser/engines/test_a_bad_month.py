"""A thousand commands and twenty kills in each engine: nothing lost, twice, out of order, stuck."""

import random
import sys
from pathlib import Path

from tests.browser.engines.browsers import Engine
from tests.browser.engines.fuzz import Run

COMMANDS, KILLS = 1_000, 20


def test_everything_arrives_once_and_in_order(engine: Engine, script: Path, tmp_path: Path) -> None:
    run = Run(engine, script, tmp_path / "run", COMMANDS, KILLS, random.randrange(10_000))
    sys.stdout.write(f"again: bin/fuzz --engine {engine.name} --seed {run.seed}\n")
    verdict = run.go()
    report = "\n".join(run.report(verdict))
    sys.stdout.write(report + "\n")
    assert verdict.faults() == {}, f"{run.phone.story()}\n{report}"
    assert run.killed["browser"] + run.killed["both"] >= KILLS // 2
    assert run.killed["server"] + run.killed["both"] >= 3
