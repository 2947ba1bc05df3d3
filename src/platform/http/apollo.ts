import { ApolloServer } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { ApolloServerPluginLandingPageLocalDefault } from "@apollo/server/plugin/landingPage/default";
import type { GraphQLSchema } from "graphql";
import type { Context, Platform } from "../context";
import { costPlugin } from "../cost/cost-plugin";
import { knownOperations } from "./documents/known-operations";
import { parseLimits } from "./documents/limits";
import { withinLimits } from "./documents/within-limits";
import { faultStatus } from "./fault-status";
import { formatErrors } from "./format-error";
import { legacyStatus } from "./legacy-status";
import { shareNoArguments } from "./no-arguments";
import { oneMutationPerKey } from "./one-mutation";
import { joinPlugins, type RequestPlugin } from "./request-hooks";
import { rememberRequest } from "./request-ids";

/** Apollo Server with the limits that keep one document from holding up the others. */
export function createApollo(schema: GraphQLSchema, platform: Platform, plugins: RequestPlugin[]) {
  const { config, log } = platform;
  const { introspection, landingPage } = config.graphql;
  shareNoArguments();
  return new ApolloServer<Context>({
    schema,
    introspection,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: config.production,
    parseOptions: parseLimits,
    validationRules: [withinLimits, knownOperations],
    validationOptions: { maxErrors: 3 },
    formatError: formatErrors(log),
    stopOnTerminationSignals: false, // main closes the parts in order
    logger: log.child({ part: "apollo" }, { level: "error" }),
    plugins: [
      ApolloServerPluginCacheControlDisabled(), // it would look at every field of every answer, for headers we never send
      ApolloServerPluginInlineTraceDisabled(), // for subgraphs; it would be asked at every request whether we are one
      landingPage ? ApolloServerPluginLandingPageLocalDefault() : ApolloServerPluginLandingPageDisabled(),
      joinPlugins([
        rememberRequest,
        faultStatus,
        legacyStatus,
        oneMutationPerKey,
        costPlugin(schema, platform),
        ...plugins,
      ]),
    ],
  });
}
