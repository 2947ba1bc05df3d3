import type { FastifyInstance } from "fastify";
import type { PaymentOperationKind } from "../generated/prisma/enums";
import type { Sweep } from "../platform/jobs";
import type { ProviderOutcome } from "./provider-outcome";

/** `key` is our idempotency key, stored before the call: asked again with it, a provider does nothing twice. Minor units. */
export type AuthorizeAsk = {
  key: string;
  amount: bigint;
  currency: string;
  /** The provider's reference to the payment method */
  token: string;
  /** Authorise and capture in one */
  capture: boolean;
  orderNumber: string;
  /** Where the buyer comes back to after REDIRECT */
  returnUrl: string | null;
  /** The provider's name for the account that pays, from createCustomer; null for a guest, or where there are no such names */
  customer: string | null;
  /** The buyer wants the method kept for later */
  save: boolean;
};

/** Captures, voids or refunds (part of) the authorisation that `reference` names, whatever movements that takes at the provider. */
export type FollowUpAsk = {
  key: string;
  /** The authorisation's */
  reference: string;
  amount: bigint;
  currency: string;
  /** Of a capture or void: nothing is left of the authorisation after it */
  final: boolean;
};

/** Which call is meant, with what is known of it. */
export type LookUpAsk = {
  key: string;
  kind: PaymentOperationKind;
  /** The authorisation's; null while the provider has not told it */
  reference: string | null;
  amount: bigint;
  currency: string;
};

/** What a provider tells us unasked of an operation that we asked for. `eventId` is the same when it tells it again. */
export type ProviderEvent = {
  /** The key we asked with, or null when the provider tells of something we did not ask for */
  key: string | null;
  kind: PaymentOperationKind;
  outcome: ProviderOutcome;
  /** The order's number as the provider knows it; null where it doesn't say */
  orderNumber: string | null;
};

/** What is in a webhook's body. `event` is null for what we do not act upon; `live` is false for money that is none. */
export type Webhook =
  | { genuine: false; why: "signature" | "too old" | "from the future" | "unreadable" }
  | { genuine: true; eventId: string; type: string; live: boolean; event: ProviderEvent | null };

/** A movement in the provider's own books. */
export type ProviderMovement = {
  /** The key we asked with; null for what was done at the provider itself */
  key: string | null;
  kind: PaymentOperationKind;
  reference: string;
  amount: bigint;
  currency: string;
  at: Date;
};

/**
 * A payment provider as the house sees it. Calls may throw or never answer: go through askProvider, never inside a transaction.
 */
export type PaymentProvider = {
  readonly handle: string;
  /** What a client needs for CLIENT_CONFIRM */
  readonly publishableKey: string | null;
  /** Whether its money is real; events of the other kind are not believed */
  readonly live: boolean;
  /** Whether a token is one of this provider's, as far as that shows without asking it. */
  acceptsToken(token: string): boolean;
  authorize(ask: AuthorizeAsk): Promise<ProviderOutcome>;
  capture(ask: FollowUpAsk): Promise<ProviderOutcome>;
  void(ask: FollowUpAsk): Promise<ProviderOutcome>;
  refund(ask: FollowUpAsk): Promise<ProviderOutcome>;
  /**
   * Calls off an authorisation that waits for its buyer. @returns what became of it: FAILED (cancelled) and final, or SUCCEEDED when the
   * buyer got there first
   */
  cancel(ask: LookUpAsk): Promise<ProviderOutcome>;
  /** What became of the call with this key; null when the provider never got it. Of a capture's authorisation FAILED (expired) once it lapsed. */
  lookUp(ask: LookUpAsk): Promise<ProviderOutcome | null>;
  /** Reads a webhook: never throws, and believes nothing that isn't signed. `now` judges how old it is. */
  readWebhook(rawBody: Buffer, headers: Record<string, string | undefined>, now: Date): Webhook;
  /** Succeeded movements in the provider's books from one moment to another, to be compared with ours. */
  movements(from: Date, to: Date): AsyncIterable<ProviderMovement>;
  /** Makes the account with this key (ours, the same each time) known, so that its methods can be kept. Only where that is needed. */
  createCustomer?(key: string): Promise<string>;
  /** Forgets a payment method that was kept for an account. */
  forgetMethod?(token: string): Promise<void>;
  /** Pages of its own; only the sandbox has some */
  routes?(server: FastifyInstance): void;
  /** Work of its own in the background; only the sandbox has some */
  sweeps?: Sweep[];
};

declare module "../platform/context" {
  interface Services {
    /** The payment providers that are switched on; the first is the default. */
    providers: PaymentProvider[];
  }
}
