import { MINUTE, SECOND } from "../../platform/clock";
import type { Sweep } from "../../platform/jobs";
import { checkAuthorizations } from "./check-authorizations";
import { expireOrders } from "./expire-orders";
import { expireReservations } from "./expire-reservations";

/** What ends by itself when its time is over. */
export const expirySweeps: Sweep[] = [
  {
    name: "expire reservations",
    everyMs: 5 * SECOND,
    run: async (platform, stopping) => void (await expireReservations(platform, stopping)),
  },
  {
    name: "expire orders",
    everyMs: MINUTE,
    run: async (platform, stopping) => void (await expireOrders(platform, stopping)),
  },
  {
    name: "check authorisations",
    everyMs: MINUTE,
    run: async (platform, stopping) => void (await checkAuthorizations(platform, stopping)),
  },
];
