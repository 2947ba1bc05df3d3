import pg from "pg";
import { accounts } from "../../src/accounts";
import type { Mail } from "../../src/platform/mail";
import type { TestApp } from "./app";

/** Takes the mails off the queue that are to be sent to this address, oldest first; written as they are now. */
export async function takeMailsTo(app: TestApp, email: string): Promise<Mail[]> {
  const queue = new pg.Client({ connectionString: app.database.ownerUrl }); // it belongs to that role
  await queue.connect();
  const { rows } = await queue.query<{ id: string; payload: Record<string, string> }>(
    `SELECT j.id, j.payload FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
     WHERE t.identifier = 'sendMail' ORDER BY j.id`,
  );
  const taken = [];
  for (const { id, payload } of rows) {
    const mail = await accounts.mails?.[payload.template ?? ""]?.(app.platform, payload);
    if (mail?.to !== email) continue;
    taken.push(mail);
    await queue.query("DELETE FROM graphile_worker._private_jobs WHERE id = $1", [id]);
  }
  await queue.end();
  return taken;
}

/** The code that a mail carries. */
export const codeIn = (mail: Mail | undefined) => /code: ([\w-]{43})$/m.exec(mail?.text ?? "")?.[1] ?? "";
