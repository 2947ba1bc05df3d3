import { type GraphQLSchema, isIntrospectionType, isObjectType } from "graphql";
import { applyMiddleware, type IMiddlewareGenerator } from "graphql-middleware";
import { deny, shield } from "graphql-shield";
import { topLevelError } from "./errors";
import { accessLabel, isOpen, type Rule, type Rules } from "./rules";

/**
 * Puts a rule before every field of every object type. Throws, and so stops the start, when a field has none, when a rule is
 * not one of ours (shield would drop all rules of that type in silence), or when a rule names what the schema doesn't have.
 * Fields whose rule lets everyone pass are left unwrapped: a wall is one more promise for each field of each row.
 */
export function guard(schema: GraphQLSchema, rules: Rules): GraphQLSchema {
  const doors = doorsOf(schema, rules);
  describeAccess(schema, doors);
  return applyMiddleware(schema, walls(schema, doors));
}

type Doors = Map<string, Map<string, Rule>>;

function doorsOf(schema: GraphQLSchema, rules: Rules): Doors {
  const complaints: string[] = [];
  const doors: Doors = new Map();
  for (const type of objectTypes(schema)) {
    const given = Object.hasOwn(rules, type.name) ? rules[type.name] : undefined;
    const fields = new Map<string, Rule>();
    for (const field of Object.keys(type.getFields())) {
      const found = accessLabel(given) ? given : ownValue(given, field);
      if (accessLabel(found)) fields.set(field, found as Rule);
      else complaints.push(`${type.name}.${field} has no rule`);
    }
    if (given && !accessLabel(given))
      for (const field of Object.keys(given))
        if (!(field in type.getFields()))
          complaints.push(`${type.name}.${field} has a rule but is not in the schema`);
    doors.set(type.name, fields);
  }
  for (const name of Object.keys(rules))
    if (!doors.has(name)) complaints.push(`${name} has rules but is no object type`);
  if (complaints.length > 0) throw new Error(`The schema is not guarded:\n  ${complaints.join("\n  ")}`);
  return doors;
}

const ownValue = (given: unknown, field: string): unknown =>
  given && Object.hasOwn(given, field) ? (given as Record<string, unknown>)[field] : undefined;

const objectTypes = (schema: GraphQLSchema) =>
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !isIntrospectionType(type));

/** The last line of each field's description says who may use it. */
function describeAccess(schema: GraphQLSchema, doors: Doors) {
  for (const type of objectTypes(schema))
    for (const [name, field] of Object.entries(type.getFields())) {
      const line = `Access: ${accessLabel(doors.get(type.name)?.get(name))}`;
      field.description = field.description ? `${field.description}\n${line}` : line;
    }
}

function walls(schema: GraphQLSchema, doors: Doors) {
  const closed: Rules = {};
  for (const [type, fields] of doors) {
    const walled = [...fields].filter(([, rule]) => !isOpen(rule));
    if (walled.length > 0) closed[type] = Object.fromEntries(walled);
  }
  const full = shield(closed as Parameters<typeof shield>[0], {
    fallbackRule: deny, // shield's own default is allow
    allowExternalErrors: true, // a resolver's fault is not an authorization error
    fallbackError: () => topLevelError("FORBIDDEN"),
  }) as IMiddlewareGenerator<unknown, unknown, unknown>;
  const wrapped = full.generate(schema) as Record<string, Record<string, unknown>>;
  const pruned = Object.entries(closed).map(([type, fields]) => {
    const names = Object.keys(fields);
    return [type, Object.fromEntries(names.map((name) => [name, wrapped[type]?.[name]]))];
  });
  return Object.fromEntries(pruned);
}
