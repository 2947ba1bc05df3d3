import Stripe from "stripe";
import type { State } from "./state";

/** Writes down that something happened, with the object as it is now. */
export function tell(state: State, type: string, object: object): void {
  const id = state.newId("evt");
  const [created, livemode] = [state.now(), false];
  const about = { id, object: "event", api_version: "2026-10-28.endive", created, livemode, type };
  state.events.push({ id, type, body: JSON.stringify({ ...about, data: { object } }, null, 2) });
}

/** Signs a body as Stripe does, with the package's own code. */
export const signatureOf = (body: Buffer, at: Date, secret: string, scheme = "v1") =>
  new Stripe("sk_test_unused").webhooks.generateTestHeaderString({
    ...{ payload: body.toString("utf8"), secret, scheme, timestamp: Math.floor(at.getTime() / 1_000) },
  } as Parameters<Stripe["webhooks"]["generateTestHeaderString"]>[0]);
