import type { TestApp } from "./app";
import { unique } from "./builders";

export const GOOD_PASSWORD = "a-fine-long-passphrase";

export const REGISTER =
  "mutation($input: RegisterInput!) { register(input: $input) { accepted userErrors { code path } } }";
const SESSION =
  "account { id email } tokens { accessToken accessExpiresAt refreshToken refreshExpiresAt } mfaToken userErrors { code path }";
export const LOGIN = `mutation($input: LoginInput!) { login(input: $input) { ${SESSION} } }`;
export const REFRESH = `mutation($input: RefreshSessionInput!) { refreshSession(input: $input) { ${SESSION} } }`;

export type Tokens = {
  accessToken: string;
  accessExpiresAt: string;
  refreshToken: string;
  refreshExpiresAt: string;
};

/** Registers somebody new through HTTP, not logged in. */
export async function signUp(
  { ask }: TestApp,
  about: { email?: string; password?: string; name?: string } = {},
) {
  const login = { email: `${unique()}@example.test`, password: GOOD_PASSWORD, ...about };
  const { data } = await ask(null, REGISTER, { input: login });
  if (!data.register.accepted) throw new Error(`Not registered: ${JSON.stringify(data.register)}`);
  return { email: login.email, password: login.password };
}

/** A device of somebody registered before, through HTTP. */
export async function signIn({ ask }: TestApp, login: { email: string; password: string; device?: string }) {
  const { email, password, device } = login;
  const { data } = await ask(null, LOGIN, { input: { email, password, device } });
  return { id: data.login.account.id as string, ...(data.login.tokens as Tokens) };
}
