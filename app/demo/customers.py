"""The customers of the demo, from the tables of each rep's round."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sqlmodel import Session

from app.accounts.models import Person
from app.core.geo import Point
from app.core.hours import windows_of
from app.customers.models import Customer
from app.customers.rules import PinSource
from app.customers.search import search_fields
from app.demo import hongkou_yangpu, jingan_xuhui, pudong
from app.demo.catalogue import CURRENCY, Stock
from app.demo.chance import dice, happens, new_id
from app.demo.days import at
from app.demo.people_at import contacts_at, landline, mobile
from app.demo.shops import COMPETITORS, SUPPLIERS, TRADES, Shop, Trade

ROUNDS = {
    "alice": jingan_xuhui.SHOPS,
    "bob": hongkou_yangpu.SHOPS,
    "charlie": pudong.SHOPS,
}
CARD_MADE_AT = 10 * 60
OWING, ROUND, OWED_FOR = 0.15, 10_000, 70  # how many owe; to whole hundreds; from then on, in days
SOURCES = ("陌拜", "老客户介绍", "前任移交", "展会", "电话")


@dataclass(frozen=True)
class Client:
    """A customer of the demo with what the story needs to know about it."""

    customer: Customer
    shop: Shop
    trade: Trade

    @property
    def point(self) -> Point | None:
        return self.customer.point


def open_accounts(
    db: Session, rng: Random, people: dict[str, Person], stock: Stock, day: date
) -> dict[str, list[Client]]:
    """Every rep's customers, their cards last changed on `day`."""
    clients: dict[str, list[Client]] = {}
    number = 0
    for username, shops in ROUNDS.items():
        clients[username] = []
        for shop in shops:
            number += 1
            client = client_of(rng, shop, people[username], f"SH-{number:04}", day)
            if client.trade.dealer_prices:
                client.customer.price_list_id = stock.dealers.id
            clients[username].append(client)
    everyone = [client for round_ in clients.values() for client in round_]
    db.add_all(client.customer for client in everyone)
    db.flush()
    for client in everyone:
        db.add_all(contacts_at(rng, client.customer, client.trade))
    return clients


def client_of(rng: Random, shop: Shop, owner: Person, code: str, day: date) -> Client:
    trade = TRADES[shop.trade]
    hours = trade.hours if shop.hours is None else shop.hours
    lat, lon = shop.spot or (None, None)
    address = f"上海市{shop.address}"
    phones = [landline(rng)] + ([mobile(rng)] if happens(rng, 0.5) else [])
    customer = Customer(
        id=new_id(rng),
        code=code,
        name=shop.name,
        short_name=shop.short,
        kind=trade.kind,
        status=shop.status,
        grade=shop.grade,
        industry=shop.trade,
        region=shop.address[: shop.address.index("区") + 1],
        address=address,
        lat=lat,
        lon=lon,
        pin_source=PinSource.PERSON if shop.spot else None,
        opening_hours=hours,
        windows=windows_of(hours) if hours else None,
        phones=phones,
        tags=list(shop.tags),
        notes=shop.notes,
        currency=CURRENCY,
        source=rng.choice(SOURCES),
        owner_id=owner.id,
        team_id=owner.team_id,
        changed_at=at(day, CARD_MADE_AT),
    )
    customer.sqlmodel_update(search_fields(shop.name, shop.short, code, phones, address))
    describe(rng, customer, trade)
    customer.owed, customer.owed_since = debt(customer, day)
    return Client(customer, shop, trade)


def debt(customer: Customer, day: date) -> tuple[int, date | None]:
    """Some owe a part of what they may."""
    rng = dice(f"owed {customer.code}")
    if rng.random() > OWING:
        return 0, None
    part = (customer.credit_limit or 0) * rng.randrange(5, 60) // 100
    return part // ROUND * ROUND, day + timedelta(days=rng.randrange(OWED_FOR))


def describe(rng: Random, customer: Customer, trade: Trade) -> None:
    customer.credit_limit = rng.choice(trade.limits) * 100
    customer.payment_terms = rng.choice(trade.terms)
    customer.current_supplier = rng.choice(SUPPLIERS)
    customer.competitors = rng.choice(COMPETITORS)
    customer.buys, customer.could_buy = rng.choice(trade.buys), rng.choice(trade.could_buy)
