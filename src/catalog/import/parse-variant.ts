import { parseDecimal } from "../../platform/money";
import { isImageUrl } from "../image-url";
import { MOST_STOCK } from "../write/check-draft";
import { type Column, columns } from "./columns";
import type { ParsedVariant } from "./parsed-product";
import type { Row } from "./read-rows";

export const optionNameColumns = ["option1Name", "option2Name", "option3Name"] as const;
export const optionValueColumns = ["option1Value", "option2Value", "option3Value"] as const;

const MAX_TEXT = 255;

/** Whether a row describes a variant; else it only adds an image. */
export const hasVariant = ({ cells }: Row): boolean =>
  cells.price !== "" || cells.sku !== "" || optionValueColumns.some((column) => cells[column] !== "");

/**
 * Reads a row's variant. `optionNames` are the product's three option names, "" where it has none; null for a product
 * without options. Money comes out as minor units of `currency`. Answers the reason when the row is refused.
 */
export function parseVariant(
  row: Row,
  optionNames: string[] | null,
  currency: string,
): ParsedVariant | string {
  const { cells } = row;
  const told = (column: Column, problem: string) => `${columns[column]} ${problem}`;

  const optionValues: string[] = [];
  for (const [i, column] of optionValueColumns.entries()) {
    if (!optionNames) break;
    const value = cells[column];
    if (optionNames[i] === "" && value !== "") return told(column, "is given for an option without a name");
    if (optionNames[i] === "") continue;
    if (value === "") return told(column, `(${optionNames[i]}) is empty`);
    if (value.length > MAX_TEXT) return told(column, `is longer than ${MAX_TEXT} characters`);
    optionValues.push(value);
  }
  if (cells.sku.length > MAX_TEXT) return told("sku", `is longer than ${MAX_TEXT} characters`);

  const notMoney = (column: Column) =>
    told(column, `"${short(cells[column])}" is not an amount of ${currency}`);
  if (cells.price === "") return told("price", "is empty");
  const price = parseDecimal(cells.price, currency);
  if (price === null || price < 0n) return notMoney("price");
  const compareAt = cells.compareAt === "" ? 0n : parseDecimal(cells.compareAt, currency);
  if (compareAt === null || compareAt < 0n) return notMoney("compareAt");

  const policy = cells.policy.toLowerCase();
  if (!["", "deny", "continue"].includes(policy)) return told("policy", "must be deny or continue");
  const oversell = policy === "continue";
  const tracked = cells.tracker !== "";
  const quantity = cells.quantity === "" ? 0 : Number(cells.quantity);
  if (!/^([+-]?\d+)?$/.test(cells.quantity) || Math.abs(quantity) > MOST_STOCK) {
    return told("quantity", `"${short(cells.quantity)}" is not a whole number up to ${MOST_STOCK}`);
  }
  if (tracked && !oversell && quantity < 0) {
    return told("quantity", "is negative, which only the policy continue allows");
  }
  if (cells.variantImage !== "" && !isImageUrl(cells.variantImage)) {
    return told("variantImage", `"${short(cells.variantImage)}" is not an image's address`);
  }
  return {
    line: row.line,
    sku: cells.sku || null,
    optionValues,
    price,
    // Exports write 0 for "none"
    compareAt: compareAt || null,
    tracked,
    oversell,
    stock: tracked ? quantity : null,
    imageUrl: cells.variantImage || null,
  };
}

/** Enough of a cell to recognise it in a message. */
export const short = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
