import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from "graphql";

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** A scalar whose literals are strings and whose values pass `parse`. */
function textScalar<T>(
  name: string,
  description: string,
  parse: (text: string) => T | null,
  serialize: (value: unknown) => string,
) {
  const read = (value: unknown) => {
    const parsed = typeof value === "string" ? parse(value) : null;
    if (parsed === null) throw new GraphQLError(`${name} expected: ${description}`);
    return parsed;
  };
  return new GraphQLScalarType({
    name,
    description,
    serialize,
    parseValue: read,
    parseLiteral: (node: ValueNode) => read(node.kind === Kind.STRING ? node.value : null),
  });
}

/** Years that ISO 8601 and PostgreSQL write alike; false for no date at all. */
const isStorable = (at: Date) => at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9999;

export const DateTime = textScalar(
  "DateTime",
  "ISO 8601 UTC with milliseconds",
  (text) => (ISO_TIME.test(text) && isStorable(new Date(text)) ? new Date(text) : null),
  (value) => (value instanceof Date ? value : new Date(String(value))).toISOString(),
);

export const CurrencyCode = textScalar(
  "CurrencyCode",
  "ISO 4217, upper case",
  (text) => (/^[A-Z]{3}$/.test(text) ? text : null),
  String,
);

export const CountryCode = textScalar(
  "CountryCode",
  "ISO 3166-1 alpha-2, upper case",
  (text) => (/^[A-Z]{2}$/.test(text) ? text : null),
  String,
);

function toMinorUnits(value: unknown): bigint {
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  throw new GraphQLError("MinorUnits expected: an integer count of minor units, |n| < 2^53");
}

/** bigint inside, a JSON number on the wire. */
export const MinorUnits = new GraphQLScalarType<bigint, number>({
  name: "MinorUnits",
  description: "Integer count of a currency's minor unit, |n| < 2^53, a JSON number",
  serialize(value) {
    const number = Number(value); // bigint, or an integer that SQL put into JSON
    if (!Number.isSafeInteger(number)) throw new GraphQLError("An amount left the range of MinorUnits");
    return number;
  },
  parseValue: toMinorUnits,
  parseLiteral: (node) => toMinorUnits(node.kind === Kind.INT ? Number(node.value) : null),
});
