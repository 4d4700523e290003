// Names that nobody else has given: of entries, of the device, of this page.

import { sha256 } from "./sha256";

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const BOOT_ID = newId();

/** Pages over plain http on a local network have no crypto.randomUUID. */
export function newId(): string {
  return crypto.randomUUID?.() ?? asUuid(hex(crypto.getRandomValues(new Uint8Array(16))), "4");
}

export function isId(text: string | null | undefined): text is string {
  return ID.test(text ?? "");
}

/** Other contents under a used id: always the same new id, so that a repeat stays a repeat. */
export function forkOf(id: string, contents: string): string {
  return asUuid(sha256(`${id} ${contents}`), "8");
}

function asUuid(digits: string, version: string): string {
  const variant = "89ab"[Number.parseInt(digits.charAt(16), 16) % 4];
  const parts = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    version + digits.slice(13, 16),
    variant + digits.slice(17, 20),
    digits.slice(20, 32),
  ];
  return parts.join("-");
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
