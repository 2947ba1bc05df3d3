import { providerSuite } from "./provider-suite";
import { stripeHarness } from "./support/stripe-harness";

providerSuite("Stripe with several captures", () => stripeHarness(true));
providerSuite("Stripe with one capture", () => stripeHarness(false));
