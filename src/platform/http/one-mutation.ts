import type { ApolloServerPlugin } from "@apollo/server";
import type { DocumentNode, FragmentDefinitionNode, SelectionSetNode } from "graphql";
import type { Context } from "../context";
import { topLevelError } from "../errors";

/** An Idempotency-Key stands for one thing done: it is refused on a document that does several. */
export const oneMutationPerKey: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ contextValue, operation, document }) {
        if (contextValue.idempotencyKey === null || operation?.operation !== "mutation") return;
        if (countFields(operation.selectionSet, document) > 1)
          throw topLevelError(
            "IDEMPOTENCY_KEY_MISSING",
            "An Idempotency-Key goes with one mutation field: send the others on their own.",
          );
      },
    };
  },
};

/** Fields of the selection and of the fragments it spreads; validation has made sure that these end. */
function countFields({ selections }: SelectionSetNode, document: DocumentNode): number {
  const counts = selections.map((selection) => {
    if (selection.kind === "Field") return 1;
    const set =
      selection.kind === "InlineFragment" ? selection.selectionSet : fragment(selection.name.value, document);
    return set ? countFields(set, document) : 0;
  });
  return counts.reduce((a, b) => a + b, 0);
}

const fragment = (name: string, { definitions }: DocumentNode) =>
  definitions.find(
    (one): one is FragmentDefinitionNode => one.kind === "FragmentDefinition" && one.name.value === name,
  )?.selectionSet;
