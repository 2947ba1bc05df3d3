import { startTestApp, type TestApp } from "./support/app";
import { unique } from "./support/builders";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close({ booksBroken: true })); // it is charged without any order of ours

type Row = {
  kind: string;
  state: string;
  reason: string | null;
  decidedAt: Date | null;
  intent: string;
  amount: bigint;
};

/** Enters a movement behind the provider's back; what is not said is an authorisation's that went well. */
function enter(about: Partial<Row>) {
  const reference = unique();
  const sound = { kind: "AUTHORIZE", state: "SUCCEEDED", reason: null, intent: reference, amount: 1n };
  const now = new Date();
  const { kind, state, reason, decidedAt, intent, amount } = { ...sound, decidedAt: now, ...about };
  return app.db.$executeRaw`
    INSERT INTO sandbox.movements (key, kind, asked, reference, intent, amount, currency, state, reason, capture, created_at, decided_at)
    VALUES (${reference}, ${kind}, true, ${reference}, ${intent}, ${amount}, 'EUR', ${state}, ${reason}, false, ${now}::timestamptz,
      ${decidedAt}::timestamptz)`;
}

test.each<Partial<Row>>([
  {},
  { amount: 0n },
  { state: "LAPSED" },
  { state: "PENDING", decidedAt: null },
  { state: "ACTION_REQUIRED", decidedAt: null },
  { state: "FAILED", reason: "declined" },
  ...["CAPTURE", "VOID", "REFUND"].map((kind) => ({ kind, intent: "another's" })),
])("PostgreSQL takes a row of the sandbox's books that can be: %o", async (about) => {
  expect(await enter(about)).toBe(1);
});

test.each<[string, Partial<Row>]>([
  ["movements_kind_check", { kind: "SALE" }],
  ["movements_kind_check", { kind: "" }],
  ["movements_state_check", { state: "DONE" }],
  ["movements_reason_check", { state: "FAILED", reason: null }],
  ["movements_reason_check", { state: "SUCCEEDED", reason: "declined" }],
  ["movements_decided_check", { state: "PENDING" }],
  ["movements_decided_check", { state: "ACTION_REQUIRED" }],
  ["movements_decided_check", { state: "SUCCEEDED", decidedAt: null }],
  ["movements_decided_check", { state: "LAPSED", decidedAt: null }],
  ["movements_decided_check", { state: "FAILED", reason: "declined", decidedAt: null }],
  ["movements_intent_check", { intent: "another's" }],
  ["movements_amount_check", { amount: -1n }],
])(
  "PostgreSQL refuses, by %s, a row of the sandbox's books that cannot be: %o",
  async (constraint, about) => {
    await expect(enter(about)).rejects.toThrow(constraint);
  },
);
