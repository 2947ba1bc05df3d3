import type { AuthorizeAsk, PaymentProvider, ProviderOutcome } from "../../src/payments";

/**
 * How a provider takes a call. answers: as it should. deaf: the call never reaches it. mute: it does what it was asked and nobody hears of it.
 * stuck: it is busy until `unstick`, then does it.
 */
export type Mood = "answers" | "deaf" | "mute" | "stuck";

/** A real provider behind a line that fails in the ways lines do. */
export function moodyProvider(provider: PaymentProvider) {
  let unstick = () => {};
  const line = {
    ...provider,
    mood: "answers" as Mood,
    /** Calls that have arrived here, answered or not */
    asked: 0,
    unstick: () => unstick(),
    async authorize(ask: AuthorizeAsk): Promise<ProviderOutcome> {
      line.asked++;
      const { mood } = line;
      if (mood === "deaf") throw new Error("connection refused");
      if (mood === "stuck")
        await new Promise<void>((free) => {
          unstick = free;
        });
      const outcome = await provider.authorize(ask);
      if (mood === "mute") throw new Error("socket hang up");
      return outcome;
    },
  };
  return line;
}
