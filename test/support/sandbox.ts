import { findProvider, type PaymentProvider, type ProviderOutcome } from "../../src/payments";
import { sign } from "../../src/payments/signature";
import type { ProviderHarness, SentWebhook } from "../provider-suite";
import type { TestApp } from "./app";

const HEADER = "sandbox-signature";

/** The sandbox provider of a test's app. */
export const sandboxOf = ({ platform }: TestApp): PaymentProvider => {
  const found = findProvider(platform, "sandbox");
  if (!found) throw new Error("The sandbox provider is not switched on");
  return found;
};

/** The buyer presses a button of the page that an ACTION_REQUIRED outcome sends him to. @returns the page's answer */
export async function decideOnPage(
  { nextAction }: Pick<ProviderOutcome, "nextAction">,
  decision: "confirm" | "refuse",
) {
  const body = new URLSearchParams({ decision });
  return fetch(nextAction?.url ?? "", { method: "POST", body, redirect: "manual" });
}

/** The bodies of the events about the calls with a key, oldest first. */
export async function eventsOf({ db }: TestApp, key: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ body: string }[]>`
    SELECT body FROM sandbox.events WHERE key = ${key} ORDER BY created_at, (body::jsonb #>> '{data,outcome,status}') = 'PENDING' DESC`;
  return rows.map(({ body }) => body);
}

/** The types of those events. */
export const toldOf = async (app: TestApp, key: string): Promise<string[]> =>
  (await eventsOf(app, key)).map((body) => JSON.parse(body).type.replace("authorization.", ""));

/** A webhook as the sandbox sends it at a moment. */
export function signedAt(app: TestApp, body: Buffer, at: Date): SentWebhook {
  const secret = app.platform.vault.derivedToken("sandbox webhooks", "1");
  return { body, headers: { [HEADER]: sign(secret, body, at) } };
}

/** The sandbox as the provider suite wants it. */
export function sandboxHarness(app: TestApp, close: () => Promise<void>): ProviderHarness {
  const now = () => app.platform.clock.now();
  const decided = async (outcome: ProviderOutcome, decision: "confirm" | "refuse") => {
    expect((await decideOnPage(outcome, decision)).status).toBe(303);
  };
  return {
    provider: sandboxOf(app),
    tokens: {
      success: "sandbox:success",
      decline: "sandbox:decline",
      insufficientFunds: "sandbox:insufficient_funds",
      actionRequired: "sandbox:action_required",
    },
    severalCaptures: true,
    now,
    confirm: (outcome) => decided(outcome, "confirm"),
    refuse: (outcome) => decided(outcome, "refuse"),
    webhooksOf: async (key) =>
      (await eventsOf(app, key)).map((body) => signedAt(app, Buffer.from(body), now())),
    sign: (body, at) => signedAt(app, body, at).headers,
    secrets: 1,
    close,
  };
}
