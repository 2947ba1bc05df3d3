import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The version of the Node that answers at `url`, told by its own program; null when that is on another machine or the system doesn't say who it is. */
export async function findNodeOf(url: string): Promise<string | null> {
  const { hostname, port } = new URL(url);
  if (hostname !== "127.0.0.1" && hostname !== "localhost") return null;
  try {
    const { stdout: sockets } = await run("ss", ["-Hltnp", `sport = :${port}`]);
    const pid = /pid=(\d+)/.exec(sockets)?.[1];
    const { stdout } = await run(`/proc/${pid}/exe`, ["--version"]);
    return /^v\d+\.\d+\.\d+$/m.exec(stdout)?.[0] ?? null;
  } catch {
    return null;
  }
}
