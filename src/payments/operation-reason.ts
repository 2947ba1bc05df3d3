import { type FailureReason, failureReasons } from "./provider-outcome";

/** Why the house itself opened or settled an operation the way it did. */
const ownReasons = ["mismatch", "late", "surplus", "out_of_stock", "released"] as const;
/** Why an operation is there or failed, in a word that its buyer may read. */
export type OperationReason = FailureReason | (typeof ownReasons)[number];

const reasons = new Set<string>([...failureReasons, ...ownReasons]);

/** Whether it is such a word, rather than what staff wrote for staff. */
export const isReason = (text: string): text is OperationReason => reasons.has(text);
