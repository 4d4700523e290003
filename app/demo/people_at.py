"""Whom the rep meets at a customer."""

from datetime import date
from random import Random

from app.customers.models import Contact, Customer
from app.customers.rules import Attitude, BuyingPart
from app.demo.chance import happens, new_id
from app.demo.shops import Trade

SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏傅方邹熊白孟秦邱侯江尹薛闫段雷龙史陶贺顾毛郝龚邵"
# fmt: off
GIVEN = (
    "建国", "国强", "志明", "伟民", "海波", "永康", "德福", "文斌", "晓东", "俊杰", "宇航", "子轩",
    "家豪", "卫东", "立新", "明辉", "丽华", "秀英", "美玲", "晓红", "雅琴", "佩芳", "婷婷", "思琪",
    "雨欣", "静怡", "慧敏", "春燕", "玉兰", "小梅", "倩", "颖", "磊", "强", "军", "洁",
)
# fmt: on
LIKINGS = (
    "喝茶",
    "钓鱼",
    "看球，申花",
    "打麻将",
    "养花",
    "孩子在读高三",
    "爱喝黄酒",
    "早上最好找",
    "",
)
PARTS = (BuyingPart.ECONOMIC, BuyingPart.USER, BuyingPart.COACH)
ATTITUDES = (
    Attitude.FOR_US, Attitude.FOR_US, Attitude.NEUTRAL, Attitude.NEUTRAL, Attitude.UNKNOWN,
    Attitude.AGAINST,
)  # fmt: skip


def contacts_at(rng: Random, customer: Customer, trade: Trade) -> list[Contact]:
    """One to three people at an A or B customer, one or none elsewhere; the first one decides."""
    important = (customer.grade or "D")[0] in "AB"
    count = rng.randint(1, 3) if important else rng.randint(0, 1)
    return [
        Contact(
            id=new_id(rng),
            customer_id=customer.id,
            name=person_name(rng),
            title=title,
            phone=mobile(rng),
            birthday=birthday(rng) if happens(rng, 0.4) else None,
            likings=rng.choice(LIKINGS),
            part=BuyingPart.TECHNICAL if title == "仓库主管" else part,
            influence=max(1, 5 - place - rng.randint(0, 1)),
            attitude=rng.choice(ATTITUDES),
            changed_at=customer.changed_at,
        )
        for place, (title, part) in enumerate(zip(trade.bosses[:count], PARTS, strict=False))
    ]


def person_name(rng: Random) -> str:
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def mobile(rng: Random) -> str:
    return f"199 0000 {rng.randrange(10_000):04}"


def landline(rng: Random) -> str:
    return f"021-5555{rng.randrange(10_000):04}"


def birthday(rng: Random) -> date:
    return date(rng.randint(1965, 1998), rng.randint(1, 12), rng.randint(1, 28))
