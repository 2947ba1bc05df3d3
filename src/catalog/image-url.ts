/** As long as the largest inline picture that is worth storing in a row. */
const MAX_LENGTH = 65_536;

/** An address has neither blanks nor what ends it in markup (RFC 3986, appendix C): pages may show it as it is. */
const SHAPE = /^(https?:\/\/[^\s"<>\\`]+|data:image\/.+)$/i;

/** Whether a text can be an image's address: http(s), or a picture inline (`data:image/…`). */
export const isImageUrl = (text: string): boolean =>
  text.length <= MAX_LENGTH && SHAPE.test(text) && URL.canParse(text);
