import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import type { Context } from "./context";
import { badInput } from "./errors";
import type { NodeLoader } from "./feature";
import { type IdPrefix, prefixOf, readId } from "./ids";
import { anyone, type Rules } from "./rules";
import { Node } from "./types";

declare module "./context" {
  interface Services {
    /** How each kind of id is found, from the features' front doors. */
    nodes: Partial<Record<IdPrefix, NodeLoader>>;
  }
}

const MOST_NODES = 100;

@Resolver()
export class NodeResolver {
  @Query(() => Node, { nullable: true, description: "Any object by id; the object's own rule decides" })
  node(@Arg("id", () => ID) id: string, @Ctx() ctx: Context) {
    return findNode(ctx, id, "id");
  }

  @Query(() => [Node], { nullable: "items" })
  nodes(@Arg("ids", () => [ID]) ids: string[], @Ctx() ctx: Context) {
    if (ids.length > MOST_NODES) badInput("ids", `Ask for at most ${MOST_NODES}.`);
    return ids.map((id) => findNode(ctx, id, "ids"));
  }
}

async function findNode(ctx: Context, id: string, argument: string) {
  const prefix = prefixOf(id) as IdPrefix | null;
  const loader = prefix && ctx.services.nodes[prefix];
  const uuid = loader && readId(prefix, id);
  if (!loader || !uuid) return badInput(argument, "Not the id of an object.");
  return loader(ctx, uuid);
}

export const nodeRules: Rules = { Query: { node: anyone, nodes: anyone }, PageInfo: anyone, Money: anyone };
