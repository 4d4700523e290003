"""Three customers with a history; every word about one of them begins with its name."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from uuid import uuid4

from sqlmodel import Session

from app.accounts.models import Person, Team
from app.catalog.models import PackUnit, Price, PriceList, Product
from app.core import clock
from app.customers.models import Contact, Customer
from app.customers.search import search_fields
from app.followups.models import Promise
from app.media.models import Blob, Sender
from app.media.rules import Kind
from app.orders.models import Order, OrderLine
from app.planning.models import KeyPoint, Leave, PlannedVisit, StopByHand
from app.planning.rules import Deed
from app.sync.models import Device
from app.visits.models import Note, Photo, Visit
from app.visits.rules import Verdict
from tests.cast import Cast


@dataclass(frozen=True)
class Shop:
    """A customer, and what `visitor` did there yesterday by `device`; the visit is still open.

    Of the two photos, the picture of `unsent` has never arrived.
    """

    word: str
    customer: Customer
    visit: Visit
    order: Order
    promise: Promise
    photo: Photo
    unsent: Photo
    twin: Customer  # another card of the same people's
    device: Device
    point: KeyPoint
    leave: Leave  # the visitor's
    plan: PlannedVisit  # the visitor's, in two days
    deed: StopByHand


@dataclass(frozen=True)
class World:
    """Lilac is Alice's, Copper is Charlie's, Jasper belongs to North and to nobody in it."""

    cast: Cast
    product: Product
    lilac: Shop
    copper: Shop
    jasper: Shop

    @property
    def shops(self) -> list[Shop]:
        return [self.lilac, self.copper, self.jasper]


def build(db: Session, cast: Cast) -> World:
    """Everybody planned every shop for today, as if it had been theirs when they planned."""
    product = stock(db)
    world = World(
        cast,
        product,
        open_shop(db, product, "Lilac", cast.north, cast.alice, owner=cast.alice),
        open_shop(db, product, "Copper", cast.south, cast.charlie, owner=cast.charlie),
        open_shop(db, product, "Jasper", cast.north, cast.mia),
    )
    for person in cast.people:
        today = clock.today(person.time_zone)
        for shop in world.shops:
            db.add(PlannedVisit(person_id=person.id, customer_id=shop.customer.id, on_day=today))
    db.commit()
    return world


def stock(db: Session) -> Product:
    prices = PriceList(name="All", is_default=True)
    product = Product(code="T-1", name="Tea", base_unit="box", search_text="tea|t-1")
    db.add_all([prices, product])
    db.flush()
    db.add(PackUnit(product_id=product.id, unit="box"))
    db.add(Price(price_list_id=prices.id, product_id=product.id, unit="box", amount=1250))
    db.flush()
    return product


def open_shop(
    db: Session,
    product: Product,
    word: str,
    team: Team,
    visitor: Person,
    owner: Person | None = None,
) -> Shop:
    customer = new_customer(db, word, team, owner)
    yesterday = clock.now() - timedelta(days=1)
    visit = Visit(
        customer_id=customer.id,
        person_id=visitor.id,
        checked_in_at=yesterday,
        received_at=yesterday,
        verdict=Verdict.CANNOT_TELL,
        reason=f"{word} reason",
        next_step=f"{word} next step",
    )
    db.add(visit)
    db.flush()
    order = new_order(db, visit, product, word)
    promise = Promise(
        customer_id=customer.id,
        person_id=visitor.id,
        visit_id=visit.id,
        what=f"{word} promise",
        due_on=date(2026, 1, 1),
        made_at=yesterday,
    )
    note = Note(
        customer_id=customer.id,
        person_id=visitor.id,
        visit_id=visit.id,
        written_at=yesterday,
        received_at=yesterday,
        text=f"{word} note",
    )
    contact = Contact(customer_id=customer.id, name=f"{word} contact")
    photo, unsent = new_photo(visit, word), new_photo(visit, f"{word} unsent")
    device = Device(
        id=uuid4(), person_id=visitor.id, phone=word, first_seen=yesterday, last_seen=yesterday
    )
    point = KeyPoint(
        person_id=visitor.id, for_day=yesterday.date(), text="A point", written_at=yesterday
    )
    tomorrow = yesterday.date() + timedelta(days=2)
    leave = Leave(person_id=visitor.id, first_day=tomorrow, last_day=tomorrow, taken_at=yesterday)
    soon = yesterday.date() + timedelta(days=3)
    plan = PlannedVisit(person_id=visitor.id, customer_id=customer.id, on_day=soon)
    deed = StopByHand(
        person_id=visitor.id,
        customer_id=customer.id,
        on_day=yesterday.date(),
        number=1,
        deed=Deed.ADD,
        made_at=yesterday,
    )
    db.add_all([order, promise, note, contact, photo, unsent, device, point, leave, plan, deed])
    db.add(picture_of(photo))
    db.flush()
    db.add(Sender(blob_id=photo.sha256, person_id=visitor.id, arrived_at=yesterday))
    db.flush()
    twin = new_customer(db, f"{word} Twin", team, owner)
    return Shop(
        word, customer, visit, order, promise, photo, unsent, twin, device, point, leave, plan, deed
    )


def new_photo(visit: Visit, caption: str) -> Photo:
    """Taken so long ago that it may be given up, had it not arrived."""
    then = visit.checked_in_at - timedelta(days=8)
    return Photo(
        customer_id=visit.customer_id,
        visit_id=visit.id,
        person_id=visit.person_id,
        sha256=sha256(caption.encode()).hexdigest(),
        size=1,
        kind=Kind.JPEG,
        caption=caption,
        taken_at=then,
        written_at=then,
        received_at=then,
    )


def picture_of(photo: Photo) -> Blob:
    """As if it had arrived; its file is not in the store."""
    return Blob(
        sha256=photo.sha256,
        size=1,
        kind=Kind.JPEG,
        width=4,
        height=3,
        kept_sha256=photo.sha256,
        kept_size=1,
        thumb_sha256=photo.sha256,
        arrived_at=photo.received_at,
    )


def new_customer(db: Session, word: str, team: Team, owner: Person | None = None) -> Customer:
    name, address = f"{word} Store", f"{word} Street 1"
    phone = f"555 {sum(word.encode())}"
    derived = search_fields(name, "", None, [phone], address)
    customer = Customer(
        name=name,
        address=address,
        notes=f"{word} card",
        phones=[phone],
        owner_id=owner.id if owner else None,
        team_id=team.id,
        search_text=derived["search_text"],
        sort_key=derived["sort_key"],
        alike_keys=derived["alike_keys"],
    )
    db.add(customer)
    db.flush()
    return customer


def new_order(db: Session, visit: Visit, product: Product, word: str) -> Order:
    order = Order(
        number=f"{word}-1",
        customer_id=visit.customer_id,
        visit_id=visit.id,
        person_id=visit.person_id,
        placed_at=visit.checked_in_at,
        received_at=visit.received_at,
        currency="CNY",
        total=1250,
        line_count=1,
        remark=f"{word} remark",
    )
    db.add(order)
    db.flush()
    db.add(
        OrderLine(
            order_id=order.id,
            position=1,
            product_id=product.id,
            product_name="Tea",
            quantity=Decimal(1),
            unit="box",
            unit_price=1250,
            amount=1250,
        )
    )
    return order
