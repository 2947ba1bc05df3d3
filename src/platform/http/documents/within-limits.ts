import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type ValidationContext,
} from "graphql";
import { type Fragments, fragmentsOf, spreadFields } from "./fragments";
import { documentLimits as LIMIT } from "./limits";
import { countParts, sizes } from "./measure-document";
import { isSensitive } from "./sensitive-mutations";

/**
 * A validation rule: refuses a document beyond the limits, in one error and without any work on it. It looks at the whole document
 * before graphql-js's own rules look at its parts (one of them compares fields with each other), and leaves them nothing to look at.
 */
export const withinLimits = (context: ValidationContext): ASTVisitor => ({
  Document(document) {
    const complaint = complaintAbout(document, context.getSchema());
    if (complaint === null) return undefined;
    context.reportError(new GraphQLError(complaint));
    return { ...document, definitions: [] }; // what is returned is walked in the document's place, by all rules
  },
});

/** The first limit that is not kept, in words; null when all are. */
function complaintAbout(document: DocumentNode, schema: GraphQLSchema): string | null {
  const parts = countParts(document);
  if (parts.aliases > LIMIT.aliases) return `A document has at most ${LIMIT.aliases} aliases.`;
  if (parts.directives > LIMIT.directives) return `A document has at most ${LIMIT.directives} directives.`;
  if (parts.repeats > LIMIT.repeats) return `A selection set has a field at most ${LIMIT.repeats} times.`;
  const fragments = fragmentsOf(document);
  const sizeOf = sizes(fragments);
  for (const operation of operationsOf(document)) {
    const { depth, selections } = sizeOf(operation.selectionSet);
    if (depth > LIMIT.depth)
      return `Fields nest at most ${LIMIT.depth} levels deep, and a fragment never in itself.`;
    if (selections > LIMIT.selections)
      return `An operation makes at most ${LIMIT.selections} selections, counted with fragments spread out.`;
    const complaint = complaintAboutMutations(operation, fragments, schema);
    if (complaint) return complaint;
  }
  return null;
}

const operationsOf = ({ definitions }: DocumentNode) =>
  definitions.filter((one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION);

function complaintAboutMutations(
  { operation, selectionSet }: OperationDefinitionNode,
  fragments: Fragments,
  schema: GraphQLSchema,
): string | null {
  if (operation !== OperationTypeNode.MUTATION) return null;
  const fields = spreadFields(selectionSet, fragments);
  if (fields.length > LIMIT.mutations) return `An operation has at most ${LIMIT.mutations} mutations.`;
  if (fields.filter(({ name }) => isSensitive(schema, name.value)).length > LIMIT.sensitiveMutations)
    return "An operation has at most one mutation that signs in or moves money.";
  return null;
}
