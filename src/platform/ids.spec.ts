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
