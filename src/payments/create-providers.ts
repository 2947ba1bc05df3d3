import type { Platform } from "../platform/context";
import type { PaymentProvider } from "./provider";
import { createSandbox } from "./sandbox";
import { createStripe } from "./stripe";

/** The payment providers that the settings switch on; the first is the default. */
export function createProviders(platform: Omit<Platform, "services">): PaymentProvider[] {
  const { payments } = platform.config;
  return [
    ...(payments.stripe ? [createStripe(payments.stripe, platform)] : []),
    ...(payments.sandbox ? [createSandbox(platform)] : []),
  ];
}
