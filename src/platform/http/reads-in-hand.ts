/** Counts the reads that each caller has at work or in line. */
export function countReadsInHand() {
  const counts = new Map<string, number>();
  return {
    /** @returns how many he has now, this one among them */
    begin(caller: string): number {
      const count = (counts.get(caller) ?? 0) + 1;
      counts.set(caller, count);
      return count;
    },
    end(caller: string) {
      const left = (counts.get(caller) ?? 0) - 1;
      if (left > 0) counts.set(caller, left);
      else counts.delete(caller);
    },
  };
}
