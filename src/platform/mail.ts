import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { SECOND } from "./clock";
import { composeMail, domainOf } from "./compose-mail";
import type { Config } from "./config";
import type { Platform } from "./context";
import { newId } from "./ids";
import type { Job } from "./jobs";

export type Mail = { to: string; subject: string; text: string };
/** Writes a mail from the ids in a job's payload, or null when there is nobody to write to any more. */
export type MailTemplate = (platform: Platform, payload: Record<string, string>) => Promise<Mail | null>;
/** `id` is the same when a mail is delivered again, and no other mail's. */
export type Deliver = (mail: Mail, id: string) => Promise<void>;

/** Nodemailer waits minutes: a few mails in hand would keep all other jobs waiting as long. What SMTP_URL says goes before (`?socketTimeout=60000`). */
const PATIENCE = {
  connectionTimeout: 10 * SECOND,
  greetingTimeout: 10 * SECOND,
  socketTimeout: 20 * SECOND,
};

/** The job behind every mail: finds its template by name, writes it from what the database holds now, and delivers it. */
export function mailJob(templates: Record<string, MailTemplate>, deliver: Deliver): Job {
  return async (platform, payload, { id }) => {
    const template = templates[payload.template ?? ""];
    if (!template) throw new Error(`No mail template "${payload.template}"`);
    const mail = await template(platform, payload);
    if (!mail) return;
    await deliver(mail, mailId(id, payload));
    await platform.reached("mail.sent");
  };
}

/**
 * A mail that was sent shortly before a crash is sent again; by its id mail servers know it for the same. Not of the job's number alone: a
 * database that was restored, or another shop's under the same domain, gives it to another mail, which would be dropped for that.
 */
const mailId = (jobId: string, payload: Record<string, string>) =>
  createHash("sha256")
    .update(`${jobId} ${JSON.stringify(payload)}`)
    .digest("hex")
    .slice(0, 32);

/** Mail servers repeat the recipient in their answers, and what a job throws is kept in its row and logged: only codes go on. */
function refused({ code, responseCode }: Error & { code?: string; responseCode?: number }): never {
  throw new Error(
    `The mail server did not take the mail: ${code ?? "no code"}, ${responseCode ?? "no answer"}`,
  );
}

/** Sends through SMTP_URL; without it mails become files in DATA_DIR/mail, where a developer can read them. */
export function createDelivery({ mail, dataDir }: Config): Deliver {
  const domain = domainOf(mail.from);
  const addressed = ({ to, subject, text }: Mail, id: string) => {
    return { from: mail.from, to, subject, text, messageId: `<${id}@${domain}>` };
  };
  if (mail.smtpUrl) {
    const smtp = createTransport({ url: mail.smtpUrl, ...PATIENCE });
    return async (letter, id) => {
      await smtp.sendMail(addressed(letter, id)).catch(refused);
    };
  }
  const folder = join(dataDir, "mail");
  return async (letter, id) => {
    const message = composeMail(addressed(letter, id));
    const write = () => writeFile(join(folder, `${newId()}.eml`), message, { mode: 0o600 });
    await write().catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      await mkdir(folder, { recursive: true });
      await write();
    });
  };
}
