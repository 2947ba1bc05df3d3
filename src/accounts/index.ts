import { type Context, isStaff } from "../platform/context";
import type { Feature } from "../platform/feature";
import { AccountResolver } from "./account.resolver";
import { readAccountData } from "./account.rows";
import { accountsMails } from "./accounts.mails";
import { accountsRules } from "./accounts.rules";
import { AddressResolver } from "./address.resolver";
import { findAddress } from "./address.rows";
import { forgetOldNetworks } from "./known-networks";
import { PasswordResolver } from "./password.resolver";
import { SessionResolver } from "./session.resolver";
import { findSession } from "./session.rows";

export { emailPlace as accountEmailPlace, readAccountData } from "./account.rows";
export { Account, DeleteInput, DeletePayload } from "./account.types";
export { accountKey } from "./account-key";
export { loadOwnAddress } from "./address.rows";
export { AddressInput } from "./address.types";
export { createAccount, emailIndexOf } from "./create-account";
export { identify } from "./identify";
export { keepSessions } from "./kept-sessions";
export { createLoginsInHand } from "./logins-in-hand";
export { createPasswordThreads } from "./password-threads";
export { SessionPayload } from "./session.types";

const mayRead = (ctx: Context, accountUuid: string) => ctx.viewer?.accountId === accountUuid || isStaff(ctx);

export const accounts: Feature = {
  resolvers: [AccountResolver, SessionResolver, PasswordResolver, AddressResolver],
  rules: accountsRules,
  sensitive: [
    ...["register", "login", "refreshSession", "verifyEmail"],
    ...["requestPasswordReset", "resetPassword", "changePassword"],
  ],
  nodes: {
    acct: async (ctx, uuid) => (mayRead(ctx, uuid) ? readAccountData(ctx, uuid) : null),
    addr: async (ctx, uuid) => {
      const address = ctx.viewer && (await findAddress(ctx, uuid));
      return address && mayRead(ctx, address.accountUuid) ? address : null;
    },
    sess: async (ctx, uuid) => ctx.viewer && findSession(ctx, ctx.viewer.accountId, uuid),
  },
  mails: accountsMails,
  sweeps: [forgetOldNetworks],
};
