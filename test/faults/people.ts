import { type Clock, MINUTE } from "../../src/platform/clock";
import type { Ask } from "../support/app";
import { REFRESH } from "../support/sign-up";

/** A device that is signed in. */
export type Person = { token: string; refreshToken: string; refreshedAt?: Date };

/** An access token works for 15 minutes. */
const GOOD_FOR_MS = 14 * MINUTE;

/** An access token that works now. */
export async function signedInAgain(ask: Ask, clock: Clock, person: Person): Promise<string> {
  const now = clock.now();
  if (person.refreshedAt && now.getTime() - person.refreshedAt.getTime() < GOOD_FOR_MS) return person.token;
  const { data } = await ask(null, REFRESH, { input: { refreshToken: person.refreshToken } });
  const { accessToken: token, refreshToken } = data.refreshSession.tokens;
  Object.assign(person, { token, refreshToken, refreshedAt: now });
  return token;
}
