import type { PaymentProvider, ProviderOutcome } from "../../src/payments";

/**
 * How a provider takes a call. answers: as it should. deaf: the call never reaches it. mute: it does what it was asked and nobody hears of it.
 * stuck: it is busy until `unstick`, then does all that it was asked.
 */
export type Mood = "answers" | "deaf" | "mute" | "stuck";

/** A real provider behind a line that fails in the ways lines do; look-ups and cancellations go through all the same. */
export function moodyProvider(provider: PaymentProvider) {
  const stuck: (() => void)[] = [];
  const through =
    <Ask>(call: (ask: Ask) => Promise<ProviderOutcome>) =>
    async (ask: Ask): Promise<ProviderOutcome> => {
      line.asked++;
      const { mood } = line;
      if (mood === "deaf") throw new Error("connection refused");
      if (mood === "stuck") await new Promise<void>((free) => void stuck.push(free));
      const outcome = await call(ask);
      if (mood === "mute") throw new Error("socket hang up");
      return outcome;
    };
  const line = {
    ...provider,
    mood: "answers" as Mood,
    /** Calls that have arrived here, answered or not */
    asked: 0,
    unstick() {
      for (const free of stuck.splice(0)) free();
    },
    authorize: through(provider.authorize),
    capture: through(provider.capture),
    void: through(provider.void),
    refund: through(provider.refund),
  };
  return line;
}

/** Puts such a line between a server and its default provider. */
export function moodyLine(providers: PaymentProvider[]) {
  if (!providers[0]) throw new Error("No provider is switched on");
  const line = moodyProvider(providers[0]);
  providers[0] = line;
  return line;
}
