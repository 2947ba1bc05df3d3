import type { Platform } from "../platform/context";
import type { PaymentProvider } from "./provider";
import { createSandbox } from "./sandbox-provider";

/** The payment providers that the settings switch on; the first is the default. */
export function createProviders({
  config,
  db,
  clock,
}: Omit<Platform, "services" | "vault">): PaymentProvider[] {
  return config.payments.sandbox ? [createSandbox(db, clock)] : [];
}
