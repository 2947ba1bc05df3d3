/** What is compared: from one moment to another, the second left out. Given up with the reason of `stopping` when that is aborted. */
export type Span = { from: Date; to: Date; stopping?: AbortSignal | undefined };

/** The same, until `stopping` is aborted: it is looked at before each one, and throws its reason then. */
export async function* untilStopped<One>(
  all: AsyncIterable<One> | Iterable<One>,
  stopping: AbortSignal | undefined,
): AsyncGenerator<One> {
  stopping?.throwIfAborted(); // before anybody is asked for the first
  for await (const one of all) {
    stopping?.throwIfAborted();
    yield one;
  }
}
