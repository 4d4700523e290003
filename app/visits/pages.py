from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.accounts.current import CurrentPerson
from app.accounts.posting import takes
from app.core.commands import execute
from app.core.forms import Form
from app.core.web import Db, posted, retry, see
from app.visits.commands import (
    CheckIn,
    CheckOut,
    GiveUpPhoto,
    RecordContact,
    TakePhoto,
    WriteNote,
)
from app.visits.photos import customer_of_photo
from app.visits.queries import customer_of_visit, reason_to_ask

router = APIRouter()


@router.post("/visits/check-in")
def check_in(
    request: Request, db: Db, person: CurrentPerson, form: Annotated[Form[CheckIn], posted(CheckIn)]
) -> Response:
    """Recorded at once when the phone is near; beyond the radius the reason is asked first."""
    if form.command is None:
        return retry(request, "visits/check_in.html", form, far=None)
    if far := reason_to_ask(db, person, form.command):
        return retry(request, "visits/check_in.html", form, far=far)
    execute(db, person, form.command)
    return see(f"/customers/{form.command.customer_id}/visit")


takes(router, "/visits/note", WriteNote, "visits/note.html", "/customers/{customer_id}/visit")
takes(router, "/visits/contact", RecordContact, "visits/contact.html", "/customers/{customer_id}")
# What is said of a photo; its picture goes to /media.
takes(router, "/visits/photo", TakePhoto, "visits/photo.html", "/customers/{customer_id}/visit")


takes(
    router,
    "/visits/photo/give-up",
    GiveUpPhoto,
    "visits/give_up.html",
    lambda db, _, gone: f"/customers/{customer_of_photo(db, gone.photo_id)}",
)


takes(
    router,
    "/visits/check-out",
    CheckOut,
    "visits/check_out.html",
    lambda db, _, over: f"/customers/{customer_of_visit(db, over.visit_id)}/visit",
)
