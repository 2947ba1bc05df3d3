import type { AuthorizeAsk } from "../../src/payments";
import { anAuthorization, type GetHarness, lookUpOf, movementsOf } from "./harness";

/** Payments that wait for their buyer. */
export function buyerTests(get: GetHarness) {
  const waiting = async (about: Partial<AuthorizeAsk> = {}) => {
    const ask = anAuthorization(get().tokens.actionRequired, about);
    const outcome = await get().provider.authorize(ask);
    return { ask, outcome, which: lookUpOf(ask, outcome.reference) };
  };

  test.each([
    ["captured", true],
    ["authorised", false],
  ])("a buyer who has to act is sent somewhere; once he confirmed, it is %s", async (_done, capture) => {
    const { provider, confirm } = get();
    const { ask, outcome, which } = await waiting({ capture });
    expect(outcome).toMatchObject({ status: "ACTION_REQUIRED", captured: false });
    expect(outcome.nextAction?.url ?? outcome.nextAction?.clientSecret).toEqual(expect.any(String));
    const { reference, nextAction } = outcome;
    expect(await provider.lookUp(which)).toMatchObject({ status: "ACTION_REQUIRED", nextAction });
    expect(await movementsOf(get(), ask.key)).toEqual([]);

    await confirm(outcome);
    const done = { status: "SUCCEEDED", captured: capture, reference };
    expect(await provider.lookUp(which)).toMatchObject(done);
    expect(await provider.cancel(which)).toMatchObject(done); // too late
    expect(await movementsOf(get(), ask.key)).toHaveLength(capture ? 2 : 1);
  });

  test("a buyer who refuses pays nothing", async () => {
    const { ask, outcome, which } = await waiting();
    await get().refuse(outcome);
    const refused = { status: "FAILED", reason: "authentication_failed" };
    expect(await get().provider.lookUp(which)).toMatchObject(refused);
    expect(await movementsOf(get(), ask.key)).toEqual([]);
  });

  test("what waits for its buyer can be called off, and then never comes", async () => {
    const { provider } = get();
    const { ask, which } = await waiting();
    const cancelled = { status: "FAILED", reason: "cancelled" };
    for (const ended of [await provider.cancel(which), await provider.cancel(which)])
      expect(ended).toMatchObject(cancelled);
    expect(await provider.lookUp(which)).toMatchObject(cancelled);
    expect(await movementsOf(get(), ask.key)).toEqual([]);
  });
}
