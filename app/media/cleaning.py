"""A picture's file without the place where it was taken; its pixels stay as they were sent.

A new file is put together from what is needed to show it. All else stays behind: besides EXIF's own
fields, makers write positions into their notes, XMP, previews, and films behind the picture's end.
"""

import re
import zlib
from collections.abc import Iterator

from app.media.rules import Kind

EXIF = b"Exif\0\0"
START, END, SCAN, COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
APPS = range(0xE0, 0xF0)
ALONE = {0x01, *range(0xD0, 0xD8)}  # markers that nothing belongs to
AFTER_SCAN = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")  # else it is a part of the scan
NEEDED_APPS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}

PNG = b"\x89PNG\r\n\x1a\n"
NEEDED_CHUNKS = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB"),
    *(b"pHYs", b"bKGD", b"acTL", b"fcTL", b"fdAT"),
}

NEEDED_IN_WEBP = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF"}
HAS_EXIF, HAS_XMP = 0x08, 0x04


def without_place(file: bytes, kind: Kind, about: bytes) -> bytes:
    """`about` is the EXIF that may stay, beginning with its byte order; empty for none."""
    if kind is Kind.JPEG:
        return jpeg(file, about)
    return png(file, about) if kind is Kind.PNG else webp(file, about)


def jpeg(file: bytes, about: bytes) -> bytes:
    kept = [part for marker, part in jpeg_parts(file) if needed(marker, part)]
    if about:
        size = len(EXIF + about) + 2
        first = 1 if kept and kept[0][1] == APPS.start else 0
        kept.insert(first, b"\xff\xe1" + size.to_bytes(2, "big") + EXIF + about)
    return bytes([0xFF, START]) + b"".join(kept) + bytes([0xFF, END])


def needed(marker: int, part: bytes) -> bool:
    if marker in APPS:
        return marker in NEEDED_APPS and part[4:].startswith(NEEDED_APPS[marker])
    return marker != COMMENT


def jpeg_parts(file: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment up to the end of the picture, a scan with its data."""
    at = file.find(b"\xff", 2)
    while 0 <= at < len(file) - 1:
        marker = file[at + 1]
        if marker == END:
            return
        if marker in {0x00, 0xFF}:  # filling, or rubbish between segments
            at = file.find(b"\xff", at + 1)
            continue
        end = at + 2
        if marker not in ALONE:
            end += int.from_bytes(file[at + 2 : at + 4], "big")
        if marker == SCAN:
            after = AFTER_SCAN.search(file, end)
            end = after.start() if after else len(file)
        yield marker, file[at:end]
        at = file.find(b"\xff", end)


def png(file: bytes, about: bytes) -> bytes:
    kept = [PNG]
    for name, part in png_parts(file):
        if name in NEEDED_CHUNKS:
            kept.append(part)
        if name == b"IHDR" and about:
            kept.append(png_chunk(b"eXIf", about))
        if name == b"IEND":
            break
    return b"".join(kept)


def png_parts(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG)
    while at < len(file):
        end = at + 12 + int.from_bytes(file[at : at + 4], "big")
        yield file[at + 4 : at + 8], file[at:end]
        at = end


def png_chunk(name: bytes, contents: bytes) -> bytes:
    check = zlib.crc32(name + contents).to_bytes(4, "big")
    return len(contents).to_bytes(4, "big") + name + contents + check


def webp(file: bytes, about: bytes) -> bytes:
    kept = b""
    for name, contents in webp_parts(file):
        if name not in NEEDED_IN_WEBP:
            continue
        kept += webp_chunk(name, flagged(contents, about) if name == b"VP8X" else contents)
    if about:
        kept += webp_chunk(b"EXIF", about)
    return b"RIFF" + (len(kept) + 4).to_bytes(4, "little") + b"WEBP" + kept


def webp_parts(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, end = 12, min(len(file), 8 + int.from_bytes(file[4:8], "little"))
    while at < end:
        size = int.from_bytes(file[at + 4 : at + 8], "little")
        yield file[at : at + 4], file[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def webp_chunk(name: bytes, contents: bytes) -> bytes:
    return name + len(contents).to_bytes(4, "little") + contents + b"\0" * (len(contents) % 2)


def flagged(header: bytes, about: bytes) -> bytes:
    """The header of an extended file says what follows."""
    flags = int.from_bytes(header[:1]) & ~HAS_XMP & ~HAS_EXIF | (HAS_EXIF if about else 0)
    return bytes([flags]) + header[1:]
