import { DAY, MINUTE, SECOND } from "../platform/clock";
import type { Vault } from "../platform/vault";

/** How long an access token works, in milliseconds like all of these. */
export const ACCESS_LIFETIME = 15 * MINUTE;
/** A session ends when it was not refreshed for so long … */
export const IDLE_LIFETIME = 30 * DAY;
/** … and so long after it began in any case. */
export const SESSION_LIFETIME = 90 * DAY;
/** A client whose answer got lost may ask again for so long. */
export const RETRY_WITHIN = 10 * SECOND;

/** A session's tokens as clients get them; the database keeps only their hashes. */
export type TokenPair = {
  accessToken: string;
  accessExpiresAt: Date;
  refreshToken: string;
  refreshExpiresAt: Date;
};

/** The pair that follows a refresh token: made from it, so that a retry within RETRY_WITHIN gets the same one (docs/decisions/0020). */
export const successorsOf = (vault: Vault, refreshToken: string) => ({
  accessToken: vault.derivedToken("access token", refreshToken),
  refreshToken: vault.derivedToken("refresh token", refreshToken),
});
