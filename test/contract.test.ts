import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  lexicographicSortSchema,
  printSchema,
} from "graphql";
import { createSchema } from "../src/schema";

const contract = buildSchema(readFileSync(join(__dirname, "contract/core.graphql"), "utf8"));
const ours = createSchema();

type Field = GraphQLField<unknown, unknown> | GraphQLInputField;
type Fielded = GraphQLNamedType & { getFields(): Record<string, Field> };
const hasFields = (type: GraphQLNamedType | undefined): type is Fielded =>
  isObjectType(type) || isInputObjectType(type) || isInterfaceType(type);

/** What a field promises, as lines that can be compared: its type, default and description, and the same of its arguments. */
function promises(field: Field, at: string): string[] {
  const own = [`${at}: ${field.type}`];
  if ("defaultValue" in field && field.defaultValue !== undefined)
    own.push(`${at} = ${JSON.stringify(field.defaultValue)}`);
  if (field.description) own.push(`${at} "${field.description.replace(/\n?Access: .*$/, "")}"`);
  const args = "args" in field ? field.args : [];
  return [...own, ...args.flatMap((arg) => promises(arg as GraphQLInputField, `${at}(${arg.name})`))];
}

function promisesOf(type: GraphQLNamedType | undefined, name: string): string[] {
  const implemented = isObjectType(type)
    ? type.getInterfaces().map((one) => `${name} implements ${one.name}`)
    : [];
  const values = isEnumType(type) ? type.getValues().map((value) => `${name}.${value.name}`) : [];
  const fields = hasFields(type) ? Object.values(type.getFields()) : [];
  const described = type?.description ? [`${name} "${type.description}"`] : [];
  return [
    ...described,
    ...implemented,
    ...values,
    ...fields.flatMap((field) => promises(field, `${name}.${field.name}`)),
  ];
}

/** Names of all types that the operations reach in a schema. */
function reached(schema: GraphQLSchema): string[] {
  const seen = new Set<string>();
  const visit = (type: GraphQLNamedType) => {
    if (seen.has(type.name) || type.name.startsWith("__")) return;
    seen.add(type.name);
    if (isObjectType(type)) type.getInterfaces().forEach(visit);
    if (!hasFields(type)) return;
    for (const field of Object.values(type.getFields())) {
      visit(getNamedType(field.type));
      if ("args" in field) for (const arg of field.args) visit(getNamedType(arg.type));
    }
  };
  visit(schema.getType("Query") as GraphQLNamedType);
  visit(schema.getType("Mutation") as GraphQLNamedType);
  return [...seen].sort();
}

describe("the contract, to the letter", () => {
  test.each(reached(contract))("%s", (name) => {
    const given = promisesOf(ours.getType(name), name);
    expect(promisesOf(contract.getType(name), name).filter((line) => !given.includes(line))).toEqual([]);
  });

  test("input types have no required field that the contract lacks", () => {
    const extra = reached(contract).flatMap((name) => {
      const [theirs, mine] = [contract.getType(name), ours.getType(name)];
      if (!hasFields(theirs) || !hasFields(mine) || !isInputObjectType(mine)) return [];
      const added = Object.values(mine.getFields()).filter((field) => !(field.name in theirs.getFields()));
      return added
        .filter((field) => String(field.type).endsWith("!"))
        .map((field) => `${name}.${field.name}`);
    });
    expect(extra).toEqual([]);
  });

  test("the last line of each field's description says who may use it", () => {
    const silent = Object.values(ours.getTypeMap())
      .filter((type) => isObjectType(type) && !type.name.startsWith("__"))
      .flatMap((type) =>
        Object.values((type as Fielded).getFields()).map((field) => ({
          at: `${type.name}.${field.name}`,
          field,
        })),
      )
      .filter(({ field }) => !/(^|\n)Access: [^\n]+$/.test(field.description ?? ""));
    expect(silent.map(({ at }) => at)).toEqual([]);
  });
});

test("schema.graphql is what the code says", () => {
  const committed = readFileSync(join(__dirname, "../schema.graphql"), "utf8");
  expect(committed).toBe(`${printSchema(lexicographicSortSchema(ours))}\n`);
});
