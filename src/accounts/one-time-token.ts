import type { OneTimeTokenKind } from "../generated/prisma/enums";
import { later } from "../platform/clock";
import type { Platform } from "../platform/context";
import type { Tx } from "../platform/database";
import { newId } from "../platform/ids";
import { hashToken } from "../platform/vault";

/** The token that a stored row stands for: only its hash is kept, and the mail that carries it makes it again. */
export const oneTimeToken = ({ vault }: Pick<Platform, "vault">, rowId: string) =>
  vault.derivedToken("one-time token", rowId);

/** Writes a token that works once, for `lifetime` milliseconds. @returns its row's uuid, for the mail's job */
export async function issueOneTimeToken(
  platform: Platform,
  tx: Tx,
  ask: { accountId: string; kind: OneTimeTokenKind; lifetime: number },
) {
  const now = platform.clock.now();
  const id = newId();
  const { accountId, kind } = ask;
  const hash = hashToken(oneTimeToken(platform, id));
  await tx.oneTimeToken.create({
    data: { id, accountId, kind, hash, createdAt: now, expiresAt: later(now, ask.lifetime) },
  });
  return id;
}
