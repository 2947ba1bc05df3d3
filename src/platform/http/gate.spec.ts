import { createGate } from "./gate";
import type { Guest, Patience } from "./waiting-line";

const here: Guest = { caller: "somebody", bytes: () => 0, gone: () => false };
const gone: Guest = { ...here, gone: () => true };
const patience = { burstMs: 1_000, standingMs: 1_000, yieldsMs: 0 };
const later = { ...patience, yieldsMs: 2_000 };
const limits = { places: 1, queue: 2, bytes: 1_000, ranks: [patience, later], waitMs: 1_000 };

test("whoever has the first rank goes before the others, then whoever came first", async () => {
  const gate = createGate(limits);
  gate.enter(1, here);
  const order: string[] = [];
  const names = ["second", "third", "first"] as const;
  const all = names.map(async (name) => {
    await gate.enter(name === "first" ? 0 : 1, here);
    order.push(name);
    gate.leave();
  });
  gate.leave();
  await Promise.all(all);
  expect(order).toEqual(["first", "second", "third"]);
});

test("each rank's line is bounded: one more is told at once", () => {
  const gate = createGate({ ...limits, waitMs: 1 });
  const entered = Array.from({ length: 6 }, (_, at) => gate.enter(at < 4 ? 1 : 0, here));
  const waits = (each: unknown) => each instanceof Promise;
  expect(entered.map((each) => (waits(each) ? "waits" : each))).toEqual([
    true,
    "waits",
    "waits",
    false,
    "waits",
    "waits",
  ]);
});

test("nobody waits longer than he may, and his turn is the next one's", async () => {
  jest.useFakeTimers();
  const gate = createGate(limits);
  gate.enter(0, here);
  const late = gate.enter(0, here);
  jest.advanceTimersByTime(limits.waitMs);
  expect(await late).toBe(false);
  const next = gate.enter(0, here);
  gate.leave();
  expect(await next).toBe(true);
  jest.useRealTimers();
});

test("who has gone meanwhile is passed over, and a place that nobody wants is free", async () => {
  const gate = createGate(limits);
  gate.enter(0, here);
  const waiting = gate.enter(0, gone);
  gate.leave();
  expect(await waiting).toBe(false);
  expect(gate.enter(0, here)).toBe(true);
});

test("those who have gone keep nobody out of a full line", async () => {
  const gate = createGate(limits);
  gate.enter(0, here);
  let left = false;
  const all = Array.from({ length: limits.queue }, () => gate.enter(0, { ...here, gone: () => left }));
  left = true;
  const next = gate.enter(0, here);
  expect(await Promise.all(all)).toEqual([false, false]);
  gate.leave();
  expect(await next).toBe(true);
});

test("nobody joins a line whose first has waited too long", async () => {
  jest.useFakeTimers();
  const gate = createGate({ ...limits, ranks: [{ burstMs: 100, standingMs: 100, yieldsMs: 0 }] });
  gate.enter(0, here);
  const first = gate.enter(0, here);
  jest.advanceTimersByTime(99);
  expect(gate.enter(0, here)).toBeInstanceOf(Promise);
  jest.advanceTimersByTime(2);
  expect(gate.enter(0, here)).toBe(false);
  gate.leave();
  expect(await first).toBe(true);
  jest.useRealTimers();
});

/** A gate with one place that somebody new takes each `eachMs`. Two of the last rank wait, as for long, and `overtaking` of the first go before each of his line. */
function aMovingLine(ranks: Patience[], eachMs: number, overtaking = 0) {
  const gate = createGate({ ...limits, queue: 1_000, ranks });
  const join = () => gate.enter(ranks.length - 1, here);
  join();
  const serve = () => {
    jest.advanceTimersByTime(eachMs);
    gate.leave();
  };
  join();
  join();
  for (let served = 0; served < 2_000; served++) {
    for (let more = 0; more < overtaking; more++) gate.enter(0, here);
    for (let left = 0; left <= overtaking; left++) serve();
    if (join() === false) throw new Error("The line was never long");
  }
  const fill = () => {
    let joined = 0;
    while (join() !== false) joined++;
    return joined;
  };
  return { join, serve, fill };
}

