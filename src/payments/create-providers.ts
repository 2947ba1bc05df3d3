import type { Platform } from "../platform/context";
import type { PaymentProvider } from "./provider";
import { createSandbox } from "./sandbox-provider";

/** The payment providers that the settings switch on; the first is the default. */
export function createProviders(platform: Omit<Platform, "services">): PaymentProvider[] {
  const { config, db, clock } = platform;
  return config.payments.sandbox ? [createSandbox(db, clock)] : [];
}
