import { type Context, isStaff } from "../../platform/context";
import { toId } from "../../platform/ids";

/** What a provider told, for staff; null when there is no such event, or it is not for the caller. */
export async function findProviderEvent(ctx: Context, uuid: string) {
  if (!isStaff(ctx)) return null;
  const kept = await ctx.db.providerEvent.findUnique({ where: { id: uuid } });
  return kept && { ...kept, __typename: "ProviderEvent" as const, id: toId("pevt", uuid) };
}