test("a line that has not been empty for long is joined whenever it is short, however long its first has waited; once it was empty, as before", async () => {
  jest.useFakeTimers();
  const { join, serve, fill } = aMovingLine([{ burstMs: 100, standingMs: 20, yieldsMs: 0 }], 5);
  const empty = () => {
    for (let left = 0; left < 3; left++) serve();
    expect(join()).toBe(true); // nobody waited any more
  };
  empty();
  expect(fill()).toBeGreaterThanOrEqual(20);
  const waits: number[] = [];
  const ask = async () => {
    const since = performance.now();
    if (await join()) waits.push(performance.now() - since);
  };
  for (let served = 0; served < 200; served++) {
    ask();
    ask();
    serve();
    await Promise.resolve(); // who went in hears it
  }
  expect(waits.length).toBeGreaterThan(150);
  expect(Math.max(...waits)).toBeLessThan(30);
  for (let left = 0; left < 5; left++) serve(); // some waited still
  empty();
  expect(fill()).toBeGreaterThanOrEqual(20);
  jest.useRealTimers();
});

test("a burst is joined by whoever will be let in before it has lasted too long", () => {
  jest.useFakeTimers();
  const { join, serve, fill } = aMovingLine([{ burstMs: 100, standingMs: 20, yieldsMs: 0 }], 5);
  for (let left = 0; left < 3; left++) serve();
  for (let first = 0; first < 12; first++) expect(join()).not.toBe(false); // one of them goes in at once
  for (let served = 0; served < 6; served++) serve();
  expect(fill()).toBe(10); // beside five, in the 70 ms that are left of the 100
  jest.useRealTimers();
});

test("how long one would wait is told by those of his own line, however quickly others overtake them", () => {
  jest.useFakeTimers();
  const patience = { burstMs: 100, standingMs: 100, yieldsMs: 0 };
  const { fill } = aMovingLine([patience, { ...patience, yieldsMs: 60_000 }], 5, 3);
  expect(fill()).toBe(4); // beside the two, one each 20 ms
  jest.useRealTimers();
});

test("nobody joins a line in which he would wait too long, as told by how quickly it has moved; a pause tells nothing", () => {
  jest.useFakeTimers();
  const gate = createGate({
    ...limits,
    queue: 1_000,
    ranks: [{ burstMs: 100, standingMs: 100, yieldsMs: 0 }],
  });
  gate.enter(0, here);
  const fill = () => {
    let joined = 0;
    while (gate.enter(0, here) !== false) joined++;
    return joined;
  };
  const serve = (count: number, eachMs: number) => {
    for (let served = 0; served < count; served++) {
      jest.advanceTimersByTime(eachMs);
      gate.leave();
      expect(gate.enter(0, here)).not.toBe(true);
    }
  };
  for (let first = 0; first < 2; first++) expect(gate.enter(0, here)).toBeInstanceOf(Promise);
  serve(2_000, 10);
  expect(fill()).toBe(9);
  const drain = () => {
    for (let left = 0; left < 12; left++) gate.leave();
    expect(gate.enter(0, here)).toBe(true);
  };
  jest.advanceTimersByTime(900); // not so long that they may not wait
  drain();
  jest.advanceTimersByTime(60_000); // nobody waits
  expect(fill()).toBeGreaterThan(5);
  jest.useRealTimers();
});

test("after those of a line have waited in vain hardly anybody joins it, until it moves", () => {
  jest.useFakeTimers();
  const line = { burstMs: 1_000, standingMs: 200, yieldsMs: 0 };
  const gate = createGate({ ...limits, queue: 1_000, waitMs: 10_000, ranks: [line] });
  gate.enter(0, here);
  const fill = () => {
    let joined = 0;
    while (gate.enter(0, here) !== false) joined++;
    return joined;
  };
  expect(fill()).toBeGreaterThan(500);
  jest.advanceTimersByTime(10_000); // whoever is in stays there
  expect(fill()).toBeLessThan(4);
  gate.leave();
  jest.useRealTimers();
});

test("whoever waits is let in, though somebody of an earlier rank is always there: with the fourth turn after he is overdue", async () => {
  jest.useFakeTimers();
  const gate = createGate({
    ...limits,
    queue: 1_000,
    waitMs: 10_000,
    ranks: [patience, later, { ...later, yieldsMs: 4_000 }],
  });
  gate.enter(0, here);
  const since = performance.now();
  const waits: Record<string, number> = {};
  const ask = async (name: string, rank: number) => {
    if (await gate.enter(rank, here)) waits[name] = performance.now() - since;
  };
  ask("last", 2);
  ask("second", 1);
  ask("first", 0);
  for (let passed = 0; passed < 500; passed++) {
    gate.enter(0, here); // somebody is always before them
    jest.advanceTimersByTime(10);
    gate.leave();
    await Promise.resolve(); // who went in hears it
  }
  expect(waits).toEqual({ first: 10, second: 2_030, last: 4_030 });
  jest.useRealTimers();
});

