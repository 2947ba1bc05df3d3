/**
 * SQL statements that one flow of each scenario costs our server, BEGIN and COMMIT included, with the response cache off and everything warm.
 * test/statements.test.ts holds them against the server: whoever makes an operation cheaper writes its number here. The peer's were counted in its PostgreSQL's log (Vendure 3.7.3, November 2026).
 */
export const statementCounts: Record<string, { ours: number; peer: number | null }> = {
  floor: { ours: 0, peer: 0 },
  list: { ours: 2, peer: 73 },
  repeated: { ours: 0, peer: 73 },
  detail: { ours: 1, peer: 23 },
  search: { ours: 2, peer: 5 },
  login: { ours: 8, peer: 16 },
  addToCart: { ours: 2, peer: 48 },
  checkout: { ours: 17, peer: 265 },
  orders: { ours: 4, peer: 8 },
};
