export type InHand = ReturnType<typeof countInHand>;

/**
 * Counts what each caller has in hand, at work in one of `places` or in line for one. With more than half as many he crowds the others: they
 * go first.
 */
export function countInHand(places: number) {
  const counts = new Map<string, number>();
  return {
    isCrowding: (caller: string) => (counts.get(caller) ?? 0) > places / 2,
    begin(caller: string) {
      counts.set(caller, (counts.get(caller) ?? 0) + 1);
    },
    end(caller: string) {
      const left = (counts.get(caller) ?? 0) - 1;
      if (left > 0) counts.set(caller, left);
      else counts.delete(caller);
    },
  };
}
