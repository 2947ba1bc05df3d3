import { aKey, anAuthorization, aPart, type GetHarness, lookUpOf, movementsOf } from "./harness";

/** What can be asked of a provider afterwards. */
export function bookTests(get: GetHarness) {
  test("each call is found by its key", async () => {
    const { provider, tokens } = get();
    const ask = anAuthorization(tokens.success);
    const { reference } = await provider.authorize(ask);
    const found = await provider.lookUp(lookUpOf(ask, reference));
    expect(found).toMatchObject({ status: "SUCCEEDED", reference, captured: false });
    const [take, rest] = [aPart(reference, 10_00n, { final: true }), aPart(reference, 10_00n)];
    const captured = await provider.capture(take);
    expect(await provider.lookUp({ ...take, kind: "CAPTURE" })).toMatchObject({
      ...{ status: "SUCCEEDED", reference: captured.reference },
    });
    expect(await provider.lookUp(lookUpOf(ask, reference))).toMatchObject({ status: "SUCCEEDED", reference });

    const other = await provider.authorize(anAuthorization(tokens.success));
    const release = { ...rest, reference: other.reference ?? "", final: true };
    const voided = await provider.void(release);
    expect(await provider.lookUp({ ...release, kind: "VOID" })).toMatchObject({
      ...{ status: "SUCCEEDED", reference: voided.reference },
    });
  });

  test("a decline is found by its key, too", async () => {
    const { provider, tokens } = get();
    const ask = anAuthorization(tokens.decline);
    const { reference } = await provider.authorize(ask);
    const declined = { status: "FAILED", reason: "declined" };
    expect(await provider.lookUp(lookUpOf(ask, reference))).toMatchObject(declined);
  });

  test.each(["AUTHORIZE", "CAPTURE", "VOID", "REFUND"] as const)(
    "%s: what was never asked is null",
    async (kind) => {
      const { provider, tokens } = get();
      const { reference } = await provider.authorize(anAuthorization(tokens.success, { capture: true }));
      const known = kind === "AUTHORIZE" ? null : reference;
      const never = { key: aKey(), kind, reference: known, amount: 10_00n, currency: "EUR" };
      expect(await provider.lookUp(never)).toBeNull();
    },
  );

  test("its books tell what moved between two moments, the second left out", async () => {
    const { provider, tokens } = get();
    const ask = anAuthorization(tokens.success);
    const { reference } = await provider.authorize(ask);
    const [moved] = await movementsOf(get(), ask.key);
    expect(moved).toMatchObject({ kind: "AUTHORIZE", reference, amount: 10_00n, currency: "EUR" });
    const isIn = async (from: number, to: number) => {
      for await (const { key } of provider.movements(new Date(from), new Date(to)))
        if (key === ask.key) return true;
      return false;
    };
    const at = moved!.at.getTime();
    expect(await isIn(at, at + 1_000)).toBe(true);
    expect(await isIn(at - 5_000, at)).toBe(false);
    expect(await isIn(at + 1_000, at + 5_000)).toBe(false);
  });
}
