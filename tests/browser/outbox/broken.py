"""Scripts that break a page's IndexedDB, or hold on to its connections so that a test can."""

REMEMBER = """
  window.connections = [];
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...how) {
    const asked = open.apply(this, how);
    asked.addEventListener('success', () => connections.push(asked.result));
    return asked;
  };
"""
BREAKS = {
    "fails": """
      IDBFactory.prototype.open = () => { throw new DOMException('lost', 'UnknownError'); };
    """,
    "hangs": "IDBFactory.prototype.open = () => Object.assign(new EventTarget(), {result: 0});",
}
ONLY_THE_FIRST_FAILS = """
  const begin = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (name, ...how) {
    if (sessionStorage.broken === 'yes' && !/-[0-9]$/.test(name)) {
      throw new DOMException('malformed', 'UnknownError');
    }
    return begin.call(this, name, ...how);
  };
"""
NO_NUMBERS = """
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (...what) {
    if (this.name === 'outbox' && (sessionStorage.full ?? 'yes') !== 'no') {
      throw new DOMException('full', 'QuotaExceededError');
    }
    return add.apply(this, what);
  };
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...what) {
    if (sessionStorage.full === 'all' && String(what[1]).startsWith('jot-')) {
      throw new DOMException('full', 'QuotaExceededError');
    }
    return put.apply(this, what);
  };
"""
