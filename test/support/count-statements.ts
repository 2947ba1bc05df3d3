import pg from "pg";

/** How many SQL statements (of those `like` that) this process sends while `work` runs; nothing else may run beside it. */
export async function countStatements(work: () => Promise<unknown>, like = /(?:)/): Promise<number> {
  const query = jest.spyOn(pg.Client.prototype, "query");
  try {
    await work();
    const sent = query.mock.calls.map(([statement]: unknown[]) =>
      typeof statement === "string" ? statement : String((statement as pg.QueryConfig).text),
    );
    return sent.filter((text) => like.test(text)).length;
  } finally {
    query.mockRestore();
  }
}
