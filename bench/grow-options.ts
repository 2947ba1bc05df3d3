import { parseArgs } from "node:util";
import type { Pace } from "./driver/turns";
import { positive, readPace } from "./options";
import type { Place } from "./shop/postgres";

export type GrowOptions = Place &
  Pace & {
    /** The largest catalogue, in products; 0: products are left out */
    products: number;
    /** null: orders are left out */
    orders: number | null;
    fillOnly: boolean;
    out: string;
    readme: boolean;
  };

export const GROW_USAGE = `npm run bench:grow -- [options]
  --products N     the largest catalogue (1000000); smaller ones by powers of ten from 1,000; 0 leaves products out
  --orders N       the most orders (1000000); fewer by powers of ten from 10,000, and none; 0 leaves orders out
  --data FOLDER    keeps the filled shops there: they are made once, and a run that was cut short goes on with them
  --fill           fills and measures nothing: to be measured by a later run in the same place
  --database URL   superuser's address of a PostgreSQL 18 to measure on, the filled shops stay there; without it the embedded one is started
  --warmup S       seconds that each shop is asked for each operation at 16 connections before it is measured (4)
  --settle S       seconds before each measurement (0.5)
  --seconds S      seconds of each measurement, of which there are three (1.5)
  --out FOLDER     where results go (bench/results)
  --readme         put the table into README.md, too`;

/** @throws Error about an option that is none */
export function readGrowOptions(args: string[]): GrowOptions {
  const text = { type: "string" } as const;
  const names = {
    products: text,
    orders: text,
    data: text,
    fill: { type: "boolean" },
    database: text,
    warmup: text,
    settle: text,
    seconds: text,
    out: text,
    readme: { type: "boolean" },
  } as const;
  const { values } = parseArgs({ args, options: names });
  if (values.fill && !values.data && !values.database)
    throw new Error("--fill needs --data or --database: what it fills would be gone");
  return {
    ...(values.database && { url: values.database }),
    ...(values.data && { dataDir: values.data }),
    products: values.products === "0" ? 0 : positive(values.products, 1_000_000),
    orders: values.orders === "0" ? null : positive(values.orders, 1_000_000),
    fillOnly: values.fill ?? false,
    ...readPace(values, { warmupSeconds: 4, settleSeconds: 0.5, seconds: 1.5 }),
    out: values.out ?? "bench/results",
    readme: values.readme ?? false,
  };
}
