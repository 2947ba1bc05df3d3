import pg from "pg";

/**
 * How many SQL statements (of those `like` that) this process sends while `work` runs; nothing else may run beside it. The connections
 * that notifications come by aren't counted: they are asked each second whether they are there.
 */
export async function countStatements(work: () => Promise<unknown>, like = /(?:)/): Promise<number> {
  const query = jest.spyOn(pg.Client.prototype, "query");
  try {
    await work();
    const calls = query.mock.calls.filter((_call, index) => !isLine(query.mock.contexts[index] as pg.Client));
    const sent = calls.map(([statement]: unknown[]) =>
      typeof statement === "string" ? statement : String((statement as pg.QueryConfig).text),
    );
    return sent.filter((text) => like.test(text)).length;
  } finally {
    query.mockRestore();
  }
}

const isLine = (client: pg.Client) =>
  (client as unknown as { connectionParameters: { application_name?: string } }).connectionParameters
    .application_name === "tillgraph notifications";