test("however many are overdue, three turns of four are for those of an earlier rank", async () => {
  jest.useFakeTimers();
  const gate = createGate({ ...limits, queue: 1_000, waitMs: 10_000 });
  gate.enter(0, here);
  const order: number[] = [];
  const ask = async (rank: number) => {
    await gate.enter(rank, here);
    order.push(rank);
  };
  for (let each = 0; each < 100; each++) ask(1);
  jest.advanceTimersByTime(later.yieldsMs - 1);
  for (let each = 0; each < 100; each++) ask(0);
  const serve = async (count: number) => {
    for (let served = 0; served < count; served++) {
      gate.leave();
      await Promise.resolve(); // who went in hears it
    }
    return order.splice(0);
  };
  expect(await serve(8)).toEqual(Array(8).fill(0)); // nobody is yet
  jest.advanceTimersByTime(1);
  expect(await serve(8)).toEqual([0, 0, 0, 1, 0, 0, 0, 1]);
  jest.useRealTimers();
});

test("who has gone takes no turn of those who are overdue", async () => {
  jest.useFakeTimers();
  const gate = createGate({ ...limits, queue: 1_000, waitMs: 10_000 });
  gate.enter(0, here);
  const order: number[] = [];
  const ask = async (rank: number, guest = here) => {
    if (await gate.enter(rank, guest)) order.push(rank);
  };
  for (let each = 0; each < 3; each++) ask(1, gone);
  ask(1);
  jest.advanceTimersByTime(later.yieldsMs);
  for (let each = 0; each < 10; each++) ask(0);
  for (let served = 0; served < 4; served++) {
    gate.leave();
    await Promise.resolve(); // who went in hears it
  }
  expect(order).toEqual([0, 0, 0, 1]);
  jest.useRealTimers();
});

test("where there is no room nobody goes in, whatever places are free; when there is, those who waited go before who comes then", async () => {
  let room = 1;
  const gate = createGate({ ...limits, places: 3, hasRoom: (inside) => inside < room });
  expect(gate.enter(0, here)).toBe(true);
  const waiting = gate.enter(1, here);
  expect(waiting).toBeInstanceOf(Promise);
  room = 2;
  expect(gate.enter(0, here)).toBeInstanceOf(Promise); // there was room for one, and he waited for it
  expect(await waiting).toBe(true);
  room = 3;
  gate.letIn();
  expect(gate.enter(0, here, () => false)).toBe(false); // no place is left
});

test("who finds a place but no room waits for it, however impatient he is and however many wait", () => {
  const gate = createGate({ ...limits, places: 4, queue: 1, hasRoom: () => false });
  for (let asked = 0; asked < 4; asked++) expect(gate.enter(0, here, () => false)).toBeInstanceOf(Promise);
  expect(gate.enter(0, here, () => false)).toBe(false);
  expect(gate.enter(0, here)).toBeInstanceOf(Promise); // in line for a place
  expect(gate.enter(0, here)).toBe(false);
});

test("those who wait in one line may hold so much together, and no more until one of them goes; who holds nothing that counts waits all the same", async () => {
  const gate = createGate({ ...limits, queue: 10 });
  const large = (bytes: number): Guest => ({ ...here, bytes: () => bytes });
  gate.enter(0, large(5_000)); // goes in: nothing is held
  const first = gate.enter(0, large(600));
  expect(gate.enter(0, large(500))).toBe(false);
  expect(gate.enter(0, large(400))).toBeInstanceOf(Promise);
  expect(gate.enter(0, here)).toBeInstanceOf(Promise);
  expect(gate.enter(1, large(500))).toBeInstanceOf(Promise); // another line
  gate.leave();
  expect(await first).toBe(true);
  expect(gate.enter(0, large(600))).toBeInstanceOf(Promise);
  expect(gate.enter(0, large(1))).toBe(false);
});

test("how long somebody has been waiting is told of those who count", () => {
  jest.useFakeTimers();
  const gate = createGate({ ...limits, queue: 10 });
  const of = (caller: string): Guest => ({ ...here, caller });
  gate.enter(0, of("a"));
  expect(gate.waited(() => true)).toBe(0);
  gate.enter(0, of("a"));
  jest.advanceTimersByTime(100);
  gate.enter(0, of("b"));
  jest.advanceTimersByTime(10);
  gate.enter(1, of("c"));
  jest.advanceTimersByTime(1);
  expect(gate.waited(() => true)).toBe(111);
  expect(gate.waited((caller) => caller !== "a")).toBe(11);
  expect(gate.waited((caller) => caller === "c")).toBe(1);
  expect(gate.waited(() => false)).toBe(0);
  jest.useRealTimers();
});
