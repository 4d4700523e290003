"""What must hold on every screen, looked at once a page: two widths, two themes."""

import re
from pathlib import Path
from typing import Any

from app.settings import ROOT
from tests.browser.phone import PHONE, Phone

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TARGET_PX = 44
LANGUAGES = {"en": "en", "zh_CN": "zh-CN"}

MEASURE = """least => {
  const shown = one => one.checkVisibility({visibilityProperty: true}) && !one.closest('.unseen');
  const named = one => (one.ariaLabel || one.innerText || one.name || one.id || one.tagName).trim();
  const all = css => [...document.querySelectorAll(css)].filter(shown);
  const targets = all("button, summary, select, textarea, a.button, a.back, nav a, .choices label, "
    + "input:not([type=hidden], [type=radio])");
  const small = targets.filter(one => {
    const box = one.getBoundingClientRect();
    return Math.round(box.height) < least || Math.round(box.width) < least;
  });
  const rows = all('.row').filter(one => one.getBoundingClientRect().height < 56);
  const page = document.scrollingElement;
  return {
    wide: page.scrollWidth > page.clientWidth ? page.scrollWidth : 0,
    small: [...small, ...rows].map(one => {
      const box = one.getBoundingClientRect();
      return `${named(one)} ${Math.round(box.width)}×${Math.round(box.height)}`;
    }),
    h1: document.querySelectorAll('h1').length,
    lang: document.documentElement.lang,
  };
}"""
PAPER = "getComputedStyle(document.documentElement).backgroundColor"
VIOLATIONS = """async rules => {
  // What moves without an end (a button that is busy) is never finished: it is looked at as it is.
  const ending = document.getAnimations().filter(
    moving => moving.effect.getComputedTiming().endTime !== Infinity);
  const still = Promise.allSettled(ending.map(moving => moving.finished));
  await Promise.race([still, new Promise(enough => setTimeout(enough, 3000))]);
  const found = await axe.run(document, {...rules, resultTypes: ['violations']});
  return found.violations.map(one =>
    `${one.id}: ${one.nodes.map(node => node.html.slice(0, 160)).slice(0, 3).join(' | ')}`);
}"""


def look(phone: Phone, name: str, folder: Path) -> list[str]:
    """What is wrong with the page that is open, in both themes and at two widths."""
    wrong = at_width(phone, 390)
    wrong += [*at_width(phone, 320), *both_themes(phone, folder / name)]
    phone.page.set_viewport_size(PHONE["viewport"])
    wrong += [said for said in phone.complaints if not expected(said)]
    phone.complaints.clear()
    return [f"{name}: {one}" for one in dict.fromkeys(wrong)]


def expected(said: str) -> bool:
    """Chromium reports refusals and offline requests, which are part of the job."""
    return bool(re.search(r"status of (404|409|422)|ERR_INTERNET_DISCONNECTED", said))


def at_width(phone: Phone, width: int) -> list[str]:
    phone.page.set_viewport_size({"width": width, "height": 844})
    seen: dict[str, Any] = phone.page.evaluate(MEASURE, TARGET_PX)
    wrong = [f"at {width} px too small for a thumb: {one}" for one in seen["small"]]
    if seen["wide"]:
        wrong.append(f"at {width} px it scrolls sideways: {seen['wide']} px wide")
    if seen["h1"] != 1:
        wrong.append(f"{seen['h1']} headings of the first level")
    if seen["lang"] != LANGUAGES[phone.language]:
        wrong.append(f"its language is {seen['lang']}")
    return wrong


def both_themes(phone: Phone, picture: Path) -> list[str]:
    """Everything in light, what depends on colour again in dark."""
    phone.page.set_viewport_size(PHONE["viewport"])
    tall = phone.page.evaluate("document.documentElement.scrollHeight")
    phone.page.set_viewport_size({"width": 390, "height": tall})  # nothing is under the dock
    phone.page.evaluate(f"{AXE}; undefined")
    papers, wrong = set(), []
    for scheme in ("light", "dark"):
        phone.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        rules = {"runOnly": WCAG if scheme == "light" else ["color-contrast"]}
        wrong += [f"{scheme}, {one}" for one in phone.page.evaluate(VIOLATIONS, rules)]
        papers.add(phone.page.evaluate(PAPER))
    if len(papers) < 2:
        wrong.append("dark is no other than light")
    if wrong:
        phone.page.screenshot(path=f"{picture}.png")
    return wrong
