import { setTimeout as wait } from "node:timers/promises";
import { asker, startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, checkOut, resultOf, tally } from "./support/checkouts";
import { aShopkeeper } from "./support/listing";
import { findNginx, startNginx } from "./support/nginx";
import { aPerson } from "./support/person";
import { type SecondApp, startSecondApp } from "./support/second-app";

const nginx = findNginx();
if (!nginx) process.stderr.write("nginx is not installed: what stands behind it is NOT TESTED here\n");

(nginx ? describe : describe.skip)("two servers behind nginx", () => {
  let first: TestApp;
  let second: SecondApp;
  let proxy: Awaited<ReturnType<typeof startNginx>>;
  let ask: ReturnType<typeof asker>;
  beforeAll(async () => {
    first = await startTestApp({ TRUST_PROXY: "1" });
    second = await startSecondApp(first);
    proxy = await startNginx(nginx ?? "", [first.url, second.url]);
    ask = asker(`${proxy.origin}/graphql`);
    await aZone(first.db);
  });
  afterAll(async () => {
    await proxy.stop();
    await second.close();
    await first.close();
  });

  test("nobody gets more than there is, whichever server is asked", async () => {
    const { variant } = await aProduct(first.db, { stock: 10 });
    const carts = await Promise.all(
      Array.from({ length: 40 }, () => aFullCart(ask, null, { variantId: variant.id })),
    );
    const answers = await Promise.all(carts.map((cart) => checkOut(ask, cart)));
    expect(tally(answers.map(resultOf))).toEqual({ OK: 10, OUT_OF_STOCK: 30 });
  });

  test("the same checkout sent eight times at once is one order", async () => {
    const { variant } = await aProduct(first.db, { stock: 10 });
    const cart = await aFullCart(ask, null, { variantId: variant.id });
    const key = "sent-again-and-again";
    const answers = await Promise.all(Array.from({ length: 8 }, () => checkOut(ask, cart, { key })));
    const orders = answers.flatMap(({ data }) => data?.checkout.order?.id ?? []);
    expect(new Set(orders).size).toBe(1);
    const again = await checkOut(ask, cart, { key });
    expect(again.data.checkout.order.id).toBe(orders[0]);
  });

  test("a session is known everywhere, and its end, too", async () => {
    const { token } = await aPerson(first);
    const statuses = async () =>
      tally(
        await Promise.all(
          Array.from({ length: 10 }, async () => String((await ask(token, "{ me { id } }")).status)),
        ),
      );
    expect(await statuses()).toEqual({ "200": 10 });
    await ask(token, "mutation { logout }");
    expect(await statuses()).toEqual({ "401": 10 });
  });

  test("what staff change is what everybody reads next", async () => {
    const keeper = await aShopkeeper(first);
    const { id } = await keeper.lists({ title: "Round 0" });
    const read = async () => (await ask(null, "query($id: ID!) { product(id: $id) { title } }", { id })).data;
    for (let round = 1; round <= 20; round++) {
      await read();
      const title = `Round ${round}`;
      await keeper.lists({ id, title });
      await wait(20); // the news is on its way to the other server
      for (let asked = 0; asked < 4; asked++) expect((await read()).product.title).toBe(title);
    }
  });
});
