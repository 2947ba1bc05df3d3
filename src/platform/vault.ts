import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { setTimeout } from "node:timers";
import { SECOND } from "./clock";

/** A person's wrapped key as its row holds it; `wrapped` is null once it was destroyed. */
export type DataKeyRow = { id: string; wrapped: Uint8Array | null };
type Bytes = Uint8Array<ArrayBuffer>;

const NONCE = 12;
const TAG = 16;
/** Which key wraps a data key: kept in its row for a change of MASTER_KEY, which nothing does yet; so there is one, and nothing reads it. */
const KEK_VERSION = 1;

/**
 * Seals personal data: AES-256-GCM under a data key per person, itself wrapped by a key derived from the master key. A ciphertext is bound
 * to its `place` ("table|column|row id"), so that it cannot be moved to another row. Also makes keyed look-up hashes and signed tokens.
 */
export function createVault(masterKey: Buffer, tokenSecret: string) {
  const derive = (purpose: string) =>
    createSecretKey(Buffer.from(hkdfSync("sha256", masterKey, "tillgraph", purpose, 32)));
  const wrapKey = derive("wrap data keys");
  const [indexKey, pepper] = [derive("blind index"), derive("password pepper")];
  const signKey = createSecretKey(Buffer.from(tokenSecret));
  const sign = (purpose: string, text: string | Buffer) =>
    createHmac("sha256", signKey).update(`${purpose}|`).update(text).digest();

  const opened = keepForSeconds<{ wrapped: Uint8Array; dataKey: KeyObject }>();

  /** Whoever asks has read the key's row: one that was destroyed has nothing wrapped, and opens nothing though it is still kept open here. */
  function openKey({ id, wrapped }: DataKeyRow): KeyObject | null {
    if (!wrapped) return null;
    const known = opened.get(id);
    if (known && Buffer.compare(known.wrapped, wrapped) === 0) return known.dataKey;
    const bytes = decrypt(wrapKey, `data_keys|wrapped|${id}`, wrapped);
    const dataKey = createSecretKey(bytes);
    bytes.fill(0);
    opened.set(id, { wrapped, dataKey });
    return dataKey;
  }
  return {
    /** A new data key's columns for the row with this id. */
    newDataKey: (id: string) => ({
      id,
      wrapped: encrypt(wrapKey, `data_keys|wrapped|${id}`, randomBytes(32)),
      kekVersion: KEK_VERSION,
    }),
    /** Ciphertext of `text` for its place. Throws when the key was destroyed: nothing may be written for an erased person. */
    seal(key: DataKeyRow, place: string, text: string): Bytes {
      const dataKey = openKey(key);
      if (!dataKey) throw new Error("The data key was destroyed");
      return encrypt(dataKey, place, Buffer.from(text, "utf8"));
    },
    /** The text again, or null when there is none or the person was erased. Throws when the ciphertext is not this place's. */
    unseal(key: DataKeyRow, place: string, sealed: Uint8Array | null): string | null {
      if (!sealed) return null;
      const dataKey = openKey(key);
      return dataKey && decrypt(dataKey, place, sealed).toString("utf8");
    },
    /** Keyed hash that finds an equal value without revealing it, e.g. an e-mail address. Give it the normalised value. */
    blindIndex: (kind: string, value: string): Bytes =>
      Uint8Array.from(createHmac("sha256", indexKey).update(`${kind}|${value}`).digest()),
    /** Fixed-length stand-in for a password of any length: bcrypt reads only 72 bytes. 64 characters. */
    pepper: (password: string) =>
      createHmac("sha384", pepper).update(password.normalize("NFKC"), "utf8").digest("base64"),
    /** A token that names a uuid and proves that we gave it; the same each time. */
    signedToken: (purpose: string, uuid: string) => {
      const id = Buffer.from(uuid.replaceAll("-", ""), "hex");
      return Buffer.concat([id, sign(purpose, id)]).toString("base64url");
    },
    /** The uuid of a token that signedToken made for this purpose, or null. Compares in constant time. */
    readSignedToken(purpose: string, token: string): string | null {
      if (!/^[\w-]{64}$/.test(token)) return null;
      const bytes = Buffer.from(token, "base64url");
      const [id, mac] = [bytes.subarray(0, 16), bytes.subarray(16)];
      if (!timingSafeEqual(mac, sign(purpose, id))) return null;
      return id.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    },
    /** A secret that only we can make again from `text`, 256 bits, base64url. */
    derivedToken: (purpose: string, text: string) => sign(purpose, text).toString("base64url"),
  };
}
export type Vault = ReturnType<typeof createVault>;

/** A checkout opens its buyer's key a dozen times within a second or two; nothing is found here for longer than it takes to erase a person. */
const KEPT_MS = 5 * SECOND;
const MOST_KEPT = 1_000;

/** A map that is emptied every few seconds, and when it is full. */
function keepForSeconds<Value>() {
  const kept = new Map<string, Value>();
  const empty = () => kept.clear();
  return {
    get: (id: string) => kept.get(id),
    set(id: string, value: Value) {
      if (kept.size >= MOST_KEPT) empty();
      if (kept.size === 0) setTimeout(empty, KEPT_MS).unref();
      kept.set(id, value);
    },
  };
}

/** SHA-256 of a random token: what is stored of it. */
export const hashToken = (token: string): Bytes =>
  Uint8Array.from(createHash("sha256").update(token).digest());

/** 256 random bits, base64url. */
export const randomToken = () => randomBytes(32).toString("base64url");

/** Keys are key objects, for keyed hashes, too: with bytes, Node 24 takes three to six times as long for a short text. They are wiped when they are collected. */
function encrypt(key: KeyObject, place: string, plain: Buffer): Bytes {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(place));
  return Uint8Array.from(Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]));
}

function decrypt(key: KeyObject, place: string, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-TAG));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]);
}
