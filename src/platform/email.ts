/** RFC 5321: the longest address that can be delivered to. */
const LONGEST = 254;
/** What mail systems accept in practice: no quoted local parts, no literals, a dot in the domain. Linear time. */
const SHAPE =
  /^[^\s@"(),:;<>[\\\]\p{Cc}]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u;

/** The address, trimmed and lower-cased as it is stored and compared, or null when mail could not be sent to it. */
export function readEmail(text: string): string | null {
  if (text.length > LONGEST + 20) return null; // before any other work on it
  const email = text.trim().normalize("NFC").toLowerCase();
  return email.length <= LONGEST && SHAPE.test(email) ? email : null;
}
