import { isPlainText } from "../platform/text";

const LONGEST_HANDLE = 255;
/** Letters and digits of any script, with hyphens, dots and underscores between them. */
const HANDLE = /^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}_.-]*$/u;

/** A handle as it may be stored and looked up, or null when no handle can be like this. */
export const readHandle = (text: string): string | null =>
  isPlainText(text, LONGEST_HANDLE) && HANDLE.test(text) ? text : null;

/** A handle made of a title: "Café Press, 1 l" → "cafe-press-1-l"; `fallback` when the title has no letter of a to z and no digit. */
export function toHandle(title: string, fallback: string): string {
  const plain = title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const slug = plain
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST_SLUG)
    .replace(/^-+|-+$/g, "");
  return slug || fallback;
}

/** Leaves room for a number when another has the same title. */
const LONGEST_SLUG = 200;
