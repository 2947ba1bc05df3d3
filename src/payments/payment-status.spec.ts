import type { PaymentOperationKind, PaymentOperationStatus } from "../generated/prisma/enums";
import { projectPaymentStatus } from "./payment-status";

type Fact = [PaymentOperationKind, bigint, PaymentOperationStatus?];
const facts = (...given: Fact[]) =>
  given.map(([kind, amount, status = "SUCCEEDED"]) => ({ kind, amount, status }));

test.each<[string, bigint, Fact[]]>([
  [
    "REFUNDED",
    10n,
    [
      ["AUTHORIZE", 10n],
      ["CAPTURE", 10n],
      ["REFUND", 4n],
      ["REFUND", 6n],
    ],
  ],
  [
    "PARTIALLY_REFUNDED",
    10n,
    [
      ["AUTHORIZE", 10n],
      ["CAPTURE", 10n],
      ["REFUND", 4n],
    ],
  ],
  [
    "PAID",
    10n,
    [
      ["AUTHORIZE", 10n],
      ["CAPTURE", 4n],
      ["CAPTURE", 6n],
    ],
  ],
  [
    "PAID",
    10n,
    [
      ["AUTHORIZE", 10n],
      ["CAPTURE", 10n],
      ["REFUND", 4n, "PENDING"],
    ],
  ],
  [
    "PARTIALLY_PAID",
    10n,
    [
      ["AUTHORIZE", 10n],
      ["CAPTURE", 4n],
      ["VOID", 6n],
    ],
  ],
  ["PROCESSING", 10n, [["AUTHORIZE", 10n, "PENDING"]]],
  [
    "PROCESSING",
    10n,
    [
      ["AUTHORIZE", 10n, "FAILED"],
      ["AUTHORIZE", 10n, "UNKNOWN"],
    ],
  ],
  ["PROCESSING", 10n, [["AUTHORIZE", 10n, "ACTION_REQUIRED"]]],
  ["AUTHORIZED", 10n, [["AUTHORIZE", 10n]]],
  [
    "AUTHORIZED",
    10n,
    [
      ["AUTHORIZE", 10n],
      ["CAPTURE", 10n, "FAILED"],
    ],
  ],
  [
    "VOIDED",
    10n,
    [
      ["AUTHORIZE", 10n],
      ["VOID", 10n],
    ],
  ],
  ["FAILED", 10n, [["AUTHORIZE", 10n, "FAILED"]]],
  ["UNPAID", 10n, []],
  [
    "UNPAID",
    10n,
    [
      ["AUTHORIZE", 10n],
      ["VOID", 4n],
    ],
  ],
  ["UNPAID", 0n, []],
  ["PROCESSING", 0n, [["AUTHORIZE", 0n, "PENDING"]]],
  ["FAILED", 0n, [["AUTHORIZE", 0n, "FAILED"]]],
  ["AUTHORIZED", 0n, [["AUTHORIZE", 0n]]],
  [
    "PAID",
    0n,
    [
      ["AUTHORIZE", 0n],
      ["CAPTURE", 0n],
    ],
  ],
])("%s: a total of %s, case %#", (status, total, given) => {
  expect(projectPaymentStatus(total, facts(...given))).toBe(status);
});
