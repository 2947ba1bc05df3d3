import { isPlainText } from "../platform/text";

const LONGEST_REASON = 500;

/** A reason as it is kept; null when none was given, undefined for one that cannot be kept. */
export function readReason(text: string | null | undefined): string | null | undefined {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "") return null;
  return isPlainText(trimmed, LONGEST_REASON) ? trimmed : undefined;
}
