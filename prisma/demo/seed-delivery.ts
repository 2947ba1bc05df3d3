import type { Sql } from "../../src/platform/database";
import { newId } from "../../src/platform/ids";
import { parseDecimal } from "../../src/platform/money";
import { readDemo } from "./demo-files";

type Rate = { currency: string; amount: string; freeAbove?: string };
type Zone = {
  handle: string;
  title: string;
  countries: string[];
  /** Parts per million */
  tax: { label: string; rate: number; included: boolean };
  options: { handle: string; title: string; rates: Rate[] }[];
};

/** Writes the demo shop's delivery zones, their options, rates and taxes. */
export async function seedDelivery(sql: Sql): Promise<void> {
  for (const [position, zone] of readDemo<Zone[]>("delivery.json").entries()) {
    const { handle, title, countries, tax } = zone;
    const options = zone.options.map((option, place) => ({
      id: newId(),
      handle: option.handle,
      title: option.title,
      position: place,
      rates: { create: option.rates.map(toRate) },
    }));
    await sql.deliveryZone.create({
      data: {
        id: newId(),
        handle,
        title,
        position,
        countries,
        taxLabel: tax.label,
        taxRate: tax.rate,
        taxIncluded: tax.included,
        options: { create: options },
      },
    });
  }
}

const toRate = ({ currency, amount, freeAbove }: Rate) => ({
  currency,
  amount: minorUnits(amount, currency),
  freeAbove: freeAbove === undefined ? null : minorUnits(freeAbove, currency),
});

/** A typing error in the demo's files shall stop the first start, not become a price. */
export function minorUnits(text: string, currency: string): bigint {
  const amount = parseDecimal(text, currency);
  if (amount === null) throw new Error(`The demo shop has a price that is none: ${text} ${currency}`);
  return amount;
}
