import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { unexpectedState } from "./errors";
import { signatureOf } from "./events";
import { cancelIntent, charge, move, refuse, takeAll } from "./intents";
import { makeMethod } from "./methods";
import { settleRefund } from "./refunds";
import { type Call, createDesk, type Reply } from "./requests";
import { createState, type Intent } from "./state";

export const SECRET_KEY = "sk_test_fakeStripeSecretKey";
/** Two, as while they are rotated */
export const WEBHOOK_SECRETS = ["whsec_current", "whsec_next"] as const;

/**
 * How a call fails. "cut before": the line breaks before anything is done; "cut after": when it is done. A status: that error, and what was
 * asked is done only if `done` says so. `slowMs`: it is done, and answered late. `meanwhile`: something else happens first; the call does not fail.
 */
export type Fault =
  | "cut before"
  | "cut after"
  | { status: 409 | 429 | 500 | 503; done: boolean }
  | { slowMs: number }
  | { meanwhile: () => void };

const messages = {
  409: "idempotency_error",
  429: "invalid_request_error",
  500: "api_error",
  503: "api_error",
};

/** A pretended Stripe on a port of its own: checks what it is asked, keeps its own books, and can be told to fail. */
export async function startFakeStripe() {
  const state = createState();
  const desk = createDesk(state, SECRET_KEY);
  const faults: { fault: Fault; path: RegExp; left: number }[] = [];
  const calls: Call[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const call = await readCall(request);
    calls.push(call);
    const due = faults.find(({ path, left }) => left > 0 && path.test(`${call.method} ${call.path}`));
    if (due) due.left--;
    const fault = due?.fault;
    if (fault === "cut before") return request.socket.destroy();
    if (typeof fault === "object" && "meanwhile" in fault) fault.meanwhile();
    const error = typeof fault === "object" && "status" in fault ? fault : null;
    const failed = error && { status: error.status, body: { error: { type: messages[error.status] } } };
    const reply = failed && !error.done ? failed : desk.answer(call, (done: Reply) => failed ?? done);
    if (fault === "cut after") return request.socket.destroy();
    if (typeof fault === "object" && "slowMs" in fault) await wait(fault.slowMs, undefined, { ref: false });
    response.writeHead(reply.status, {
      "content-type": "application/json",
      "request-id": state.newId("req"),
    });
    response.end(JSON.stringify(reply.body));
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const intentOf = (id: string) => {
    const intent = state.intents.get(id);
    if (!intent) throw new Error(`No such intent ${id}`);
    return intent;
  };
  return {
    ...buyersSide(intentOf, state),
    state,
    calls,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forgetKeys: desk.forgetKeys,
    /** Lets the next calls whose "METHOD /path" matches fail. */
    fail: (fault: Fault, path: RegExp = /./, times = 1) => faults.push({ fault, path, left: times }),
    /** Intents that are there for our key. */
    intentsOf: (key: string) =>
      [...state.intents.values()].filter(({ metadata }) => metadata.tillgraph_key === key),
    /** A payment method of its own, with one of the test cards. */
    aMethod: (card: string) => makeMethod(state, card),
    settleRefund: (id: string, status: "succeeded" | "failed") => settleRefund(state, id, status),
    sign: (body: Buffer, at: Date, secret = 0, scheme = "v1") => ({
      "stripe-signature": signatureOf(body, at, WEBHOOK_SECRETS[secret] ?? "", scheme),
    }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
export type FakeStripe = Awaited<ReturnType<typeof startFakeStripe>>;

/** What happens to an intent without our doing. */
const buyersSide = (intentOf: (id: string) => Intent, state: ReturnType<typeof createState>) => ({
  /** The buyer proves who he is; the issuer is asked then. */
  confirm(id: string) {
    const intent = intentOf(id);
    if (intent.status !== "requires_action") throw unexpectedState(intent.status);
    charge(state, intent);
  },
  refuse: (id: string) =>
    refuse(state, intentOf(id), {
      code: `${intentOf(id).object}_authentication_failure`,
      message: "The provided PaymentMethod has failed authentication.",
    }),
  /** A debit that was under way has come in. */
  arrive: (id: string) => takeAll(state, intentOf(id)),
  /** What was authorised is not captured in time: Stripe lets it go, or what is left of it. */
  expire(id: string) {
    const intent = intentOf(id);
    if (intent.received > 0) move(state, intent, "succeeded");
    else cancelIntent(state, intent, "expired");
  },
});

async function readCall(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = "", url = "", headers } = request;
  return { method, path: decodeURI(url), headers, text: Buffer.concat(chunks).toString("utf8") };
}
