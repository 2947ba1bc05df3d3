import { asker } from "../../support/app";
import { aFullCart, type ReadyCart } from "../../support/checkouts";
import { seededRandom } from "../random";
import type { Armed, FaultyServer } from "./faulty-server";
import { type Asked, BUYERS, putToWork } from "./load";
import { recover, untilDead } from "./recover";
import { aCrashingShop, type CrashingShop } from "./shop";

/** A crash to be: where, and the seed that decides everything else. */
export type Crash = { point: Armed["point"]; seed: number };
/** What was wrong after a crash, and how long the server that came after it took until all was well, in milliseconds. */
export type Aftermath = { crash: Crash; wrong: string[]; tookMs: number };

/** How often each point is reached at least in a round: the server dies at one of these times. */
const REACHED: Record<Armed["point"], number> = {
  "checkout.asked for": 8,
  "checkout.placed": 8,
  "provider.answered": 6,
  "operation.recording": 6,
  "operation.recorded": 6,
  "follow-up.opened": 2,
  "order.cancelling": 1,
  "order.cancelled": 1,
  "webhook.verified": 5,
  "webhook.stored": 5,
  "webhook.processing": 2, // what tells no news is done with as it is stored
  "webhook.processed": 5,
  "settling.leased": 1,
  "expiry.expiring": 1,
  "mail.sent": 3,
};

/** One shop that goes through crash after crash: each start is what comes after the crash before. */
export async function crashAgainAndAgain(crashes: Crash[]): Promise<Aftermath[]> {
  const shop = await aCrashingShop();
  const aftermaths: Aftermath[] = [];
  let last: { crash: Crash; asked: Asked[]; wrong: string[] } | null = null;
  try {
    for (const crash of [...crashes, null]) {
      const random = seededRandom(crash?.seed ?? 0);
      const startedAt = performance.now();
      const server = await shop.start(random.pick("automatic", "manual"));
      if (last) {
        const wrong = [...last.wrong, ...(await recover(shop, server, last.asked))];
        aftermaths.push({ crash: last.crash, wrong, tookMs: performance.now() - startedAt });
      }
      if (!crash) break;
      const asked: Asked[] = [];
      const died = await crashOnce(shop, server, crash, asked);
      last = { crash, asked, wrong: died ? [] : [`${crash.point} was never reached`] };
    }
  } finally {
    await shop.close();
  }
  return aftermaths;
}

/** @returns whether the server died as it was told to */
async function crashOnce(shop: CrashingShop, server: FaultyServer, { point, seed }: Crash, asked: Asked[]) {
  const random = seededRandom(seed);
  const carts: ReadyCart[] = await Promise.all(
    Array.from({ length: BUYERS }, () => aFullCart(asker(server.url), null, { variantId: shop.variantId })),
  );
  await shop.signStaffIn(server);
  await server.order("arm", { point, nth: random.between(1, REACHED[point]) });
  const stopped = await putToWork({ shop, server, random, asked }, carts).then(
    () => null,
    (error: Error) => error,
  );
  const died = stopped !== null && (await server.isDead());
  if (stopped && !died) throw stopped;
  await server.end();
  await untilDead(shop);
  return died;
}
