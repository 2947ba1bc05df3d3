import type { FastifyInstance } from "fastify";
import type { Context, Platform } from "./context";
import type { IdPrefix } from "./ids";
import type { Job, Sweep } from "./jobs";
import type { MailTemplate } from "./mail";
import type { Rules } from "./rules";

/** Finds an object for `node`: the row with its __typename, or null when it is missing or not for this caller. */
export type NodeLoader = (ctx: Context, uuid: string) => Promise<({ __typename: string } & object) | null>;

/** The front door of a feature's folder. */
export type Feature = {
  // biome-ignore lint/complexity/noBannedTypes: Type-GraphQL takes resolver classes as Function
  resolvers: Function[];
  rules: Rules;
  /** Its mutations that try a secret or move money: a document may hold one of all features' together. */
  sensitive?: readonly string[];
  /** Its queries and mutations that go before others when the server is full, where nothing else is asked for: of somebody on the way to paying. */
  urgent?: readonly string[];
  /** Its queries that answer from the catalogue alone, the same to everyone who may read all of their fields. */
  cacheable?: readonly string[];
  /** Its mutations that change nothing of the catalogue, no stock either. */
  sparesCatalog?: readonly string[];
  /** Its mutations that end no session and change nobody's rights. */
  sparesSessions?: readonly string[];
  nodes?: Partial<Record<IdPrefix, NodeLoader>>;
  /** Mails it can write, by the template name its jobs carry. */
  mails?: Record<string, MailTemplate>;
  /** What it does with queued jobs, by the name they are queued under. */
  jobs?: Record<string, Job>;
  sweeps?: Sweep[];
  /** Paths beside GraphQL; each call has a scope of its own for its body parsers and hooks. */
  routes?: (server: FastifyInstance, platform: Platform) => void;
};
