import { createKept, type Kept } from "../kept";
import { CATALOG_CHANGED, type Notifications } from "../notifications";

/** An answer without its end: what follows `head` (the extensions, the closing brace) is the caller's own. */
export type KeptAnswer = { contentType: string; head: Buffer };

/** Of an entry beside its texts, roughly. */
const ENTRY_BYTES = 300;

export type ResponseCache = Kept<KeptAnswer>;

/** Keeps answers that are the same for everyone until the catalogue changes. `bytes` is what answers and their keys may take together. */
export const createResponseCache = (bytes: number, notifications: Notifications): ResponseCache =>
  createKept(CATALOG_CHANGED, notifications, {
    maxSize: bytes,
    sizeCalculation: ({ head }, key) => head.length + 2 * key.length + ENTRY_BYTES,
  });
