/**
 * What one who waits is woken by. It keeps nothing of whoever waited before: a promise of one's whole life, raced at every wait, would keep
 * them all.
 */
export function createAlarm() {
  let ring = () => {};
  let due = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  function within(ms: number) {
    const at = performance.now() + ms;
    if (at >= due) return;
    due = at;
    clearTimeout(timer);
    timer = setTimeout(() => {
      due = Number.POSITIVE_INFINITY;
      ring();
    }, ms);
  }
  return {
    /** Rings in `ms` at the latest; nobody hears it who does not wait by then. */
    within,
    /** Waits until it rings, in `ms` at the latest; null: until somebody asks for it. */
    ringsWithin(ms: number | null): Promise<void> {
      const rung = new Promise<void>((done) => {
        ring = done;
      });
      if (ms !== null) within(ms);
      return rung;
    },
  };
}
