import { toId } from "../../../src/platform/ids";
import { asker } from "../../support/app";
import { aFullCart } from "../../support/checkouts";
import { signedInAgain } from "../people";
import { decide, forgive } from "./provider-books";
import { aServer, ask, type Buyer, databaseOf, tell, type World, wish } from "./world";

const MOST = 6;
const CARDS = { pays: 45, declines: 15, asks: 25, later: 15 };
const ADD = `mutation($input: AddCartLinesInput!) { addCartLines(input: $input) {
  cart { totals { total { amount currency } } } userErrors { code } } }`;

/** What buyers do. Each says whether there was something to do. */
export const buyers = {
  comes,
  checksOut,
  asksAgain,
  resumes,
  changesTheCart,
  decides,
  isForgiven,
  changesHisMind,
};

/** A new buyer fills a cart; now and then it is the one with an account. */
async function comes(world: World) {
  const { random, clock, account } = world;
  if (world.buyers.length >= MOST) return false;
  const person = random.chance(25) && !world.buyers.some((buyer) => buyer.person) ? account : null;
  const lines = [...new Set([random.pick(...world.variants), random.pick(...world.variants)])].map(
    ({ id }) => ({
      variantId: id,
      quantity: random.between(1, 2),
    }),
  );
  const guest = asker(aServer(world).url);
  const cart = await aFullCart(guest, person && (await signedInAgain(guest, clock, person)), ...lines);
  const name = `buyer ${world.buyers.length + 1}`;
  world.buyers.push({ name, cart, person, variantId: lines[0]?.variantId ?? "" });
  tell(world, `${name} comes, and would pay ${cart.total.amount}`);
  return true;
}

/** The first time, or again with a new key, which nobody should. */
async function checksOut(world: World) {
  const buyer = aBuyer(world);
  if (!buyer) return false;
  const payment = { token: world.random.weighted(CARDS) };
  const input = { cartId: buyer.cart.id, expectedTotal: buyer.cart.total, payment };
  return wish(world, `${buyer.name}, with a card that ${payment.token},`, buyer.person, "checkout", input);
}

/** Whoever got no answer asks again with the same key; some give up, and some had one and ask all the same. */
async function asksAgain(world: World) {
  const { random } = world;
  const asked = world.asked.filter(({ given }) => !given);
  if (asked.length === 0) return false;
  const one = random.pick(...asked);
  if (random.chance(15)) one.given = true;
  else await ask(world, one);
  return true;
}

async function resumes(world: World) {
  const buyer = aBuyer(world);
  return buyer !== null && wish(world, buyer.name, buyer.person, "resumeCheckout", { cartId: buyer.cart.id });
}

/** One more of what is in the cart, which changes the total. */
async function changesTheCart(world: World) {
  const buyer = aBuyer(world);
  if (!buyer) return false;
  const guest = asker(aServer(world).url);
  const token = buyer.person && (await signedInAgain(guest, world.clock, buyer.person));
  const input = { cartId: buyer.cart.id, lines: [{ variantId: buyer.variantId, quantity: 1 }] };
  const { data } = await guest(token, ADD, { input });
  const { cart, userErrors } = data.addCartLines;
  if (cart) buyer.cart.total = cart.totals.total;
  tell(world, `${buyer.name} adds one more: ${userErrors[0]?.code ?? buyer.cart.total.amount}`);
  return true;
}

/** At the bank: a buyer confirms or refuses, or the bank itself comes to a decision. */
async function decides(world: World) {
  const { bank, random } = world;
  const waiting = [...bank.books.intents.values()].filter(
    ({ state }) => state === "WAITING" || state === "PROCESSING",
  );
  if (waiting.length === 0) return false;
  const state = random.pick("AUTHORIZED", "AUTHORIZED", "DECLINED");
  decide(bank.books, random.pick(...waiting), state);
  tell(world, `an attempt that waited is ${state}`);
  return true;
}

/** At the bank: what was declined goes through after all, because the buyer tried again there. */
async function isForgiven(world: World) {
  const { bank, random } = world;
  const declined = [...bank.books.intents.values()].filter(({ state }) => state === "DECLINED");
  if (declined.length === 0) return false;
  forgive(bank.books, random.pick(...declined));
  tell(world, "an attempt that was declined goes through after all");
  return true;
}

/** The account's newest order is cancelled. */
async function changesHisMind(world: World) {
  const { account } = world;
  const [order] = await databaseOf(world).order.findMany({
    where: { accountId: { not: null } },
    orderBy: { number: "desc" },
    take: 1,
  });
  return (
    order !== undefined &&
    wish(world, "the account", account, "cancelOrder", { orderId: toId("order", order.id) })
  );
}

const aBuyer = ({ random, buyers }: World): Buyer | null =>
  buyers.length > 0 ? random.pick(...buyers) : null;
