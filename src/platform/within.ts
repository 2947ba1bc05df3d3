import { clearTimeout, setTimeout } from "node:timers";

/** What `work` comes to, or `otherwise` when that takes longer than so many milliseconds; the work goes on then. Keeps no process from ending. */
export async function within<Answer>(
  limitMs: number,
  work: Promise<Answer>,
  otherwise: Answer,
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Answer>((done) => {
    timer = setTimeout(done, limitMs, otherwise).unref();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
