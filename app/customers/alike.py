"""Whether two cards are of one customer: by name, phone and distance.

static/js/alike.ts is the same in TypeScript; both are held to tests/contract/alike.json.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

# fmt: off
COMPANY_WORDS = {
    "ab", "ag", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated", "kg",
    "limited", "llc", "ltd", "nv", "oy", "oyj", "plc", "pte", "pty", "sarl", "spa", "srl",
}
COMPANY_ENDINGS = (
    "集团股份有限公司", "有限责任公司", "股份有限公司", "集团有限公司", "控股有限公司", "有限公司",
    "股份公司", "集团公司", "公司", "集团", "株式会社",
)
SHOP_WORDS = (
    "便利店", "烟酒店", "专卖店", "旗舰店", "超市", "烟酒", "商行", "商店", "餐厅", "酒店", "饭店",
    "咖啡", "店",
)
# fmt: on
EXTENSION = r"(\d{8,})\D+\d{1,5}$"
FEWEST_DIGITS = 7  # a local number without its area code

# Policy: what each sign weighs, and from where on two cards are likely of one customer.
PHONE_WEIGHS, SAME_NAME_WEIGHS, NEAR_NAME_WEIGHS = 60, 60, 40
AT_HAND_M, AT_HAND_WEIGHS = 100, 30
NEAR_M, NEAR_WEIGHS = 300, 20
ELSEWHERE_M, ELSEWHERE_WEIGHS = 1000, -40
LIKELY = 60
NEAR_NAME_PERCENT = 75  # of the letters of both names, in the same order


class Sign(StrEnum):
    """What speaks for two cards being of one customer."""

    SAME_PHONE = "same_phone"
    SAME_NAME = "same_name"
    NEAR_NAME = "near_name"


@dataclass(frozen=True)
class Marks:
    """A card as it is compared: `name` as `plain` gives it, `spelt` in Latin letters where known.

    `phones` as `dialled` gives them.
    """

    name: str
    spelt: str = ""
    phones: tuple[str, ...] = ()


@dataclass(frozen=True)
class Likeness:
    """`score` from 0 to 100; `metres` between the two, None when one has no position."""

    score: int
    signs: tuple[Sign, ...] = ()
    metres: float | None = None

    @property
    def likely(self) -> bool:
        return self.score >= LIKELY


def plain(name: str) -> str:
    """Letters and digits only, half-width, lower case, no accents, without what every company is.

    Starbucks Coffee Co., Ltd. is starbuckscoffee, （上海）星巴克有限公司 is 上海星巴克.
    """
    words = "".join(map(letter, unicodedata.normalize("NFKD", name).lower())).split()
    while len(words) > 1 and words[-1] in COMPANY_WORDS:
        words.pop()
    squeezed = "".join(words)
    for ending in COMPANY_ENDINGS:
        if squeezed.endswith(ending):
            return squeezed.removesuffix(ending) or squeezed
    return squeezed


def letter(char: str) -> str:
    """The character; nothing for an accent, a space for what stands between words."""
    kind = unicodedata.category(char)[0]
    return char if kind in "LN" else "" if kind == "M" else " "


def dialled(phone: str) -> str:
    """The digits that are dialled within the country: without its code, trunk zero, extension."""
    half_width = unicodedata.normalize("NFKC", phone)
    number = re.sub(EXTENSION, r"\1", half_width.strip())
    digits = re.sub(r"\D", "", number, flags=re.ASCII).lstrip("0")
    return re.sub(r"^86(?=0?[1-9]\d{9,10}$)", "", digits).lstrip("0")


def likeness(a: Marks, b: Marks, metres: float | None) -> Likeness:
    """How likely two cards are of one customer, and why; the same both ways round."""
    signs, score = [], 0
    if any(one_number(own, other) for own in a.phones for other in b.phones):
        signs.append(Sign.SAME_PHONE)
        score += PHONE_WEIGHS
    if a.name and a.name == b.name:
        signs.append(Sign.SAME_NAME)
        score += SAME_NAME_WEIGHS
    elif sounds_alike(a, b) or near(a.name, b.name):
        signs.append(Sign.NEAR_NAME)
        score += NEAR_NAME_WEIGHS
    if signs and metres is not None:
        score += distance_weighs(metres)
    return Likeness(max(0, min(score, 100)), tuple(signs), metres)


def one_number(a: str, b: str) -> bool:
    """One of them may be without its area code."""
    short, long = sorted((a, b), key=len)
    return len(short) >= FEWEST_DIGITS and long.endswith(short)


def sounds_alike(a: Marks, b: Marks) -> bool:
    """星巴客 is 星巴克 mistyped; Xingbake may be how somebody without its characters wrote it."""
    if not a.spelt or not b.spelt:
        return False
    if a.spelt == b.spelt:
        return True
    latin = [one for one in (a, b) if one.name == one.spelt]
    return len(latin) == 1 and near(a.spelt, b.spelt)


def near(a: str, b: str) -> bool:
    """Nearly the same letters in the same order; a branch with another number is another."""
    numbers = [re.findall(r"[0-9]+", name) for name in (a, b)]
    if all(numbers) and numbers[0] != numbers[1]:
        return False
    own, other = core(a), core(b)
    return 200 * common(own, other) >= NEAR_NAME_PERCENT * (len(own) + len(other)) > 0


def core(name: str) -> str:
    """The name without what many shops of a street are, unless it is nothing else."""
    left = re.sub("|".join(SHOP_WORDS), "", name)
    return left or name


def common(a: str, b: str) -> int:
    """The length of the longest sequence of letters that stands in both, gaps allowed."""
    before = [0] * (len(b) + 1)
    for own in a:
        row = [0]
        for at, other in enumerate(b):
            row.append(before[at] + 1 if own == other else max(before[at + 1], row[at]))
        before = row
    return before[-1]


def distance_weighs(metres: float) -> int:
    if metres <= AT_HAND_M:
        return AT_HAND_WEIGHS
    if metres <= NEAR_M:
        return NEAR_WEIGHS
    return ELSEWHERE_WEIGHS if metres > ELSEWHERE_M else 0
