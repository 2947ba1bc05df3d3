import { buildSchema, graphql } from "graphql";
import { and, chain, not, or } from "graphql-shield";
import type { Context } from "./context";
import { guard } from "./guard";
import { access, anyone, type Rule } from "./rules";

const sdl = "type Query { open: String closed: String thing: Thing } type Thing { secret: String }";
const no = access("no", "nobody", () => "FORBIDDEN");
const broken = access("broken", "nobody", () => {
  throw new Error("timeout exceeded when trying to connect");
});
const ctx = { log: { error() {} } } as unknown as Context;
const rootValue = { open: "o", closed: "c", thing: { secret: "s" } };
const all = { Query: { open: anyone, closed: no, thing: anyone }, Thing: no };

const build = (rules: Record<string, unknown>) => guard(buildSchema(sdl), rules as Record<string, Rule>);

test.each([
  ["a field has none", { Query: { open: anyone, thing: anyone }, Thing: no }, "Query.closed has no rule"],
  ["a type has none", { Query: all.Query }, "Thing.secret has no rule"],
  ["one is undefined", { ...all, Thing: { secret: undefined } }, "Thing.secret has no rule"],
  ["one is a plain function", { ...all, Thing: { secret: () => true } }, "Thing.secret has no rule"],
  ["one is nothing of several", { ...all, Thing: { secret: and() } }, "Thing.secret has no rule"],
  ["one is a chain of nothing", { ...all, Thing: { secret: chain() } }, "Thing.secret has no rule"],
  ["one is another or another", { ...all, Thing: { secret: or(anyone, no) } }, "Thing.secret has no rule"],
  [
    "one is not another, which lets in when that fails",
    { ...all, Thing: { secret: not(broken) } },
    "Thing.secret has no rule",
  ],
  [
    "one names no field",
    { ...all, Thing: { secret: no, gone: no } },
    "Thing.gone has a rule but is not in the schema",
  ],
  ["one names no type", { ...all, Gone: no }, "Gone has rules but is no object type"],
])("the start is refused when of the rules %s", (_what, rules, complaint) => {
  expect(() => build(rules)).toThrow(complaint);
});

test("walls stand where rules close and nowhere else", async () => {
  const schema = build(all);
  const { data, errors } = await graphql({
    schema,
    source: "{ open closed thing { secret } }",
    rootValue,
    contextValue: ctx,
  });
  expect(data).toEqual({ open: "o", closed: null, thing: { secret: null } });
  expect(errors?.map((error) => error.extensions.code)).toEqual(["FORBIDDEN", "FORBIDDEN"]);
});

test("a rule that fails closes the door and says the service is not available", async () => {
  const schema = build({ ...all, Thing: broken });
  const { data, errors } = await graphql({
    schema,
    source: "{ thing { secret } }",
    rootValue,
    contextValue: ctx,
  });
  expect(data).toEqual({ thing: { secret: null } });
  expect(errors?.[0]?.extensions.code).toBe("SERVICE_UNAVAILABLE");
});

test("descriptions say who may use a field", () => {
  const fields = build(all).getQueryType()?.getFields();
  expect([fields?.open?.description, fields?.closed?.description]).toEqual([
    "Access: anyone",
    "Access: nobody",
  ]);
});
