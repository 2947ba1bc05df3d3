import { anAuthorization, aPart, type GetHarness, movementsOf } from "./harness";

/** Captures, voids and refunds: in parts, and never more than there is. */
export function followUpTests(get: GetHarness) {
  const authorized = async (capture = false) =>
    (await get().provider.authorize(anAuthorization(get().tokens.success, { capture }))).reference;

  test("what was authorised is captured, in parts where that can be, and no more than there is", async () => {
    const { provider, severalCaptures } = get();
    const reference = await authorized();
    const first = await provider.capture(aPart(reference, 3_00n));
    expect(first).toMatchObject({ status: "SUCCEEDED", released: !severalCaptures });
    expect((await provider.capture(aPart(reference, 7_01n))).status).toBe("FAILED");
    const second = await provider.capture(aPart(reference, 7_00n, { final: true }));
    expect(second.status).toBe(severalCaptures ? "SUCCEEDED" : "FAILED");
    expect(second.reference).not.toBe(first.reference);
  });

  test("of captures at once no more than there is succeed", async () => {
    const { provider, severalCaptures } = get();
    const reference = await authorized();
    const asks = Array.from({ length: 5 }, () => aPart(reference, 3_00n));
    await Promise.allSettled(asks.map((ask) => provider.capture(ask)));
    const found = await movementsOf(get(), ...asks.map(({ key }) => key));
    const moved = found.filter(({ kind }) => kind === "CAPTURE"); // what one let go with it counts as a void
    expect(moved.length).toBeGreaterThan(0);
    expect(moved.length).toBeLessThanOrEqual(severalCaptures ? 3 : 1);
    expect(new Set(moved.map((one) => one.reference)).size).toBe(moved.length);
  });

  test("what is left is voided, once; nothing can be done with it after that", async () => {
    const { provider } = get();
    const reference = await authorized();
    const all = aPart(reference, 10_00n, { final: true });
    const voided = await provider.void(all);
    expect(voided).toMatchObject({ status: "SUCCEEDED" });
    expect(await provider.void(all)).toEqual(voided);
    for (const kind of ["capture", "void", "refund"] as const)
      expect(await provider[kind](aPart(reference, 10_00n, { final: true }))).toMatchObject({
        status: "FAILED",
      });
    expect(await movementsOf(get(), all.key)).toMatchObject([{ kind: "VOID", amount: 10_00n }]);
  });

  test("what a capture left is voided", async () => {
    const { provider, severalCaptures } = get();
    if (!severalCaptures) return; // it went with the capture
    const reference = await authorized();
    await provider.capture(aPart(reference, 4_00n));
    const rest = aPart(reference, 6_00n, { final: true });
    expect(await provider.void(rest)).toMatchObject({ status: "SUCCEEDED" });
    expect((await provider.capture(aPart(reference, 1n))).status).toBe("FAILED");
    expect(await provider.refund(aPart(reference, 4_00n))).toMatchObject({ status: "SUCCEEDED" });
  });

  test.each([
    ["in one with its authorisation", [], true],
    ["in one", [10_00n], false],
    ["in parts", [4_00n, 6_00n], false],
  ])("what was captured %s is refunded in parts, and no more than there is", async (_how, takes, capture) => {
    const { provider, severalCaptures } = get();
    if (takes.length > 1 && !severalCaptures) return;
    const reference = await authorized(capture);
    for (const amount of takes)
      expect(await provider.capture(aPart(reference, amount))).toMatchObject({ status: "SUCCEEDED" });
    const asks = [aPart(reference, 5_50n), aPart(reference, 4_50n)];
    for (const ask of asks) {
      const refunded = await provider.refund(ask);
      expect(refunded).toMatchObject({ status: "SUCCEEDED" });
      const found = await provider.lookUp({ ...ask, kind: "REFUND" });
      expect(found).toMatchObject({ status: "SUCCEEDED", reference: refunded.reference });
    }
    expect((await provider.refund(aPart(reference, 1n))).status).toBe("FAILED");
    const moved = await movementsOf(get(), ...asks.map(({ key }) => key));
    expect(moved.map(({ kind }) => kind)).toEqual(["REFUND", "REFUND"]);
    expect(new Set(moved.map((one) => one.reference)).size).toBe(2);
  });

  test("of refunds at once no more than there is succeed", async () => {
    const { provider } = get();
    const reference = await authorized(true);
    const asks = Array.from({ length: 20 }, () => aPart(reference, 3_00n));
    await Promise.allSettled(asks.map((ask) => provider.refund(ask)));
    expect((await movementsOf(get(), ...asks.map(({ key }) => key))).length).toBeLessThanOrEqual(3);
  });

  test("an authorisation that never was can be neither captured, voided nor refunded", async () => {
    for (const kind of ["capture", "void", "refund"] as const)
      expect(await get().provider[kind](aPart("pi_nothing", 1_00n))).toMatchObject({
        ...{ status: "FAILED", reason: "not_found" },
      });
  });
}
