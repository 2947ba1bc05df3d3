import type { Context } from "../../platform/context";
import { badInput } from "../../platform/errors";
import { readSuggestions, type SuggestionRow } from "./read-suggestions";
import { requireQuery } from "./search-products";

const MOST = 20;

/**
 * Completes what is being typed: collections, then products, then words. @throws BAD_USER_INPUT for a malformed prefix or when not 1 to
 * 20 are asked for
 */
export async function suggest(ctx: Context, prefix: string, first: number): Promise<SuggestionRow[]> {
  if (first < 1 || first > MOST) badInput("first", `Ask for 1 to ${MOST}.`);
  return mixSuggestions(await readSuggestions(ctx, requireQuery(prefix, "prefix"), first), first);
}

const kinds = ["collection", "product", "word"] as const;

/** A quarter collections, a quarter words, the rest products; what one kind lacks, the others fill. Nothing is said twice. */
export function mixSuggestions(rows: SuggestionRow[], first: number): SuggestionRow[] {
  const quarter = Math.ceil(first / 4);
  const shares = { collection: quarter, product: Math.max(first - 2 * quarter, 0), word: quarter };
  const titles = new Set(rows.filter(({ kind }) => kind !== "word").map(({ text }) => text.toLowerCase()));
  const said = rows.filter(({ kind, text }) => kind !== "word" || !titles.has(text.toLowerCase()));
  const ofKind = (kind: SuggestionRow["kind"]) => said.filter((row) => row.kind === kind);
  const within = kinds.flatMap((kind) => ofKind(kind).slice(0, shares[kind]));
  const beyond = kinds.flatMap((kind) => ofKind(kind).slice(shares[kind]));
  const chosen = new Set([...within, ...beyond].slice(0, first));
  return said.filter((row) => chosen.has(row)).sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
}
