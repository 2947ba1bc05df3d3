import { setTimeout as wait } from "node:timers/promises";
import { MUTATION_PLACES } from "../src/platform/http/gates";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, CHECKOUT, checkOut, resultOf } from "./support/checkouts";
import { moodyLine } from "./support/moody-provider";
import { LOGIN, signUp } from "./support/sign-up";

/** Reads that a server with two connections lets in. */
const AT_WORK = 8;
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ DATABASE_POOL: "2", RESPONSE_CACHE_MB: "0" });
  await aZone(app.db);
});
afterAll(() => app.close());

const READ = "query ($id: ID!) { cart(id: $id) { id } }";

/** Both connections are taken until `release`, which waits until all that was asked has come. `order` tells who was answered after whom, by the names that `ask` is given; `id` is a cart's. */
async function aFullServer() {
  const { variant } = await aProduct(app.db);
  const { id } = await aFullCart(app.ask, null, { variantId: variant.id });
  let free = () => {};
  const freed = new Promise<void>((done) => {
    free = done;
  });
  const taken = Array.from({ length: 2 }, () =>
    app.db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1`;
      await freed;
    }),
  );
  await wait(100);
  const release = async () => {
    await wait(500);
    free();
    await Promise.all(taken);
  };
  const order: string[] = [];
  const ask = async (name: string, document: string, variables = {}) => {
    const { status } = await app.ask(null, document, variables);
    order.push(status === 200 ? name : `${name}: ${status}`);
  };
  return { id, release, order, ask };
}

test("who is on the way to paying goes before who comes to look or begins a cart", async () => {
  const { id, release, order, ask } = await aFullServer();
  const begin = "mutation { createCart(input: {}) { cart { id } } }";
  const change = `mutation ($cartId: ID!) { updateCart(input: { cartId: $cartId, email: "a@example.test" }) { cart { id } } }`;
  const all = Array.from({ length: AT_WORK + 20 }, () =>
    ask("look", "{ collections(first: 5) { nodes { id } } }"),
  );
  all.push(...Array.from({ length: MUTATION_PLACES + 20 }, () => ask("begin", begin)));
  await wait(300); // places are taken, and lines
  all.push(ask("change", change, { cartId: id }));
  all.push(ask("read", READ, { id }));
  await release();
  await Promise.all(all);
  expect(order).toEqual(expect.arrayContaining(["change", "read"]));
  const before = (name: string, others: string) =>
    order.slice(order.indexOf(name)).filter((other) => other === others).length;
  expect(before("change", "begin")).toBeGreaterThanOrEqual(10); // as many as there are places begin at once
  expect(before("read", "look")).toBeGreaterThanOrEqual(10);
});

test("nobody goes with those on the way to paying by naming a cart beside what he asks for, or instead of it", async () => {
  const { id, release, order, ask } = await aFullServer();
  const looks = "collections(first: 5) { nodes { id } }";
  const disguises = [
    `query cart { ...Look } fragment Look on Query { ${looks} }`,
    `query cart { ... on Query { ${looks} } }`,
    `query cart { cart: ${looks} }`,
    `{ cart(id: "cart_x") { id } ... { ${looks} } }`,
    `{ cart(id: "cart_x") { id } ${looks} }`,
  ];
  const all = Array.from({ length: AT_WORK + 1 }, () => ask("look", `{ ${looks} }`));
  await wait(300); // places are taken
  all.push(...disguises.map((document) => ask("disguised", document)));
  await wait(100);
  all.push(ask("read", READ, { id }));
  await release();
  await Promise.all(all);
  expect(order.slice(order.indexOf("read")).filter((name) => name === "disguised")).toHaveLength(
    disguises.length,
  );
});

test("a provider that is silent to more buyers than there are places keeps nobody from filling a cart or logging in", async () => {
  const shop = await startTestApp({}); // with as many connections as by default
  await aZone(shop.db);
  const line = moodyLine(shop.platform.services.providers);
  try {
    const { variant } = await aProduct(shop.db, { stock: 100 });
    const person = await signUp(shop);
    const carts: Awaited<ReturnType<typeof aFullCart>>[] = [];
    for (let made = 0; made < MUTATION_PLACES + 6; made++)
      carts.push(await aFullCart(shop.ask, null, { variantId: variant.id }));
    line.mood = "stuck";
    const buying = carts.map((cart) => checkOut(shop.ask, cart));
    while (line.asked < MUTATION_PLACES) await wait(5);
    const since = performance.now();
    const others = [
      shop.ask(null, "mutation { createCart(input: {}) { cart { id } } }"),
      shop.ask(null, LOGIN, { input: person }),
    ];
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200]);
    expect(performance.now() - since).toBeLessThan(5_000); // the provider is waited for for fifteen
    while (line.asked < carts.length) await wait(5);
    line.mood = "answers";
    line.unstick();
    expect((await Promise.all(buying)).map(resultOf)).toEqual(carts.map(() => "OK"));
  } finally {
    line.unstick();
    await shop.close();
  }
}, 30_000);

test("so many wait for a silent provider without a place, and no more: the others are told after a second that it is under way", async () => {
  const shop = await startTestApp({ QUEUE_LIMIT: "10" });
  await aZone(shop.db);
  const line = moodyLine(shop.platform.services.providers);
  const { variant } = await aProduct(shop.db, { stock: 100 });
  try {
    const carts: Awaited<ReturnType<typeof aFullCart>>[] = [];
    for (let made = 0; made < 30; made++)
      carts.push(await aFullCart(shop.ask, null, { variantId: variant.id }));
    line.mood = "stuck";
    const told: string[] = [];
    const buying: Promise<void>[] = [];
    for (const cart of carts) {
      const buys = async () => {
        const { data } = await checkOut(shop.ask, cart);
        told.push(data.checkout.order.paymentStatus);
      };
      buying.push(buys());
      while (line.asked < buying.length) await wait(2); // no more than ten may wait for a connection either
    }
    while (told.length < 20) await wait(5); // those who gave their place away wait for fifteen seconds
    await wait(500);
    expect(told).toEqual(Array(20).fill("PROCESSING"));
    line.mood = "answers";
    line.unstick();
    await Promise.all(buying);
    expect(told.slice(20)).toEqual(Array(10).fill("PAID"));
  } finally {
    line.unstick();
    await shop.close();
  }
}, 30_000);

test("a mutation that came while jobs had all connections goes in when they end, though nobody else comes", async () => {
  const { variant } = await aProduct(app.db);
  const line = moodyLine(app.platform.services.providers);
  const { id, total } = await aFullCart(app.ask, null, { variantId: variant.id });
  line.mood = "stuck";
  const input = { cartId: id, expectedTotal: total, payment: { token: "sandbox:success" } };
  const buying = app.ask(null, CHECKOUT, { input }, { "idempotency-key": "stuck-at-the-provider" }); // as many as go in while others wait
  while (line.asked === 0) await wait(5);
  const jobs = Array.from({ length: 4 }, () =>
    app.db.$transaction(async (tx) => tx.$queryRaw`SELECT pg_sleep(0.4)::text`),
  );
  await wait(100);
  const asked = performance.now();
  const { status } = await app.ask(null, "mutation { createCart(input: {}) { cart { id } } }");
  expect([status, performance.now() - asked < 5_000]).toEqual([200, true]); // the longest that it may wait is ten
  await Promise.all(jobs);
  line.mood = "answers";
  line.unstick();
  await buying;
});
