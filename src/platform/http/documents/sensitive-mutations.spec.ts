import { buildSchema } from "graphql";
import { isSensitive, markSensitive } from "./sensitive-mutations";

const schema = () => buildSchema("type Query { a: Int } type Mutation { login: Int logout: Int }");

test("those named are sensitive, the others are not", () => {
  const marked = markSensitive(schema(), ["login"]);
  expect([isSensitive(marked, "login"), isSensitive(marked, "logout"), isSensitive(marked, "a")]).toEqual([
    true,
    false,
    false,
  ]);
});

test("what is no mutation cannot be sensitive: the name is a slip", () => {
  expect(() => markSensitive(schema(), ["signIn"])).toThrow("signIn is called sensitive but is no mutation");
});
