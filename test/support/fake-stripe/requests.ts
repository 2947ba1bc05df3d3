import type { IncomingHttpHeaders } from "node:http";
import { invalid, StripeProblem } from "./errors";
import { type Form, pathsOf, readForm } from "./form";
import { routes } from "./routes";
import type { State } from "./state";

export type Call = { method: string; path: string; headers: IncomingHttpHeaders; text: string };
export type Reply = { status: number; body: object };

/** What Stripe keeps of a keyed call. */
type Kept = { call: string; reply: Reply };

/** Changes an answer when the work is done and before it is kept for the key. */
export type Spoil = (reply: Reply) => Reply;

/** Reads, checks and answers calls as Stripe does, each key once; what is not even worked on is not kept for its key. */
export function createDesk(state: State, secretKey: string) {
  const kept = new Map<string, Kept>();
  const work = (call: Call, spoil: Spoil): Reply => {
    const [path = "", query = ""] = call.path.split("?");
    const form = readForm(call.method === "GET" ? query : call.text);
    checkHeaders(call, secretKey);
    const route = routes.find((one) => one.method === call.method && one.path.test(path));
    if (!route) throw invalid(`Unrecognized request URL (${call.method}: ${path})`, {}, 404);
    checkParams(form, route.params);
    const id = route.path.exec(path)?.[1] ?? "";
    const key = idempotencyKey(call, route.keyless ?? false);
    if (key === undefined) return spoil(replyOf(() => ok(route.work(state, form, id))));
    const what = `${call.method} ${path} ${call.text}`;
    const before = kept.get(key);
    if (before && before.call !== what)
      throw new StripeProblem(400, {
        type: "idempotency_error",
        message: "Keys for idempotent requests can only be used with the same parameters and endpoint.",
      });
    const reply = before?.reply ?? spoil(replyOf(() => ok(route.work(state, form, id))));
    kept.set(key, { call: what, reply });
    return reply;
  };
  return {
    answer: (call: Call, spoil: Spoil): Reply => replyOf(() => work(call, spoil)),
    /** Stripe forgets keys after a day. */
    forgetKeys: () => kept.clear(),
  };
}

/** As the object is now, not as it will be. */
const ok = (body: object): Reply => ({ status: 200, body: structuredClone(body) });

/** What a piece of work answers, also where it throws. */
function replyOf(work: () => Reply): Reply {
  try {
    return work();
  } catch (problem) {
    if (!(problem instanceof StripeProblem)) throw problem;
    return { status: problem.status, body: { error: structuredClone(problem.error) } };
  }
}

function checkHeaders({ method, headers }: Call, secretKey: string) {
  if (headers.authorization !== `Bearer ${secretKey}`)
    throw new StripeProblem(401, { type: "invalid_request_error", message: "Invalid API Key provided" });
  if (headers["stripe-version"] !== "2026-10-28.endive") throw invalid("Another API version was meant");
  if (headers["x-stripe-client-telemetry"]) throw invalid("Telemetry was to be off");
  if (method === "POST" && headers["content-type"] !== "application/x-www-form-urlencoded")
    throw invalid("Parameters are to be sent as a form");
}

/** The package makes a key of its own where we give none; money is moved with ours alone. */
function idempotencyKey({ method, headers }: Call, keyless: boolean): string | undefined {
  if (method === "GET") return undefined;
  const key = headers["idempotency-key"];
  const own = typeof key === "string" && !key.startsWith("stripe-node-retry-");
  if (!own && !keyless) throw invalid("A call that moves something came without a key");
  return own ? key : undefined;
}

function checkParams(form: Form, allowed: string[]) {
  const unknown = pathsOf(form).find(
    (path) => !allowed.includes(path) && !(allowed.includes("metadata") && path.startsWith("metadata[")),
  );
  if (unknown)
    throw invalid(`Received unknown parameter: ${unknown}`, { code: "parameter_unknown", param: unknown });
  const metadata = Object.entries((form.metadata ?? {}) as Record<string, string>);
  if (metadata.length > 50 || metadata.some(([name, value]) => name.length > 40 || value.length > 500))
    throw invalid("Metadata is limited to 50 names of 40 characters with values of 500", {
      param: "metadata",
    });
}
