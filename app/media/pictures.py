"""What a picture is, decided by unpacking it; and how it looks small."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.ExifTags import IFD, Base

from app.media.cleaning import EXIF, without_place
from app.media.refusals import HEIC, NO_PHOTO, NotTaken, TooManyPixels, Unreadable, WrongKind
from app.media.rules import MAX_PIXELS, THUMB_PX, Kind

Image.MAX_IMAGE_PIXELS = None  # asked below, before anything is unpacked, and without a warning

KINDS = {"JPEG": Kind.JPEG, "MPO": Kind.JPEG, "PNG": Kind.PNG, "WEBP": Kind.WEBP}
FORMATS = ["JPEG", "PNG", "WEBP"]
APPLES = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
LONGEST_WORD = 100
UPRIGHT, TURNS, SIDEWAYS = 1, range(1, 9), range(5, 9)
# All that stays of EXIF: how to turn the picture, and when and by what it was taken.
WORDS = {Base.Make, Base.Model, Base.DateTime}
TIMES = {
    Base.DateTimeOriginal,
    Base.DateTimeDigitized,
    Base.OffsetTime,
    Base.OffsetTimeOriginal,
    Base.OffsetTimeDigitized,
    Base.SubsecTimeOriginal,
}


@dataclass(frozen=True)
class Picture:
    """`width` and `height` in pixels as it is shown; `kept` is the file without the place."""

    kind: Kind
    width: int
    height: int
    kept: bytes
    thumb: bytes


def looked_at(file: bytes, *, place_kept: bool = False) -> Picture:
    """Raises WrongKind, TooManyPixels or Unreadable."""
    try:
        with Image.open(BytesIO(file), formats=FORMATS) as image:
            return developed(image, file, place_kept=place_kept)
    except NotTaken:
        raise
    except UnidentifiedImageError as wrong:
        raise WrongKind(sentence_for(file)) from wrong
    except Exception as wrong:  # a crafted file makes a decoder fail in any way it likes
        raise Unreadable from wrong


def sentence_for(file: bytes) -> str:
    return HEIC if file[4:8] == b"ftyp" and file[8:12] in APPLES else NO_PHOTO


def developed(image: Image.Image, file: bytes, *, place_kept: bool) -> Picture:
    kind, (width, height) = KINDS[str(image.format)], image.size
    if width * height > MAX_PIXELS:
        raise TooManyPixels(MAX_PIXELS)
    turn, about = what_stays(image)
    unpacked(image)
    kept = file if place_kept else without_place(file, kind, about)
    if kept != file and not same(kept, image):
        raise Unreadable
    if turn in SIDEWAYS:
        width, height = height, width
    return Picture(kind, width, height, kept, thumb_of(image, turn))


def what_stays(image: Image.Image) -> tuple[int, bytes]:
    """How the picture lies (1 is upright), and the EXIF that may stay: none when it is broken."""
    try:
        said = image.getexif()
        times = said.get_ifd(IFD.Exif)
    except Exception:  # noqa: BLE001 - crafted EXIF fails in any way it likes, in a whole picture
        return UPRIGHT, b""
    stays = Image.Exif()
    turn = next((turn for turn in TURNS if turn == said.get(Base.Orientation)), UPRIGHT)
    if turn != UPRIGHT:
        stays[Base.Orientation] = turn
    stays.update({tag: word for tag in WORDS if (word := written(said.get(tag)))})
    when = {tag: word for tag in TIMES if (word := written(times.get(tag)))}
    if when:
        stays[IFD.Exif] = when
    about = stays.tobytes().removeprefix(EXIF) if len(stays) else b""
    return turn, about


def written(word: object) -> str:
    return word[:LONGEST_WORD] if isinstance(word, str) and word.isascii() else ""


def unpacked(image: Image.Image) -> None:
    """To the last byte; a JPEG only as large as a thumbnail needs, which costs a tenth."""
    image.draft("RGB", (2 * THUMB_PX, 2 * THUMB_PX))
    image.load()


def same(kept: bytes, image: Image.Image) -> bool:
    """The phone lets go of its bytes: what is kept instead must show the same."""
    with Image.open(BytesIO(kept), formats=FORMATS) as again:
        unpacked(again)
        return again.size == image.size and again.tobytes() == image.tobytes()


def thumb_of(image: Image.Image, turn: int) -> bytes:
    """A WebP file, upright, with nothing in it but the picture."""
    small = image if turn == UPRIGHT else ImageOps.exif_transpose(image)
    small.thumbnail((THUMB_PX, THUMB_PX))
    small = small.convert("RGBA" if small.has_transparency_data else "RGB")
    out = BytesIO()
    colours = image.info.get("icc_profile")
    small.save(out, "WEBP", quality=70, icc_profile=colours, exif=b"", xmp=b"")
    return out.getvalue()
