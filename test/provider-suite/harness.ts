import { randomUUID } from "node:crypto";
import type {
  AuthorizeAsk,
  FollowUpAsk,
  LookUpAsk,
  PaymentProvider,
  ProviderMovement,
  ProviderOutcome,
} from "../../src/payments";

/** A webhook as it comes in. Header names are in lower case. */
export type SentWebhook = { body: Buffer; headers: Record<string, string> };

/** A provider with the buyer's side of it, and what it sends to us. */
export type ProviderHarness = {
  provider: PaymentProvider;
  /** How payment methods are called here */
  tokens: Record<"success" | "decline" | "insufficientFunds" | "actionRequired", string>;
  /** Whether what a capture leaves can still be captured, instead of being released with it */
  severalCaptures: boolean;
  /** Now, by the provider's clock */
  now(): Date;
  /** The buyer goes where an ACTION_REQUIRED outcome sends him, and says yes or no. */
  confirm(outcome: ProviderOutcome): Promise<void>;
  refuse(outcome: ProviderOutcome): Promise<void>;
  /** The webhooks about the calls with this key, oldest first, signed as it is done now. */
  webhooksOf(key: string): Promise<SentWebhook[]>;
  /** The headers of a body that the provider signs at a moment, with one of the secrets that are accepted (counted from 0). */
  sign(body: Buffer, at: Date, secret: number): SentWebhook["headers"];
  /** How many secrets are accepted at once */
  secrets: number;
  /** A signature under a scheme that is not to be believed, where the provider has one */
  signInOldScheme?(body: Buffer, at: Date): SentWebhook["headers"];
  close(): Promise<void>;
};
export type GetHarness = () => ProviderHarness;

export const aKey = () => `payop_${randomUUID()}`;

/** An authorisation of 10.00 EUR, to be captured later. */
export const anAuthorization = (token: string, about: Partial<AuthorizeAsk> = {}): AuthorizeAsk => ({
  ...{ key: aKey(), amount: 10_00n, currency: "EUR", token, capture: false },
  ...{ orderNumber: "1042", returnUrl: "https://shop.example/thanks", customer: null, save: false },
  ...about,
});

/** A capture, void or refund of (part of) an authorisation in EUR. */
export const aPart = (
  reference: string | null,
  amount: bigint,
  about: Partial<FollowUpAsk> = {},
): FollowUpAsk => ({
  ...{ key: aKey(), reference: reference ?? "", amount, currency: "EUR", final: false },
  ...about,
});

export const lookUpOf = (ask: AuthorizeAsk, reference: string | null): LookUpAsk => ({
  ...{ key: ask.key, kind: "AUTHORIZE", reference, amount: ask.amount, currency: ask.currency },
});

/** What the provider's books say was moved for these keys lately. */
export async function movementsOf({ provider, now }: ProviderHarness, ...keys: string[]) {
  const found: ProviderMovement[] = [];
  const [from, to] = [new Date(now().getTime() - 60_000), new Date(now().getTime() + 60_000)];
  for await (const movement of provider.movements(from, to))
    if (movement.key !== null && keys.includes(movement.key)) found.push(movement);
  return found;
}
