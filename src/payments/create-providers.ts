import type { Platform } from "../platform/context";
import type { PaymentProvider } from "./provider";
import { createSandbox } from "./sandbox";

/** The payment providers that the settings switch on; the first is the default. */
export function createProviders(platform: Omit<Platform, "services">): PaymentProvider[] {
  return platform.config.payments.sandbox ? [createSandbox(platform)] : [];
}
