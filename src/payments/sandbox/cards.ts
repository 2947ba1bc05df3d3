import { HOUR, SECOND } from "../../platform/clock";
import type { FailureReason } from "../provider-outcome";

/** How a call goes. Where nothing is said it is done at once, and answered. */
export type Way = {
  /** It is refused, for this reason */
  refused?: FailureReason;
  /** The buyer has to confirm it first, on a page */
  asksBuyer?: true;
  /** It is taken, and done (or refused) only so much later */
  afterMs?: number;
  /** It is done, but whoever asked hears nothing at all, or of an error */
  answers?: "never" | "error";
  /** It gets lost on the way: nothing is done, nobody answers */
  lost?: true;
};
export type Card = {
  authorize: Way;
  /** Captures, voids and refunds of what it paid */
  followUps: Way;
  /** How the events about it are delivered */
  webhooks: "in order" | "three times" | "out of order";
};

const a = (about: Partial<Card>): Card => ({ authorize: {}, followUps: {}, webhooks: "in order", ...about });
const SOON = 5 * SECOND;
/** How long a buyer may take to confirm. */
export const CONFIRM_MS = HOUR;

/** The tokens, and what comes of paying with each. */
export const cards: Record<string, Card> = {
  "sandbox:success": a({}),
  "sandbox:decline": a({ authorize: { refused: "declined" } }),
  "sandbox:insufficient_funds": a({ authorize: { refused: "insufficient_funds" } }),
  "sandbox:action_required": a({ authorize: { asksBuyer: true } }),
  "sandbox:late": a({ authorize: { afterMs: SOON } }),
  "sandbox:late_decline": a({ authorize: { afterMs: SOON, refused: "declined" } }),
  "sandbox:timeout": a({ authorize: { answers: "never" } }),
  "sandbox:timeout_before": a({ authorize: { lost: true } }),
  "sandbox:server_error": a({ authorize: { answers: "error" } }),
  "sandbox:duplicate": a({ webhooks: "three times" }),
  "sandbox:reordered": a({ authorize: { afterMs: SOON }, webhooks: "out of order" }),
  "sandbox:follow_up_refused": a({ followUps: { refused: "refused" } }),
  "sandbox:follow_up_late": a({ followUps: { afterMs: SOON } }),
  "sandbox:follow_up_timeout": a({ followUps: { answers: "never" } }),
  "sandbox:follow_up_timeout_before": a({ followUps: { lost: true } }),
};

/** What a token stands for; undefined when it is none of the sandbox's. */
export const cardOf = (token: string | null): Card | undefined =>
  token !== null && Object.hasOwn(cards, token) ? cards[token] : undefined;
