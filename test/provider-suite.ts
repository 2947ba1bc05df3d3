import { authorizeTests } from "./provider-suite/authorize";
import { bookTests } from "./provider-suite/books";
import { buyerTests } from "./provider-suite/buyer";
import { followUpTests } from "./provider-suite/follow-ups";
import type { ProviderHarness } from "./provider-suite/harness";
import { webhookTests } from "./provider-suite/webhooks";

export type { ProviderHarness, SentWebhook } from "./provider-suite/harness";

/** What every payment provider has to do, whoever it is. `make` is called once, and its `close` at the end. */
export function providerSuite(name: string, make: () => Promise<ProviderHarness>) {
  describe(`${name}, as every provider`, () => {
    let harness: ProviderHarness;
    beforeAll(async () => {
      harness = await make();
    });
    afterAll(() => harness.close());
    const get = () => harness;

    describe("charging", () => authorizeTests(get));
    describe("captures, voids and refunds", () => followUpTests(get));
    describe("buyers who have to act", () => buyerTests(get));
    describe("looking up", () => bookTests(get));
    describe("webhooks", () => webhookTests(get));
  });
}
