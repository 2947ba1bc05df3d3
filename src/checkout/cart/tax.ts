import { divideHalfUp } from "../../platform/money";

/** Parts per million in one. */
const MILLION = 1_000_000n;

/**
 * Tax on an amount in minor units at `rate` parts per million, rounded half up: the part of the amount that is tax when it is
 * included, else what is added to it.
 */
export function taxOn(amount: bigint, rate: number, included: boolean): bigint {
  const parts = BigInt(rate);
  return divideHalfUp(amount * parts, included ? MILLION + parts : MILLION);
}
