import { ensureCustomer, findProvider, loadOwnMethod, type PaymentProvider } from "../../payments";
import { type Context, signedIn } from "../../platform/context";
import { readId } from "../../platform/ids";
import { isPlainText } from "../../platform/text";
import { refuseCheckout } from "../checkout.refusals";
import type { PaymentInput } from "../checkout.types";

/** Longer than any provider's token. */
const LONGEST_TOKEN = 500;
const LONGEST_URL = 2_000;

/** How the buyer wants to pay: a token that the provider takes, and whether to keep it for the account. */
export type PaymentAsk = {
  provider: PaymentProvider;
  token: string;
  save: boolean;
  returnUrl: string | null;
  /** What the provider calls the account that pays */
  customer: string | null;
};

/**
 * The payment of an account's cart, or a guest's, as it will be asked for. Nothing is written but what the provider calls the account.
 * @throws PROVIDER_UNKNOWN, PAYMENT_UNAVAILABLE, PAYMENT_METHOD_INVALID, RETURN_URL_INVALID
 */
export async function readPayment(
  ctx: Context,
  input: PaymentInput,
  accountId: string | null,
): Promise<PaymentAsk> {
  const saved = input.paymentMethodId == null ? null : await savedMethod(ctx, input.paymentMethodId);
  const provider = providerOf(ctx, input.provider ?? saved?.provider ?? null);
  const token = saved?.token ?? input.token ?? "";
  const both = saved !== null && input.token != null;
  if (both || (saved && saved.provider !== provider.handle) || !isToken(provider, token))
    throw refuseCheckout("PAYMENT_METHOD_INVALID", "payment", saved ? "paymentMethodId" : "token");
  const returnUrl = readReturnUrl(input.returnUrl ?? null, ctx.config.payments.returnOrigins);
  if (returnUrl === undefined) throw refuseCheckout("RETURN_URL_INVALID", "payment", "returnUrl");
  // A saved method pays as its own account's, also for a cart that was filled before signing in.
  const payer = saved ? signedIn(ctx).accountId : accountId;
  const customer = await ensureCustomer(ctx, provider, payer);
  if (customer === undefined) throw refuseCheckout("PAYMENT_UNAVAILABLE", "payment");
  return { provider, token, save: saved === null && (input.save ?? false), returnUrl, customer };
}

function providerOf(ctx: Context, handle: string | null): PaymentProvider {
  if (handle === null) {
    const [standard] = ctx.services.providers;
    if (!standard) throw refuseCheckout("PAYMENT_UNAVAILABLE", "payment");
    return standard;
  }
  const named = findProvider(ctx, handle);
  if (!named) throw refuseCheckout("PROVIDER_UNKNOWN", "payment", "provider");
  return named;
}

/** A saved method answers to its own account alone. */
async function savedMethod(ctx: Context, id: string) {
  const uuid = readId("pm", id);
  const found = uuid && ctx.viewer ? await loadOwnMethod(ctx, ctx.viewer.accountId, uuid) : null;
  if (!found) throw refuseCheckout("PAYMENT_METHOD_INVALID", "payment", "paymentMethodId");
  return found;
}

const isToken = (provider: PaymentProvider, token: string) =>
  token !== "" && isPlainText(token, LONGEST_TOKEN) && provider.acceptsToken(token);

/**
 * Buyers are sent back only to places on the shop's list, so that nobody else can catch them. @returns the address as browsers read it, so that
 * whoever has it next reads no other one into it; undefined for one that may not be
 */
function readReturnUrl(text: string | null, origins: readonly string[]): string | null | undefined {
  if (text === null) return null;
  if (text.length > LONGEST_URL || !URL.canParse(text)) return undefined;
  const { protocol, origin, href } = new URL(text);
  const isPage = protocol === "https:" || protocol === "http:"; // a blob: has the origin of what made it
  return isPage && origins.includes(origin) && href.length <= LONGEST_URL ? href : undefined;
}
