import type { Role } from "../generated/prisma/enums";
import type { Platform } from "../platform/context";
import { type Tx, transact } from "../platform/database";
import { newId } from "../platform/ids";
import { emailPlace, namePlace } from "./account.rows";
import { hashPassword } from "./password-hash";

export type NewAccount = { email: string; name: string | null; role: Role; emailVerified: boolean };

/** Keyed hash by which an account is found by its e-mail address (normalised by readEmail). */
export const emailIndexOf = ({ vault }: Pick<Platform, "vault">, email: string) =>
  vault.blindIndex("email", email);

/**
 * Creates an account without asking for its owner's consent or a good password: for seeds and scripts.
 * @param ask `email` normalised by readEmail
 * @returns the account's uuid; that of the one that has the address already, which stays as it is
 */
export async function createAccount(
  platform: Platform,
  ask: NewAccount & { password: string },
): Promise<string> {
  const emailIndex = emailIndexOf(platform, ask.email);
  const passwordHash = await hashPassword(platform, ask.password, null);
  return transact(platform.db, async (tx) => {
    const taken = await tx.account.findUnique({ where: { emailIndex }, select: { id: true } });
    return taken?.id ?? insertAccount(platform, tx, { ...ask, passwordHash });
  });
}

/** Writes an account and its data key; a taken address is a P2002 on which `transact` starts again. @returns its uuid */
export async function insertAccount(platform: Platform, tx: Tx, ask: NewAccount & { passwordHash: string }) {
  const { vault, clock } = platform;
  const now = clock.now();
  const id = newId();
  const key = vault.newDataKey(newId());
  await tx.dataKey.create({ data: { ...key, createdAt: now } });
  await tx.account.create({
    data: {
      id,
      dataKeyId: key.id,
      emailIndex: emailIndexOf(platform, ask.email),
      emailCipher: vault.seal(key, emailPlace(id), ask.email),
      emailVerifiedAt: ask.emailVerified ? now : null,
      nameCipher: ask.name === null ? null : vault.seal(key, namePlace(id), ask.name),
      passwordHash: ask.passwordHash,
      role: ask.role,
      createdAt: now,
      updatedAt: now,
    },
  });
  return id;
}
