import type { PaymentOperationStatus } from "../generated/prisma/enums";
import type { ProviderOutcome } from "./provider-outcome";

export type OperationEvent = "succeed" | "fail" | "requireAction" | "keepWaiting" | "loseTrack";
type Table = Record<PaymentOperationStatus, Partial<Record<OperationEvent, PaymentOperationStatus>>>;

/**
 * Read it aloud: a PENDING operation can succeed, fail, wait for the buyer, or be lost sight of. One that was lost sight of may turn out
 * to wait for the buyer. An empty row is final.
 */
export const operationSteps: Table = {
  PENDING: { succeed: "SUCCEEDED", fail: "FAILED", requireAction: "ACTION_REQUIRED", loseTrack: "UNKNOWN" },
  ACTION_REQUIRED: { keepWaiting: "PENDING", succeed: "SUCCEEDED", fail: "FAILED" },
  UNKNOWN: { succeed: "SUCCEEDED", fail: "FAILED", requireAction: "ACTION_REQUIRED" },
  SUCCEEDED: {},
  FAILED: {},
};

/** The step that a provider's answer stands for. */
export const eventOf: Record<ProviderOutcome["status"], OperationEvent> = {
  SUCCEEDED: "succeed",
  FAILED: "fail",
  ACTION_REQUIRED: "requireAction",
  PENDING: "keepWaiting",
  UNKNOWN: "loseTrack",
};

/** Whether an operation's outcome is still open: its order is PROCESSING, its cart frozen. */
export const isOpen = (status: PaymentOperationStatus) =>
  status === "PENDING" || status === "ACTION_REQUIRED" || status === "UNKNOWN";
