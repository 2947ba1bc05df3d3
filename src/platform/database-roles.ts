import pg from "pg";

/** Tables whose rows are written once: no UPDATE, no DELETE, whatever the code tries. */
const APPEND_ONLY = [
  "ledger_transactions",
  "ledger_entries",
  "stock_movements",
  "outbox_events",
  "order_events",
];

/**
 * Gives the role that serves requests what it needs and no more: rows of the shop's tables and of the sandbox provider's, INSERT
 * alone where history is kept, no DDL, and the door to the job queue. Nothing to do when it is the owner itself. Repeatable; the
 * caller sees to it that nobody else changes rights meanwhile (migrate/lock.ts).
 * @param owner connections of the tables' owner
 * @param appRole the role in DATABASE_URL
 */
export async function grantAppRole(owner: pg.Pool, appRole: string): Promise<void> {
  const { rows } = await owner.query<{ same: boolean }>("SELECT current_user = $1 AS same", [appRole]);
  if (rows[0]?.same) return;
  // One simple query, hence one transaction: there is no moment with half the rights.
  await owner.query(grants(pg.escapeIdentifier(appRole)));
}

const grants = (role: string) => `
  REVOKE CREATE ON SCHEMA public FROM PUBLIC;
  REVOKE ALL ON ALL TABLES IN SCHEMA public, sandbox FROM ${role};
  GRANT USAGE ON SCHEMA public, sandbox TO ${role};
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, sandbox TO ${role};
  REVOKE UPDATE, DELETE ON ${APPEND_ONLY.join(", ")} FROM ${role};
  REVOKE INSERT, UPDATE, DELETE ON _prisma_migrations FROM ${role};
  GRANT USAGE ON ALL SEQUENCES IN SCHEMA public, sandbox TO ${role};
  GRANT EXECUTE ON FUNCTION public.enqueue_job(text, json, timestamptz, text, int) TO ${role};
`;
