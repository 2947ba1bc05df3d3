import type { FastifyRequest } from "fastify";

/** A document and its variables; uploads are not for this server. */
export const BODY_LIMIT = 100 * 1024;
/** Nearly all documents are smaller. */
const SMALL_BYTES = 4_096;

/** The size of a body that is large, else 0: parsed it can take twenty times as much, and thousands may wait. */
export function largeBytesOf({ headers, body }: FastifyRequest): number {
  if (!body) return 0;
  const said = headers["content-length"];
  if (said === undefined) return BODY_LIMIT; // it came in pieces, as hardly any does
  const bytes = Number(said);
  return bytes > SMALL_BYTES ? bytes : 0;
}
