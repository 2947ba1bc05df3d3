import { getOperationAST, type OperationDefinitionNode, OperationTypeNode, parse } from "graphql";
import { documentLimits } from "./limits";

/** The names of the mutations that are asked for; those in fragments are not looked for. */
export type AskedMutation = { names: string[] };

/**
 * What a request's body asks to change; null when it certainly only reads. Where that cannot be told the document is about to be refused. Only
 * a document in which the word occurs is parsed for it: anybody can write it into a query.
 */
export function askedMutation(body: unknown): AskedMutation | null {
  const { query, operationName } = (body ?? {}) as { query?: unknown; operationName?: unknown };
  if (typeof query !== "string" || !query.includes("mutation")) return null;
  const operation = operationOf(query, typeof operationName === "string" ? operationName : null);
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
