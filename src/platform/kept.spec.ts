import { createKept } from "./kept";
import type { Notifications } from "./notifications";

test("an entry lives for five seconds from when its reading began, however often it is found", () => {
  const clock = jest.spyOn(performance, "now").mockReturnValue(1_000);
  const notifications = { subscribe: () => undefined, listening: () => true };
  const kept = createKept("things", notifications as unknown as Notifications, { max: 10 });
  const begun = kept.moment();
  clock.mockReturnValue(3_000);
  if (begun) kept.keep("a", { read: "slowly" }, begun);
  clock.mockReturnValue(6_000);
  expect(kept.find("a")).toEqual({ read: "slowly" });
  clock.mockReturnValue(6_001);
  expect(kept.find("a")).toBeUndefined();
  clock.mockRestore();
});
