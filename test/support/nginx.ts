import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../../src/platform/embedded-postgres/server-process";
import { temporaryFolder } from "./server-process";

/** nginx's program, or null where it is not installed. */
export function findNginx(): string | null {
  for (const candidate of ["nginx", "/usr/sbin/nginx"])
    try {
      execFileSync(candidate, ["-v"], { stdio: "ignore" });
      return candidate;
    } catch {
      // not here
    }
  return null;
}

/** nginx as docs/nginx.conf sets it up, on a free port, in front of these servers (origins). */
export async function startNginx(program: string, servers: string[]) {
  const folder = await temporaryFolder();
  const port = await freePort();
  const upstream = servers.map((origin) => `server ${new URL(origin).host};`).join("\n");
  const config = readFileSync(resolve("docs/nginx.conf"), "utf8")
    .replace(/( *server 127\.0\.0\.1:\d+;\n)+/, `${upstream}\n`)
    .replace("listen 127.0.0.1:4000", `listen 127.0.0.1:${port}`)
    .replace("http {", `http {\n${temporaryPaths(folder.path)}`);
  const file = join(folder.path, "nginx.conf");
  writeFileSync(file, config);
  const globals = `daemon off; master_process off; pid ${join(folder.path, "pid")}; error_log stderr warn;`;
  const child = spawn(program, ["-p", folder.path, "-c", file, "-e", "stderr", "-g", globals], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  const origin = `http://127.0.0.1:${port}`;
  await answers(origin, child);
  return {
    origin,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      folder.remove();
    },
  };
}

const temporaryPaths = (folder: string) =>
  ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${join(folder, kind)};`)
    .concat("access_log off;")
    .join("\n");

async function answers(origin: string, child: ChildProcess) {
  while (child.exitCode === null) {
    if (await fetch(`${origin}/livez`).catch(() => null)) return;
    await wait(20);
  }
  throw new Error("nginx did not start");
}
