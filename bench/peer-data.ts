import { createUser, expectThat, type User } from "./driver/user";
import { checkOut, documents, type PeerData, signIn } from "./scenarios/peer";

const ORDERS_EACH = 5;
const PAGE = 100;

/**
 * Reads from a populated peer (bench/peer) what it is asked about, signs its customers in and lets each buy until he has five orders:
 * 200 customers take some 20 seconds, the first time two minutes.
 */
export async function readPeerData(url: string, customers: number): Promise<PeerData> {
  const user = createUser(url);
  const data: PeerData = {
    products: 0,
    slugs: [],
    terms: [],
    variantIds: [],
    shippingMethodId: "",
    customers: [],
  };
  const terms = new Set<string>();
  do {
    const { products } = await user.ask(
      `query($skip: Int!) { products(options: { take: ${PAGE}, skip: $skip }) { totalItems items { name slug variants { id } } } }`,
      { skip: data.slugs.length },
    );
    data.products = products.totalItems;
    for (const { name, slug, variants } of products.items) {
      data.slugs.push(slug);
      data.variantIds.push(...variants.map(({ id }: { id: string }) => id));
      for (const word of name.toLowerCase().split(" ")) terms.add(word);
    }
  } while (data.slugs.length < data.products);
  data.terms = [...terms];
  user.close();
  data.shippingMethodId = await readShippingMethod(url, data);
  data.customers = await signInAll(url, data, customers);
  return data;
}

async function readShippingMethod(url: string, data: PeerData): Promise<string> {
  const user = createUser(url);
  const answer = await user.send(documents.add, { id: data.variantIds[0] });
  const token = /\r\nvendure-auth-token: *(\S+)/i.exec(answer.head)?.[1];
  user.headers = { authorization: `Bearer ${token}` };
  const { eligibleShippingMethods } = await user.ask("{ eligibleShippingMethods { id } }");
  user.close();
  expectThat(eligibleShippingMethods.length > 0, "The peer has no shipping method");
  return eligibleShippingMethods[0].id;
}

async function signInAll(url: string, data: PeerData, count: number) {
  const names = Array.from({ length: count }, (_, n) => ({
    email: `cust${n}@example.com`,
    password: `Passw0rd!${n}`,
  }));
  const waiting = [...names];
  const done: PeerData["customers"] = [];
  const work = async () => {
    const user = createUser(url);
    for (let one = waiting.pop(); one; one = waiting.pop()) {
      const token = await signIn(user, one);
      await buyUpTo(user, token, data);
      done.push({ ...one, token });
    }
    user.close();
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return done;
}

async function buyUpTo(user: User, token: string, data: PeerData) {
  const { activeCustomer } = await user.ask(documents.orders);
  for (let orders = activeCustomer.orders.totalItems; orders < ORDERS_EACH; orders++) {
    await checkOut(user, data, null);
    user.headers = { authorization: `Bearer ${token}` };
  }
}
