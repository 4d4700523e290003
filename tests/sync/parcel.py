"""A file as a phone exports it, made by another hand than the one that opens it: docs/sync.md."""

import hmac
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from os import urandom
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi.testclient import TestClient

from tests.reading import look
from tests.sync.phone import Entry, Phone

OPEN = ("v", "person", "device", "made_at", "count", "key_id")


@dataclass
class Parcel:
    """What a phone puts in; `secret` is what the server gave to it, in hex."""

    phone: Phone
    entries: list[Entry]
    secret: str = ""
    drafts: list[dict[str, Any]] = field(default_factory=list)
    proof: str | None = None

    def sealed(self, key: bytes) -> dict[str, Any]:
        header = {
            "v": 1,
            "person": str(self.phone.person_id),
            "device": str(self.phone.device),
            "made_at": "2026-11-24T10:00:00Z",
            "count": len(self.entries),
            "key_id": sha256(key).hexdigest()[:16],
        }
        return {"roadbook": "outbox", **header, **self.hidden(key, header)}

    def hidden(self, key: bytes, header: dict[str, Any]) -> dict[str, str]:
        own, iv = generate_private_key(SECP256R1()), urandom(12)
        shared = own.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), key))
        epk = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        secret = HKDF(hashes.SHA256(), 32, salt=epk + key, info=b"roadbook outbox").derive(shared)
        said = "\n".join(str(header[name]) for name in OPEN).encode()
        data = AESGCM(secret).encrypt(iv, self.plain(), said)
        parts = {"epk": epk, "iv": iv, "data": data}
        return {name: b64encode(part).decode() for name, part in parts.items()}

    def plain(self) -> bytes:
        contents = json.dumps({"entries": self.entries, "drafts": self.drafts})
        proof = hmac.new(bytes.fromhex(self.secret), contents.encode(), sha256).hexdigest()
        said = self.proof if self.proof is not None else proof if self.secret else ""
        return json.dumps({"contents": contents, "proof": said}).encode()


def key_in(browser: TestClient) -> bytes:
    """The company's public key, as every page has it."""
    meta = look(browser, "/more").one("meta", name="outbox-key")
    return b64decode(meta.attributes["content"])
