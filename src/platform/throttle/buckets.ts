/** Where callers' points are kept. `now` is in milliseconds. */
export type Buckets = {
  /** Takes all of `points` or none of them. */
  take(caller: string, points: number, now: number): Promise<Taken>;
  /** Gives back points that were taken and not used; negative ones are taken, at most all that are left. @returns points left */
  adjust(caller: string, points: number, now: number): number;
  /** Points left as far as this process knows, without asking anyone. */
  peek(caller: string, now: number): number;
};
/** `available` are the points left afterwards. */
export type Taken = { granted: boolean; available: number };
