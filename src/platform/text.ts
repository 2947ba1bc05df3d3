/** Control characters but tab and line feed: PostgreSQL refuses NUL, terminals and logs act on the others. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const CONTROL = /[\0-\x08\x0b-\x1f\x7f]/;

/** Whether a text is stored as it came: not too long (in UTF-16 units), well-formed Unicode, no control characters. */
export const isPlainText = (text: string, longest: number) =>
  text.length <= longest && !CONTROL.test(text) && isWellFormed(text);

/** False for a lone surrogate, which would silently become U+FFFD on the way to PostgreSQL. */
const isWellFormed = (text: string) => text === Buffer.from(text, "utf8").toString("utf8");
