import { toId } from "../../../src/platform/ids";
import type { MutationName } from "../request";
import { databaseOf, type World, wish } from "./world";

type Payment = { input: { paymentId: string }; orderId: string; amount: bigint };

const captures = (world: World) =>
  toAPayment(world, "capturePayment", ({ input, amount }) => ({ ...input, ...part(world, amount) }));

const voids = (world: World) => toAPayment(world, "voidPayment", ({ input }) => input);

const refunds = (world: World) =>
  toAPayment(world, "refundPayment", ({ input, amount }) => ({
    ...{ ...input, ...part(world, amount), reason: "asked for" },
    restock: world.random.chance(30),
  }));

const cancels = (world: World) =>
  toAPayment(world, "cancelOrder", ({ orderId }) => ({ orderId, reason: "asked for" }));

async function countsStock(world: World) {
  const { random, variants } = world;
  const [delta, variant] = [random.pick(-2, -1, 1, 3), random.pick(...variants)];
  return wish(world, `staff, counting ${delta},`, world.staff, "adjustStock", {
    variantId: variant.id,
    delta,
  });
}

/** All that is left, mostly; else some, which may be more than there is. */
const part = ({ random }: World, amount: bigint) =>
  random.chance(60) ? {} : { amount: { amount: random.between(1, Number(amount)), currency: "EUR" } };

async function toAPayment(world: World, mutation: MutationName, inputOf: (payment: Payment) => object) {
  const payments = await databaseOf(world).payment.findMany({
    include: { order: true },
    orderBy: [{ order: { number: "asc" } }, { createdAt: "asc" }],
  });
  if (payments.length === 0) return false;
  const payment = world.random.pick(...payments);
  const ids = { input: { paymentId: toId("pay", payment.id) }, orderId: toId("order", payment.orderId) };
  const by = `staff, of payment ${payments.indexOf(payment) + 1},`;
  return wish(world, by, world.staff, mutation, inputOf({ ...ids, amount: payment.amount }));
}

/** What staff do. Each says whether there was something to do it to. */
export const staff = { captures, voids, refunds, cancels, countsStock };
