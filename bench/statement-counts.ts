/**
 * SQL statements that one flow of each scenario costs our server, BEGIN and COMMIT included, with the response cache off and everything warm, sessions too.
 * test/statements.test.ts holds them against the server: whoever makes an operation cheaper writes its number here.
 * The peer's were counted once, of Vendure 3.7.3, and grow with the order where two numbers stand.
 */
export const statementCounts: Record<string, { ours: number; peer: string }> = {
  floor: { ours: 0, peer: "0" },
  list: { ours: 1, peer: "73" },
  repeated: { ours: 0, peer: "73" },
  detail: { ours: 1, peer: "23" },
  search: { ours: 1, peer: "5" },
  login: { ours: 15, peer: "16" },
  addToCart: { ours: 1, peer: "31–66" },
  checkout: { ours: 9, peer: "265" },
  orders: { ours: 1, peer: "8" },
};
