import { readId } from "../../platform/ids";
import { refuseCart } from "./cart.refusals";
import { refuseTooMany } from "./cart-change";
import { MOST_PER_LINE } from "./cart-limits";

/** A variant and how many pieces of it; `position` is where the input names it first. */
export type WantedLine = { variantUuid: string; quantity: number; position: number };

/**
 * The lines of an input, the same variant twice as one.
 * @throws VARIANT_NOT_FOUND for a malformed id, QUANTITY_INVALID outside 1…999, TOO_MANY_LINES past 100
 */
export function readLines(input: { variantId: string; quantity: number }[]): WantedLine[] {
  refuseTooMany(input);
  const wanted = new Map<string, WantedLine>();
  for (const [position, { variantId, quantity }] of input.entries()) {
    const variantUuid = readId("var", variantId);
    if (!variantUuid) throw refuseCart("VARIANT_NOT_FOUND", "lines", String(position), "variantId");
    const known = wanted.get(variantUuid);
    const sum = (known?.quantity ?? 0) + quantity;
    if (quantity < 1 || sum > MOST_PER_LINE)
      throw refuseCart("QUANTITY_INVALID", "lines", String(position), "quantity");
    wanted.set(variantUuid, { variantUuid, quantity: sum, position: known?.position ?? position });
  }
  return [...wanted.values()];
}

/** The lines as arrays, which SQL unnests. */
export const columnsOf = (lines: WantedLine[]) => ({
  variants: lines.map((line) => line.variantUuid),
  quantities: lines.map((line) => line.quantity),
  positions: lines.map((line) => line.position),
});
