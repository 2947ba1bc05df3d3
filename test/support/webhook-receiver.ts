import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Webhook } from "../../src/payments";
import type { TestApp } from "./app";
import { sandboxOf } from "./sandbox";

/** Stands where the app's own address is, and takes the sandbox's webhooks, or doesn't. */
export async function receiveWebhooks(app: TestApp) {
  const sandbox = sandboxOf(app);
  const now = () => app.platform.clock.now();
  const receiver = {
    /** The status that webhooks are answered with, if they are */
    answers: 200 as number | "nothing",
    received: [] as { path: string; at: Date; webhook: Webhook }[],
    /** What has come about these keys, in the order it came */
    cameFor: (...keys: string[]) =>
      receiver.received.flatMap(({ webhook, at }) => {
        if (!webhook.genuine || !webhook.event || !keys.includes(webhook.event.key ?? "")) return [];
        const { kind, outcome } = webhook.event;
        return [{ what: `${kind} ${outcome.status}`, eventId: webhook.eventId, at }];
      }),
    /** The provider's work in the background, as every second */
    async sweep() {
      for (const { run } of sandbox.sweeps ?? []) await run(app.platform, new AbortController().signal);
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  const server = createServer(async (request, response) => {
    const headers = request.headers as Record<string, string | undefined>;
    const webhook = sandbox.readWebhook(await buffer(request), headers, now());
    receiver.received.push({ path: `${request.method} ${request.url}`, at: now(), webhook });
    if (receiver.answers === "nothing") return;
    const elsewhere = request.url === "/elsewhere";
    response.writeHead(elsewhere ? 200 : receiver.answers, { location: "/elsewhere" }).end("{}");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  app.platform.address.own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return receiver;
}
