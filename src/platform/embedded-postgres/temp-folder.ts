import { accessSync, constants, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { StartError } from "../start-error";
import { closedFolder } from "./data-folder";
import type { RunAs } from "./run-as";

/** A folder for temporary files that we can write to and `runAs` can enter: the system's choice, else the usual ones. */
export async function reachableTemp(runAs: RunAs): Promise<string> {
  const candidates = [...new Set([tmpdir(), "/tmp", "/var/tmp"])];
  for (const folder of candidates) {
    if (isWritable(folder) && (await closedFolder(realpathSync(folder), runAs)) === null) return folder;
  }
  throw new StartError(
    `No temporary folder that the database's user can enter: tried ${candidates.join(", ")}.`,
  );
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
