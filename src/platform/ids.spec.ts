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
