import type { Context } from "../platform/context";
import { forgetLoaded } from "../platform/loaders";
import { readAccountData } from "./account.rows";

/** Who has just proven to be the account's owner may read it in the same request, without a token yet. */
export async function admit<Proven extends { accountUuid: string; sessionUuid: string }>(
  ctx: Context,
  proven: Proven,
) {
  ctx.admitted.add(proven.accountUuid).add(proven.sessionUuid);
  forgetLoaded(ctx);
  return { ...proven, account: await readAccountData(ctx, proven.accountUuid), mfaToken: null };
}

/** The rest of the document comes from nobody any more: its session has just ended. */
export function dismiss(ctx: Context) {
  ctx.viewer = null;
  forgetLoaded(ctx);
}
