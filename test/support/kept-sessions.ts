import type { TestApp } from "./app";

/** Settings of a server that keeps sessions, as one that is shipped does; other test servers don't. */
export const KEEPING_SESSIONS = { SESSION_CACHE: "1000" };

/** Resolves when the server has heard of what was written behind its back until now. */
export const heard = ({ platform }: Pick<TestApp, "platform">) => platform.notifications.caughtUp();

/** Makes the server look every session up once more. */
export async function forgetSessions(app: TestApp) {
  await app.db.$queryRaw`SELECT pg_notify('sessions_changed', '')::text`;
  await heard(app);
}
