/** An error as Stripe answers it. */
export class StripeProblem extends Error {
  constructor(
    readonly status: number,
    readonly error: { type: string; message: string; code?: string; param?: string; [more: string]: unknown },
  ) {
    super(error.message);
  }
}

export const invalid = (message: string, about: { code?: string; param?: string } = {}, status = 400) =>
  new StripeProblem(status, { type: "invalid_request_error", message, ...about });

export const missing = (what: string, id: string, param = "intent") =>
  invalid(`No such ${what}: '${id}'`, { code: "resource_missing", param }, 404);

export const unexpectedState = (status: string) =>
  invalid(`This PaymentIntent could not be changed because it has a status of ${status}.`, {
    code: "payment_intent_unexpected_state",
  });
