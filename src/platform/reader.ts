import { Prisma } from "../generated/prisma/client";
import { markOf } from "./pool/reads";
import type { Reads } from "./replica";

/**
 * A view of `db` whose `$queryRaw` statements are known as those of reader `number`: they have two seconds, and are cancelled when its
 * client goes. Numbers come from a small range, since statements are prepared by their text. The text carries it because nothing else
 * of ours passes through Prisma to the connection; an AsyncLocalStorage would, at the cost of every promise on Node 20.
 */
export function readerOf<From extends Reads>(db: From, number: number): From {
  const around = ["", markOf(number)];
  const $queryRaw = (query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) =>
    db.$queryRaw(Prisma.sql(around, "sql" in query ? query : Prisma.sql(query, ...values)));
  return Object.create(db, { $queryRaw: { value: $queryRaw } });
}
