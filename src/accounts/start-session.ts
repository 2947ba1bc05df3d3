import { later } from "../platform/clock";
import type { Platform } from "../platform/context";
import type { Tx } from "../platform/database";
import { newId } from "../platform/ids";
import { emit } from "../platform/outbox";
import { type DataKeyRow, hashToken, randomToken } from "../platform/vault";
import { devicePlace, ipPlace } from "./session.rows";
import { ACCESS_LIFETIME, IDLE_LIFETIME, type TokenPair } from "./tokens";

const LONGEST_DEVICE = 200;

export type NewSession = { accountId: string; key: DataKeyRow; device?: string | null; ip: string };

/** Signs a device in. @returns the session's uuid and its tokens, which exist nowhere else */
export async function startSession(platform: Platform, tx: Tx, ask: NewSession) {
  const { vault, clock } = platform;
  const now = clock.now();
  const id = newId();
  const tokens: TokenPair = {
    accessToken: randomToken(),
    accessExpiresAt: later(now, ACCESS_LIFETIME),
    refreshToken: randomToken(),
    refreshExpiresAt: later(now, IDLE_LIFETIME),
  };
  const device = readDevice(ask.device);
  await tx.session.create({
    data: {
      id,
      accountId: ask.accountId,
      deviceCipher: device === null ? null : vault.seal(ask.key, devicePlace(id), device),
      ipCipher: vault.seal(ask.key, ipPlace(id), ask.ip),
      accessHash: hashToken(tokens.accessToken),
      accessExpiresAt: tokens.accessExpiresAt,
      expiresAt: tokens.refreshExpiresAt,
      createdAt: now,
      lastUsedAt: now,
    },
  });
  const { refreshToken, refreshExpiresAt } = tokens;
  const first = { hash: hashToken(refreshToken), sessionId: id, createdAt: now, expiresAt: refreshExpiresAt };
  await tx.refreshToken.create({ data: first });
  const subject = { subjectType: "account", subjectId: ask.accountId, data: { sessionId: id } } as const;
  await emit(tx, now, { type: "account.session_started", ...subject });
  return { sessionUuid: id, tokens };
}

/** What a device calls itself is only shown: it is cut and cleaned, never a reason to refuse a login. */
function readDevice(given: string | null | undefined) {
  const text =
    given
      ?.slice(0, 2 * LONGEST_DEVICE)
      .replace(/\p{Cc}/gu, " ")
      .trim() ?? "";
  return [...text].slice(0, LONGEST_DEVICE).join("") || null;
}
