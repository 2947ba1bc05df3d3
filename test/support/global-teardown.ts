import "./global-setup";

/** Stops the run's PostgreSQL and removes its folder. */
export default async function globalTeardown() {
  await globalThis.removeTestDatabases?.();
}
