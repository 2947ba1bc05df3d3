import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";

export type StatementNames = (query: { sql: string }) => string;

/** Names that are remembered; any other is made again. */
const REMEMBERED = 2_000;
/** Of Prisma's statements, on each connection for as long as it is open. */
const MOST_OF_PRISMA = 1_000;

/**
 * Names statements by their text, so that every connection parses and plans each of them once. However many there are: whoever selects fields
 * in ever new ways must not use up the names of others. Whoever runs them forgets some on each connection (pool/statement.ts).
 */
export function statementNames(): StatementNames {
  const names = new LRUCache<string, string>({ max: REMEMBERED });
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    const name = `s${createHash("sha256").update(sql).digest("base64url").slice(0, 20)}`;
    names.set(sql, name);
    return name;
  };
}

/** The same for what Prisma runs itself, of which a connection forgets none: so many texts get names, further ones run unnamed. */
export function prismaNames(nameOf: StatementNames): StatementNames {
  const named = new Set<string>();
  return (query) => {
    const name = nameOf(query);
    if (named.size < MOST_OF_PRISMA) named.add(name);
    return named.has(name) ? name : ""; // PostgreSQL's unnamed statement
  };
}
