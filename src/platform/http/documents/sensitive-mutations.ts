import type { GraphQLSchema } from "graphql";

/**
 * Remembers at the schema which mutations are sensitive (feature.ts).
 * @throws Error when one of the names is no mutation: it would guard nothing
 */
export function markSensitive(schema: GraphQLSchema, names: readonly string[]): GraphQLSchema {
  const mutations = schema.getMutationType()?.getFields() ?? {};
  for (const name of names) {
    const field = mutations[name];
    if (!field) throw new Error(`${name} is called sensitive but is no mutation`);
    field.extensions = { ...field.extensions, sensitive: true };
  }
  return schema;
}

export const isSensitive = (schema: GraphQLSchema, name: string) =>
  schema.getMutationType()?.getFields()[name]?.extensions.sensitive === true;
