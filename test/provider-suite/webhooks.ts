import type { Webhook } from "../../src/payments";
import { anAuthorization, type GetHarness, type SentWebhook } from "./harness";

const MINUTES_5 = 300_000;

/** What a provider tells us unasked, and what somebody else says in its name. */
export function webhookTests(get: GetHarness) {
  const read = ({ body, headers }: SentWebhook): Webhook =>
    get().provider.readWebhook(body, headers, get().now());
  const sentOf = async (token: string) => {
    const ask = anAuthorization(token);
    await get().provider.authorize(ask);
    const sent = await get().webhooksOf(ask.key);
    return { ask, sent, last: sent.at(-1)! };
  };
  const moved = (by: number) => new Date(get().now().getTime() + by);

  test.each([
    ["success", "SUCCEEDED", null],
    ["decline", "FAILED", "declined"],
    ["actionRequired", "ACTION_REQUIRED", null],
  ] as const)("%s is told, with the key and the order", async (token, status, reason) => {
    const { ask, last } = await sentOf(get().tokens[token]);
    expect(read(last)).toMatchObject({
      ...{ genuine: true, eventId: expect.any(String), type: expect.any(String) },
      live: get().provider.live,
      event: { key: ask.key, kind: "AUTHORIZE", orderNumber: ask.orderNumber, outcome: { status, reason } },
    });
    const { event } = read(last) as { event: { outcome: object } };
    if (status === "SUCCEEDED") expect(event.outcome).toMatchObject({ amount: 10_00n, currency: "EUR" });
  });

  test("an event is the same when it is told again, another one another", async () => {
    const [one, other] = [await sentOf(get().tokens.success), await sentOf(get().tokens.success)];
    const idOf = (sent: SentWebhook) => (read(sent) as { eventId: string }).eventId;
    const again = { ...one.last, headers: get().sign(one.last.body, moved(60_000), 0) };
    expect(idOf(again)).toBe(idOf(one.last));
    expect(idOf(other.last)).not.toBe(idOf(one.last));
  });

  test("every secret that is accepted is", async () => {
    const { body } = (await sentOf(get().tokens.success)).last;
    for (let secret = 0; secret < get().secrets; secret++)
      expect(read({ body, headers: get().sign(body, get().now(), secret) })).toMatchObject({ genuine: true });
  });

  test("what is changed by a byte, written anew, unsigned or signed by somebody else is not believed", async () => {
    const { body, headers } = (await sentOf(get().tokens.success)).last;
    const changed = Buffer.from(body);
    changed[changed.length - 2]! ^= 1;
    const anew = Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 3));
    const by = (change: (value: string) => string) =>
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, change(value)]));
    const forged = [
      ...[changed, anew, Buffer.alloc(0)].map((other) => ({ body: other, headers })),
      ...[{}, by(() => ""), by(() => "t=1"), by((value) => value.slice(0, -1)), by(() => ",=,v1=,t=,")].map(
        (other) => ({ body, headers: other }),
      ),
      { body, headers: by((value) => value.replace(/[0-9a-f]{64}/, "0".repeat(64))) },
      { body, headers: by((value) => value.replace(/v1=/g, "v0=")) },
      { body, headers: by((value) => value.replace(/t=\d+/, (t) => `${t}0`)) },
      ...(get().signInOldScheme ? [{ body, headers: get().signInOldScheme!(body, get().now()) }] : []),
    ];
    for (const sent of forged) expect(read(sent)).toEqual({ genuine: false, why: "signature" });
  });

  test("what is no event is not, though it be signed", () => {
    for (const text of ["", "no", "null", "[]", "{}", '{"id":1}', '"\\ud800"']) {
      const body = Buffer.from(text);
      const headers = get().sign(body, get().now(), 0);
      expect(read({ body, headers })).toEqual({ genuine: false, why: "unreadable" });
    }
  });

  test.each([
    ["old", -MINUTES_5 + 2_000, { genuine: true }],
    ["too old", -MINUTES_5 - 2_000, { genuine: false, why: "too old" }],
    ["ahead", MINUTES_5 - 2_000, { genuine: true }],
    ["too far ahead", MINUTES_5 + 2_000, { genuine: false, why: "from the future" }],
  ])("a signature that is %s", async (_age, by, expected) => {
    const { body } = (await sentOf(get().tokens.success)).last;
    expect(read({ body, headers: get().sign(body, moved(by), 0) })).toMatchObject(expected);
  });
}
