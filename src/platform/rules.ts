import type { GraphQLResolveInfo } from "graphql";
import { allow, rule } from "graphql-shield";
import { type Context, isStaff } from "./context";
import { type ErrorCode, isUnavailable, topLevelError } from "./errors";

/** Any shield rule; the guard accepts only those made here. */
export type Rule = typeof allow | ReturnType<ReturnType<typeof rule>>;
/** A folder's doors: for each type one rule for all its fields, or one for each field. */
export type Rules = Record<string, Rule | Record<string, Rule>>;

const labels = new Map<unknown, string>([[allow, "anyone"]]);
/** What `Access: …` says of a rule; undefined for what is not a rule of ours. */
export const accessLabel = (candidate: unknown) => labels.get(candidate);

// biome-ignore lint/suspicious/noExplicitAny: a rule meets parents and arguments of every shape and reads what it names
type Check = (parent: any, args: any, ctx: Context, info: GraphQLResolveInfo) => Verdict | Promise<Verdict>;
type Verdict = true | Extract<ErrorCode, "UNAUTHENTICATED" | "FORBIDDEN" | "NOT_FOUND">;

/**
 * A named rule. `label` is what the schema's descriptions say of it. Never cached: an answer for one alias is none for the next.
 * What it throws is answered SERVICE_UNAVAILABLE or as the fault it is; shield alone would call it FORBIDDEN.
 */
export function access(name: string, label: string, check: Check): Rule {
  const made = rule(name, { cache: "no_cache" })(async (parent, args, ctx: Context, info) => {
    try {
      const verdict = await check(parent, args, ctx, info);
      return verdict === true || topLevelError(verdict);
    } catch (error) {
      ctx.log.error({ err: error, requestId: ctx.requestId, rule: name }, "a rule failed");
      return isUnavailable(error)
        ? topLevelError("SERVICE_UNAVAILABLE")
        : topLevelError("INTERNAL_SERVER_ERROR");
    }
  });
  labels.set(made, label);
  return made;
}

/** Said out loud where a field is for everyone; such fields are left unwrapped. */
export const anyone: Rule = allow;

const open = new Set<unknown>([allow]);
/** Whether a rule lets everyone pass, so that its fields need no wall. */
export const isOpen = (candidate: unknown) => open.has(candidate);

/**
 * For fields that everyone may ask and that answer the wrong ones with data: the operation itself decides, in the statement that
 * does the work, and refuses by a code of the payload. `label` says whom it serves.
 */
export function decidedInside(name: string, label: string): Rule {
  const made = rule(name, { cache: "no_cache" })(() => true);
  labels.set(made, label);
  open.add(made);
  return made;
}

export const isSignedIn = access("isSignedIn", "signed in", (_parent, _args, ctx) =>
  ctx.viewer ? true : "UNAUTHENTICATED",
);

export const isStaffMember = access("isStaffMember", "staff", (_parent, _args, ctx) => {
  if (!ctx.viewer) return "UNAUTHENTICATED";
  return isStaff(ctx) ? true : "FORBIDDEN";
});
