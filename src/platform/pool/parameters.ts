import { Prisma } from "../../generated/prisma/client";

/** A statement's parameter as PostgreSQL takes it: text, bytes or NULL. */
export type Parameter = string | Buffer | null;

/**
 * The parameter for a value as Prisma's `$queryRaw` takes it: numbers, bigints, strings, booleans, dates (sent in UTC), Decimals, bytes,
 * arrays of these, and other objects, which are sent as JSON.
 */
export function parameterOf(value: unknown): Parameter {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return null;
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return arrayOf(value);
  // Without a zone, as Prisma's adapter writes it, so that both mean the same in a session of any zone.
  if (value instanceof Date) return value.toISOString().slice(0, -1);
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (Prisma.Decimal.isDecimal(value)) return value.toJSON();
  return JSON.stringify(value, (_name, inner) => (typeof inner === "bigint" ? inner.toString() : inner));
}

/** An array as PostgreSQL writes it (manual, 8.15.2). */
const arrayOf = (values: unknown[]): string => `{${values.map(elementOf).join(",")}}`;

function elementOf(value: unknown): string {
  if (Array.isArray(value)) return arrayOf(value);
  const parameter = parameterOf(value);
  if (parameter === null) return "NULL";
  if (typeof parameter !== "string") return `"\\\\x${parameter.toString("hex")}"`;
  return `"${parameter.replace(/[\\"]/g, "\\$&")}"`;
}
