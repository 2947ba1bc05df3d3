import { getOperationAST, type OperationDefinitionNode, OperationTypeNode, parse } from "graphql";
import { LRUCache } from "lru-cache";
import { parseLimits } from "./limits";

/** Clients send the same few documents again and again: what has been read of them is kept, by operation and text. */
const known = new LRUCache<string, AskedOperation>({ max: 1_000 });
/** Longer ones are read each time: a thousand of them would take more memory than they are worth. */
const LONGEST_KEPT = 4_000;

/** `fields` are the names of what is asked for at the root; those in fragments are not looked for: null stands for a fragment. */
export type AskedOperation = { reads: boolean; fields: (string | null)[] };

/**
 * What a request's body asks for; null when none of `words` occurs in it. Only a document in which one does is parsed, as anybody can write
 * it anywhere. What cannot be read counts as a mutation of nothing: it is about to be refused.
 */
export function askedOperation(body: unknown, words: RegExp): AskedOperation | null {
  const { query, operationName } = (body ?? {}) as { query?: unknown; operationName?: unknown };
  if (typeof query !== "string" || !words.test(query)) return null;
  const name = typeof operationName === "string" ? operationName : null;
  const key = `${name ?? ""}\n${query}`;
  if (key.length > LONGEST_KEPT) return read(query, name);
  const asked = known.get(key) ?? read(query, name);
  known.set(key, asked);
  return asked;
}

function read(query: string, name: string | null): AskedOperation {
  const operation = operationOf(query, name);
  const selections = operation?.selectionSet.selections ?? [];
  return {
    reads: operation?.operation === OperationTypeNode.QUERY,
    fields: selections.map((one) => (one.kind === "Field" ? one.name.value : null)),
  };
}

function operationOf(text: string, name: string | null): OperationDefinitionNode | null | undefined {
  try {
    return getOperationAST(parse(text, { ...parseLimits, noLocation: true }), name);
  } catch {
    return null; // Apollo Server says what is wrong with it
  }
}
