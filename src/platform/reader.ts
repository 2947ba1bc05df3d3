import type { RawReads } from "./raw-statements";

/**
 * A view of `db` whose `$queryRaw` statements are known as those of reader `number`: they have two seconds, and are cancelled when its
 * client goes.
 */
export function readerOf<From extends RawReads>(db: From, number: number): From {
  return Object.create(db, { $queryRaw: { value: db.$queryRawAs.bind(db, number) } });
}
