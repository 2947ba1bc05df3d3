import { createHash } from "node:crypto";

/** More distinct statements than the house has; past it statements run unnamed instead of filling PostgreSQL's memory. */
const MOST = 2_000;

/** Names statements by their text, so that every connection parses and plans each of them once. */
export function statementNames() {
  const names = new Map<string, string>();
  return ({ sql }: { sql: string }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= MOST) return ""; // PostgreSQL's unnamed statement
    const name = `s${createHash("sha256").update(sql).digest("base64url").slice(0, 20)}`;
    names.set(sql, name);
    return name;
  };
}
