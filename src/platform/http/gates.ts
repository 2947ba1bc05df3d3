import { setImmediate } from "node:timers";
import type { Platform } from "../context";
import type { Door } from "./door";
import { createGate } from "./gate";
import { boundThoseWhoGaveWay } from "./gave-way";
import { countInHand } from "./in-hand";
import { putNewcomersFirst } from "./newcomers";

/** So long a request waits at most before its work begins: nothing of it is open in the database meanwhile. */
const WAIT_MS = 10_000;
/** Large bodies in one line, together, or of those who gave their place away (large-body.ts). */
const WAITING_BYTES = 2 * 1024 * 1024;
/** For those on their way to paying; what is left of the wait is for a line that gets slower. They yield to nobody, being the first rank. */
const PATIENT = { burstMs: WAIT_MS, standingMs: 7_000, yieldsMs: 0 };
/** For reads a burst, or a pause of the machine, is waited out; when it lasts, whoever would wait for longer than a second is told at once. */
const BRIEF = { burstMs: 5_000, standingMs: 1_000, yieldsMs: 2_000 };
/** For other mutations: many carts filled at once are all waited for, and under a lasting overload for longer than who looks around. */
const LONGER = { burstMs: WAIT_MS, standingMs: 3_000, yieldsMs: 4_000 };
/**
 * By rank: who is on the way to paying and who isn't, then the same of addresses that crowd the others, who are overdue later. Each has a line
 * of its own, and keeps nobody out of another.
 */
const READS = [PATIENT, BRIEF, { ...PATIENT, yieldsMs: 3_000 }, { ...BRIEF, yieldsMs: 4_000 }];
const MUTATIONS = [PATIENT, LONGER, { ...PATIENT, yieldsMs: 5_000 }, { ...LONGER, yieldsMs: 6_000 }];
/** Reads at work at once, a connection: those that are served next are being parsed meanwhile, those before them are put into words. */
const READS_A_CONNECTION = 4;
/**
 * Mutations at work at once. More than connections: most of a checkout is waiting for a provider (one that is silent for a second has no place any more), and of a login for its hash; more
 * than hashes and logins may wait (accounts/password-threads.ts, logins-in-hand.ts), so that logins alone do not take all places of a machine with fewer than 17 processors.
 */
export const MUTATION_PLACES = 64;
/** The mutations, a connection, that go in although others wait for connections: so that reads never keep all of them out. */
const MUTATIONS_A_CONNECTION = 0.5;

export type Gates = ReturnType<typeof openGates>;

/** A gate for reads and one for mutations, and whose requests are in hand at each; newcomers come in before anybody goes through either. */
export function openGates({ config, pool }: Platform, door: Door) {
  const { connections } = pool;
  const newcomers = putNewcomersFirst(door, letIn);
  const limits = {
    queue: config.limits.queue,
    bytes: WAITING_BYTES,
    waitMs: WAIT_MS,
    onEnter: newcomers.begin,
  };
  const places = READS_A_CONNECTION * config.database.pool;
  const reads = createGate({ ...limits, places, hasRoom: newcomers.mayBegin, ranks: READS });
  const always = Math.ceil(MUTATIONS_A_CONNECTION * config.database.pool);
  const mutations = createGate({
    ...limits,
    places: MUTATION_PLACES,
    hasRoom: (inside) => newcomers.mayBegin() && (inside < always || connections.waitingCount === 0),
    ranks: MUTATIONS,
  });
  connections.on("release", () => setImmediate(mutations.letIn)); // it may have been the last that was waited for, also by a job or a webhook
  let readsAreFirst = true;
  function letIn() {
    readsAreFirst = !readsAreFirst;
    for (const gate of readsAreFirst ? [reads, mutations] : [mutations, reads]) gate.letIn();
  }
  const readsInHand = countInHand(places);
  const crowdsNobody = (caller: string | null) => caller === null || !readsInHand.isCrowding(caller);
  return {
    reads: { gate: reads, inHand: readsInHand },
    mutations: { gate: mutations, inHand: countInHand(MUTATION_PLACES) },
    gaveWay: boundThoseWhoGaveWay({ count: config.limits.queue, bytes: WAITING_BYTES }),
    /**
     * Milliseconds for which somebody has been waiting for a place or a connection who crowds nobody, or does not only read. That a caller who
     * crowds the others waits is no sign that they must.
     */
    othersWaited: () => Math.max(pool.waited(crowdsNobody), reads.waited(crowdsNobody)),
  };
}
