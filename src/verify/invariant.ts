import type { Prisma } from "../generated/prisma/client";

/**
 * Something that must hold in the data. `find` is SQL for the counter-examples: rows of `subject` (whose it is, an id) and `detail` (what
 * is wrong), none when it holds. `at` is the time by the platform's clock.
 */
export type Invariant = { name: string; find: (at: Date) => Prisma.Sql };
