import type { FastifyRequest } from "fastify";

/** Nearly all documents are smaller. Parsed, a body can take twenty times its bytes, and thousands may wait. */
const SMALL_BYTES = 4_096;
/** Larger ones in line, together. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Bounds what requests in line keep in memory: so many large bodies wait at a time, further ones don't. */
export function boundWaitingBodies() {
  let held = 0;
  /** Of a body that came in pieces nobody has said how large it is: as large as it may be. */
  function largeBytesOf({ headers, body, routeOptions }: FastifyRequest): number {
    const bytes = body ? Number(headers["content-length"] ?? routeOptions.bodyLimit) : 0;
    return bytes > SMALL_BYTES ? bytes : 0;
  }
  return {
    mayWait: (request: FastifyRequest) => {
      const bytes = largeBytesOf(request);
      return bytes === 0 || held + bytes <= MOST_BYTES;
    },
    /** It waits until `entered` is settled. */
    async wait<Place>(request: FastifyRequest, entered: Promise<Place>): Promise<Place> {
      const bytes = largeBytesOf(request);
      held += bytes;
      return entered.finally(() => {
        held -= bytes;
      });
    },
  };
}
