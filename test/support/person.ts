import { readId } from "../../src/platform/ids";
import type { TestApp } from "./app";
import { GOOD_PASSWORD, signIn, signUp } from "./sign-up";

export type Person = {
  email: string;
  token: string;
  refreshToken: string;
  accountId: string;
  sessionId: string;
};

/** A person who has registered and logged in through HTTP; staff roles are given as the owner of the database would. */
export async function aPerson(
  app: TestApp,
  role: "CUSTOMER" | "STAFF" | "ADMIN" = "CUSTOMER",
): Promise<Person> {
  const login = await signUp(app, { name: "Ann" });
  const { id, accessToken: token, refreshToken } = await signIn(app, login);
  if (role !== "CUSTOMER")
    await app.db.account.update({ where: { id: readId("acct", id) ?? "" }, data: { role } });
  const { data } = await app.ask(token, "{ me { sessions { id } } }");
  return { email: login.email, token, refreshToken, accountId: id, sessionId: data.me.sessions[0].id };
}

/** Signs the person in on another device. @returns that session's id */
export async function anotherDevice(app: TestApp, { email }: Person): Promise<string> {
  const { accessToken } = await signIn(app, { email, password: GOOD_PASSWORD });
  const { data } = await app.ask(accessToken, "{ me { sessions { id current } } }");
  return data.me.sessions.find(({ current }: { current: boolean }) => current).id;
}
