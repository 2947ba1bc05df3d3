import type { Platform } from "../platform/context";
import type { PaymentProvider } from "./provider";

/** The payment provider of that handle; undefined where it is not switched on. */
export const findProvider = (
  { services }: Pick<Platform, "services">,
  handle: string,
): PaymentProvider | undefined => services.providers.find((one) => one.handle === handle);
