import { advanceOrder } from "../../checkout";
import type { ProviderMovement } from "../../payments";
import type { Platform } from "../../platform/context";
import { lookUpOperation } from "../look-up-operation";
import type { OurOperation } from "./our-operations";

/**
 * Asks about authorisations that a provider has in its books and that have failed in ours, because no webhook told: money that is there is
 * taken in as late money, once. @returns whether there was some, and the keys of which nothing is left at the provider either
 */
export async function takeLateMoney(
  platform: Platform,
  movements: ProviderMovement[],
  ours: OurOperation[],
  stopping?: AbortSignal,
) {
  const authorized = (key: string) =>
    ours.some((one) => one.key === key && one.kind === "AUTHORIZE" && one.status === "SUCCEEDED");
  const moved = new Set(movements.map(({ key }) => key));
  const failed = ours.filter(
    ({ key, kind, status }) =>
      kind === "AUTHORIZE" && status === "FAILED" && moved.has(key) && !authorized(key),
  );
  const nothingLeft = new Set<string>();
  let taken = false;
  for (const { uuid, key } of failed) {
    stopping?.throwIfAborted();
    const outcome = await lookUpOperation(platform, uuid);
    if (outcome?.status === "FAILED") nothingLeft.add(key);
    if (outcome?.status !== "SUCCEEDED") continue;
    await advanceOrder(platform, uuid, outcome);
    taken = true;
  }
  return { taken, nothingLeft };
}
