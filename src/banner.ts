import type { Config } from "./platform/config";

/** What a developer sees when the shop is open: where it is, and in development who can log in. */
export function banner(
  config: Config,
  address: string,
  demo: { password: string; logins: string[] } | null,
): string {
  const lines = [`${config.shop.name} is open: ${address}`];
  if (config.graphql.landingPage) lines.push("Open that address in a browser for Apollo Sandbox.");
  if (demo) lines.push(`Demo logins: ${demo.logins.join(", ")}; password ${demo.password}`);
  return `\n  ${lines.join("\n  ")}\n\n`;
}
