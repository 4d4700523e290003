"""What everybody signs in on: a phone, and another one or a computer."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256

from app.accounts.models import Person
from app.demo.chance import dice, new_id
from app.demo.days import at, working_days_before
from app.sync.models import Device

CHROME = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/154.0.0.0 Mobile Safari/537.36"
HUAWEI = "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/132.0.0.0 Mobile HuaweiBrowser/5.0.4"
XIAOMI = "Mozilla/5.0 (Linux; U; Android 15; zh-cn; 24129PN74C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/123.0 Mobile MiuiBrowser/20.4"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1"
IPAD = "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/154.0.0.0 Safari/537.36 Edg/154.0.0.0"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15"

PHONES = (  # whose, on what, which working day before today and at what minute it spoke last, what waits there
    ("alice", CHROME, 1, 18 * 60 + 12, 0), ("alice", XIAOMI, 12, 9 * 60 + 40, 0),
    ("bob", HUAWEI, 1, 17 * 60 + 55, 0), ("bob", CHROME, 6, 16 * 60 + 3, 2),
    ("charlie", XIAOMI, 1, 18 * 60 + 31, 3), ("charlie", WINDOWS, 3, 19 * 60 + 5, 0),
    ("mia", IPHONE, 1, 19 * 60 + 20, 0), ("mia", MAC, 2, 8 * 60 + 50, 0),
    ("diane", IPHONE, 1, 20 * 60 + 2, 0), ("diane", IPAD, 4, 21 * 60 + 15, 0),
    ("sam", CHROME, 2, 12 * 60 + 30, 0), ("sam", WINDOWS, 1, 17 * 60 + 48, 0),
    ("ada", WINDOWS, 1, 17 * 60 + 10, 0), ("ada", IPHONE, 5, 13 * 60 + 25, 0),
)  # fmt: skip
LEFT_IN_A_TAXI = ("bob", CHROME)
NEW, OLD = "7c1e90ab42", "51d3f8e06b"
DAYS_BACK = 40


def phones_of(people: dict[str, Person], today: date) -> Iterator[Device]:
    """One of them was left in a taxi, shut out the same evening, and has not been heard of since."""
    rng, days = dice("phones"), working_days_before(today, DAYS_BACK)
    for username, browser, back, minute, waiting in PHONES:
        spoke = at(days[-back], minute)
        lost = (username, browser) == LEFT_IN_A_TAXI
        yield Device(
            id=new_id(rng),
            person_id=people[username].id,
            phone=sha256(f"{username} {browser}".encode()).hexdigest(),
            browser=browser[:200],
            build=NEW if back < 3 else OLD,
            waiting=waiting,
            first_seen=at(days[0], 8 * 60 + 30),
            last_seen=spoke,
            revoked_at=at(days[-back], 19 * 60) if lost else None,
            revoked_by=people["ada"].id if lost else None,
        )
