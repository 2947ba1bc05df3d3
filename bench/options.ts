import { parseArgs } from "node:util";
import { type Pace, TURNS } from "./driver/turns";
import type { Place } from "./shop/postgres";

export type Options = Place &
  Pace & {
    peer: string | null;
    products: number;
    customers: number;
    /** Of each server for each measurement */
    turns: number;
    /** Instead of each scenario's own */
    connections: number[] | null;
    only: string[] | null;
    /** Where JSON and SVG go */
    out: string;
    readme: boolean;
  };

export const USAGE = `npm run bench -- [options]
  --peer URL          also measure Vendure there (bench/peer/README.md)
  --database URL      superuser's address of a PostgreSQL 18 to measure on; without it the embedded one is started
  --products N        size of the catalogue (10000)
  --customers N       customers with five orders each (200)
  --warmup S          seconds that each server is asked for each operation at 16 connections before it is measured (8; for whole checkouts three times that)
  --settle S          seconds before each turn (0.8)
  --seconds S         seconds of each measurement (6)
  --turns N           in so many turns (3); one turn where that takes half a minute
  --connections A,B   instead of 1,16,64 (checkout 1,8,16)
  --only NAME,NAME    floor, list, repeated, detail, search, login, addToCart, checkout, orders
  --out FOLDER        where results go (bench/results)
  --readme            put the table into README.md, too`;

/** @throws Error about an option that is none */
export function readOptions(args: string[]): Options {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args,
    options: {
      peer: text,
      database: text,
      products: text,
      customers: text,
      warmup: text,
      settle: text,
      seconds: text,
      turns: text,
      connections: text,
      only: text,
      out: text,
      readme: { type: "boolean" },
    },
  });
  const list = (given: string | undefined) => given?.split(",") ?? null;
  return {
    ...(values.database && { url: values.database }),
    peer: values.peer ?? null,
    products: positive(values.products, 10_000),
    customers: positive(values.customers, 200),
    ...readPace(values, { warmupSeconds: 8, settleSeconds: 0.8, seconds: 6 }),
    turns: positive(values.turns, TURNS),
    connections: list(values.connections)?.map((count) => positive(count, 1)) ?? null,
    only: list(values.only),
    out: values.out ?? "bench/results",
    readme: values.readme ?? false,
  };
}

/** The pace that options ask for, in seconds; what they leave out is `standard`. @throws Error about what is no number, or too small */
export const readPace = (
  given: { warmup?: string | undefined; settle?: string | undefined; seconds?: string | undefined },
  standard: Pace,
): Pace => ({
  warmupSeconds: notNegative(given.warmup, standard.warmupSeconds),
  settleSeconds: notNegative(given.settle, standard.settleSeconds),
  seconds: positive(given.seconds, standard.seconds),
});

/** An option's number. @throws Error when it is none above 0 */
export function positive(given: string | undefined, standard: number): number {
  const value = Number(given ?? standard);
  if (!(value > 0)) throw new Error(`Not a number above 0: ${given}`);
  return value;
}

function notNegative(given: string | undefined, standard: number): number {
  const value = Number(given ?? standard);
  if (!(value >= 0)) throw new Error(`Not a number from 0 on: ${given}`);
  return value;
}
