import { invalid, missing } from "./errors";
import type { Form } from "./form";
import { cancelIntent, captureIntent, createIntent } from "./intents";
import { intentJson, refundJson } from "./json";
import { methodJson, methodOf } from "./methods";
import { createRefund } from "./refunds";
import type { Intent, Metadata, State } from "./state";

type Route = {
  method: "GET" | "POST";
  path: RegExp;
  /** What may be given; anything else is refused, as Stripe does. "metadata" stands for all in it. */
  params: string[];
  /** Other keyed calls need an Idempotency-Key of ours; these are naturally done once */
  keyless?: boolean;
  work(state: State, form: Form, id: string): object;
};

const CONFIRMATION = [
  "payment_method",
  "confirm",
  "customer",
  "return_url",
  "automatic_payment_methods[enabled]",
  "automatic_payment_methods[allow_redirects]",
  "metadata",
  "expand[]",
];
const LIST = ["limit", "starting_after", "created[gte]", "created[lt]", "expand[]"];

const expandOf = (form: Form) =>
  Object.values(form.expand ?? []).map((path) => String(path).replace(/^data\./, ""));

function find(state: State, id: string, object: Intent["object"]): Intent {
  const intent = state.intents.get(id);
  if (intent?.object !== object) throw missing(object, id);
  return intent;
}

/** One page of a list, newest first. */
function page(form: Form, rows: { id: string; created: number }[], json: (id: string) => object) {
  const { gte = 0, lt = Number.MAX_SAFE_INTEGER } = (form.created ?? {}) as Record<string, string>;
  const found = rows.filter(({ created }) => created >= Number(gte) && created < Number(lt)).reverse();
  const start = form.starting_after ? found.findIndex(({ id }) => id === form.starting_after) + 1 : 0;
  const end = start + Number(form.limit ?? 10);
  const data = found.slice(start, end).map(({ id }) => json(id));
  return { object: "list", url: "/v1/list", data, has_more: end < found.length };
}

const intentRoutes = (object: Intent["object"], folder: string, more: string[]): Route[] => [
  {
    ...{ method: "POST", path: new RegExp(`^/v1/${folder}$`), params: [...CONFIRMATION, ...more] },
    work: (state, form) => intentJson(createIntent(state, form, object), expandOf(form)),
  },
  {
    ...{ method: "GET", path: new RegExp(`^/v1/${folder}/(\\w+)$`), params: ["expand[]"] },
    work: (state, form, id) => intentJson(find(state, id, object), expandOf(form)),
  },
  {
    ...{ method: "POST", path: new RegExp(`^/v1/${folder}/(\\w+)/cancel$`), params: ["cancellation_reason"] },
    keyless: true,
    work(state, form, id) {
      const intent = find(state, id, object);
      cancelIntent(state, intent, form.cancellation_reason ? String(form.cancellation_reason) : null);
      return intentJson(intent);
    },
  },
];

/** What of Stripe's API is pretended. */
export const routes: Route[] = [
  {
    ...{ method: "GET", path: /^\/v1\/payment_intents\/search$/, params: ["query", "limit", "expand[]"] },
    work(state, form) {
      const [, name = "", value] = /^metadata\["(\w+)"\]:"([^"]*)"$/.exec(String(form.query)) ?? [];
      if (value === undefined) throw invalid("Unsupported query", { param: "query" });
      const data = [...state.intents.values()]
        .filter((one) => one.object === "payment_intent" && one.foundFrom <= Date.now())
        .filter(({ metadata }) => metadata[name] === value)
        .map((one) => intentJson(one, expandOf(form)));
      return { object: "search_result", url: "/v1/payment_intents/search", data, has_more: false };
    },
  },
  {
    ...{ method: "GET", path: /^\/v1\/payment_intents$/, params: LIST },
    work(state, form) {
      const rows = [...state.intents.values()].filter(({ object }) => object === "payment_intent");
      return page(form, rows, (id) => intentJson(find(state, id, "payment_intent"), expandOf(form)));
    },
  },
  ...intentRoutes("payment_intent", "payment_intents", [
    ...["amount", "currency", "capture_method", "setup_future_usage"],
    "payment_method_options[card][request_multicapture]",
  ]),
  ...intentRoutes("setup_intent", "setup_intents", ["usage"]),
  {
    ...{ method: "POST", path: /^\/v1\/payment_intents\/(\w+)$/, params: ["metadata"] },
    work(state, form, id) {
      const intent = find(state, id, "payment_intent");
      Object.assign(intent.metadata, form.metadata);
      return intentJson(intent);
    },
  },
  {
    ...{ method: "POST", path: /^\/v1\/payment_intents\/(\w+)\/capture$/ },
    params: ["amount_to_capture", "final_capture", "metadata"],
    work(state, form, id) {
      const intent = find(state, id, "payment_intent");
      captureIntent(state, intent, form);
      return intentJson(intent);
    },
  },
  {
    ...{ method: "POST", path: /^\/v1\/refunds$/, params: ["payment_intent", "amount", "metadata"] },
    work: (state, form) => refundJson(state, createRefund(state, form)),
  },
  {
    ...{ method: "GET", path: /^\/v1\/refunds$/, params: [...LIST, "payment_intent"] },
    work(state, form) {
      const rows = [...state.refunds.values()].filter(
        ({ intent }) => form.payment_intent === undefined || form.payment_intent === intent,
      );
      return page(form, rows, (id) => refundJson(state, state.refunds.get(id)!, expandOf(form)));
    },
  },
  {
    ...{ method: "POST", path: /^\/v1\/customers$/, params: ["metadata"] },
    work(state, form) {
      const id = state.newId("cus");
      state.customers.set(id, (form.metadata ?? {}) as Metadata);
      return { id, object: "customer", metadata: form.metadata, livemode: false };
    },
  },
  {
    ...{ method: "GET", path: /^\/v1\/payment_methods\/(\w+)$/, params: [] },
    work: (state, _form, id) => methodJson(methodOf(state, id)),
  },
  {
    ...{ method: "POST", path: /^\/v1\/payment_methods\/(\w+)\/detach$/, params: [], keyless: true },
    work(state, _form, id) {
      const method = methodOf(state, id);
      if (method.customer === null) throw invalid("The payment method is not attached to a customer.");
      const detached = { ...method, customer: null };
      state.methods.set(id, detached);
      return methodJson(detached);
    },
  },
];
