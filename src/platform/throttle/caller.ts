import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import type { Viewer } from "../context";

/**
 * Whose bucket a request empties: the account's that is signed in, else its address's. One subscriber of IPv6 holds a whole /64, so
 * that counts as one address. `ip` is what TRUST_PROXY lets us believe.
 */
export const callerOf = (viewer: Viewer | null, ip: string): string =>
  viewer ? `account ${viewer.accountId}` : `address ${networkOf(ip)}`;

/**
 * Whose bucket is emptied by tokens that are nobody's. Not that of the guests at the address, which would shut out all who are signed in
 * there.
 */
export const guesserAt = (ip: string): string => `tokens ${networkOf(ip)}`;

/** A request before it is known who asks. */
export type Sent = { headers: IncomingHttpHeaders; ip: string };

/** Whose bucket is looked at, and emptied by what cannot even be read, before it is known who asks. */
export const senderOf = ({ headers, ip }: Sent): string =>
  headers.authorization === undefined ? callerOf(null, ip) : guesserAt(ip);

/** What one tenant of a hosting company may easily have many addresses of: a /24, of IPv6 a /48. */
export function widerNetworkOf(ip: string): string {
  const network = networkOf(ip);
  if (network === "unknown") return network;
  return network.includes(":")
    ? network.split(":").slice(0, 3).join(":")
    : network.split(".").slice(0, 3).join(".");
}

export function networkOf(ip: string): string {
  const version = isIP(ip);
  if (version === 0) return "unknown"; // a proxy's word that is no address
  if (version === 4) return ip;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped) return mapped;
  const [head = "", tail] = ip.split("%")[0]?.split("::") ?? [];
  const groups = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const tailGroups = after.length + (after.at(-1)?.includes(".") ? 1 : 0); // an IPv4 address stands for two
  const zeros = tail === undefined ? 0 : 8 - groups.length - tailGroups;
  const all = [...groups, ...Array<string>(zeros).fill("0"), ...after];
  const network = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(":")}::/64`;
}
