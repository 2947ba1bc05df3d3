import { Prisma } from "../../generated/prisma/client";

/**
 * A condition that is always true: whatever writes with it in its WHERE is committed without waiting for the disk, and with it all that its
 * transaction does. PostgreSQL may lose what it wrote in the last moment before a crash, and never keeps what came after: the shop's own
 * record of an outcome, or of an event, waits for the disk and takes with it all that was written before. So what the shop knows of is
 * there; of what is lost it knows nothing, and asks again with the same key. Not for what a buyer decides on a page: nobody asks him again.
 */
export const UNFLUSHED = Prisma.sql`(SELECT set_config('synchronous_commit', 'off', true)) = 'off'`;
