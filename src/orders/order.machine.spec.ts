import { orderSteps } from "./order.machine";

test("an order moves as the design says, and no other way", () => {
  const moves = Object.entries(orderSteps).flatMap(([from, steps]) =>
    Object.entries(steps).map(([step, to]) => `${from} ${step} ${to}`),
  );
  expect(moves).toEqual([
    "PENDING retry PENDING",
    "PENDING decline PENDING",
    "PENDING open OPEN",
    "PENDING expire EXPIRED",
    "PENDING cancel CANCELLED",
    "PENDING giveBack PENDING",
    "OPEN complete COMPLETED",
    "OPEN cancel CANCELLED",
    "OPEN giveBack OPEN",
    "EXPIRED retry PENDING",
    "EXPIRED open OPEN",
    "EXPIRED giveBack EXPIRED",
    "COMPLETED giveBack COMPLETED",
    "CANCELLED giveBack CANCELLED",
  ]);
});
