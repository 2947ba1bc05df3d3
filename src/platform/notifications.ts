import { setInterval } from "node:timers";
import pg from "pg";
import { SECOND } from "./clock";
import type { Logger } from "./log";

/** Told by the triggers of every table whose rows outsiders see. */
export const CATALOG_CHANGED = "catalog_changed";
/** Told when a session may have ended or somebody's role or status changed. */
export const SESSIONS_CHANGED = "sessions_changed";

/** How often the line is tried; a dead one is noticed after this and ANSWER_LIMIT_MS. */
const HEARTBEAT_MS = SECOND;
const ANSWER_LIMIT_MS = 2 * SECOND;
const CONNECT_LIMIT_MS = 5 * SECOND;
/** Between attempts to get the line back. */
const RECONNECT_MS = 200;

/** `heard` is called for every notification, and when some may have been missed or are no longer missed: the line was lost, or is back. */
type Subscriber = { channel: string; heard: () => void };

export type Notifications = ReturnType<typeof createNotifications>;

/**
 * What PostgreSQL's NOTIFY tells this process, over one connection of its own that is opened again whenever it is lost. Nothing is
 * connected before `start`, nor when nobody subscribed.
 * @param url the serving role's database; behind a pooler that shares connections between transactions LISTEN hears nothing
 */
export function createNotifications(url: string, log: Logger) {
  const subscribers: Subscriber[] = [];
  let line: Line | null = null;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  const tell = (channel?: string) => {
    for (const one of subscribers) if (channel === undefined || one.channel === channel) one.heard();
  };

  async function connect(): Promise<void> {
    const opened = await openLine(url, subscribers, tell, lost).catch(() => null);
    if (closed) return opened?.end();
    if (!opened) retry = setTimeout(connect, RECONNECT_MS).unref();
    line = opened;
    if (line) tell(); // what was kept while nobody listened may be older than what was not heard
  }

  function lost() {
    line = null;
    tell();
    if (closed) return;
    log.warn("lost the connection that notifications come by");
    retry = setTimeout(connect, RECONNECT_MS).unref();
  }

  return {
    /** Before `start`: calls `heard` at each notification of the channel, at most a moment after its transaction committed. */
    subscribe(channel: string, heard: () => void) {
      subscribers.push({ channel, heard });
    },
    /** Whether anybody here wants to know of a channel's notifications. */
    hears: (channel: string) => subscribers.some((one) => one.channel === channel),
    /** Whether notifications are being heard. While they aren't, nothing may be kept that relies on them. */
    listening: () => line !== null,
    /** Resolves when all is heard of that was committed before the call; at once when nothing is being heard. */
    caughtUp: async () => line?.caughtUp(),
    start() {
      if (subscribers.length > 0) void connect();
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      await line?.end();
    },
  };
}

type Line = { caughtUp(): Promise<void>; end(): Promise<void> };

async function openLine(
  url: string,
  subscribers: Subscriber[],
  tell: (channel: string) => void,
  lost: () => void,
): Promise<Line> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "tillgraph notifications",
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    query_timeout: ANSWER_LIMIT_MS,
    keepAlive: true,
  });
  const hangUp = () => client.end().catch(() => undefined); // cuts the line when a question is still open
  client.on("error", () => undefined); // unheard it would end the process; "end" follows
  client.on("notification", ({ channel }) => tell(channel));
  try {
    await client.connect();
    for (const channel of new Set(subscribers.map((one) => one.channel)))
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
  } catch (error) {
    void hangUp();
    throw error;
  }

  let over = false;
  const end = () => {
    if (over) return;
    over = true;
    clearInterval(heartbeat);
    lost();
  };
  client.on("end", end);
  // A committing transaction signals its listeners before it answers, and PostgreSQL passes on what they were signalled before it answers this.
  const caughtUp = inTurn(async () => {
    if (over) return;
    await client.query("SELECT").catch(() => {
      end();
      void hangUp();
    });
  });
  const heartbeat = setInterval(caughtUp, HEARTBEAT_MS).unref();
  return {
    caughtUp,
    async end() {
      await caughtUp(); // a dead line would not let us go
      await hangUp();
    },
  };
}

/** Runs `ask` for everyone who came before it began; who comes while it runs waits for the next one. */
function inTurn(ask: () => Promise<void>) {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const begin = () => {
    next = null;
    running = ask().finally(() => {
      running = null;
    });
    return running;
  };
  return (): Promise<void> => {
    if (!running) return begin();
    next ??= running.then(begin);
    return next;
  };
}
