/** As long as the largest inline picture that is worth storing in a row. */
const MAX_LENGTH = 65_536;

/** Whether a text can be an image's address: http(s), or a picture inline (`data:image/…`). */
export const isImageUrl = (text: string): boolean =>
  text.length <= MAX_LENGTH && /^(https?:\/\/|data:image\/)/i.test(text) && URL.canParse(text);
