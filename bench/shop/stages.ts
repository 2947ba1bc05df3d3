import { openShop, type Shop } from "./open-shop";
import type { BenchDatabase, Postgres } from "./postgres";

/** Shops of rising size, each a filled database that is never measured itself: copies of it are. */
export type Stages = {
  /** e.g. "products" */
  of: string;
  sizes: number[];
  manyWords: boolean;
  /** Makes a shop of the size before, or an earlier call that was killed, a shop of this size */
  fill(shop: Shop, size: number): Promise<void>;
  /** Whether each begins as a copy of the one before; else empty */
  growing: boolean;
};

const nameOf = (of: string, size: number) => `tillgraph_grow_${of}_${size}`;

/** Makes the stages that are not there yet, and migrates those that are. A stage has its name only when it is whole. */
export async function makeStages(stages: Stages, postgres: Postgres, say: (line: string) => void) {
  const { of, sizes, growing, manyWords } = stages;
  let before: string | null = null;
  for (const size of sizes) {
    const name = nameOf(of, size);
    if (!(await postgres.findDatabase(name))) {
      say(`filling ${size} ${of} …`);
      const making = `${name}_making`;
      const database: BenchDatabase =
        (await postgres.findDatabase(making)) ??
        (before && growing
          ? await postgres.copyDatabase(before, making)
          : await postgres.createDatabase(making));
      const shop = await openShop(database, { manyWords });
      await stages.fill(shop, size).finally(shop.close);
      await postgres.renameDatabase(making, name);
    }
    before = name;
  }
}

/** A copy of a stage, to be measured and dropped. */
export const copyStage = (postgres: Postgres, of: string, size: number): Promise<BenchDatabase> =>
  postgres.copyDatabase(nameOf(of, size), `${nameOf(of, size)}_measured`);
