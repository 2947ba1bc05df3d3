import type { ProviderMovement } from "../../../src/payments";
import { movementsOf } from "./provider-lines";
import { databaseOf, type World } from "./world";

/**
 * Every movement in the provider's books is in ours, and the other way round. What was authorised there after we had given up, and was over
 * before anybody knew, is nothing.
 */
export async function differencesToProvider(world: World) {
  const ours = await databaseOf(world).$queryRaw<{ name: string; key: string }[]>`
    SELECT format('%s of %s for %s', kind, amount, key) AS name, key FROM (
      SELECT kind, amount, split_part(idempotency_key, ':', 1) AS key FROM payment_operations
      WHERE status = 'SUCCEEDED' AND idempotency_key NOT LIKE '%:lapsed'
      UNION ALL SELECT 'VOID', amount, 'nobody' FROM payment_operations WHERE idempotency_key LIKE '%:lapsed') known`;
  const known = new Set(ours.map(({ key }) => key));
  const { books } = world.bank;
  const theirs = movementsOf(books).filter(
    ({ intentKey }) => known.has(intentKey) || books.intents.get(intentKey)?.state !== "LAPSED",
  );
  return compare(
    ours.map(({ name }) => name),
    theirs.map(nameOf),
  );
}

const nameOf = ({ kind, amount, key }: ProviderMovement) => `${kind} of ${amount} for ${key ?? "nobody"}`;

function compare(ours: string[], theirs: string[]) {
  const missing = (from: string[], of: string[]) => {
    const left = [...of];
    return from.filter((one) => {
      const index = left.indexOf(one);
      if (index >= 0) left.splice(index, 1);
      return index < 0;
    });
  };
  return [
    ...missing(theirs, ours).map((one) => `only in the provider's books: ${one}`),
    ...missing(ours, theirs).map((one) => `only in our books: ${one}`),
  ];
}
