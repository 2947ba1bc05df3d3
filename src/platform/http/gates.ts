import { setImmediate } from "node:timers";
import type { Platform } from "../context";
import type { Door } from "./door";
import { createGate } from "./gate";
import { putNewcomersFirst } from "./newcomers";

/** So long a request waits at most before its work begins: nothing of it is open in the database meanwhile. */
const WAIT_MS = 10_000;
/** For those on their way to paying; what is left of the wait is for a line that gets slower. */
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
export const RANKS = READS.length;
/**
 * Mutations at work at once. More than connections: most of a checkout is waiting for a provider (one that is silent for a second has no place any more), and of a login for its hash; more
 * than hashes may wait (accounts/password-threads.ts), so that logins alone do not take all places of a machine with fewer than 33 processors.
 */
export const MUTATION_PLACES = 64;
/** The mutations, a connection, that go in although others wait for connections: so that reads never keep all of them out. */
const MUTATIONS_A_CONNECTION = 0.5;

/** A gate for reads and one for mutations; newcomers come in before anybody goes through either. */
export function openGates({ config, pool: { connections } }: Platform, readPlaces: number, door: Door) {
  const newcomers = putNewcomersFirst(door, () => {
    for (const gate of gates.reverse()) gate.letIn(); // in turns
  });
  const line = { queue: config.limits.queue, waitMs: WAIT_MS, onEnter: newcomers.begin };
  const reads = createGate({
    ...line,
    places: readPlaces,
    hasRoom: newcomers.mayBegin,
    ranks: READS,
  });
  const always = Math.ceil(MUTATIONS_A_CONNECTION * config.database.pool);
  const mutations = createGate({
    ...line,
    places: MUTATION_PLACES,
    hasRoom: (inside) => newcomers.mayBegin() && (inside < always || connections.waitingCount === 0),
    ranks: MUTATIONS,
  });
  connections.on("release", () => setImmediate(mutations.letIn)); // it may have been the last that was waited for, also by a job or a webhook
  const gates = [reads, mutations];
  return { reads, mutations };
}
