import { readFileSync, rmSync } from "node:fs";
import { type DataFolder, writePrivate } from "./data-folder";
import { isAlive } from "./postmaster";

/** For people and their tools; the first user that lives is named in it. */
export function writeConnection(
  folder: DataFolder,
  connection: { port: number; url: string; ownerUrl: string },
) {
  const known = readConnection(folder);
  if (known?.port === connection.port && isAlive(known.pid)) return;
  writePrivate(folder.connection, `${JSON.stringify({ pid: process.pid, ...connection }, null, 2)}\n`);
}

function readConnection(folder: DataFolder): { pid: number; port: number } | null {
  try {
    return JSON.parse(readFileSync(folder.connection, "utf8")) as { pid: number; port: number };
  } catch {
    return null;
  }
}

/** The database was stopped. */
export const forgetConnection = (folder: DataFolder) => rmSync(folder.connection, { force: true });
