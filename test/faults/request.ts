import { type Answer, asker } from "../support/app";

const ORDER = "order { id status paymentStatus }";
const CHECKED_OUT = `${ORDER} payment { id } nextAction { type url } userErrors { code }`;
const PAID = `${ORDER} payment { id } operation { id kind status amount { amount } } userErrors { code }`;

/** What each mutation is asked to answer: enough to tell later whether it was true. */
const mutations = {
  checkout: ["CheckoutInput", CHECKED_OUT],
  resumeCheckout: ["ResumeCheckoutInput", CHECKED_OUT],
  capturePayment: ["CapturePaymentInput", PAID],
  voidPayment: ["VoidPaymentInput", PAID],
  refundPayment: ["RefundPaymentInput", PAID],
  cancelOrder: ["CancelOrderInput", `${ORDER} userErrors { code }`],
  adjustStock: ["AdjustStockInput", "variant { id } userErrors { code }"],
} as const;
export type MutationName = keyof typeof mutations;

/** A mutation somebody wants done: with its key it can be asked again until it is answered. */
export type Wish = { mutation: MutationName; input: object; key: string };

/** What a wish came to. */
export type Payload = {
  order?: { id: string; status: string; paymentStatus: string } | null;
  payment?: { id: string } | null;
  operation?: { id: string; kind: string; status: string; amount: { amount: number } } | null;
  nextAction?: { type: string; url: string | null } | null;
  userErrors: { code: string }[];
};

/** Asks once. @returns the payload, or why there is none: the error's code, or that the line was cut */
export async function request(url: string, token: string | null, wish: Wish): Promise<Payload | string> {
  const { mutation, input, key } = wish;
  const [type, selection] = mutations[mutation];
  const document = `mutation($input: ${type}!) { ${mutation}(input: $input) { ${selection} } }`;
  try {
    const answer: Answer = await asker(url)(token, document, { input }, { "idempotency-key": key });
    return answer.data?.[mutation] ?? answer.codes[0] ?? `HTTP ${answer.status}`;
  } catch (error) {
    return `no answer: ${(error as Error).message}`;
  }
}

/** What a payload says in a few words, without ids. */
export const summary = (payload: Payload | string): string =>
  typeof payload === "string"
    ? payload
    : [
        payload.order?.status,
        payload.order?.paymentStatus,
        payload.operation?.status,
        payload.nextAction?.type,
        ...payload.userErrors.map(({ code }) => code),
      ]
        .filter(Boolean)
        .join(" ");

/** Money can come for an attempt that was declined: it opens the order, or goes back because there is nothing left to buy. */
const boughtLater = (promised: Payload, now: Payload) =>
  promised.userErrors[0]?.code === "PAYMENT_DECLINED" &&
  (now.userErrors[0]?.code === "OUT_OF_STOCK" || ["OPEN", "CANCELLED"].includes(now.order?.status ?? ""));

const FINAL = ["SUCCEEDED", "FAILED"];

/** Whether what was promised is still true by a later answer to the same wish: it may have moved on, and never back or elsewhere. */
export function holds(promised: Payload, now: Payload): boolean {
  const codes = ({ userErrors }: Payload) => userErrors.map(({ code }) => code).join();
  const open = promised.order?.paymentStatus === "PROCESSING";
  const status = promised.operation?.status ?? "";
  return (
    promised.order?.id === now.order?.id &&
    promised.payment?.id === now.payment?.id &&
    promised.operation?.id === now.operation?.id &&
    (open || codes(promised) === codes(now) || boughtLater(promised, now)) &&
    (!FINAL.includes(status) || status === now.operation?.status) &&
    (promised.order?.status !== "OPEN" || ["OPEN", "CANCELLED"].includes(now.order?.status ?? "")) &&
    (promised.order?.status !== "CANCELLED" || now.order?.status === "CANCELLED")
  );
}

/** Whether the answer is kept under the wish's key: refusals that came before anything was written are not. */
export const isKept = ({ payment, order, userErrors }: Payload): boolean =>
  Boolean(payment) || (order?.status === "CANCELLED" && userErrors.length === 0);
