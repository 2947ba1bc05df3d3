import { performance } from "node:perf_hooks";
import { setImmediate as breathe, setTimeout as wait } from "node:timers/promises";
import { createUser, type User } from "../driver/user";
import type { ShopData } from "../scenarios/ours";
import { createTally, type Seen, type Segment, type Tally } from "./tally";
import { type Kind, type Rates, trafficOf } from "./traffic";

/** What the driver's process is told. */
export type Arrivals = {
  url: string;
  data: ShopData;
  /** Loopback addresses that buyers come from; only Linux has more than one */
  addresses: number;
  segments: Segment[];
};

/** `answers` are those that its flow has heard so far. */
type Caller = { user: User; answers: number };

/** Connections at most: more are not the server's trouble but this process'. */
const MOST_USERS = 4_000;
/** Whoever has no answer so long after the last segment gets none. */
const PATIENCE_MS = 20_000;
const BREATHE_AFTER = 50;

/**
 * Open loop: flows begin by the clock, at random intervals, whether earlier ones have been answered or not, as buyers do. How long one takes
 * counts from when it was due. Segments follow each other without a pause.
 */
export async function runArrivals({ url, data, addresses, segments }: Arrivals): Promise<Seen[]> {
  const flows = trafficOf(data);
  const tallies: Tally[] = [];
  const [idle, all]: [Caller[], Caller[]] = [[], []];
  const open = new Set<() => void>();
  const placeOf = (at: number) => addresses > 1 && { localAddress: loopback(at % addresses) };
  const hire = () => {
    if (all.length === MOST_USERS) return null;
    const caller: Caller = { user: createUser(url, { ...placeOf(all.length), onAnswer }), answers: 0 };
    function onAnswer(...heard: Parameters<Tally["hearAnswer"]>) {
      caller.answers++;
      tallies.at(-1)?.hearAnswer(...heard);
    }
    all.push(caller);
    return caller;
  };
  function arrive(kind: Kind, due: number, tally: Tally) {
    tally.begin(kind, due, performance.now());
    const caller = idle.shift() ?? hire();
    if (!caller) return tally.missConnection();
    const { user } = caller;
    caller.answers = 0;
    const end = (error?: unknown) => {
      if (!open.delete(giveUp)) return;
      tally.end(kind, due, performance.now(), { error, midway: caller.answers > 1 });
      if (error !== undefined) user.memory = {};
      idle.push(caller);
    };
    const giveUp = () => end(new Error("No answer"));
    open.add(giveUp);
    flows[kind](user).then(() => end(), end);
  }

  let due = performance.now();
  for (const segment of segments) {
    const until = due + segment.seconds * 1_000;
    const tally = createTally(segment, due);
    tallies.push(tally);
    const rate = sum(segment.rates);
    for (let count = 0; ; count++) {
      due += (-Math.log(1 - Math.random()) * 1_000) / rate;
      if (due >= until) break;
      const early = due - performance.now();
      if (early >= 1) await wait(early);
      else if (count % BREATHE_AFTER === 0) await breathe();
      arrive(draw(segment.rates, rate), due, tally);
    }
    await wait(Math.max(0, until - performance.now()));
    due = until;
  }
  const last = performance.now() + PATIENCE_MS;
  while (open.size > 0 && performance.now() < last) await wait(20);
  for (const giveUp of [...open]) giveUp();
  for (const { user } of all) user.close();
  return tallies.map((tally) => tally.read());
}

const sum = (rates: Rates) => Object.values(rates).reduce((all, rate) => all + rate, 0);

function draw(rates: Rates, rate: number): Kind {
  let place = Math.random() * rate;
  const kinds = Object.entries(rates) as [Kind, number][];
  for (const [kind, share] of kinds) {
    place -= share;
    if (place < 0) return kind;
  }
  return kinds[0]?.[0] ?? "search";
}

/** 127.1.0.1 and on. */
const loopback = (n: number) => `127.1.${Math.floor(n / 250)}.${1 + (n % 250)}`;
