/** The one source of time for business rules and due times of jobs. Tests bring their own and move it. */
export type Clock = { now(): Date };

export const systemClock: Clock = { now: () => new Date() };

/** `at` moved by `milliseconds` (negative: back). */
export const later = (at: Date, milliseconds: number) => new Date(at.getTime() + milliseconds);

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
