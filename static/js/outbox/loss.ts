// What the browser threw away: told to the server until it has heard it, and to the person until it was read.

import { forget, recall, remember } from "./beside";
import type { Lost } from "./messages";
import type { Reply } from "./post";

/** `gone` are those of which there was no copy. */
export interface Loss {
  lost: Lost;
  gone: number;
  told?: boolean;
}

/** `device` is the new one, which tells of the one before. */
export function noteLoss(device: string, loss: Loss): void {
  remember(keyOf(device), loss);
}

export function lossOf(device: string): Loss | null {
  return recall<Loss>(keyOf(device));
}

export function untold(device: string): Lost | undefined {
  const loss = lossOf(device);
  return loss && !loss.told ? loss.lost : undefined;
}

/** An answer to a batch means that it was heard. */
export function heard(device: string, reply: Reply): Reply {
  const loss = lossOf(device);
  if (loss && reply.kind === "answer") settle(device, { ...loss, told: true });
  return reply;
}

export function wasRead(device: string): void {
  const loss = lossOf(device);
  if (loss) settle(device, { ...loss, gone: 0 });
}

function settle(device: string, loss: Loss): void {
  if (loss.told && !loss.gone) forget(keyOf(device));
  else noteLoss(device, loss);
}

function keyOf(device: string): string {
  return `roadbook-lost-${device}`;
}
