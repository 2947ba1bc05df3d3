import { Prisma } from "../generated/prisma/client";
import { badInput } from "./errors";

const DEFAULT_PAGE = 20;
const MOST_PER_PAGE = 100;

/** What part of which key a cursor holds: the sort key's values, then the row's uuid. */
export type CursorKey = (string | number | null)[];
/** A page as SQL wants it: `limit` rows from `cursor` on, walking forward or backward. */
export type Page = { limit: number; cursor: CursorKey | null; backward: boolean };
export type PageArgs = {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
};

/**
 * Reads Relay arguments; `shape` describes the cursor's values, e.g. ["string", "string"]. BAD_USER_INPUT for both directions at once,
 * a size outside 1…100, or a cursor that this list did not make.
 */
export function readPage(args: PageArgs, shape: ("string" | "number")[], standard = DEFAULT_PAGE): Page {
  const backward = args.last != null || args.before != null;
  if (backward && (args.first != null || args.after != null))
    badInput("first", "Page forward or backward, not both.");
  const limit = (backward ? args.last : args.first) ?? standard;
  if (limit < 1 || limit > MOST_PER_PAGE)
    badInput(backward ? "last" : "first", `Ask for 1 to ${MOST_PER_PAGE}.`);
  const cursor = backward ? args.before : args.after;
  return {
    limit,
    backward,
    cursor: cursor == null ? null : readCursor(cursor, shape, backward ? "before" : "after"),
  };
}

/**
 * The first of sorted `rows`, one more than the page holds. The first LIMIT, of the longest page, is for the planner: it takes a limit that it
 * cannot see for a tenth of all rows, and reads that many to sort them.
 */
export const pageRows = (rows: Prisma.Sql, { limit }: Page) =>
  Prisma.sql`SELECT * FROM (${rows} LIMIT 101) longest LIMIT ${limit + 1}::int`;

const toCursor = (key: CursorKey) => Buffer.from(JSON.stringify(key)).toString("base64url");

function readCursor(cursor: string, shape: ("string" | "number")[], argument: string): CursorKey {
  const key = parseJson(Buffer.from(cursor.slice(0, 2_000), "base64url").toString("utf8"));
  const fits =
    Array.isArray(key) &&
    key.length === shape.length &&
    key.every((part, index) => fitsShape(part, shape[index]));
  if (!fits || !isUuid(key.at(-1))) badInput(argument, "Not a cursor of this list.");
  return key as CursorKey;
}

const fitsShape = (part: unknown, kind: "string" | "number" | undefined) =>
  kind === "number" ? Number.isSafeInteger(part) : typeof part === "string" && !part.includes("\0");

const isUuid = (text: unknown) =>
  typeof text === "string" && /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(text);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a cursor made by hand
  }
}

/**
 * A connection of rows that were asked for with one more than the page holds, in walking order. What nobody selects is not made:
 * cursors are written, and `count` runs, when they are read.
 */
export function toConnection<Row extends object>(
  rows: Row[],
  page: Page,
  keyOf: (row: Row) => CursorKey,
  count: () => Promise<number>,
) {
  const more = rows.length > page.limit;
  const nodes = rows.slice(0, page.limit);
  if (page.backward) nodes.reverse();
  const cursorOf = (row: Row | undefined) => (row ? toCursor(keyOf(row)) : null);
  return {
    get edges() {
      return nodes.map((node) => ({ node, cursor: toCursor(keyOf(node)) }));
    },
    nodes,
    pageInfo: {
      hasNextPage: page.backward ? page.cursor !== null : more,
      hasPreviousPage: page.backward ? more : page.cursor !== null,
      startCursor: () => cursorOf(nodes[0]),
      endCursor: () => cursorOf(nodes.at(-1)),
    },
    totalCount: count,
  };
}
