import { type Books, upToDate } from "./calls";
import { COLUMNS, type Movement } from "./movement";

const A_ROUND = 100;

/** Lets become of calls what does by itself at its time: late answers, buyers who did not come, authorisations that lapse. */
export async function settleDue(books: Books, stopping?: AbortSignal): Promise<void> {
  for (;;) {
    const due = await books.db.$queryRaw<Movement[]>`
      SELECT ${COLUMNS} FROM sandbox.movements WHERE due_at <= ${books.clock.now()}::timestamptz ORDER BY due_at LIMIT ${A_ROUND}::int`;
    for (const call of due) {
      if (stopping?.aborted) return;
      await upToDate(books, call);
    }
    if (due.length < A_ROUND) return;
  }
}
