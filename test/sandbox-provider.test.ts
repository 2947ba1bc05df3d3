import { providerSuite } from "./provider-suite";
import { startTestApp } from "./support/app";
import { sandboxHarness } from "./support/sandbox";

providerSuite("the sandbox", async () => {
  const app = await startTestApp();
  return sandboxHarness(app, () => app.close({ booksBroken: true })); // it is charged without any order of ours
});
