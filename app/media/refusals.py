"""Why a picture, or a part of one, is not taken in. `code` is for the phone: docs/media.md."""

from app.core.errors import Refused
from app.core.i18n import mark as _

HEIC = _(
    "This is a HEIC photo, which not every phone and office can show. "
    "Set the camera to “Most compatible”, or send it as JPEG."
)
NO_PHOTO = _("This is no photo that can be shown here. JPEG, PNG and WebP are possible.")


class NotTaken(Refused):
    """`offset` is where to go on, where that helps."""

    code = ""
    offset: int | None = None


class Broken(NotTaken):
    status, code = 400, "damaged"


class Ahead(NotTaken):
    """A part is missing before this one."""

    status, code = 409, "offset"

    def __init__(self, offset: int) -> None:
        super().__init__(_("A part before this one is missing. The phone sends it by itself."))
        self.offset = offset


class NotTheSame(NotTaken):
    """All is here, and it is not what its name says."""

    status, code, offset = 409, "hash", 0

    def __init__(self) -> None:
        super().__init__(_("This photo was damaged on its way. The phone sends it once more."))


class TooLarge(NotTaken):
    status, code = 413, "too_large"

    def __init__(self, most: int) -> None:
        megabytes = most // 1024 // 1024
        super().__init__(
            _("This photo is too large: at most %(most)s MB are possible."), most=megabytes
        )


class WrongKind(NotTaken):
    status, code = 415, "kind"


class Unreadable(NotTaken):
    status, code = 422, "unreadable"

    def __init__(self) -> None:
        super().__init__(_("This photo is damaged and cannot be shown. Please take it again."))


class TooManyPixels(NotTaken):
    status, code = 422, "pixels"

    def __init__(self, most: int) -> None:
        super().__init__(
            _("This photo has too many pixels: at most %(most)s million are possible."),
            most=most // 1_000_000,
        )


class Busy(NotTaken):
    status, code = 429, "busy"

    def __init__(self) -> None:
        super().__init__(_("Many phones are sending just now. This one tries again by itself."))


class Away(NotTaken):
    """There is no room, or the object storage does not answer."""

    status, code = 503, "away"

    def __init__(self) -> None:
        super().__init__(
            _("The server cannot keep photos just now. They stay on the phone and are sent later.")
        )
