import { toId } from "../../../src/platform/ids";
import { databaseOf, type World, wish } from "./world";

/** What staff do. Each comes back at once when there is nothing to do it to. */
export const staff = { captures, voids, refunds, cancels, countsStock };

async function captures(world: World) {
  const payment = await aPayment(world);
  if (payment)
    await wish(world, payment.by, world.staff, "capturePayment", {
      ...payment.input,
      ...part(world, payment.amount),
    });
}

async function voids(world: World) {
  const payment = await aPayment(world);
  if (payment) await wish(world, payment.by, world.staff, "voidPayment", payment.input);
}

async function refunds(world: World) {
  const payment = await aPayment(world);
  if (payment)
    await wish(world, payment.by, world.staff, "refundPayment", {
      ...{ ...payment.input, ...part(world, payment.amount), reason: "asked for" },
      restock: world.random.chance(30),
    });
}

async function cancels(world: World) {
  const payment = await aPayment(world);
  if (payment)
    await wish(world, payment.by, world.staff, "cancelOrder", {
      orderId: payment.orderId,
      reason: "asked for",
    });
}

async function countsStock(world: World) {
  const { random, variants } = world;
  const [delta, variant] = [random.pick(-2, -1, 1, 3), random.pick(...variants)];
  await wish(world, `staff, counting ${delta},`, world.staff, "adjustStock", {
    variantId: variant.id,
    delta,
  });
}

/** All that is left, mostly; else some, which may be more than there is. */
const part = ({ random }: World, amount: bigint) =>
  random.chance(60) ? {} : { amount: { amount: random.between(1, Number(amount)), currency: "EUR" } };

async function aPayment(world: World) {
  const payments = await databaseOf(world).payment.findMany({
    include: { order: true },
    orderBy: [{ order: { number: "asc" } }, { createdAt: "asc" }],
  });
  if (payments.length === 0) return null;
  const index = world.random.between(0, payments.length - 1);
  const payment = payments[index];
  if (!payment) return null;
  return {
    by: `staff, of payment ${index + 1},`,
    input: { paymentId: toId("pay", payment.id) },
    orderId: toId("order", payment.orderId),
    amount: payment.amount,
  };
}
