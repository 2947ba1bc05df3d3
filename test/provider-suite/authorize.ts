import { anAuthorization, aPart, type GetHarness, movementsOf } from "./harness";

/** Charging: once for a key, to the last unit, or not at all. */
export function authorizeTests(get: GetHarness) {
  test("its own tokens are taken, and no others", () => {
    const { provider, tokens } = get();
    for (const token of Object.values(tokens)) expect(provider.acceptsToken(token)).toBe(true);
    for (const token of ["", "toString", "__proto__", "4242424242424242"])
      expect(provider.acceptsToken(token)).toBe(false);
  });

  test("one key charges once, however often and however much at once it is asked", async () => {
    const { provider, tokens } = get();
    const ask = anAuthorization(tokens.success, { capture: true });
    // Who asks while the same is being done may be sent away, but never gets another charge.
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => provider.authorize(ask)));
    const outcomes = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    outcomes.push(await provider.authorize(ask));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: "SUCCEEDED", captured: true });
    expect(new Set(outcomes.map(({ reference }) => reference)).size).toBe(1);
    expect((await movementsOf(get(), ask.key)).map(({ kind }) => kind).sort()).toEqual([
      "AUTHORIZE",
      "CAPTURE",
    ]);
  });

  test("a key that something else is asked with is not answered, and does nothing more", async () => {
    const { provider, tokens } = get();
    const ask = anAuthorization(tokens.success);
    const { reference } = await provider.authorize(ask);
    for (const other of [{ amount: 9_99n }, { currency: "USD" }, { capture: true }])
      await expect(provider.authorize({ ...ask, ...other })).rejects.toThrow();
    const capture = aPart(reference, 10_00n, { final: true });
    const captured = await provider.capture(capture);
    await expect(provider.capture({ ...capture, amount: 9_00n })).rejects.toThrow();
    expect(await provider.capture(capture)).toEqual(captured);
    const refund = aPart(reference, 1_00n);
    const refunded = await provider.refund(refund);
    await expect(provider.refund({ ...refund, amount: 2_00n })).rejects.toThrow();
    expect(await provider.refund(refund)).toEqual(refunded);
    const moved = await movementsOf(get(), ask.key, capture.key, refund.key);
    expect(Object.fromEntries(moved.map(({ kind, amount }) => [kind, amount]))).toEqual({
      ...{ AUTHORIZE: 10_00n, CAPTURE: 10_00n, REFUND: 1_00n },
    });
    expect(moved).toHaveLength(3);
  });

  test.each([
    ["decline", "declined"],
    ["insufficientFunds", "insufficient_funds"],
  ] as const)("%s: a no with its reason, the same each time it is asked", async (token, reason) => {
    const { provider, tokens } = get();
    const ask = anAuthorization(tokens[token]);
    for (const outcome of [await provider.authorize(ask), await provider.authorize(ask)])
      expect(outcome).toMatchObject({ status: "FAILED", reason, captured: false, nextAction: null });
    expect(await movementsOf(get(), ask.key)).toEqual([]);
  });

  test("an order that costs nothing succeeds", async () => {
    const { provider, tokens } = get();
    const ask = anAuthorization(tokens.success, { amount: 0n, capture: true });
    expect(await provider.authorize(ask)).toMatchObject({ status: "SUCCEEDED", captured: true });
  });

  test.each([
    ["no decimals", 1234n, "JPY"],
    ["three decimals", 12_340n, "KWD"],
  ])("a currency with %s: to the last unit", async (_decimals, amount, currency) => {
    const { provider, tokens } = get();
    const ask = anAuthorization(tokens.success, { amount, currency, capture: true });
    const outcome = await provider.authorize(ask);
    expect(outcome).toMatchObject({ status: "SUCCEEDED", captured: true, amount, currency });
    for (const moved of await movementsOf(get(), ask.key)) expect(moved).toMatchObject({ amount, currency });
    const refund = aPart(outcome.reference, amount, { currency });
    expect(await provider.refund(refund)).toMatchObject({ status: "SUCCEEDED" });
    expect(await movementsOf(get(), refund.key)).toMatchObject([{ kind: "REFUND", amount, currency }]);
  });
}
