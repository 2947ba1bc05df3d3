import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from "graphql";
import { createSchema } from "../src/schema";
import { startTestApp, type TestApp } from "./support/app";
import { anAddress, aProduct, aZone, unique } from "./support/builders";
import { aFullCart } from "./support/checkouts";
import { aPerson } from "./support/person";

/** What a careless or hostile client puts where a value belongs. */
const NASTY: Record<string, unknown[]> = {
  ID: [
    "",
    "\0",
    "x",
    "order_",
    "cart_zzzzzzzzzzzzzzzzzzzzzzzzzz",
    "prod_01h455vb4pex5vsknk084sn02q",
    "CART_01H455VB4PEX5VSKNK084SN02Q",
    "a".repeat(10_000),
    1,
    { not: "" },
    ["x", "y"],
  ],
  String: [
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "x".repeat(10_000),
    `${"x".repeat(10_000)}@example.com`,
    "%",
    "_",
    "\\",
    "' or '1'='1",
    "<script>",
    "{{7*7}}",
    "a\r\nb: c",
    "🙂",
    "ﬁ",
    "null",
    "file:///etc/passwd",
    "../../../../etc/passwd",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/",
    "gopher://127.0.0.1:25/",
    { not: "" },
    { contains: "" },
    { in: ["x"], OR: [{}], AND: {}, NOT: {} },
    ["x", "y"],
  ],
  Int: [0, -1, 1.5, 1_000, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, "1", null],
  MinorUnits: [0, -1, 1.5, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 2 ** 53, 1e308, "1", null],
  CurrencyCode: ["eur", "XXX", "EURO", "", "\0", "JPY"],
  CountryCode: ["de", "XX", "", "DEU"],
  DateTime: ["yesterday", "2026-13-45T00:00:00Z"],
  Boolean: ["true", 1, null],
};

/** A server that notices whoever calls an address it was given. */
const bait = createServer((request, response) => {
  visits.push(request.url ?? "");
  response.end();
});
const visits: string[] = [];

let app: TestApp;
let token: string;
let ids: Record<string, string>;
beforeAll(async () => {
  await new Promise<void>((listening) => bait.listen(0, "127.0.0.1", listening));
  NASTY.String?.push(`http://127.0.0.1:${(bait.address() as AddressInfo).port}/bait`);
  app = await startTestApp({}, {});
  await aZone(app.db);
  const product = await aProduct(app.db);
  const staff = await aPerson(app, "STAFF");
  const cart = await aFullCart(app.ask, null, { variantId: product.variant.id });
  token = staff.token;
  ids = { id: product.id, cartId: cart.id, lineId: cart.lineId, variantId: product.variant.id };
});
afterAll(async () => {
  await app.close();
  bait.close();
});

/** A value of the type that operations would take. */
function fine(type: GraphQLInputType, name: string): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) return [fine(bare.ofType, name.replace(/s$/, ""))];
  if (isEnumType(bare)) return bare.getValues()[0]?.name;
  if (isInputObjectType(bare)) {
    if (bare.name === "AddressInput") return anAddress();
    const needed = Object.values(bare.getFields()).filter((field) => isNonNullType(field.type));
    return Object.fromEntries(needed.map((field) => [field.name, fine(field.type, field.name)]));
  }
  const values: Record<string, unknown> = {
    ID: ids[name] ?? ids.id,
    Int: 1,
    MinorUnits: 1,
    Boolean: true,
    CurrencyCode: "EUR",
    CountryCode: "DE",
  };
  return values[bare.name] ?? (name === "email" ? `${unique()}@example.test` : "plain text");
}

type Spoiled = { at: string; value: unknown; whole: unknown };

/** The fine value, spoiled at one place at a time: every leaf of every input, whether it is needed or not. */
function spoil(type: GraphQLInputType, name: string, at: string): Spoiled[] {
  const bare = getNullableType(type);
  if (isListType(bare)) {
    const inner = spoil(bare.ofType, name.replace(/s$/, ""), `${at}.0`).map((one) => ({
      ...one,
      whole: [one.whole],
    }));
    const many = Array.from({ length: 10_000 }, () => "x");
    return [
      ...inner,
      { at, value: "[]", whole: [] },
      { at, value: "10,000 items", whole: isLeafType(getNamedType(type)) ? many : [] },
    ];
  }
  if (isInputObjectType(bare)) {
    const whole = fine(type, name) as Record<string, unknown>;
    return Object.values(bare.getFields()).flatMap((field) =>
      spoil(field.type, field.name, `${at}.${field.name}`).map((one) => ({
        ...one,
        whole: { ...whole, [field.name]: one.whole },
      })),
    );
  }
  return (NASTY[bare.name] ?? ["NOT_A_VALUE"]).map((value) => ({ at, value, whole: value }));
}

const schema = createSchema();
const roots = [schema.getQueryType(), schema.getMutationType()] as GraphQLObjectType[];
const operations = roots.flatMap((root) =>
  Object.values(root.getFields())
    .filter((field) => field.args.length > 0)
    .map((field) => ({ root, field, name: `${root.name}.${field.name}` })),
);

function documentOf(root: GraphQLObjectType, name: string, args: readonly GraphQLArgument[], leaf: boolean) {
  const variables = args.map((arg) => `$${arg.name}: ${arg.type}`).join(", ");
  const given = args.map((arg) => `${arg.name}: $${arg.name}`).join(", ");
  return `${root.name.toLowerCase()}(${variables}) { ${name}(${given})${leaf ? "" : " { __typename }"} }`;
}

test.each(operations)(
  "$name answers bad input with a code, never with a fault",
  async ({ root, field }) => {
    const document = documentOf(root, field.name, field.args, isLeafType(getNamedType(field.type)));
    const faults: string[] = [];
    for (const arg of field.args)
      for (const { at, value, whole } of spoil(arg.type, arg.name, arg.name)) {
        const rest = field.args.filter((other) => other !== arg && isNonNullType(other.type));
        const variables = {
          ...Object.fromEntries(rest.map((other) => [other.name, fine(other.type, other.name)])),
          [arg.name]: whole,
        };
        const key = { "idempotency-key": `bad-input-${unique()}` };
        const { status, codes } = await app.ask(token, document, variables, key);
        const fault =
          status >= 500 ||
          codes.some((code) => ["INTERNAL_SERVER_ERROR", "SERVICE_UNAVAILABLE", "undefined"].includes(code));
        if (fault) faults.push(`${at} = ${JSON.stringify(value)?.slice(0, 60)}: ${status} ${codes}`);
      }
    expect(faults).toEqual([]);
  },
  120_000,
);

test("no address that was sent was called", () => {
  expect(visits).toEqual([]);
});
