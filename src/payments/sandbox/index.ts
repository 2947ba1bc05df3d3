import { HOUR, SECOND } from "../../platform/clock";
import type { Platform } from "../../platform/context";
import type { FollowUpAsk, PaymentProvider } from "../provider";
import { outcomeOf, type ProviderOutcome } from "../provider-outcome";
import { authorize, type Books, decideWaiting, type FollowUpKind, followUp, upToDate } from "./calls";
import { cardOf, type Way } from "./cards";
import { deliverEvents } from "./courier";
import { forgetEvents } from "./forget-events";
import { findCall, type Movement, toOutcome } from "./movement";
import { listMovements } from "./movements";
import { addPages, pagePath } from "./page";
import { readWebhook, SIGNATURE_HEADER } from "./read-webhook";
import { settleDue } from "./settle-due";

/**
 * A payment provider for development and tests, shipped with the shop. It behaves as a real one does: it keeps books of its own
 * (schema sandbox), commits them before it answers, does nothing twice for one key, refuses what its books don't allow, has a page for
 * buyers and tells the shop by signed webhooks. What it does with a token: cards.ts.
 */
export function createSandbox(platform: Omit<Platform, "services">): PaymentProvider {
  const { db, clock, vault, config, address } = platform;
  const books: Books = { db, clock };
  const secret = vault.derivedToken("sandbox webhooks", "1");

  function told(call: Movement): ProviderOutcome {
    const own = config.http.publicUrl ?? address.own;
    return toOutcome(call, () => own && `${own}${pagePath(vault, call.intent)}`);
  }
  const follow = (kind: FollowUpKind) => async (ask: FollowUpAsk) => {
    const call = await followUp(books, kind, ask);
    return call ? answered(cardOf(call.token)?.followUps, told(call)) : silence();
  };

  return {
    handle: "sandbox",
    publishableKey: null,
    live: false,
    acceptsToken: (token) => cardOf(token) !== undefined,
    async authorize(ask) {
      const way = cardOf(ask.token)?.authorize;
      return way?.lost ? silence() : answered(way, told(await authorize(books, ask)));
    },
    capture: follow("CAPTURE"),
    void: follow("VOID"),
    refund: follow("REFUND"),
    async cancel({ key }) {
      const call = await findCall(db, key);
      const ended = call && (await decideWaiting(books, call.intent, "FAILED", "cancelled"));
      return ended ? told(ended) : outcomeOf("FAILED", { reason: "not_found" });
    },
    async lookUp({ key, kind }) {
      const call = await findCall(db, key);
      return call?.kind === kind ? told(await upToDate(books, call)) : null;
    },
    readWebhook: (body, headers, now) => readWebhook(secret, body, headers[SIGNATURE_HEADER], now),
    movements: (from, to) => listMovements(db, from, to),
    // Its tokens are words that all accounts share: there is nothing of this account's alone to be forgotten.
    forgetMethod: async () => undefined,
    routes: (server) => addPages(server, books, vault, config.shop.name),
    sweeps: [
      {
        name: "sandbox provider",
        everyMs: SECOND,
        async run(_platform, stopping) {
          await settleDue(books, stopping);
          await deliverEvents(platform, secret, stopping);
        },
      },
      {
        name: "old events of the sandbox provider",
        everyMs: HOUR,
        run: (_platform, stopping) => forgetEvents(books, stopping),
      },
    ],
  };
}

/** Nothing comes, however long one waits; there is no timer to be left behind. */
const silence = () => new Promise<never>(() => undefined);

/** What was done, if it is heard at all. */
function answered(way: Way | undefined, outcome: ProviderOutcome): ProviderOutcome | Promise<never> {
  if (way?.answers === "never") return silence();
  if (way?.answers === "error") throw new Error("The sandbox provider answered with 500");
  return outcome;
}
