import { randomUUID } from "node:crypto";
import { TypeID } from "typeid-js";
import { newId, readId, toId } from "./ids";

test("wire ids are TypeIDs: the reference implementation writes the same, and they read back", () => {
  const edges = ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"];
  const uuids = [...edges, ...Array.from({ length: 500 }, randomUUID), ...Array.from({ length: 500 }, newId)];
  for (const uuid of uuids) {
    expect(toId("prod", uuid)).toBe(TypeID.fromUUID("prod", uuid).toString());
    expect(readId("prod", toId("prod", uuid))).toBe(uuid);
  }
});

test("what the reference implementation doesn't read isn't read here either", () => {
  const read = (id: string) => {
    try {
      return TypeID.fromString(id, "cart").toUUID();
    } catch {
      return null;
    }
  };
  const good = toId("cart", randomUUID());
  const letters = "0789abilouzABZ_-. é€\u0000";
  const bent = Array.from({ length: 3_000 }, () => {
    const at = Math.floor(Math.random() * (good.length + 1));
    const letter = letters[Math.floor(Math.random() * letters.length)] ?? "";
    return good.slice(0, at) + letter + good.slice(at + Math.floor(Math.random() * 3));
  });
  const others = [
    "",
    "cart",
    "cart_",
    good.toUpperCase(),
    good.replace("cart", "prod"),
    `${good}0`,
    good.slice(5),
    ` ${good}`,
  ];
  // The package asks for a version of UUIDs, too; we look the id up, and find nothing.
  const ofNoVersion = (uuid: string | null) => uuid !== null && !/^.{14}[1-8].{4}[89ab]/.test(uuid);
  for (const id of [...bent, ...others]) {
    const ours = readId("cart", id);
    expect([id, ofNoVersion(ours) ? null : ours]).toEqual([id, ofNoVersion(read(id)) ? null : read(id)]);
  }
});

test("new ids are UUIDs of version 7 that rise, many within a millisecond too, and tell the time", () => {
  const before = Date.now();
  const ids = Array.from({ length: 50_000 }, newId);
  const after = Date.now();
  expect(
    ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
  ).toBe(true);
  expect(ids.every((id, index) => index === 0 || id > (ids[index - 1] as string))).toBe(true);
  const times = ids.map((id) => Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16));
  expect(Math.min(...times)).toBeGreaterThanOrEqual(before);
  expect(Math.max(...times)).toBeLessThan(after + 50); // an id beyond the 4,096th of a millisecond is the next one's
  expect(new Set(ids.map((id) => id.slice(19))).size).toBe(ids.length); // what is random in them
});
