import type { FieldNode, GraphQLField, OperationDefinitionNode, ValueNode } from "graphql";
import { SIZING } from "./typical-size";

/** What the client sent, before anything has looked at it. */
export type Variables = Record<string, unknown>;
/** How long a list is: known from the document alone, or read from the variables. */
export type ListSize = number | ((variables: Variables) => number);

/** Pages and lists of ids are refused beyond this by their resolvers: such a request costs no more than the most that is served. */
const MOST = 100;
const STANDARD = 20;

/** The size that a field's `first`, `last` or `ids` ask for; the field's own default when they ask for nothing. */
export function askedSize(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  operation: OperationDefinitionNode,
): ListSize {
  const standard = field.args.find(({ name }) => name === "first")?.defaultValue;
  const otherwise = typeof standard === "number" ? standard : STANDARD;
  const asked = (node.arguments ?? []).filter(({ name }) => SIZING.includes(name.value));
  const sizes = asked.map(({ value }) => sizeOf(value, operation));
  const read = (variables: Variables) => {
    const given = sizes.map((size) => (typeof size === "function" ? size(variables) : size)).filter(isSize);
    return given.length > 0 ? Math.min(Math.max(...given, 1), MOST) : otherwise;
  };
  return sizes.some((size) => typeof size === "function") ? read : read({});
}

type Size = number | null;
const isSize = (size: Size): size is number => size !== null;

function sizeOf(
  value: ValueNode,
  operation: OperationDefinitionNode,
): Size | ((variables: Variables) => Size) {
  if (value.kind === "IntValue") return Number(value.value);
  if (value.kind === "ListValue") return value.values.length;
  if (value.kind !== "Variable") return null;
  const name = value.name.value;
  const declared = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
  const standard = declared?.defaultValue ? sizeOf(declared.defaultValue, operation) : null;
  return (variables) => {
    const given = variables[name];
    if (given === undefined) return standard as Size; // a default holds no variables
    if (Array.isArray(given)) return given.length;
    return typeof given === "number" && Number.isFinite(given) ? given : null;
  };
}

export function larger(a: ListSize, b: ListSize): ListSize {
  if (typeof a === "number" && typeof b === "number") return Math.max(a, b);
  const read = (size: ListSize, variables: Variables) => (typeof size === "number" ? size : size(variables));
  return (variables) => Math.max(read(a, variables), read(b, variables));
}
