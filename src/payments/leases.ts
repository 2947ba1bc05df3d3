import { MINUTE, SECOND } from "../platform/clock";

/** Until then whoever opened an operation asks the provider; after it anyone may. Far longer than a provider is waited for. */
export const LEASE_MS = 30 * SECOND;
/** How long stock is held for a buyer who may still be paying, and how long he may take to confirm. */
export const HOLD_MS = 30 * MINUTE;
