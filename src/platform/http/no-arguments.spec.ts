import { buildSchema, execute, type GraphQLFieldResolver, parse } from "graphql";
import { shareNoArguments } from "./no-arguments";

test("fields that take no arguments share one empty object, which nobody can change; others get their own", () => {
  shareNoArguments();
  const schema = buildSchema("type Query { a: Int b: Int c(first: Int = 3): Int }");
  const given: object[] = [];
  const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (_source, args) => void given.push(args);
  const { errors } = execute({ schema, document: parse("{ a b c d: c(first: 5) }"), fieldResolver }) as {
    errors?: unknown;
  };
  expect(errors).toBeUndefined();
  expect(given).toEqual([{}, {}, { first: 3 }, { first: 5 }]);
  expect(given[0]).toBe(given[1]); // not so: the executor goes another way, and this part is for nothing
  expect(Object.isFrozen(given[0])).toBe(true);
});
