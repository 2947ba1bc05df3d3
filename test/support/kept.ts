import { setTimeout as wait } from "node:timers/promises";
import type { Answer, Ask } from "./app";

/** Settings of a server that keeps answers; other test servers don't. */
export const KEEPING = { RESPONSE_CACHE_MB: "1" };

export const LIST =
  "query($n: Int) { products(first: $n) { nodes { id title available variants { available } } } }";

/** Whether an answer was kept from before: it costs its caller nothing, and nothing else does. */
export const wasKept = ({ extensions }: Answer): boolean => extensions.cost.actualQueryCost === 0;

/** Asks until the answer is a kept one: a server keeps none before it hears of changes. */
export async function untilKept(ask: Ask, document = LIST, variables: object = {}): Promise<Answer> {
  for (let waited = 0; waited < 5_000; waited += 20) {
    const answer = await ask(null, document, variables);
    if (wasKept(answer)) return answer;
    await wait(20);
  }
  throw new Error("The answer is not kept");
}
