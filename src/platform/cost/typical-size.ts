import {
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isObjectType,
} from "graphql";
import { Extensions } from "type-graphql";

/** Says how many objects a list without `first` holds in a usual shop; a query costs what it would then answer. */
export const TypicalSize = (size: number) => Extensions({ typicalSize: size });

/** Arguments that say how many objects a field, or the connection it answers with, holds. */
export const SIZING = ["first", "last", "ids"];

type AnyField = GraphQLField<unknown, unknown>;

export const isListOfObjects = (field: AnyField) =>
  isListType(getNullableType(field.type)) && isCompositeType(getNamedType(field.type));

export const isSizedByArguments = (field: AnyField) => field.args.some(({ name }) => SIZING.includes(name));

/** Relay names them so: they hold what the connection's field was asked for. */
export const isPage = (type: string, { name }: AnyField) =>
  type.endsWith("Connection") && (name === "edges" || name === "nodes");

/** Objects in a list that no argument sizes; null where nobody has declared it. Of refusals, a usual answer has at most one. */
export function typicalSizeOf(field: AnyField): number | null {
  const declared = (field.extensions as { typicalSize?: number }).typicalSize;
  const of = getNamedType(field.type);
  const isRefusal = isObjectType(of) && of.getInterfaces().some(({ name }) => name === "UserError");
  return declared ?? (isRefusal ? 1 : null);
}

/** Throws, and so stops the start, when a list of objects has neither an argument that sizes it nor a typical size. */
export function checkListSizes(schema: GraphQLSchema): void {
  const complaints: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || !(isObjectType(type) || isInterfaceType(type))) continue;
    for (const field of Object.values(type.getFields()) as AnyField[])
      if (isListOfObjects(field) && !isSizedByArguments(field) && !isPage(type.name, field))
        if (typicalSizeOf(field) === null)
          complaints.push(`${type.name}.${field.name} needs a @TypicalSize or \`first\``);
  }
  if (complaints.length > 0) throw new Error(`Lists of unknown cost:\n  ${complaints.join("\n  ")}`);
}
