"""One phone: a browser, its profile, the relay before it, pages that do as they are asked."""

from pathlib import Path
from time import monotonic
from typing import Any

from tests.browser.engines.browsers import Browser, Engine
from tests.browser.engines.page import Tab
from tests.browser.engines.relay import Relay

PATIENCE_S = 30
START_S = 60


class Silent(AssertionError):  # noqa: N818 - it is the phone that is silent, not we who erred
    """A page did not answer, or said that it could not do what it was asked."""


class Handset:
    def __init__(self, engine: Engine, relay: Relay, profile: Path) -> None:
        self.engine, self.relay = engine, relay
        self.browser = Browser(engine, profile)
        self.orders = 0
        self.tab: Tab | None = None

    def switch_on(self, query: str = "", **surroundings: str) -> None:
        """Returns when the page has said hello."""
        known = len(self.relay.tabs)
        self.browser.start(f"{self.relay.url}/{query}", **surroundings)
        self.tab = self.new_tab(known, START_S)

    def new_tab(self, known: int, patience: float = PATIENCE_S) -> Tab:
        """The first page after `known` pages that has said hello."""

        def there() -> list[Tab]:
            return [tab for tab in self.relay.tabs[known:] if tab.address is not None]

        with self.relay.news:
            if not self.relay.news.wait_for(there, patience):
                raise Silent(f"{self.engine.name}: no page said hello.\n{self.story()}")
            return there()[0]

    def kill(self) -> None:
        self.browser.kill()
        self.tab = None

    def tell(self, script: str, *args: object, tab: Tab | None = None) -> int:
        """Give an order without waiting for what comes of it."""
        tab = tab or self.tab
        assert tab
        self.orders += 1
        with self.relay.news:
            tab.orders.append({"number": self.orders, "script": script, "args": args})
            self.relay.news.notify_all()
        return self.orders

    def ask(
        self, script: str, *args: object, tab: Tab | None = None, patience: float = PATIENCE_S
    ) -> Any:
        tab = tab or self.tab
        assert tab
        number = self.tell(script, *args, tab=tab)
        with self.relay.news:
            answered = self.relay.news.wait_for(lambda: tab.answers.get(number), patience)
        if not answered:
            raise Silent(f"no answer to: {script}\n{self.story()}")
        if "error" in answered:
            raise Silent(f"{answered['error']}: {script}\n{self.story()}")
        return answered["value"]

    def reload(self) -> None:
        known = len(self.relay.tabs)
        self.tell("setTimeout(() => location.reload())")
        self.tab = self.new_tab(known)

    def go_to(self, relay: Relay, query: str = "") -> None:
        """The same browser at another address: an empty phone, as origins share nothing."""
        self.tell("setTimeout(() => location.assign(args[0]))", f"{relay.url}/{query}")
        known, self.relay = len(relay.tabs), relay
        self.tab = self.new_tab(known)

    def open_window(self, address: str = "/") -> Tab:
        """A second window of the same browser. Raises Silent where there is none."""
        known = len(self.relay.tabs)
        self.ask("robot.windows.push(open(args[0], '', 'popup,width=390,height=700'))", address)
        return self.new_tab(known)

    def until(self, script: str, *args: object, patience: float = PATIENCE_S) -> Any:
        """Until an expression is true in the page."""
        end = monotonic() + patience
        while not (value := self.ask(f"return {script}", *args)):
            if monotonic() > end:
                raise Silent(f"waited in vain for {script}\n{self.story()}")
        return value

    def story(self) -> str:
        """For whoever has to find out what went wrong."""
        log = self.browser.log.read_text("utf-8", "replace") if self.browser.log.exists() else ""
        return f"{self.relay.report()}\n— the browser's log —\n{log[-3000:]}"
