/** What a process holds. */
export type Insides = {
  /** Of objects, after all garbage was collected */
  heapMb: number;
  /** Sockets, timers and whatever else keeps it awake */
  handles: number;
};

export const LOOK = "look inside";
const MB = 2 ** 20;

/** Answers the parent's questions in a server that this file was loaded into (--require, with --expose-gc). */
if (process.execArgv.includes(__filename)) {
  process.on("message", (question) => {
    if (question !== LOOK) return;
    global.gc?.();
    const insides: Insides = {
      heapMb: process.memoryUsage().heapUsed / MB,
      handles: process.getActiveResourcesInfo().length,
    };
    process.send?.(insides);
  });
  process.channel?.unref(); // it doesn't keep a server from ending
}
