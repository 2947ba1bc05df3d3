import { refusals } from "../../platform/refusal";

/** Every expected "no" to dealing with a provider's event. */
export const { codes: providerEventCodes, refuse: refuseProviderEvent } = refusals({
  NOT_FOUND: "There is no such event.",
  NOT_IN_REVIEW: "This event does not wait for a person (any more).",
  NOTE_INVALID: "Say in 1 to 500 characters what was done.",
});
