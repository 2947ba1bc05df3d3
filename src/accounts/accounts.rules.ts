import { actsFor, type Context, isStaff } from "../platform/context";
import { access, anyone, isSignedIn, type Rules } from "../platform/rules";

/** Missing and not yours look the same from outside. */
const closed = (ctx: Context) => (ctx.viewer ? "NOT_FOUND" : "UNAUTHENTICATED");

const ownAccount = access(
  "ownAccount",
  "the account itself, staff",
  (account: { uuid: string }, _args, ctx) =>
    actsFor(ctx, account.uuid) || isStaff(ctx) ? true : closed(ctx),
);
const ownAddress = access("ownAddress", "its owner, staff", (address: { accountUuid: string }, _args, ctx) =>
  actsFor(ctx, address.accountUuid) || isStaff(ctx) ? true : closed(ctx),
);
const ownSession = access("ownSession", "its owner", (session: { accountUuid: string }, _args, ctx) =>
  actsFor(ctx, session.accountUuid) ? true : closed(ctx),
);

export const accountsRules: Rules = {
  Query: { me: anyone },
  Mutation: {
    register: anyone,
    login: anyone,
    verifyEmail: anyone,
    refreshSession: anyone,
    requestPasswordReset: anyone,
    resetPassword: anyone,
    logout: isSignedIn,
    revokeSessions: isSignedIn,
    changePassword: isSignedIn,
    updateAccount: isSignedIn,
    saveAddress: isSignedIn,
    deleteAddress: isSignedIn,
  },
  Account: ownAccount,
  Address: ownAddress,
  Session: ownSession,
  Tokens: anyone,
  RegisterPayload: anyone,
  AcceptedPayload: anyone,
  SessionPayload: anyone,
  RevokeSessionsPayload: anyone,
  AccountPayload: anyone,
  AddressPayload: anyone,
  DeletePayload: anyone,
  AccountError: anyone,
};
