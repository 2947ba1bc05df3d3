import nodeCrypto, { randomBytes } from "node:crypto";
import nodeTimers from "node:timers";
import { createVault } from "./vault";

const place = "orders|email|1";
const aVault = () => createVault(randomBytes(32), "a secret that signs tokens, of 32 or more");

test("a data key that was open a moment ago opens nothing once its row says that it was destroyed", () => {
  const vault = aVault();
  const key = vault.newDataKey("key 1");
  const sealed = vault.seal(key, place, "ann@example.test");
  expect(vault.unseal(key, place, sealed)).toBe("ann@example.test");
  const destroyed = { ...key, wrapped: null };
  expect(vault.unseal(destroyed, place, sealed)).toBeNull();
  expect(() => vault.seal(destroyed, place, "ann@example.test")).toThrow("destroyed");
});

test("what was sealed for one place opens at no other, be it of the same person", () => {
  const vault = aVault();
  const key = vault.newDataKey("key 1");
  const sealed = vault.seal(key, place, "ann@example.test");
  for (const other of ["orders|email|2", "orders|name|1", "carts|email|1", ""])
    expect(() => vault.unseal(key, other, sealed)).toThrow();
});

test("a key is known by what is wrapped, not by its id: another one under that id neither opens nor is taken for it", () => {
  const vault = aVault();
  const [key, other] = [vault.newDataKey("key 1"), vault.newDataKey("key 1")];
  const sealed = vault.seal(key, place, "ann@example.test");
  expect(() => vault.unseal(other, place, sealed)).toThrow();
  expect(vault.unseal(key, place, sealed)).toBe("ann@example.test");
  expect(() =>
    vault.unseal({ ...key, wrapped: key.wrapped.map((byte) => byte ^ 1) }, place, sealed),
  ).toThrow();
  expect(() => vault.unseal({ ...key, id: "key 2" }, place, sealed)).toThrow();
});

test("an opened key is kept for seconds, then it is opened anew from its row", () => {
  const timers = jest.spyOn(nodeTimers, "setTimeout");
  const opening = jest.spyOn(nodeCrypto, "createDecipheriv");
  const vault = aVault();
  const key = vault.newDataKey("key 1");
  const sealed = vault.seal(key, place, "ann@example.test");
  expect(opening).toHaveBeenCalledTimes(1); // the key
  vault.unseal(key, place, sealed);
  vault.unseal(key, place, sealed);
  expect(opening).toHaveBeenCalledTimes(3);
  const [[forget, afterMs]] = timers.mock.calls as [[() => void, number]];
  expect(afterMs).toBeLessThanOrEqual(5_000);
  forget();
  expect(vault.unseal(key, place, sealed)).toBe("ann@example.test");
  expect(opening).toHaveBeenCalledTimes(5);
  jest.restoreAllMocks();
});

test("many keys at once: each opens its own", () => {
  const vault = aVault();
  const keys = Array.from({ length: 2_500 }, (_, index) => vault.newDataKey(`key ${index}`)); // more than are kept
  const sealed = keys.map((key) => vault.seal(key, place, key.id));
  const texts = keys.map((key, index) => vault.unseal(key, place, sealed[index] ?? null));
  expect(texts).toEqual(keys.map(({ id }) => id));
});
