import pytest

from tests.bench.table import table
from tests.browser.conftest import chromium, running

__all__ = ["chromium", "running"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/bench/" in item.path.as_posix():
            item.add_marker(pytest.mark.bench)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if lines := table():
        terminalreporter.section("Measured")
        for line in lines:
            terminalreporter.write_line(line)
