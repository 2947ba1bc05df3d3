/** Bytes as PostgreSQL puts them into JSON: \x and hexadecimal digits. */
export type HexBytes = string;

/** The bytes again. */
export const bytesOf = (hex: HexBytes | null): Buffer<ArrayBuffer> | null =>
  hex === null ? null : Buffer.from(hex.slice(2), "hex");
