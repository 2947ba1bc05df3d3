import { getOperationAST, type OperationDefinitionNode, OperationTypeNode, parse } from "graphql";
import { LRUCache } from "lru-cache";
import { documentLimits } from "./limits";

/** Clients send the same few documents again and again: what has been read of them is kept, by operation and text. */
const known = new LRUCache<string, { asked: AskedMutation | null }>({ max: 1_000 });
/** Longer ones are read each time: a thousand of them would take more memory than they are worth. */
const LONGEST_KEPT = 4_000;

/** The names of the mutations that are asked for; those in fragments are not looked for. */
export type AskedMutation = { names: string[] };

/**
 * What a request's body asks to change; null when it certainly only reads. Where that cannot be told the document is about to be refused. Only
 * a document in which the word occurs is parsed for it: anybody can write it into a query.
 */
export function askedMutation(body: unknown): AskedMutation | null {
  const { query, operationName } = (body ?? {}) as { query?: unknown; operationName?: unknown };
  if (typeof query !== "string" || !query.includes("mutation")) return null;
  const name = typeof operationName === "string" ? operationName : null;
  const key = `${name ?? ""}\n${query}`;
  if (key.length > LONGEST_KEPT) return read(query, name);
  const kept = known.get(key) ?? { asked: read(query, name) };
  known.set(key, kept);
  return kept.asked;
}

function read(query: string, name: string | null): AskedMutation | null {
  const operation = operationOf(query, name);
  if (operation?.operation === OperationTypeNode.QUERY) return null;
  const selections = operation?.selectionSet.selections ?? [];
  return { names: selections.flatMap((one) => (one.kind === "Field" ? [one.name.value] : [])) };
}

function operationOf(text: string, name: string | null): OperationDefinitionNode | null | undefined {
  try {
    return getOperationAST(parse(text, { maxTokens: documentLimits.tokens, noLocation: true }), name);
  } catch {
    return null; // Apollo Server says what is wrong with it
  }
}
