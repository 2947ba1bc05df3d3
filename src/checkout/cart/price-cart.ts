import { toDecimal } from "../../platform/money";
import type { CheckoutErrorCode } from "../checkout.refusals";
import type { CartLineRow, CartRow, ZoneRow } from "./cart-row";
import { deliveriesOf } from "./delivery";
import type { CartPerson, CartTotals, CartWarningData, PricedCart, PricedLine } from "./priced-cart";
import { computeTotals, ROUNDING_POLICY, sum } from "./totals";

/** The row's cart at its prices. Nothing but the row and the person's data goes in: the same row always costs the same. */
export function priceCart(row: CartRow, person: CartPerson): PricedCart {
  const settled = row.state === "ORDERED" || row.frozen; // its own order holds the stock: nothing to warn of
  const warnings = settled ? [] : row.lines.flatMap((line) => warningsOf(line, row.currency));
  const lines = row.lines.map((line) => priceLine(line, warnings));
  const deliveryOptions = deliveriesOf(row.zone, sum(lines.map((line) => line.total)));
  const delivery = deliveryOptions.find((option) => option.handle === row.deliveryHandle) ?? null;
  const { totals, adjustments } = computeTotals({ lines, delivery, tax: taxOf(row.zone) });
  const { uuid, accountId, shippingCountry, currency, state, version, frozen, orderUuid } = row;
  const cart = {
    ...person,
    ...{ uuid, accountId, shippingCountry, currency, state, version, frozen, orderUuid },
    updatedAt: new Date(row.updatedAt),
    ...{ lines, delivery, deliveryOptions, adjustments, warnings, roundingPolicy: ROUNDING_POLICY },
    totals: row.ordered ? orderedTotals(row.ordered) : totals,
  };
  return { ...cart, blockers: blockersOf(cart) };
}

function priceLine(line: CartLineRow, warnings: CartWarningData[]): PricedLine {
  const { uuid, variantUuid, productTitle, variantTitle, sku, quantity, tracked, oversell } = line;
  const unitAmount = BigInt(line.amount ?? line.seenAmount);
  return {
    ...{ uuid, variantUuid, productTitle, variantTitle, sku, quantity, tracked, oversell, unitAmount },
    title: titleOf(line),
    total: unitAmount * BigInt(quantity),
    sellable: sellableOf(line),
    warning: warnings.find((warning) => warning.lineUuid === uuid)?.code ?? null,
  };
}

const titleOf = ({ productTitle, variantTitle, hasOptions }: CartLineRow) =>
  hasOptions ? `${productTitle} – ${variantTitle}` : productTitle;

const sellableOf = (line: CartLineRow) => (!line.tracked || line.oversell ? null : Math.max(0, line.left));

/** What moved since the line was last touched, the gravest first. */
function warningsOf(line: CartLineRow, currency: string): CartWarningData[] {
  const [title, sellable] = [titleOf(line), sellableOf(line)];
  const warning = (code: CartWarningData["code"], message: string) => ({
    code,
    message,
    lineUuid: line.uuid,
  });
  if (!line.live || line.amount === null) return [warning("UNAVAILABLE", `${title} is not sold any more.`)];
  const found: CartWarningData[] = [];
  if (sellable === 0) found.push(warning("OUT_OF_STOCK", `${title} is out of stock.`));
  else if (sellable !== null && sellable < line.quantity)
    found.push(warning("QUANTITY_REDUCED", `Only ${sellable} of ${title} are left.`));
  if (line.amount !== line.seenAmount) {
    const [before, now] = [line.seenAmount, line.amount].map((amount) =>
      toDecimal({ amount: BigInt(amount), currency }),
    );
    found.push(warning("PRICE_CHANGED", `${title} costs ${now} ${currency} now; it was ${before}.`));
  }
  return found;
}

const taxOf = (zone: ZoneRow | null) =>
  zone && { handle: zone.handle, label: zone.taxLabel, rate: zone.taxRate, included: zone.taxIncluded };

const orderedTotals = (ordered: NonNullable<CartRow["ordered"]>): CartTotals => ({
  subtotal: BigInt(ordered.subtotal),
  discount: BigInt(ordered.discount),
  shipping: BigInt(ordered.shipping),
  tax: BigInt(ordered.tax),
  taxIncluded: ordered.taxIncluded,
  total: BigInt(ordered.total),
});

/** What a checkout would be refused with, in the order in which it looks. */
function blockersOf(cart: Omit<PricedCart, "blockers">): CheckoutErrorCode[] {
  if (cart.state === "ORDERED") return ["CART_ALREADY_ORDERED"];
  if (cart.frozen) return ["CHECKOUT_IN_PROGRESS"];
  const warned = (...codes: PricedLine["warning"][]) =>
    cart.lines.some((line) => codes.includes(line.warning));
  const found: [boolean, CheckoutErrorCode][] = [
    [cart.lines.length === 0, "CART_EMPTY"],
    [cart.email === null, "EMAIL_MISSING"],
    [cart.shippingAddress === null, "ADDRESS_MISSING"],
    [cart.delivery === null, "DELIVERY_MISSING"],
    [warned("UNAVAILABLE"), "UNAVAILABLE"],
    [warned("OUT_OF_STOCK", "QUANTITY_REDUCED"), "OUT_OF_STOCK"],
  ];
  return found.filter(([blocks]) => blocks).map(([, code]) => code);
}
