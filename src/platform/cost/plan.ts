import type {
  FieldNode,
  GraphQLCompositeType,
  GraphQLField,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from "graphql";
import { type DocumentNode, getNamedType, isCompositeType, isInterfaceType, isObjectType } from "graphql";
import { type Fragments, fragmentsOf } from "../http/documents/fragments";
import { declaredCost } from "./field-cost";
import { askedSize, type ListSize, larger } from "./list-size";
import { isListOfObjects, isPage, isSizedByArguments, typicalSizeOf } from "./typical-size";

/**
 * What one field of an operation costs, under its response key: `base` whenever it is asked for, `each` for every object it answers
 * with. Scalars cost nothing and have no plan.
 */
export type CostPlan = {
  key: string;
  base: number;
  each: number;
  size: ListSize;
  children: CostPlan[];
};

/** A mutation opens a transaction and writes; Shopify counts it so, too. */
const MUTATION = 10;
/** The schema of the whole API is large but never reaches the database. */
const INTROSPECTION = 100;

type Compiling = {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: Fragments;
};

/** Plans the cost of a valid operation: validation has made sure that its fields exist and that its fragments end. */
export function planCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): CostPlan {
  const root = schema.getRootType(operation.operation);
  const plan: CostPlan = { key: "", base: 0, each: 0, size: 1, children: [] };
  if (root)
    addSelections(plan, operation.selectionSet, root, 1, {
      schema,
      operation,
      fragments: fragmentsOf(document),
    });
  return plan;
}

/** `page` is the size that the field above was asked for, in case it is a connection. */
function addSelections(
  plan: CostPlan,
  { selections }: SelectionSetNode,
  type: GraphQLCompositeType,
  page: ListSize,
  compiling: Compiling,
): void {
  for (const selection of selections) {
    if (isLiterallyOff(selection)) continue;
    if (selection.kind === "Field") {
      addField(plan, selection, type, page, compiling);
      continue;
    }
    const fragment =
      selection.kind === "InlineFragment" ? selection : compiling.fragments.get(selection.name.value);
    if (!fragment) continue;
    const name = fragment.typeCondition?.name.value;
    const narrowed = name === undefined ? type : compiling.schema.getType(name);
    if (isCompositeType(narrowed)) addSelections(plan, fragment.selectionSet, narrowed, page, compiling);
  }
}

function addField(
  plan: CostPlan,
  node: FieldNode,
  type: GraphQLCompositeType,
  page: ListSize,
  compiling: Compiling,
): void {
  const [key, name] = [node.alias?.value ?? node.name.value, node.name.value];
  if (name === "__schema" || name === "__type") {
    merge(plan, { key, base: INTROSPECTION, each: 0, size: 1, children: [] });
    return;
  }
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  const of = field && getNamedType(field.type);
  const mutation = type === compiling.schema.getMutationType() ? MUTATION : 0;
  const base = mutation + (field ? declaredCost(field) : 0);
  if (!field || !node.selectionSet || !isCompositeType(of)) {
    if (base > 0) merge(plan, { key, base, each: 0, size: 1, children: [] });
    return;
  }
  const asked = isSizedByArguments(field) ? askedSize(field, node, compiling.operation) : 1;
  const size = isListOfObjects(field) ? listSize(type, field, asked, page) : 1;
  const child = merge(plan, { key, base, each: 1, size, children: [] });
  addSelections(child, node.selectionSet, of, asked, compiling);
}

function listSize(
  type: GraphQLCompositeType,
  field: GraphQLField<unknown, unknown>,
  asked: ListSize,
  page: ListSize,
) {
  if (isSizedByArguments(field)) return asked;
  return isPage(type.name, field) ? page : (typicalSizeOf(field) ?? 1);
}

/** A key that is selected twice is answered once: its selections are joined, and of two sizes (for other types) the larger one counts. */
function merge(plan: CostPlan, child: CostPlan): CostPlan {
  const known = plan.children.find(({ key }) => key === child.key);
  if (!known) {
    plan.children.push(child);
    return child;
  }
  known.base = Math.max(known.base, child.base);
  known.each = Math.max(known.each, child.each);
  known.size = larger(known.size, child.size);
  return known;
}

/** `@include(if: false)` and `@skip(if: true)`; with a variable it counts, whatever the variable. */
const isLiterallyOff = ({ directives }: SelectionNode) =>
  directives?.some(({ name, arguments: given }) => {
    const off = name.value === "include" ? false : name.value === "skip" ? true : null;
    return given?.some(({ value }) => value.kind === "BooleanValue" && value.value === off);
  }) ?? false;
