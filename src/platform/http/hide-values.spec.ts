import { hideValues } from "./hide-values";

test.each([
  [
    'Variable "$input" got invalid value { password: "canary-1" }; Field "email" of required type "String!" was not provided.',
    'Variable "$input" got an invalid value. Field "email" of required type "String!" was not provided.',
  ],
  [
    'Variable "$input" got invalid value "canary-1" at "input.lines[0].quantity"; Int cannot represent non-integer value: "canary-1"',
    'Variable "$input" got an invalid value at "input.lines[0].quantity".',
  ],
  [
    'Variable "$x" got invalid value "eur" at "x"; CurrencyCode expected: ISO 4217, upper case',
    'Variable "$x" got an invalid value at "x". CurrencyCode expected: ISO 4217, upper case',
  ],
  [
    'String cannot represent a non string value: {a: "canary-1"}',
    "String cannot represent a non string value.",
  ],
  [
    "Int cannot represent non 32-bit signed integer value: 4711",
    "Int cannot represent non 32-bit signed integer value.",
  ],
  [
    'Enum "ProductSort" cannot represent non-enum value: "canary-1". Did you mean the enum value "TITLE"?',
    'Enum "ProductSort" cannot represent non-enum value.',
  ],
  ['Expected value of type "LoginInput!", found "canary-1".', 'Expected value of type "LoginInput!".'],
  ['Value "canary" does not exist in "ProductSort" enum.', 'The value does not exist in "ProductSort" enum.'],
  ["Not a valid cart_… id.", "Not a valid cart_… id."],
])("%s", (message, shown) => {
  expect(hideValues(message)).toBe(shown);
});
