import type { FastifyRequest } from "fastify";

/** Nearly all documents are smaller. Parsed, a body can take twenty times its bytes, and thousands may wait. */
const SMALL_BYTES = 4_096;
/** Larger ones in one line, together. */
const MOST_BYTES = 2 * 1024 * 1024;

export type WaitingBodies = ReturnType<typeof boundWaitingBodies>;

/** Bounds what requests keep in memory while they wait in one line: so many large bodies at a time. */
export function boundWaitingBodies() {
  let held = 0;
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

function largeBytesOf({ headers, body }: FastifyRequest): number {
  if (!body) return 0;
  const said = headers["content-length"]; // not of one that came in pieces
  const bytes = said === undefined ? Buffer.byteLength(JSON.stringify(body)) : Number(said);
  return bytes > SMALL_BYTES ? bytes : 0;
}
