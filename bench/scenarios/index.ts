import type { Flow, Load } from "../driver/measure";
import { ourFlows, type ShopData } from "./ours";
import { type PeerData, peerFlows } from "./peer";
import { type RawData, rawFlows } from "./raw";

/** Whose flows: ours, the database's own limit, or the peer's. */
export type Target = "ours" | "raw" | "peer";
/** What the driver's process is told. */
export type Task = { target: Target; scenario: string; data: unknown; load: Load };

const flowsOf: Record<Target, (data: never) => Record<string, Flow>> = {
  ours: (data: ShopData) => ourFlows(data),
  raw: (data: RawData) => rawFlows(data),
  peer: (data: PeerData) => peerFlows(data),
};

export function flowOf(target: Target, scenario: string, data: unknown): Flow {
  const flow = flowsOf[target](data as never)[scenario];
  if (!flow) throw new Error(`${target} has no scenario ${scenario}`);
  return flow;
}

type Scenario = {
  name: string;
  title: string;
  /** What one flow is called in the table */
  unit: "req/s" | "flows/s";
  connections: number[];
  targets: Target[];
  /** The peer takes a minute for one answer with more at once */
  peerUpTo: number;
  /** Measured with our response cache switched on */
  cached: boolean;
};
const everywhere: Omit<Scenario, "name" | "title"> = {
  unit: "req/s",
  connections: [1, 16, 64],
  targets: ["ours", "raw", "peer"],
  peerUpTo: 64,
  cached: false,
};

/** What is measured, in this order. */
export const scenarios: Scenario[] = [
  { ...everywhere, name: "floor", title: "`{ __typename }`" },
  { ...everywhere, name: "list", title: "product list, 20 with variants" },
  {
    ...everywhere,
    name: "repeated",
    title: "the same list again (response cache on)",
    targets: ["ours", "peer"],
    cached: true,
  },
  { ...everywhere, name: "detail", title: "product detail" },
  { ...everywhere, name: "search", title: "search with facets", peerUpTo: 16 },
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
    targets: ["ours", "peer"],
  },
  { ...everywhere, name: "orders", title: "own orders" },
];
