from app.core import clock
from app.core.places import Fix
from app.customers.models import Customer
from app.customers.rules import PinSource

GOOD_PIN_M = 100  # policy: a fix worse than this is no pin


def pin_by_check_in(customer: Customer, fix: Fix) -> None:
    """A customer without a position gets the one of the first good check-in."""
    if customer.point is not None or fix.accuracy > GOOD_PIN_M:
        return
    customer.lat, customer.lon, customer.pin_source = fix.lat, fix.lon, PinSource.CHECK_IN
    customer.rev, customer.changed_at = customer.rev + 1, clock.now()
