import { constants, openSync, writeSync } from "node:fs";
import { setTimeout } from "node:timers";

/** So much waits for whoever reads, in bytes; what comes then is lost. */
const MOST_WAITING = 8 * 1024 * 1024;
const AGAIN_MS = 100;

/**
 * Standard error as a place for lines that nobody waits for: neither a reader who stalls nor a disk that is full holds anybody up, or keeps the
 * process from ending. `onLost` hears how many lines were lost, once they can be written again. Our own few lines because streams and
 * loggers write pipes in a way that blocks, or from threads that are waited for at the end.
 */
export function openStandardError(onLost: (lines: number) => void) {
  const fd = withoutWaiting();
  let [waiting, bytes, lost]: [Buffer[], number, number] = [[], 0, 0];
  let isStuck = false;

  function flush() {
    try {
      while (waiting.length > 0) {
        const all = Buffer.concat(waiting);
        waiting = [all];
        const written = writeSync(fd, all);
        waiting = written < all.length ? [all.subarray(written)] : [];
        bytes -= written;
      }
    } catch {
      isStuck = true;
      setTimeout(tryAgain, AGAIN_MS).unref();
    }
  }
  function tryAgain() {
    isStuck = false;
    flush();
    if (isStuck || lost === 0) return;
    const lines = lost;
    lost = 0;
    onLost(lines);
  }
  return {
    write(line: string) {
      const more = Buffer.from(line);
      if (bytes + more.length > MOST_WAITING) return void lost++;
      waiting.push(more);
      bytes += more.length;
      if (!isStuck) flush();
    },
  };
}

let opened: number | null = null;

/** A pipe that is full says so then, instead of blocking whoever writes. What cannot be opened anew (a socket, or no /proc) is written as it is. */
function withoutWaiting(): number {
  try {
    opened ??= openSync("/proc/self/fd/2", constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK);
  } catch {
    opened = 2;
  }
  return opened;
}
