"""A phone's outbox as a file that only this company's server can open: docs/sync.md."""

import hmac
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePublicKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import BaseModel, Field, ValidationError
from sqlmodel import Session

from app.core import clock, upsert
from app.core.errors import Refused
from app.core.i18n import mark as _
from app.sync.models import OutboxKey
from app.sync.rules import FILE_VERSION, MAX_FILE

PURPOSE = b"roadbook outbox"
NUMBER_BYTES = 32


class Unreadable(Refused):
    """Nothing of the file was taken in."""

    status = 422


class Sealed(BaseModel):
    """The file: who made it can be read by anybody, and changed by nobody."""

    roadbook: str
    v: int
    person: str
    device: str
    made_at: str
    count: int
    key_id: str
    epk: str
    iv: str
    data: str

    @property
    def header(self) -> bytes:
        said = (self.v, self.person, self.device, self.made_at, self.count, self.key_id)
        return "\n".join(map(str, said)).encode()


class Contents(BaseModel):
    """`entries` as in a batch; `drafts` are what was begun and not sent, for people to read."""

    entries: list[tuple[str, str]]
    drafts: list[dict[str, object]] = Field(default_factory=list)


class Plain(BaseModel):
    """`proof` is the HMAC of `contents` with the device's secret, in hex; empty without one."""

    contents: str
    proof: str = ""


@dataclass(frozen=True)
class Opened:
    person_id: UUID
    device_id: UUID
    made_at: str
    plain: Plain
    contents: Contents

    def proven_by(self, secret: bytes | None) -> bool:
        if not secret:
            return False
        proof = hmac.new(secret, self.plain.contents.encode(), sha256).hexdigest()
        return hmac.compare_digest(proof.encode(), self.plain.proof.encode())


def key_of(db: Session) -> OutboxKey | None:
    return db.get(OutboxKey, 1)


def make_key(db: Session) -> OutboxKey:
    """The company's key pair; of two that make it at once the first one's is kept."""
    new = generate_private_key(SECP256R1())
    row = {
        "id": 1,
        "public": new.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
        "private": new.private_numbers().private_value.to_bytes(NUMBER_BYTES, "big"),
        "made_at": clock.now(),
    }
    db.connection().execute(upsert.into(db, OutboxKey).values(row).on_conflict_do_nothing())
    return db.get_one(OutboxKey, 1)


def name_of(public: bytes) -> str:
    return sha256(public).hexdigest()[:16]


def opened(db: Session, file: bytes) -> Opened:
    """Raises Unreadable with a sentence for whoever handed it in."""
    sealed = read(file)
    key = key_of(db)
    if key is None or sealed.key_id != name_of(key.public):
        raise Unreadable(_("This file was made for another company's Roadbook."))
    try:
        plain = Plain.model_validate_json(unsealed(sealed, key))
        contents = Contents.model_validate_json(plain.contents)
        return Opened(UUID(sealed.person), UUID(sealed.device), sealed.made_at, plain, contents)
    except (InvalidTag, NotBase64, ValueError, RecursionError) as wrong:
        raise Unreadable(
            _("This file is damaged or was changed. Nothing was taken in; export it once more.")
        ) from wrong


def read(file: bytes) -> Sealed:
    if len(file) > MAX_FILE:
        raise Unreadable(_("This is too large to take in."))
    try:
        sealed = Sealed.model_validate_json(file)
    except ValidationError as wrong:
        raise Unreadable(_("This is not an outbox file of Roadbook.")) from wrong
    if sealed.roadbook != "outbox":
        raise Unreadable(_("This is not an outbox file of Roadbook."))
    if sealed.v != FILE_VERSION:
        raise Unreadable(_("This file was made by a newer app than this server knows."))
    return sealed


def unsealed(sealed: Sealed, key: OutboxKey) -> bytes:
    """ECDH on P-256, HKDF and AES-256-GCM, which proves the header, too."""
    theirs, iv, data = (
        b64decode(part, validate=True) for part in (sealed.epk, sealed.iv, sealed.data)
    )
    ours = derive_private_key(int.from_bytes(key.private, "big"), SECP256R1())
    point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), theirs)
    shared = ours.exchange(ECDH(), point)
    salt = theirs + key.public
    secret = HKDF(hashes.SHA256(), length=32, salt=salt, info=PURPOSE).derive(shared)
    return AESGCM(secret).decrypt(iv, data, sealed.header)
