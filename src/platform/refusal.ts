/** An expected "no": thrown inside an operation, so that its transaction rolls back, and data outside of it. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly path: string[],
  ) {
    super(message);
  }
}

/** A feature's closed list of refusals: enum values, messages and constructor in one place. */
export const refusals = <Code extends string>(messages: Record<Code, string>) => ({
  codes: Object.fromEntries(Object.keys(messages).map((code) => [code, code])) as { [C in Code]: C },
  /** The refusal to throw; `path` says where in the input, e.g. "lines", "0", "quantity". */
  refuse: (code: Code, ...path: string[]) => new Refusal(code, messages[code], path),
  /** The same as the plain data of a payload. */
  error: (code: Code, ...path: string[]) => ({ code, message: messages[code], path }),
});

export type UserErrorData = { code: string; message: string; path: string[] };

/** Ends a mutation: its payload, or a refusal as userErrors; anything else is a fault and flies on. */
export async function settle<Done extends object>(work: () => Promise<Done>) {
  try {
    return { ...(await work()), userErrors: [] as UserErrorData[] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message, path } = error; // plain data: graphql-js throws a returned Error
    return { userErrors: [{ code, message, path }] };
  }
}
