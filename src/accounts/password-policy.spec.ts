import type { Config } from "../platform/config";
import { checkNewPassword } from "./password-policy";

const config = { accounts: { passwordMinLength: 10 }, shop: { name: "Tillgraph demo shop" } } as Config;
const refusal = (password: string, email = "margaret.hamilton@apollo.example") => {
  try {
    checkNewPassword(config, password, email);
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test.each([
  "correct horse battery staple",
  "a long sentence without any digits at all",
  "🦀🐙🦑🐡🐠🐟🐬🐳🐋🦈",
  `${"a".repeat(72)}X`,
  "x".repeat(1_024),
  "nul\0in the middle",
  "margaret likes teapots",
])("accepts a good one, %#", (password) => expect(refusal(password)).toBeNull());

test.each([
  ["", "PASSWORD_TOO_SHORT"],
  ["123456789", "PASSWORD_TOO_SHORT"],
  ["🦀🐙🦑🐡🐠🐟🐬🐳🐋", "PASSWORD_TOO_SHORT"],
  ["x".repeat(1_025), "PASSWORD_TOO_LONG"],
  ["é".repeat(513), "PASSWORD_TOO_LONG"],
  ["password123456789", "PASSWORD_TOO_COMMON"],
  ["1234567890", "PASSWORD_TOO_COMMON"],
  ["!!QwertyUiop!!", "PASSWORD_TOO_COMMON"],
  ["Tillgraph2026", "PASSWORD_TOO_COMMON"],
  ["tillgraph-demo-shop-2026", "PASSWORD_TOO_COMMON"],
  ["MargaretHamilton1", "PASSWORD_TOO_COMMON"],
  ["margaret.hamilton@apollo.example", "PASSWORD_TOO_COMMON"],
])("refuses a bad one, %#", (password, code) => expect(refusal(password)).toBe(code));
