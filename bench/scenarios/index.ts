import type { Flow, Load } from "../driver/measure";
import { ourFlows, type ShopData } from "./ours";
import { type PeerData, peerFlows } from "./peer";
import { type RawData, rawFlows } from "./raw";

/**
 * Who is measured: our server without its response cache, so that each answer is worked for; the same as it is shipped, with the cache; the same
 * as two processes; the database's own limit; the peer.
 */
export const TARGETS = ["ours", "shipped", "workers", "raw", "peer"] as const;
export type Target = (typeof TARGETS)[number];
/** What the driver's process is told. */
export type Task = { target: Target; scenario: string; data: unknown; load: Load };

const flowsOf: Record<Target, (data: never) => Record<string, Flow>> = {
  ours: (data: ShopData) => ourFlows(data),
  shipped: (data: ShopData) => ourFlows(data),
  workers: (data: ShopData) => ourFlows(data),
  raw: (data: RawData) => rawFlows(data),
  peer: (data: PeerData) => peerFlows(data),
};

export function flowOf(target: Target, scenario: string, data: unknown): Flow {
  const flow = flowsOf[target](data as never)[scenario];
  if (!flow) throw new Error(`${target} has no scenario ${scenario}`);
  return flow;
}

export type Scenario = {
  name: string;
  title: string;
  /** What one flow is called in the table */
  unit: "req/s" | "flows/s";
  connections: number[];
  targets: Target[];
  /** The peer takes a minute for one answer with more at once */
  peerUpTo: number;
  /** For how many times the usual time a server is warmed up: V8 goes on compiling what runs seldom, and where much runs, each part does */
  warmups: number;
};
const everywhere: Omit<Scenario, "name" | "title"> = {
  unit: "req/s",
  connections: [1, 16, 64],
  targets: ["ours", "raw", "peer"],
  peerUpTo: 64,
  warmups: 1,
};
/** Of what the response cache keeps answers. */
const kept: Target[] = ["ours", "shipped", "raw", "peer"];

/** Whether a scenario is measured there with so many connections: of two processes one caller would see one. */
export const measuresAt = ({ peerUpTo }: Scenario, target: Target, connections: number): boolean =>
  target === "peer" ? connections <= peerUpTo : target !== "workers" || connections > 1;

/** What is measured, in this order. */
export const scenarios: Scenario[] = [
  { ...everywhere, name: "floor", title: "`{ __typename }`" },
  { ...everywhere, name: "list", title: "product list, 20 with variants", targets: [...TARGETS] },
  {
    ...everywhere,
    name: "repeated",
    title: "one list again and again",
    targets: ["shipped", "peer"],
  },
  { ...everywhere, name: "detail", title: "product detail", targets: [...TARGETS] },
  { ...everywhere, name: "search", title: "search with facets", targets: kept, peerUpTo: 16 },
  {
    ...everywhere,
    name: "login",
    title: "login (bcrypt 12)",
    connections: [1, 16], // 64 are more than may wait for their hash: ours refuses some
    targets: ["ours", "peer"],
  },
  { ...everywhere, name: "addToCart", title: "add to cart" },
  {
    ...everywhere,
    name: "checkout",
    title: "whole guest checkout, 6 requests",
    unit: "flows/s",
    connections: [1, 8, 16],
    targets: ["ours", "workers", "peer"],
    warmups: 3, // seven kinds of requests, jobs and mails: Node takes a third less for one after half a minute than after ten seconds
  },
  { ...everywhere, name: "orders", title: "own orders" },
];
