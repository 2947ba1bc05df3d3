import { isPlainText } from "../platform/text";
import { refuse } from "./accounts.refusals";

const LONGEST = 200;

/** A person's name, trimmed; null when none is given. @throws NAME_INVALID at ["name"] for what is too long or no text */
export function readName(given: string | null | undefined): string | null {
  const name = given?.trim() || null;
  if (name !== null && !isPlainText(name, LONGEST)) throw refuse("NAME_INVALID", "name");
  return name;
}
