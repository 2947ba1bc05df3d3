import {
  type DocumentNode,
  type GraphQLSchema,
  isObjectType,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { accessLabel, anyone, type Rule, type Rules } from "../rules";

export type PublicOperations = (document: DocumentNode, operation: OperationDefinitionNode) => boolean;

/**
 * Tells whether an operation's answer is the same for everyone: a query for root fields among `cacheable`, in which every field's rule is
 * `anyone`, which looks at no caller. Remembered with the operation's node.
 * @throws Error when `cacheable` names what is no query of the schema
 */
export function publicOperations(
  schema: GraphQLSchema,
  rules: Rules,
  cacheable: ReadonlySet<string>,
): PublicOperations {
  const root = schema.getQueryType();
  for (const name of cacheable)
    if (!root?.getFields()[name]) throw new Error(`Query.${name} is to be cached but is not in the schema`);
  const known = new WeakMap<OperationDefinitionNode, boolean>();

  /** The document's other operations, which may be asked for by name, can only make it stricter. */
  function isOpen(document: DocumentNode): boolean {
    const types = new TypeInfo(schema);
    let open = true;
    const Field = () => {
      const [parent, field] = [types.getParentType(), types.getFieldDef()];
      if (field?.name === "__typename") return;
      open &&=
        isObjectType(parent) &&
        field != null &&
        ruleOf(rules, parent.name, field.name) === anyone &&
        (parent !== root || cacheable.has(field.name));
    };
    visit(document, visitWithTypeInfo(types, { Field }));
    return open;
  }

  return (document, operation) => {
    const before = known.get(operation);
    if (before !== undefined) return before;
    const now = operation.operation === "query" && isOpen(document);
    known.set(operation, now);
    return now;
  };
}

function ruleOf(rules: Rules, type: string, field: string): Rule | undefined {
  const given = Object.hasOwn(rules, type) ? rules[type] : undefined;
  if (accessLabel(given)) return given as Rule;
  return given && Object.hasOwn(given, field) ? (given as Record<string, Rule>)[field] : undefined;
}
