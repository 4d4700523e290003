"""What a phone keeps of the pages, as a test looks at it."""

from tests.browser.outbox.hand import until
from tests.browser.phone import Phone

STANDING = """async (person) => {
  const names = (await indexedDB.databases()).map(({name}) => name);
  if (!names.includes(`pack-${person}`)) return null;
  const open = indexedDB.open(`pack-${person}`);
  const db = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const has = db.objectStoreNames.contains('standing');
  const ask = has && db.transaction('standing').objectStore('standing').get('now');
  const now = ask && await new Promise((done) => { ask.onsuccess = () => done(ask.result); });
  db.close();
  return now ? {version: now.version, filling: now.filling !== null} : null;
}"""
CLAIMED = "navigator.serviceWorker.controller !== null"


def loaded(phone: Phone) -> None:
    """In the morning, with a signal: the whole pack is on the phone."""
    phone.go("/today")
    until(lambda: phone.page.evaluate(CLAIMED), "the worker")
    person = phone.page.evaluate("document.body.dataset.person")

    def complete() -> bool:
        now = phone.page.evaluate(STANDING, person)
        return bool(now and now["version"] and not now["filling"])

    until(complete, "the pack", 60)
