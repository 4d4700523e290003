"""The browser is killed while a pack comes: what is shown is whole, and what is missing comes."""

import gzip
import json
import random
import sys
from time import sleep
from typing import Any
from urllib.request import Request, urlopen

from tests.browser.engines.street import Street, Walker

SHOWN = """
  const person = page().body.dataset.person;
  const now = await stored(`pack-${person}`, 'standing', (standing) => standing.get('now'));
  const keys = await stored(`pack-${person}`, `pages-${now.live}`, (pages) => pages.getAllKeys());
  const pages = await stored(`pack-${person}`, `pages-${now.live}`, (pages) => pages.getAll());
  return [now.version, keys.map((key, at) => [key, pages[at].h])];
"""


def served(street: Street) -> tuple[str, dict[str, str]]:
    """The version, and the hash of each page, as a phone without anything is given them now."""
    asked = Request(f"{street.url}/pack", headers={"Accept-Encoding": "gzip"})
    with urlopen(asked) as answer:
        text = answer.read()
    packed = answer.headers["Content-Encoding"] == "gzip"
    lines: list[dict[str, Any]] = [
        json.loads(line) for line in (gzip.decompress(text) if packed else text).splitlines()
    ]
    pages = {f"{one['u']}\n{one.get('d', '')}": one["h"] for one in lines if "h" in one}
    return str(lines[0]["version"]), pages


def test_killed_while_it_comes(walker: Walker, street: Street) -> None:
    seed = random.randrange(10_000)
    sys.stdout.write(f"seed {seed}\n")
    dice = random.Random(seed)
    street.slow = "/pack"
    walker.switch_on()
    for _kill in range(3):
        walker.walk("await go('/today')")
        sleep(dice.uniform(0.5, 5))
        walker.kill()
        walker.switch_on()
    street.slow = ""
    walker.walk("await go('/today')")
    walker.until("return packed()")
    version, pages = served(street)
    shown, kept = walker.walk(SHOWN)
    assert shown.split(".")[1:] == version.split(".")[1:]
    assert dict(kept) == pages
    street.signal = False
    walker.walk("await go('/customers')")
    walker.walk("await until(() => all('#found-rows .row').length > 3)")
