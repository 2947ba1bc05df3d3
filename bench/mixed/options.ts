import { parseArgs } from "node:util";
import { positive } from "../options";
import type { Place } from "../shop/postgres";

export type MixedOptions = Place & {
  products: number;
  /** Of the load at 70 % of the knee */
  minutes: number;
  overloadSeconds: number;
  floodSeconds: number;
  calmSeconds: number;
  stepSeconds: number;
  warmupSeconds: number;
  /** null: the knee is looked for */
  knee: number | null;
  addresses: number;
  out: string;
};

export const MIXED_USAGE = `npm run bench:mixed -- [options]
  --minutes N            of load at 70 % of the knee (1; 30 for a whole run, 240 for a soak)
  --overload-seconds N   of three times the knee (20; 120 for a whole run)
  --calm-seconds N       after it, at 70 % again: how long until all goes as usual (20)
  --flood-seconds N      of 200 logins a second beside searches, and of the searches alone (20; 60 for a whole run)
  --step-seconds N       of each rate on the way to the knee (8)
  --warmup S             seconds of little load before all that (10)
  --knee N               flows a second: it is not looked for
  --addresses N          loopback addresses that buyers come from (1); more than one: Linux only
  --products N           size of the catalogue (10000)
  --database URL         superuser's address of a PostgreSQL 18 to measure on; without it the embedded one is started
  --out FOLDER           where results go (bench/results)`;

/** @throws Error about an option that is none */
export function readMixedOptions(args: string[]): MixedOptions {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args,
    options: {
      minutes: text,
      "overload-seconds": text,
      "calm-seconds": text,
      "flood-seconds": text,
      "step-seconds": text,
      warmup: text,
      knee: text,
      addresses: text,
      products: text,
      database: text,
      out: text,
    },
  });
  return {
    ...(values.database && { url: values.database }),
    products: positive(values.products, 10_000),
    minutes: positive(values.minutes, 1),
    overloadSeconds: positive(values["overload-seconds"], 20),
    calmSeconds: positive(values["calm-seconds"], 20),
    floodSeconds: positive(values["flood-seconds"], 20),
    stepSeconds: positive(values["step-seconds"], 8),
    warmupSeconds: positive(values.warmup, 10),
    knee: values.knee === undefined ? null : positive(values.knee, 1),
    addresses: positive(values.addresses, 1),
    out: values.out ?? "bench/results",
  };
}
