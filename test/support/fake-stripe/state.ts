import { randomBytes } from "node:crypto";

export type Metadata = Record<string, string>;
export type Method = { id: string; card: string; customer: string | null };
export type Status =
  | "requires_payment_method"
  | "requires_action"
  | "processing"
  | "requires_capture"
  | "canceled"
  | "succeeded";
export type Charge = { id: string; created: number; captured: boolean; several: boolean; status: string };
export type Intent = {
  id: string;
  object: "payment_intent" | "setup_intent";
  amount: number;
  received: number;
  currency: string;
  status: Status;
  capture_method: "automatic" | "manual";
  created: number;
  metadata: Metadata;
  method: Method;
  customer: string | null;
  keeps: boolean;
  asksForSeveral: boolean;
  returnUrl: string | null;
  error: { code: string; decline_code?: string; message: string } | null;
  charge: Charge | null;
  canceled_at: number | null;
  cancellation_reason: string | null;
  /** When the search finds it */
  foundFrom: number;
};
export type Refund = {
  id: string;
  intent: string;
  amount: number;
  status: string;
  created: number;
  metadata: Metadata;
};
export type StripeEvent = { id: string; type: string; body: string };

/** What a pretended Stripe account holds. Times are in seconds, as Stripe's are. */
export function createState() {
  return {
    intents: new Map<string, Intent>(),
    refunds: new Map<string, Refund>(),
    customers: new Map<string, Metadata>(),
    methods: new Map<string, Method>(),
    events: [] as StripeEvent[],
    /** Whether the account may capture in several parts (Stripe calls it IC+) */
    severalCaptures: true,
    /** How long the search does not see what was made, in milliseconds */
    searchLagMs: 0,
    /** What refunds are at first; some methods' take days */
    refundStatus: "succeeded",
    newId: (prefix: string) => `${prefix}_${randomBytes(12).toString("hex")}`,
    now: () => Math.floor(Date.now() / 1_000),
  };
}
export type State = ReturnType<typeof createState>;
