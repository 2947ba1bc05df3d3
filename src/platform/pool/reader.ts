import { Abandoned } from "../errors";

/** One who reads: a request, or several that read the same together. */
export class Reader {
  /** Nobody waits for its answers any more: what it runs is cancelled, and what it comes to only then is refused. */
  isOver = false;
  private asked = 0;
  private hearDone = () => {};

  /** `caller` is whose request it is, null when it is several callers'. */
  constructor(readonly caller: string | null) {}

  /** Has the database asked, unless it is over. @throws Abandoned when it is */
  async ask<Answered>(statement: () => Promise<Answered>): Promise<Answered> {
    if (this.isOver) throw new Abandoned();
    this.asked++;
    try {
      return await statement();
    } finally {
      if (--this.asked === 0) this.hearDone();
    }
  }
  /** @returns when all that it asked for has ended; null when it has */
  done(): Promise<void> | null {
    if (this.asked === 0) return null;
    return new Promise((done) => {
      this.hearDone = done;
    });
  }
}
