import { toDecimal } from "../../platform/money";
import type { CheckoutErrorCode } from "../checkout.refusals";
import type { CartLineRow, CartRow, ZoneRow } from "./cart-row";
import { deliveriesOf } from "./delivery";
import type { CartPerson, CartTotals, CartWarningData, PricedCart, PricedLine } from "./priced-cart";
import { computeTotals, ROUNDING_POLICY, sum } from "./totals";

/**
 * The row's cart at its prices. Nothing but the row and the person's data goes in: the same row always costs the same. What few ask for is
 * worked out when it is read. (One literal: V8 takes some twenty microseconds to add getters to what was spread.)
 */
export function priceCart(row: CartRow, person: CartPerson): PricedCart {
  const settled = row.state === "ORDERED" || row.frozen; // its own order holds the stock: nothing to warn of
  const warnings = settled ? [] : row.lines.flatMap((line) => warningsOf(line, row.currency));
  const lines = row.lines.map((line) => priceLine(line, warnings));
  const deliveryOptions = deliveriesOf(row.zone, sum(lines.map((line) => line.total)));
  const delivery = deliveryOptions.find((option) => option.handle === row.deliveryHandle) ?? null;
  const computed = computeTotals({ lines, delivery, tax: taxOf(row.zone) });
  return {
    uuid: row.uuid,
    accountId: row.accountId,
    shippingCountry: row.shippingCountry,
    currency: row.currency,
    state: row.state,
    version: row.version,
    frozen: row.frozen,
    orderUuid: row.orderUuid,
    updatedAt: new Date(row.updatedAt),
    lines,
    delivery,
    deliveryOptions,
    warnings,
    roundingPolicy: ROUNDING_POLICY,
    totals: row.ordered ? orderedTotals(row.ordered) : computed.totals,
    dataKey: person.dataKey,
    get email() {
      return person.email;
    },
    get shippingAddress() {
      return person.shippingAddress;
    },
    get billingAddress() {
      return person.billingAddress;
    },
    get adjustments() {
      return computed.adjustments;
    },
    get blockers() {
      return blockersOf(this);
    },
  };
}

function priceLine(line: CartLineRow, warnings: CartWarningData[]): PricedLine {
  const unitAmount = BigInt(line.amount ?? line.seenAmount);
  return {
    uuid: line.uuid,
    variantUuid: line.variantUuid,
    productTitle: line.productTitle,
    variantTitle: line.variantTitle,
    title: titleOf(line),
    sku: line.sku,
    quantity: line.quantity,
    tracked: line.tracked,
    oversell: line.oversell,
    unitAmount,
    total: unitAmount * BigInt(line.quantity),
    sellable: sellableOf(line),
    warning: warnings.find((warning) => warning.lineUuid === line.uuid)?.code ?? null,
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
