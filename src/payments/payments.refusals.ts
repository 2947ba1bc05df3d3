import { refusals } from "../platform/refusal";

/** What is refused of saved payment methods; the codes are those of the account they belong to. */
export const { refuse: refusePaymentMethod } = refusals({ NOT_FOUND: "No such payment method." });
