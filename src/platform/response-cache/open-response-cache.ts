import type { GraphQLSchema } from "graphql";
import type { Platform } from "../context";
import type { Rules } from "../rules";
import { responseCachePlugin } from "./plugin";
import { publicOperations } from "./public-operations";
import { createResponseCache } from "./response-cache";

type Visible = { schema: GraphQLSchema; rules: Rules; cacheable: string[] };

/** The cache of answers that are the same for everyone, and the plug-in that tells which these are; null when it is switched off. */
export function openResponseCache({ config, notifications }: Platform, visible: Visible) {
  const { responseCacheBytes } = config.limits;
  if (responseCacheBytes === 0) return null;
  const { schema, rules, cacheable } = visible;
  const cache = createResponseCache(responseCacheBytes, notifications);
  const isPublic = publicOperations(schema, rules, new Set(cacheable));
  return { cache, plugin: responseCachePlugin(isPublic) };
}
