import type { FastifyRequest } from "fastify";

/** Nearly all documents are smaller. */
const SMALL_BYTES = 4_096;

/** The size of a body that is large, else 0: parsed it can take twenty times as much, and thousands may wait. */
export function largeBytesOf({ headers, body }: FastifyRequest): number {
  if (!body) return 0;
  const said = headers["content-length"]; // not of one that came in pieces
  const bytes = said === undefined ? Buffer.byteLength(JSON.stringify(body)) : Number(said);
  return bytes > SMALL_BYTES ? bytes : 0;
}
