import { type ASTVisitor, GraphQLError, type ValidationContext } from "graphql";

/**
 * A validation rule: refuses an operation of a kind that the schema doesn't have, such as a subscription. graphql-js finds out only while
 * it executes one, as if the fault were the server's.
 */
export const knownOperations = (context: ValidationContext): ASTVisitor => ({
  OperationDefinition(node) {
    if (!context.getSchema().getRootType(node.operation))
      context.reportError(new GraphQLError(`There is no ${node.operation} here.`, { nodes: node }));
  },
});
